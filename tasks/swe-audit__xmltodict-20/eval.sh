#!/bin/bash
set -uxo pipefail
cd /testbed
git checkout 7392556ba87d25393911a0b969985bc8ca5fc282 tests/test_xmltodict.py
git apply -v - <<'EOF_426170963782'
diff --git a/tests/test_xmltodict.py b/tests/test_xmltodict.py
index 04137f9..0831001 100644
--- a/tests/test_xmltodict.py
+++ b/tests/test_xmltodict.py
@@ -209,6 +209,27 @@ class XMLToDictTestCase(unittest.TestCase):
         res = parse(xml, process_namespaces=True)
         self.assertEqual(res, d)
 
+    def test_empty_value(self):
+        xml = '<a><b/><c></c><d>  </d><e>1</e></a>'
+        self.assertEqual(parse(xml, empty_value=''),
+                         {'a': {'b': '', 'c': '', 'd': '', 'e': '1'}})
+        self.assertEqual(parse(xml, empty_value=0),
+                         {'a': {'b': 0, 'c': 0, 'd': 0, 'e': '1'}})
+
+    def test_empty_value_default(self):
+        self.assertEqual(parse('<a><b/></a>'), {'a': {'b': None}})
+
+    def test_empty_value_root(self):
+        self.assertEqual(parse('<a/>', empty_value=''), {'a': ''})
+
+    def test_empty_value_repeated(self):
+        self.assertEqual(parse('<a><b/><b>1</b><b/></a>', empty_value=''),
+                         {'a': {'b': ['', '1', '']}})
+
+    def test_empty_value_attributes(self):
+        self.assertEqual(parse('<a><b/><c x="1"/></a>', empty_value=''),
+                         {'a': {'b': '', 'c': {'@x': '1', '#text': ''}}})
+
     def test_namespace_collapse(self):
         xml = """
         <root xmlns="http://defaultns.com/"
EOF_426170963782
: '>>>>> Start Test Output'
pytest -rA tests/test_xmltodict.py
: '>>>>> End Test Output'
git checkout 7392556ba87d25393911a0b969985bc8ca5fc282 tests/test_xmltodict.py
