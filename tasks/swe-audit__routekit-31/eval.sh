#!/bin/bash
set -uxo pipefail
cd /testbed
git checkout 58dd4d61695cb544d9bf5b01d0f49d6e036a940f tests/test_match.py
git apply -v - <<'EOF_1033486878554'
diff --git a/tests/test_match.py b/tests/test_match.py
index 292ffa5..421d6ae 100644
--- a/tests/test_match.py
+++ b/tests/test_match.py
@@ -2,7 +2,7 @@ import uuid
 
 import pytest
 
-from routekit import MethodNotAllowed, NotFound, Router, RuleSyntaxError
+from routekit import Converter, MethodNotAllowed, NotFound, Router, RuleSyntaxError
 
 
 @pytest.fixture
@@ -38,6 +38,36 @@ def test_uuid(router):
     assert router.match(f"/orders/{key}/items").params == {"key": key}
 
 
+def hex_router():
+    router = Router()
+    router.register_converter(
+        "hex", Converter(r"[0-9a-f]{6}", to_python=lambda text: int(text, 16), to_url="{:06x}".format)
+    )
+    router.add("/swatches/<hex:code>", "swatch")
+    return router
+
+
+def test_own_converter():
+    router = hex_router()
+    assert router.match("/swatches/ff8800") == ("swatch", {"code": 0xFF8800})
+    assert router.build("swatch", code=0x00FF00) == "/swatches/00ff00"
+    with pytest.raises(NotFound):
+        router.match("/swatches/orange")
+
+
+def test_own_converter_is_not_shared():
+    hex_router()
+    with pytest.raises(RuleSyntaxError):
+        Router().add("/swatches/<hex:code>", "swatch")
+
+
+def test_own_converter_replaces_a_built_in_one():
+    router = Router()
+    router.register_converter("int", Converter(r"-?[0-9]+", to_python=int))
+    router.add("/shift/<int:by>", "shift")
+    assert router.match("/shift/-3").params == {"by": -3}
+
+
 def test_not_found(router):
     with pytest.raises(NotFound):
         router.match("/nothing/here")
EOF_1033486878554
: '>>>>> Start Test Output'
pytest -rA tests/test_match.py tests/test_build.py
: '>>>>> End Test Output'
git checkout 58dd4d61695cb544d9bf5b01d0f49d6e036a940f tests/test_match.py
