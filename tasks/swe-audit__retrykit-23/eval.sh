#!/bin/bash
set -uxo pipefail
cd /testbed
git checkout bb892be8f5b671bea58fa514fb32811718f9ffcf tests/test_policy.py
git apply -v - <<'EOF_526568022003'
diff --git a/tests/test_policy.py b/tests/test_policy.py
index a49d80e..56d1b82 100644
--- a/tests/test_policy.py
+++ b/tests/test_policy.py
@@ -11,6 +11,37 @@ def test_cap():
     assert list(Policy(attempts=5, base=1, factor=2, cap=3).delays()) == [1, 2, 3, 3]
 
 
+def jittered():
+    return Policy(attempts=49, base=1, factor=1.5, jitter=0.3)
+
+
+def test_jitter_spreads():
+    pauses = {jittered().delay(0) for _ in range(200)}
+    assert len(pauses) > 1
+    assert 0.7 <= min(pauses) < 1 < max(pauses) <= 1.3
+
+
+@pytest.mark.parametrize("attempt", range(48))
+def test_delays_grow_with_jitter(attempt):
+    policy = jittered()
+    assert policy.delay(attempt) < policy.delay(attempt + 1)
+
+
+def test_cap_with_jitter():
+    policy = Policy(attempts=5, base=1, factor=2, cap=2, jitter=0.5)
+    assert max(policy.delay(3) for _ in range(50)) <= 2
+
+
+def test_total_with_jitter():
+    assert Policy(attempts=3, base=1, factor=2, jitter=0.5).total() == 4.5
+
+
+@pytest.mark.parametrize("jitter", [-0.1, 1.1])
+def test_jitter_is_a_fraction(jitter):
+    with pytest.raises(ValueError):
+        Policy(jitter=jitter)
+
+
 def test_total():
     assert Policy(attempts=4, base=1, factor=2).total() == 7
 
EOF_526568022003
: '>>>>> Start Test Output'
pytest -rA tests/test_policy.py tests/test_retrying.py
: '>>>>> End Test Output'
git checkout bb892be8f5b671bea58fa514fb32811718f9ffcf tests/test_policy.py
