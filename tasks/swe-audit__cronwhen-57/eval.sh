#!/bin/bash
set -uxo pipefail
cd /testbed
git checkout f9dbf572b85b7becc537c3cfebb90d648911ffed tests/test_schedule.py
git apply -v - <<'EOF_718861202962'
diff --git a/tests/test_schedule.py b/tests/test_schedule.py
index dc25fac..43ffdd1 100644
--- a/tests/test_schedule.py
+++ b/tests/test_schedule.py
@@ -1,4 +1,4 @@
-from datetime import datetime
+from datetime import datetime, timedelta
 
 import pytest
 
@@ -42,6 +42,17 @@ def test_either_day_field_is_enough():
     assert not schedule.matches(datetime(2023, 6, 14))
 
 
+def test_next_after_defaults_to_now():
+    # the winter release goes out on the first of December
+    assert Schedule("0 9 1 12 *").next_after() == datetime(2023, 12, 1, 9, 0)
+
+
+def test_take_defaults_to_now():
+    first, second = Schedule("* * * * *").take(2)
+    assert first > datetime.now() - timedelta(minutes=1)
+    assert second - first == timedelta(minutes=1)
+
+
 def test_take():
     assert Schedule("0 12 * * *").take(2, datetime(2023, 6, 2, 12, 0)) == [
         datetime(2023, 6, 3, 12, 0),
EOF_718861202962
: '>>>>> Start Test Output'
pytest -rA tests/test_schedule.py
: '>>>>> End Test Output'
git checkout f9dbf572b85b7becc537c3cfebb90d648911ffed tests/test_schedule.py
