"""Run a task's tests softened: once each for gold, no patch, and every rejected alternative."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from swe_audit.alternatives.ground import Ground
from swe_audit.alternatives.mirroring import with_test_patch
from swe_audit.formats.patches import changed_files
from swe_audit.formats.trees import difference
from swe_audit.model.audit import TaskResult
from swe_audit.model.candidate import Candidate, CandidateKind, Control, Provenance
from swe_audit.model.task import Task
from swe_audit.model.trial import HARNESS, RunState, Verdict
from swe_audit.softening.recorder_script import FOLDER, MODULE, RECORDS, recorder
from swe_audit.softening.records import mark_of
from swe_audit.softening.rewriting import names_of_tests, soften

_END = "END_OF_SWE_AUDIT_RECORDER"


def soft(result: TaskResult, ground: Ground) -> Iterator[Candidate]:
    """Yield softened runs, where some alternative was rejected and the tests can be softened.

    They cannot where they come with the image, so that the eval script does not hold them.
    """
    subjects = _subjects(result)
    if not subjects or ground.task.eval_script is None:
        return
    test_patch = softened_tests(ground)
    if test_patch is None:
        return
    script = recording(ground.task.eval_script, mark_of(test_patch))
    if with_test_patch(ground.task, test_patch, script) is None:
        return
    for subject in subjects:
        yield Candidate(
            instance_id=subject.instance_id,
            name=f"soft-{subject.name}",
            kind=CandidateKind.CONTROL,
            provenance=Provenance.INQUIRY,
            patch=subject.patch,
            family=subject.family,
            rationale=f"{subject.name} under tests that go on after a failed assertion",
            control=Control.SOFT,
            subject=subject.name,
            test_patch=test_patch,
            script=script,
        )


def softened_tests(ground: Ground) -> str | None:
    """Return the test patch with every test file in it softened; None where none can be.

    Only files that hold a required test are: others may be what tests read.
    """
    files: dict[str, str | bytes | None] = {}
    words = _words(ground.task)
    touched = [
        path
        for change in changed_files(ground.task.test_patch)
        for path in (change.old, change.new)
        if path
    ]
    for path in dict.fromkeys(touched):
        text = ground.tests.read(path) if path.endswith(".py") else None
        if text is None or not names_of_tests(text) & words:
            continue
        made = soften(path, text)
        if made is not None:
            files[path] = made.text
    if not files:
        return None
    return difference(ground.base, ground.tests.with_files(files), touched)


def recording(script: str, mark: str) -> str:
    """Return an eval script that puts the recorder in place first and prints its records last."""
    return "\n".join(
        (
            f"mkdir -p -m 777 {FOLDER}",
            f"cat > {FOLDER}/{MODULE}.py <<'{_END}'",
            recorder(mark).rstrip("\n"),
            _END,
            f"trap 'echo; cat {FOLDER}/{RECORDS} 2>/dev/null' EXIT",
            script,
        )
    )


def _subjects(result: TaskResult) -> list[Candidate]:
    """Gold, no patch, and the alternatives that every attempt of ours rejected."""
    verdicts: dict[str, set[Verdict]] = {}
    attempts: Mapping[str, int] = {}
    for trial in result.trials:
        if trial.state is RunState.COMPLETED and trial.isolation != HARNESS:
            verdicts.setdefault(trial.candidate, set()).add(trial.verdict)
            attempts = {**attempts, trial.candidate: attempts.get(trial.candidate, 0) + 1}
    golds = [c for c in result.candidates if c.kind is CandidateKind.GOLD]
    repeats = max((attempts.get(gold.name, 0) for gold in golds), default=0)
    rejected = [
        candidate
        for candidate in result.candidates
        if candidate.kind is CandidateKind.ALTERNATIVE
        and verdicts.get(candidate.name) == {Verdict.UNRESOLVED}
        and attempts[candidate.name] >= repeats
    ]
    if not rejected or any(verdicts.get(gold.name) != {Verdict.RESOLVED} for gold in golds):
        return []
    empties = [c for c in result.candidates if c.kind is CandidateKind.EMPTY]
    return [*golds, *empties, *rejected]


def _words(task: Task) -> frozenset[str]:
    return frozenset(word for test in task.required for word in re.findall(r"\w+", test))
