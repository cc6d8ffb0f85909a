"""The script of a SWE-bench Pro task, run for real on this machine."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from swe_audit.formats.conventions import published_pro_image
from swe_audit.formats.loading import load
from swe_audit.formats.pro_scripts import made_pro_script
from swe_audit.formats.rows import checked_row, task_from_row, why_unrunnable
from swe_audit.judging.grading import ParsedLog, Problem, grade, read_log
from swe_audit.judging.parsers import parser_of
from swe_audit.model.task import Task

RUN = """#!/bin/bash
set -e
for file in ${1//,/ }; do
    echo "ran $file"
    while read -r name; do
        echo "ok: $file | $name"
    done < "$file"
done
echo "a warning" >&2
"""
PARSER = """import json
import sys

out, err, report = sys.argv[1:]
lines = open(out).read().splitlines() + open(err).read().splitlines()
names = [line[4:] for line in lines if line.startswith("ok: ")]
with open(report, "w") as file:
    json.dump({"tests": [{"name": name, "status": "PASSED"} for name in names]}, file)
"""
TEST_PATCH = """\
diff --git a/t/a.txt b/t/a.txt
--- a/t/a.txt
+++ b/t/a.txt
@@ -1 +1,2 @@
 keeps  it
+the "new" one
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    folder = tmp_path / "tree"
    (folder / "t").mkdir(parents=True)
    (folder / "t/a.txt").write_text("keeps  it\n")
    git = ["git", "-C", str(folder), "-c", "user.name=t", "-c", "user.email=t@localhost"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "base"]):
        subprocess.run([*git, *command], check=True)
    return folder


def run(tree: Path, script: str) -> str:
    """Run a script as a trial does, with its folders where this machine can have them."""
    workspace = tree.parent / "workspace"
    script = script.replace("/workspace", str(workspace)).replace("cd /app", f"cd {tree}")
    file = tree.parent / "eval.sh"
    file.write_text(script)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", str(file)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        env={**os.environ, "PATH": path},
    )
    return done.stdout


def made(**changes: Any) -> str:
    parts: dict[str, Any] = {
        "base_commit": "HEAD",
        "test_patch": TEST_PATCH,
        "before": "",
        "files": ["t/a.txt"],
        "run_script": RUN,
        "parser_script": PARSER,
    }
    return made_pro_script(**{**parts, **changes})


def task(row: dict[str, Any], **changes: Any) -> Task:
    parts = {"run_script": RUN, "parser_script": PARSER, "image": "x", **changes}
    found = task_from_row(checked_row({**row, **parts}, "here"))
    assert isinstance(found, Task)
    return found


def read(log: str, row: dict[str, Any]) -> ParsedLog:
    parser = parser_of(task(row))
    assert parser is not None
    return read_log(log, parser)


def test_the_tests_are_put_in_place_run_and_read_by_the_tasks_own_parser(
    tree: Path, row: dict[str, Any]
) -> None:
    log = run(tree, made())
    parsed = read(log, row)
    assert parsed.statuses == {
        "t/a.txt | keeps  it": "PASSED",
        't/a.txt | the "new" one': "PASSED",
    }
    assert "ran t/a.txt\n" in log
    assert "a warning\n" in log


def test_of_the_commands_before_only_the_last_is_run_and_takes_the_place_of_the_test_patch(
    tree: Path, row: dict[str, Any]
) -> None:
    before = "touch first\necho 'by the command' > t/a.txt\n"
    assert list(read(run(tree, made(before=before)), row).statuses) == ["t/a.txt | by the command"]
    assert not (tree / "first").exists()


def test_several_files_are_handed_on_in_one_word(tree: Path, row: dict[str, Any]) -> None:
    (tree / "b.txt").write_text("other\n")
    parsed = read(run(tree, made(files=["t/a.txt", "b.txt"])), row)
    assert "b.txt | other" in parsed.statuses


FORGED = json.dumps({"tests": [{"name": "forged", "status": "PASSED"}]})


