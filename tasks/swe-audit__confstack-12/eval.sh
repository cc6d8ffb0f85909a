#!/bin/bash
set -uxo pipefail
cd /testbed
git checkout 765b4fce41ded48fa76421ac8f2db3776876135b tests/test_config.py
git apply -v - <<'EOF_1046771110761'
diff --git a/tests/test_config.py b/tests/test_config.py
index 64f143c..bcbac6b 100644
--- a/tests/test_config.py
+++ b/tests/test_config.py
@@ -22,6 +22,26 @@ def test_missing():
     assert make_config().get("server.tls", True) is True
 
 
+def test_get_converts():
+    config = Config({"server": {"port": "9000", "ratio": "0.5"}})
+    assert config.get("server.port", cast=int) == 9000
+    assert config.get("server.ratio", cast=float) == 0.5
+    assert config.get("server.port") == "9000"
+
+
+def test_get_does_not_convert_the_default():
+    assert Config().get("server.port", "none", cast=int) == "none"
+    assert Config().get("server.port", cast=int) is None
+
+
+def test_get_says_which_key_cannot_be_converted():
+    config = Config({"server": {"port": "eighty", "names": None}})
+    with pytest.raises(ConfigError, match="server.port"):
+        config.get("server.port", cast=int)
+    with pytest.raises(ConfigError, match="server.names"):
+        config.get("server.names", cast=int)
+
+
 def test_iterates_once_over_each_key():
     assert list(make_config()) == ["server.host", "server.port", "debug"]
     assert len(make_config()) == 3
EOF_1046771110761
: '>>>>> Start Test Output'
pytest -rA tests/test_config.py tests/test_layers.py
: '>>>>> End Test Output'
git checkout 765b4fce41ded48fa76421ac8f2db3776876135b tests/test_config.py
