#!/bin/bash
set -uxo pipefail
cd /testbed
git checkout 0312eb273f45767f68d12211ec750287e35d6e16 tests/test_config.py
git apply -v - <<'EOF_63676128234'
diff --git a/tests/test_config.py b/tests/test_config.py
index bcbac6b..d31b500 100644
--- a/tests/test_config.py
+++ b/tests/test_config.py
@@ -70,6 +70,21 @@ def test_references_see_upper_layers():
     assert config["url"] == "http://b/"
 
 
+def test_reference_to_itself():
+    config = Config({"paths": {"root": "${paths.root}"}})
+    with pytest.raises(ConfigError, match="paths.root"):
+        config["paths.root"]
+
+
+def test_reference_to_itself_in_section():
+    with pytest.raises(ConfigError):
+        Config({"paths": {"root": "${paths.root}/x", "data": "/data"}}).section("paths")
+
+
+def test_same_reference_twice_is_no_circle():
+    assert Config({"host": "h", "pair": "${host}:${host}"})["pair"] == "h:h"
+
+
 @pytest.mark.parametrize("text", ["${}", "${ }"], ids=["empty", "blank"])
 def test_empty_reference(text):
     with pytest.raises(ConfigError):
EOF_63676128234
: '>>>>> Start Test Output'
pytest -rA tests/test_config.py
: '>>>>> End Test Output'
git checkout 0312eb273f45767f68d12211ec750287e35d6e16 tests/test_config.py
