#!/bin/bash
set -uxo pipefail
cd /testbed
git checkout 94d1a74673f8f953abcf629d7c4162a74c0a2f7f tests/test_reports.py
git apply -v - <<'EOF_392178002490'
diff --git a/tests/test_reports.py b/tests/test_reports.py
index c1c8937..e4abfd2 100644
--- a/tests/test_reports.py
+++ b/tests/test_reports.py
@@ -1,6 +1,8 @@
 import datetime
 from decimal import Decimal
 
+import pytest
+
 from ledgerlite import balance_table, balances, parse_journal, register
 
 BOOKS = """\
@@ -76,6 +78,11 @@ def test_table_is_aligned():
     ]
 
 
+def test_register_of_unknown_account():
+    with pytest.raises(KeyError):
+        register(parse_journal(BOOKS), "assets:bank:gira")
+
+
 def test_register_runs_a_total():
     rows = register(parse_journal(BOOKS), "assets:bank:giro")
     assert rows == [
EOF_392178002490
: '>>>>> Start Test Output'
pytest -rA tests/test_reports.py
: '>>>>> End Test Output'
git checkout 94d1a74673f8f953abcf629d7c4162a74c0a2f7f tests/test_reports.py