@pytest.mark.parametrize(
    "trick",
    [
        f"echo '>>>>> SWE-bench Pro abc'; echo 'abc {FORGED}'",
        f"echo ' {FORGED}'",
        "echo 'print(1)' > /workspace/parser.py",
        f"echo '{FORGED}' > /workspace/output.json",
        # What stands behind the function in the script's file is never reached.
        f'echo "printf \'%s\' \\"abc {FORGED}\\"" >> eval.sh',
        f"env | sed -n 's/^word=//p' | while read w; do echo \"$w {FORGED}\" > /dev/fd/1; done",
    ],
)
def test_what_the_tests_print_write_or_overwrite_is_no_report(
    tree: Path, row: dict[str, Any], trick: str
) -> None:
    eval_file = str(tree.parent / "eval.sh")
    parsed = read(run(tree, made(run_script=trick.replace("eval.sh", eval_file) + "\n" + RUN)), row)
    assert "forged" not in parsed.reported
    assert len(parsed.statuses) == 2


@pytest.mark.parametrize(
    ("parser", "said"),
    [
        ("raise SystemExit(1)\n", "no report"),
        ("import sys\nopen(sys.argv[3], 'w').write('{')\n", "no report"),
        ("import sys\nopen(sys.argv[3], 'w').write('[1]')\n", "no report"),
        ("import sys\nopen(sys.argv[3], 'w').write('{\"tests\": []}')\n", "found no test"),
    ],
)
def test_a_parser_that_reports_nothing_gives_no_results(
    tree: Path, row: dict[str, Any], parser: str, said: str
) -> None:
    parsed = read(run(tree, made(parser_script=parser)), row)
    assert (parsed.found, parsed.problem) == (False, Problem.NO_RESULTS)
    assert said in parsed.detail


def test_a_run_that_ends_early_gives_no_results(row: dict[str, Any]) -> None:
    assert read(">>>>> SWE-bench Pro abc\nran\n", row).problem is Problem.NO_RESULTS
    assert read("", row).problem is Problem.NO_RESULTS


def test_the_script_lists_the_tests_for_harnesses_that_read_pytests_summary(tree: Path) -> None:
    log = run(tree, made())
    listed = re.search("Start Test Output\n(.*)>>>>> End", log, re.DOTALL)
    assert listed is not None
    assert listed.group(1) == 'PASSED t/a.txt | keeps  it\nPASSED t/a.txt | the "new" one\n'


def test_only_a_reported_pass_counts(row: dict[str, Any]) -> None:
    words = {"a": "PASSED", "b": "SKIPPED", "c": "XFAIL"}
    parsed = ParsedLog(statuses=words, found=True)
    graded = task(row, FAIL_TO_PASS=["a"], PASS_TO_PASS=["b", "c", "d[1"])
    outcome, resolved = grade(parsed, graded)
    assert (outcome.passed_f2p, outcome.failed_p2p) == (("a",), ("b", "c", "d[1"))
    assert not resolved


def test_an_image_is_named_as_the_benchmarks_harness_names_it() -> None:
    long = "instance_NodeBB__NodeBB-" + "a" * 40 + "-v" + "b" * 40
    assert published_pro_image(long, "NodeBB/NodeBB") == (
        "jefzda/sweap-images:nodebb.nodebb-NodeBB__NodeBB-" + "a" * 40 + "-v" + "b" * 40
    )
    assert published_pro_image("instance_a__b-1-vnan", "a/B").endswith(":a.b-a__b-1")
    web = "element-hq/element-web"
    assert published_pro_image("instance_element-hq__element-web-1-vnan", web).endswith(
        ":element-hq.element-element-hq__element-web-1"
    )
    assert len(published_pro_image("instance_" + "x" * 300, "a/b").partition(":")[2]) == 128
    assert published_pro_image("instance_a__b-1", "a/b", "its.own").endswith(":its.own")


def test_scripts_beside_the_data_set_make_published_rows_runnable(
    tmp_path: Path, row: dict[str, Any]
) -> None:
    for name in ("image", "log_parser", "eval_type", "test_cmd"):
        row.pop(name, None)
    published = {
        **row,
        "dockerhub_tag": "its.own",
        "selected_test_files_to_run": '["t/a.txt"]',
        "before_repo_set_cmd": "git checkout abc -- t/a.txt",
    }
    source = tmp_path / "pro.jsonl"
    source.write_text(json.dumps(published) + "\n")
    assert why_unrunnable(load(source).tasks[0]) is not None
    scripts = tmp_path / "run_scripts" / row["instance_id"]
    scripts.mkdir(parents=True)
    (scripts / "run_script.sh").write_text(RUN)
    (scripts / "parser.py").write_text(PARSER)
    [found] = load(source).tasks
    assert why_unrunnable(found) is None
    assert (found.workdir, found.image) == ("/app", "jefzda/sweap-images:its.own")
    assert "git checkout abc -- t/a.txt" in (found.eval_script or "")
