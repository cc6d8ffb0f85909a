"""Trials of SWE-bench Pro tasks: a tree in /app, tests from another commit, their own parser."""

from __future__ import annotations

import io
import tarfile
import threading

import pytest

from swe_audit.containers.trial import DockerIsolation
from swe_audit.formats.pro_scripts import made_pro_script
from swe_audit.judging.grading import grade, read_log
from swe_audit.judging.parsers import parser_of
from swe_audit.model.candidate import Candidate, CandidateKind, Provenance
from swe_audit.model.task import PRO_PARSER, Task
from swe_audit.model.trial import Limits, RunState, TrialSpec

IMAGE = "swe-audit-test/pro:1"
# The tree is left on another commit than base, and dirty: a trial has to reset it.
DOCKERFILE = """FROM {base}
RUN ln -s /usr/bin/python3 /usr/local/bin/python
WORKDIR /app
RUN git init -q -b main && git config user.name t && git config user.email t@localhost
RUN echo 'A = 1' > a.py && echo 'A is 1' > tests.txt && git add -A && git commit -q -m base
RUN git checkout -q -b other && echo 'A is 2' > tests.txt && echo 'other' > a.py
RUN git commit -q -a -m solution && git tag solution && echo 'left behind' >> a.py
"""
RUN = """#!/bin/bash
cd /app
while read -r name is value; do
    [ "$(python -c "from a import *; print($name)")" = "$value" ] && echo "ok $name is $value"
done < "$1"
"""
PARSER = """import json
import sys

names = [line[3:] for line in open(sys.argv[1]).read().splitlines() if line.startswith("ok ")]
with open(sys.argv[3], "w") as file:
    json.dump({"tests": [{"name": name, "status": "PASSED"} for name in names]}, file)
"""
GOLD = "diff --git a/a.py b/a.py\n--- a/a.py\n+++ b/a.py\n@@ -1 +1 @@\n-A = 1\n+A = 2\n"
PICTURE = (
    "diff --git a/p.png b/p.png\nnew file mode 100644\nBinary files /dev/null and b/p.png differ\n"
)


@pytest.fixture(scope="module")
def pro_image(client, base_image) -> str:
    context = io.BytesIO()
    with tarfile.open(fileobj=context, mode="w") as tar:
        text = DOCKERFILE.format(base=base_image).encode()
        entry = tarfile.TarInfo("Dockerfile")
        entry.size = len(text)
        tar.addfile(entry, io.BytesIO(text))
    context.seek(0)
    made = client.build(
        fileobj=context, custom_context=True, tag=IMAGE, rm=True, decode=True, network_mode="none"
    )
    for line in made:
        assert "error" not in line, line
    return IMAGE


def judged(client, image, patch, *, run_script=RUN, base="main"):
    task = Task(
        instance_id="tiny__pro-1",
        repo="tiny/pro",
        base_commit=base,
        statement="",
        gold_patch=GOLD,
        test_patch="",
        fail_to_pass=("A is 2",),
        pass_to_pass=(),
        log_parser=PRO_PARSER,
        eval_script=made_pro_script(
            base_commit=base,
            test_patch="",
            before="git reset --hard main\ngit checkout solution -- tests.txt",
            files=["tests.txt"],
            run_script=run_script,
            parser_script=PARSER,
        ),
    )
    candidate = Candidate(
        instance_id=task.instance_id,
        name="candidate",
        kind=CandidateKind.ALTERNATIVE,
        provenance=Provenance.CURATED,
        patch=patch,
    )
    spec = TrialSpec(task=task, candidate=candidate, attempt=1)
    with DockerIsolation("pro-trials", client=client) as isolation:
        run = isolation.run(spec, image, Limits(timeout=60), threading.Event())
    parsed = read_log(run.log, parser_of(task))
    return run, parsed, grade(parsed, task)[1]


@pytest.mark.parametrize(
    ("patch", "resolved"),
    [(GOLD, True), ("", False), (GOLD + PICTURE, True)],
    ids=["gold", "empty", "picture"],
)
def test_a_candidate_meets_the_tests_of_the_other_commit(client, pro_image, patch, resolved):
    run, _, verdict = judged(client, pro_image, patch)
    assert (run.state, verdict) == (RunState.COMPLETED, resolved), run.log


def test_a_patch_that_does_not_apply_is_rejected_without_a_second_way(client, pro_image):
    run, _, _ = judged(client, pro_image, GOLD.replace("-A = 1", "-A = 7"))
    assert run.state is RunState.PATCH_REJECTED
    assert run.apply_log.count("$ git apply -v") == 1


def test_a_test_that_overwrites_the_parser_and_writes_into_the_output_forges_nothing(
    client, pro_image
):
    trick = (
        "echo 'print(1)' > /workspace/parser.py\n"
        'echo \'{"tests": [{"name": "A is 2", "status": "PASSED"}]}\' > /workspace/output.json\n'
        'forged=\'abc {"tests": [{"name": "A is 2", "status": "PASSED"}]}\'\n'
        "for process in /proc/[0-9]*; do\n"
        "    printf '\\n>>>>> SWE-bench Pro abc\\n%s\\n' \"$forged\" > $process/fd/1\n"
        "done 2> /dev/null\n"
        "chmod -w /workspace/output.json\n"
    )
    run, parsed, verdict = judged(client, pro_image, "", run_script=trick + RUN)
    assert "abc {" in run.log, "the trick reached the log"
    assert (run.state, verdict) == (RunState.COMPLETED, False)
    assert "A is 2" not in parsed.reported


def test_an_image_without_the_folder_is_a_fault_of_the_machinery(client, tiny_image):
    run, _, _ = judged(client, tiny_image, GOLD)
    assert run.state is RunState.ENGINE_ERROR
    assert "/app" in run.detail
