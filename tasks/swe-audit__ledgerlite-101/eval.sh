#!/bin/bash
set -uxo pipefail
cd /testbed
git checkout af6ab65925ee2ea7f7327359e51ec1144bb67df1 tests/test_reports.py
git apply -v - <<'EOF_312589920330'
diff --git a/tests/test_reports.py b/tests/test_reports.py
index 75a1f8d..c1c8937 100644
--- a/tests/test_reports.py
+++ b/tests/test_reports.py
@@ -33,6 +33,42 @@ def test_depth_cuts_names():
     assert list(balances(parse_journal(BOOKS), depth=1)) == ["assets", "expenses", "income"]
 
 
+ROLLED = """\
+2023-01-05 Bakery
+    expenses:food:bread     4.20 EUR
+    assets:cash
+
+2023-01-06 Market
+    expenses:food:veg      11.00 EUR
+    expenses:food           2.00 EUR
+    assets:cash
+
+2023-01-07 Market abroad
+    expenses:food:veg       7.00 CHF
+    assets:cash
+"""
+
+
+def test_depth_adds_up():
+    rolled = balances(parse_journal(ROLLED), depth=2)
+    assert rolled["expenses:food"]["EUR"] == Decimal("17.20")
+
+
+def test_depth_keeps_currencies_apart():
+    assert balances(parse_journal(ROLLED), depth=1) == {
+        "assets": {"EUR": Decimal("-17.20"), "CHF": Decimal("-7.00")},
+        "expenses": {"EUR": Decimal("17.20"), "CHF": Decimal("7.00")},
+    }
+
+
+def test_table_with_depth():
+    assert balance_table(parse_journal(BOOKS), depth=1).splitlines() == [
+        " 1827.50 EUR  assets",
+        "   72.50 EUR  expenses",
+        "-1900.00 EUR  income",
+    ]
+
+
 def test_table_is_aligned():
     assert balance_table(parse_journal(BOOKS)).splitlines()[:2] == [
         " 1857.50 EUR  assets:bank:giro",
EOF_312589920330
: '>>>>> Start Test Output'
pytest -rA tests/test_reports.py tests/test_journal.py
: '>>>>> End Test Output'
git checkout af6ab65925ee2ea7f7327359e51ec1144bb67df1 tests/test_reports.py
