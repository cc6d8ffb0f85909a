#!/bin/bash
{ set +ux +o pipefail; } 2> /dev/null
# A function is read whole before it runs: a test that changes this file changes nothing.
grade() {
local word run_script parser_script read_report list_tests report
word=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
printf "%s%s\n" '>>>>> SWE-bench Pro ' "$word"
IFS= read -r -d '' run_script <<'EOF_8e1f191e0954'
#!/bin/bash
# Runs the tests named in the first word, separated by commas; all of them without a word.
set -e

IFS=',' read -r -a NAMES <<< "$1"
if [ "${#NAMES[@]}" -eq 0 ]; then
    NAMES=(test/*.test.js)
fi

for file in "${NAMES[@]}"; do
    echo "# file $file"
    node --test-reporter=tap "$file" || true
done
EOF_8e1f191e0954
IFS= read -r -d '' parser_script <<'EOF_13a876ea2ce3'
"""Read the tests' results: parser.py STDOUT STDERR REPORT."""

import json
import re
import sys

FILE = re.compile(r"# file (\S+)$")
GROUP = re.compile(r"( *)# Subtest: (.*)$")
RESULT = re.compile(r"( *)(not ok|ok) \d+ - (.*?)( # SKIP.*| # TODO.*)?$")


def results(lines):
    path, groups = "", {}
    for line in lines:
        file, group, found = FILE.match(line), GROUP.match(line), RESULT.match(line)
        if file:
            path, groups = file[1], {}
        elif group:
            depth = len(group[1])
            groups = {d: name for d, name in groups.items() if d < depth} | {depth: group[2]}
        elif found and found[1]:
            above = [groups[depth] for depth in sorted(groups) if depth < len(found[1])]
            status = "PASSED" if found[2] == "ok" else "FAILED"
            yield " | ".join([path, *above, found[3]]), "SKIPPED" if found[4] else status


def main(stdout, stderr, report):
    with open(stdout, encoding="utf-8", errors="replace") as file:
        lines = file.read().splitlines()
    tests = [{"name": name, "status": status} for name, status in results(lines)]
    with open(report, "w", encoding="utf-8") as file:
        json.dump({"tests": tests}, file, indent=2)


if __name__ == "__main__":
    main(*sys.argv[1:])
EOF_13a876ea2ce3
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
git checkout 24b1bc76e200e9ae0cb22f7b11a1d9372225770e test/parse.test.js
git apply -v - <<'EOF_608262651936'
diff --git a/test/parse.test.js b/test/parse.test.js
index 2366718..04f0898 100644
--- a/test/parse.test.js
+++ b/test/parse.test.js
@@ -27,4 +27,19 @@ describe("parse", () => {
       { a: "2", b: "3" },
     ]);
   });
+
+  it("refuses a row with more fields than columns", () => {
+    assert.throws(() => parse("name,age\nBo,7\nLovelace, Ada,36\n"), {
+      name: "RangeError",
+      message: "row 2 has 3 fields, expected only 2",
+    });
+  });
+
+  it("takes empty fields at the end for none", () => {
+    assert.deepEqual(parse("a,b\n1,2,,\n"), [{ a: "1", b: "2" }]);
+  });
+
+  it("cuts rows to size where asked to", () => {
+    assert.deepEqual(parse("a\n1,2\n", { extra: "ignore" }), [{ a: "1" }]);
+  });
 });
EOF_608262651936
bash -c 'bash /workspace/run_script.sh test/parse.test.js,test/write.test.js > /workspace/stdout.log 2> /workspace/stderr.log'
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
