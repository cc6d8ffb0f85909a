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
