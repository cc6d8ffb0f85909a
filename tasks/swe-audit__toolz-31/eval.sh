#!/bin/bash
set -uxo pipefail
cd /testbed
git checkout a8c72ef9aa6950843d485da76c30c22e1636aaed toolz/tests/test_itertoolz.py
git apply -v - <<'EOF_872782606844'
diff --git a/toolz/tests/test_itertoolz.py b/toolz/tests/test_itertoolz.py
index 25e7d39..ed359b4 100644
--- a/toolz/tests/test_itertoolz.py
+++ b/toolz/tests/test_itertoolz.py
@@ -1,4 +1,6 @@
 import itertools
+import toolz
+import toolz.curried
 from itertools import starmap
 from toolz.utils import raises
 from functools import partial
@@ -105,6 +107,23 @@ def test_unique():
     assert tuple(unique((1, 2, 3), key=iseven)) == (1, 2)
 
 
+def test_duplicates():
+    assert tuple(toolz.duplicates(())) == ()
+    assert tuple(toolz.duplicates((1, 2, 3))) == ()
+    assert tuple(toolz.duplicates((1, 2, 1, 3, 1))) == (1,)
+    assert tuple(toolz.duplicates(iter('abba'))) == ('b', 'a')
+
+
+def test_duplicates_key():
+    assert tuple(toolz.duplicates((1, 2, 3), key=iseven)) == (1,)
+    words = ['cat', 'mouse', 'dog', 'hen']
+    assert tuple(toolz.duplicates(words, key=len)) == ('cat',)
+
+
+def test_duplicates_curried():
+    assert list(toolz.curried.duplicates(key=iseven)([1, 2, 3, 5])) == [1]
+
+
 def test_isiterable():
     assert isiterable([1, 2, 3]) is True
     assert isiterable('abc') is True
EOF_872782606844
: '>>>>> Start Test Output'
pytest -rA toolz/tests/test_itertoolz.py
: '>>>>> End Test Output'
git checkout a8c72ef9aa6950843d485da76c30c22e1636aaed toolz/tests/test_itertoolz.py
