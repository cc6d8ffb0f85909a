#!/bin/bash
{ set +ux +o pipefail; } 2> /dev/null
# A function is read whole before it runs: a test that changes this file changes nothing.
grade() {
local word run_script parser_script read_report list_tests report
word=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
printf "%s%s\n" '>>>>> SWE-bench Pro ' "$word"
IFS= read -r -d '' run_script <<'EOF_2a0f2f2ee5a1'
#!/bin/bash
# Runs the tests named in the first word, separated by commas; all of them without a word.
set -e

IFS=',' read -r -a NAMES <<< "$1"
PATTERN=$(IFS='|'; echo "${NAMES[*]}")

go test -v -run "^(${PATTERN:-.*})$" ./...
EOF_2a0f2f2ee5a1
IFS= read -r -d '' parser_script <<'EOF_68ca69097858'
"""Read the tests' results: parser.py STDOUT STDERR REPORT."""

import json
import re
import sys

RESULT = re.compile(r"\s*--- (PASS|FAIL|SKIP): (\S+) \(")
WORDS = {"PASS": "PASSED", "FAIL": "FAILED", "SKIP": "SKIPPED"}


def results(lines):
    for line in lines:
        found = RESULT.match(line)
        if found:
            yield found[2], WORDS[found[1]]


def main(stdout, stderr, report):
    with open(stdout, encoding="utf-8", errors="replace") as file:
        lines = file.read().splitlines()
    tests = [{"name": name, "status": status} for name, status in results(lines)]
    with open(report, "w", encoding="utf-8") as file:
        json.dump({"tests": tests}, file, indent=2)


if __name__ == "__main__":
    main(*sys.argv[1:])
EOF_68ca69097858
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
git checkout af83bfe699376ade57a6bb92195d065ed6a9b21e leasebook_test.go
git apply -v - <<'EOF_957021846194'
diff --git a/leasebook_test.go b/leasebook_test.go
index 50dc1f0..7dbcf03 100644
--- a/leasebook_test.go
+++ b/leasebook_test.go
@@ -66,3 +66,27 @@ func TestNames(t *testing.T) {
 		t.Errorf("names are %v", got)
 	}
 }
+
+func TestTimeLeft(t *testing.T) {
+	book, clock := newBook()
+	_ = book.Acquire("deploy", "ada", time.Minute)
+	clock.forward(20 * time.Second)
+	if left, err := book.TimeLeft("deploy"); err != nil || left != 40*time.Second {
+		t.Errorf("got %v and %v, want 40s", left, err)
+	}
+	_ = book.Renew("deploy", "ada", time.Hour)
+	if left, _ := book.TimeLeft("deploy"); left != time.Hour {
+		t.Errorf("got %v after a renewal, want 1h", left)
+	}
+}
+
+func TestTimeLeftOfNothing(t *testing.T) {
+	book, clock := newBook()
+	_ = book.Acquire("deploy", "ada", time.Minute)
+	clock.forward(2 * time.Minute)
+	for _, name := range []string{"deploy", "backup"} {
+		if left, err := book.TimeLeft(name); left != 0 || !errors.Is(err, ErrNotHeld) {
+			t.Errorf("%s: got %v and %v, want 0 and ErrNotHeld", name, left, err)
+		}
+	}
+}
EOF_957021846194
bash -c 'bash /workspace/run_script.sh TestAcquire,TestRenewAndRelease,TestNames,TestTimeLeft,TestTimeLeftOfNothing,TestWait > /workspace/stdout.log 2> /workspace/stderr.log'
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
