#!/bin/bash
set -uxo pipefail
cd /testbed
git checkout 896fe23303e0f1ad116e1a31b53f7adbacb23f6c tests/test_retrying.py
git apply -v - <<'EOF_484542860610'
diff --git a/tests/test_retrying.py b/tests/test_retrying.py
index 52c6eb9..1514df1 100644
--- a/tests/test_retrying.py
+++ b/tests/test_retrying.py
@@ -40,6 +40,12 @@ def test_only_the_given_errors():
     assert function.calls == 1
 
 
+@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
+def test_interrupts_get_through(error):
+    with pytest.raises(error):
+        call(Flaky(1, error), attempts=1)
+
+
 def test_give_up():
     function = Flaky(2)
     with pytest.raises(ConnectionError):
EOF_484542860610
: '>>>>> Start Test Output'
pytest -rA tests/test_retrying.py
: '>>>>> End Test Output'
git checkout 896fe23303e0f1ad116e1a31b53f7adbacb23f6c tests/test_retrying.py
