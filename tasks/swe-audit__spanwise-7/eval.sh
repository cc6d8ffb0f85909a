#!/bin/bash
{ set +ux +o pipefail; } 2> /dev/null
# A function is read whole before it runs: a test that changes this file changes nothing.
grade() {
local word run_script parser_script read_report list_tests report
word=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
printf "%s%s\n" '>>>>> SWE-bench Pro ' "$word"
IFS= read -r -d '' run_script <<'EOF_c7e235fc20e0'
#!/bin/bash
# Runs the tests named in the first word, separated by commas; all of them without a word.
set -e

IFS=',' read -r -a NAMES <<< "$1"

python -m pytest -v "${NAMES[@]}"
EOF_c7e235fc20e0
IFS= read -r -d '' parser_script <<'EOF_f53ea453b692'
"""Read the tests' results: parser.py STDOUT STDERR REPORT."""

import json
import re
import sys

RESULT = re.compile(r"(\S+::.+?) (PASSED|FAILED|SKIPPED|ERROR)\b")


def results(lines):
    for line in lines:
        found = RESULT.match(line)
        if found:
            yield found[1], found[2]


def main(stdout, stderr, report):
    with open(stdout, encoding="utf-8", errors="replace") as file:
        lines = file.read().splitlines()
    tests = [{"name": name, "status": status} for name, status in results(lines)]
    with open(report, "w", encoding="utf-8") as file:
        json.dump({"tests": tests}, file, indent=2)


if __name__ == "__main__":
    main(*sys.argv[1:])
EOF_f53ea453b692
IFS= read -r -d '' read_report <<'EOF_e909b01438ab'
import json
try:
    with open("/workspace/output.json") as file:
        print(json.dumps(json.load(file)))
except (OSError, ValueError):
    print("null")
EOF_e909b01438ab
IFS= read -r -d '' list_tests <<'EOF_f7432e4fd0f8'
import json, sys
report = json.load(sys.stdin)
for test in report.get("tests", []) if isinstance(report, dict) else []:
    print(test["status"], test["name"])
EOF_f7432e4fd0f8
mkdir -p /workspace
printf %s "$run_script" > /workspace/run_script.sh
cd /app
git checkout 21d3b3de6538bec1e14f302b0ce65495eb7aec90 tests/test_reading.py tests/test_writing.py
git apply -v - <<'EOF_68350616090'
diff --git a/tests/test_reading.py b/tests/test_reading.py
index 59a2415..47be7ba 100644
--- a/tests/test_reading.py
+++ b/tests/test_reading.py
@@ -18,6 +18,18 @@ def test_what_is_no_span(text):
         parse(text)
 
 
+@pytest.mark.parametrize("text", ["1h 1h", "1h 2m 3m", "5s5s"], ids=["h", "m", "s"])
+def test_a_unit_stands_once(text):
+    with pytest.raises(SpanError):
+        parse(text)
+
+
+def test_weeks():
+    assert parse("1w 1d") == 8 * 86400
+    with pytest.raises(SpanError):
+        parse("1d 1w")
+
+
 def test_units_go_from_large_to_small():
     with pytest.raises(SpanError):
         parse("30m 1h")
diff --git a/tests/test_writing.py b/tests/test_writing.py
index 5319da8..b5d162b 100644
--- a/tests/test_writing.py
+++ b/tests/test_writing.py
@@ -10,3 +10,7 @@ def test_what_is_written_is_read_back(seconds):
 
 def test_parts_that_are_nothing_are_left_out():
     assert write(3601) == "1h 1s"
+
+
+def test_weeks_are_written_as_days():
+    assert write(parse("2w")) == "14d"
EOF_68350616090
bash -c 'bash /workspace/run_script.sh tests/test_reading.py,tests/test_writing.py > /workspace/stdout.log 2> /workspace/stderr.log'
cat /workspace/stdout.log /workspace/stderr.log
rm -f /workspace/output.json
printf %s "$parser_script" > /workspace/parser.py
python /workspace/parser.py /workspace/stdout.log /workspace/stderr.log /workspace/output.json
report=$(python -c "$read_report")
printf "\n%s %s\n" "$word" "$report"
echo '>>>>> Start Test Output'
python -c "$list_tests" <<< "$report"
echo '>>>>> End Test Output'
}
grade
exit
