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
