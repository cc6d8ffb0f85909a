#!/bin/bash
set -uxo pipefail
cd /testbed
git checkout ab055dc765f9c6ee690a71ed2142ed4323dd99ad tests/test_match.py
git apply -v - <<'EOF_93044068626'
diff --git a/tests/test_match.py b/tests/test_match.py
index 421d6ae..710747a 100644
--- a/tests/test_match.py
+++ b/tests/test_match.py
@@ -68,6 +68,47 @@ def test_own_converter_replaces_a_built_in_one():
     assert router.match("/shift/-3").params == {"by": -3}
 
 
+@pytest.fixture
+def lenient():
+    router = Router(strict_slashes=False)
+    router.add("/users/<int:id>", "user")
+    router.add("/posts/", "posts")
+    router.add("/both", "without")
+    router.add("/both/", "with")
+    router.add("/upload", "upload", methods=["POST"])
+    return router
+
+
+@pytest.mark.parametrize(
+    "path,endpoint",
+    [("/users/7", "user"), ("/users/7/", "user"), ("/posts", "posts"), ("/posts/", "posts"),
+     ("/both", "without"), ("/both/", "with")],
+)
+def test_lenient_slashes(lenient, path, endpoint):
+    assert lenient.match(path).endpoint == endpoint
+
+
+def test_lenient_method(lenient):
+    assert lenient.match("/upload/", method="post").endpoint == "upload"
+    with pytest.raises(MethodNotAllowed):
+        lenient.match("/upload/")
+
+
+def test_lenient_build(lenient):
+    assert lenient.build("posts") == "/posts/"
+    assert lenient.build("user", id=7) == "/users/7"
+
+
+def test_lenient_repeated_slashes(lenient):
+    assert lenient.match("/users//7").endpoint == "user"
+    assert lenient.match("//posts").endpoint == "posts"
+
+
+def test_strict_by_default(router):
+    with pytest.raises(NotFound):
+        router.match("/users/7/")
+
+
 def test_not_found(router):
     with pytest.raises(NotFound):
         router.match("/nothing/here")
EOF_93044068626
: '>>>>> Start Test Output'
pytest -rA tests/test_match.py tests/test_build.py
: '>>>>> End Test Output'
git checkout ab055dc765f9c6ee690a71ed2142ed4323dd99ad tests/test_match.py
