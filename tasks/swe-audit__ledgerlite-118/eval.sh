#!/bin/bash
set -uxo pipefail
cd /testbed
git checkout f729f7fd5831b4137e9f8b7fa0b6ccc0d6fe2111 tests/test_journal.py
git apply -v - <<'EOF_344978231921'
diff --git a/tests/test_journal.py b/tests/test_journal.py
index d4aee0e..243c571 100644
--- a/tests/test_journal.py
+++ b/tests/test_journal.py
@@ -44,6 +44,28 @@ def test_two_left_out_amounts_are_an_error():
     assert caught.value.line == 1
 
 
+def test_amounts_must_add_up():
+    with pytest.raises(LedgerError, match=r"postings are off by 2\.50 EUR") as caught:
+        parse_journal(
+            BOOKS + "\n2023-04-28 Rent\n    expenses:rent  750.00 EUR\n    assets:bank  -747.50 EUR\n"
+        )
+    assert caught.value.line == 10
+
+
+def test_amounts_must_add_up_in_each_currency():
+    with pytest.raises(LedgerError) as caught:
+        parse_journal(
+            "2023-04-28 Exchange\n    a  5 EUR\n    b  -5 EUR\n    a  -6 USD\n    b  5 USD\n"
+        )
+    assert "USD" in str(caught.value)
+    assert "EUR" not in str(caught.value)
+
+
+def test_amounts_that_add_up():
+    journal = parse_journal("2023-04-28 Rent\n    a  0.10 EUR\n    b  0.20 EUR\n    c  -0.30 EUR\n")
+    assert len(journal) == 1
+
+
 def test_posting_without_transaction_is_an_error():
     with pytest.raises(LedgerError):
         parse_journal("    a  1 EUR\n")
EOF_344978231921
: '>>>>> Start Test Output'
pytest -rA tests/test_journal.py tests/test_reports.py
: '>>>>> End Test Output'
git checkout f729f7fd5831b4137e9f8b7fa0b6ccc0d6fe2111 tests/test_journal.py
