#!/bin/bash
set -uxo pipefail
cd /testbed
git checkout 21518f74017b49f9aceb96e56fc8ecdb4ee6a3bf tests/test_schedule.py
git apply -v - <<'EOF_389117869874'
diff --git a/tests/test_schedule.py b/tests/test_schedule.py
index dc25fac..05966a4 100644
--- a/tests/test_schedule.py
+++ b/tests/test_schedule.py
@@ -35,6 +35,30 @@ def test_sunday_has_two_numbers(number):
     assert Schedule(f"0 9 * * {number}").matches(datetime(2023, 6, 4, 9, 0))
 
 
+WEEK = [datetime(2023, 6, 4 + day, 22, 0) for day in range(7)]  # from a Sunday
+
+
+@pytest.mark.parametrize(
+    "text,days",
+    [("FRI-MON", [0, 1, 5, 6]), ("5-1", [0, 1, 5, 6]), ("7-2", [0, 1, 2]), ("sat-sun", [0, 6])],
+    ids=["names", "numbers", "seven", "weekend"],
+)
+def test_weekday_range_over_the_weekend(text, days):
+    schedule = Schedule(f"0 22 * * {text}")
+    assert [number for number, moment in enumerate(WEEK) if schedule.matches(moment)] == days
+
+
+def test_step_counts_along_a_range_over_the_weekend():
+    schedule = Schedule("0 22 * * THU-TUE/2")
+    assert [number for number, moment in enumerate(WEEK) if schedule.matches(moment)] == [1, 4, 6]
+
+
+@pytest.mark.parametrize("line", ["30-10 * * * *", "* 22-4 * * *", "* * 20-3 * *", "* * * nov-feb *"])
+def test_other_ranges_do_not_wrap(line):
+    with pytest.raises(CronError):
+        Schedule(line)
+
+
 def test_either_day_field_is_enough():
     schedule = Schedule("0 0 13 * 5")
     assert schedule.matches(datetime(2023, 6, 13))
EOF_389117869874
: '>>>>> Start Test Output'
pytest -rA tests/test_fields.py tests/test_schedule.py
: '>>>>> End Test Output'
git checkout 21518f74017b49f9aceb96e56fc8ecdb4ee6a3bf tests/test_schedule.py
