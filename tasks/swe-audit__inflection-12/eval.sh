#!/bin/bash
set -uxo pipefail
cd /testbed
git checkout 942fad932ab5bfd9a714c1ff15c0321630432e5e test_inflection.py
git apply -v - <<'EOF_36788697913'
diff --git a/test_inflection.py b/test_inflection.py
index 30db6c2..e507aba 100644
--- a/test_inflection.py
+++ b/test_inflection.py
@@ -368,6 +368,45 @@ def test_parameterize(some_string, parameterized_string):
     assert parameterized_string == inflection.parameterize(some_string)
 
 
+@pytest.mark.parametrize(
+    ("max_length", "parameterized_string"),
+    (
+        (None, "donald-e-knuth"),
+        (14, "donald-e-knuth"),
+        (13, "donald-e"),
+        (9, "donald-e"),
+        (8, "donald-e"),
+        (7, "donald"),
+        (6, "donald"),
+        (4, "dona"),
+    )
+)
+def test_parameterize_with_max_length(max_length, parameterized_string):
+    assert parameterized_string == inflection.parameterize(
+        "Donald E. Knuth", max_length=max_length)
+
+
+@pytest.mark.parametrize(
+    ("separator", "max_length", "parameterized_string"),
+    (
+        ("_", 9, "donald_e"),
+        ("__", 9, "donald__e"),
+        ("__", 8, "donald"),
+        ("__", 6, "donald"),
+        ("__sep__", 14, "donald__sep__e"),
+        ("__sep__", 13, "donald"),
+        ("", 9, "donaldekn"),
+    )
+)
+def test_parameterize_with_separator_and_max_length(
+    separator,
+    max_length,
+    parameterized_string
+):
+    assert parameterized_string == inflection.parameterize(
+        "Donald E. Knuth", separator, max_length=max_length)
+
+
 @pytest.mark.parametrize(
     ("some_string", "parameterized_string"),
     STRING_TO_PARAMETERIZED_AND_NORMALIZED
EOF_36788697913
: '>>>>> Start Test Output'
pytest -rA test_inflection.py
: '>>>>> End Test Output'
git checkout 942fad932ab5bfd9a714c1ff15c0321630432e5e test_inflection.py
