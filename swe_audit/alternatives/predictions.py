"""Submitted patches become candidates: the same patch once, and what cannot be tried is dropped.

A patch is tried as it was submitted, test edits included, because that is what the benchmark's
harness would run.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import PurePosixPath
from typing import Protocol

from swe_audit.alternatives.families import family_of
from swe_audit.alternatives.likeness import same_program
from swe_audit.errors import InputError
from swe_audit.model.candidate import (
    Candidate,
    CandidateKind,
    Dropped,
    DropReason,
    Prediction,
    Provenance,
)
from swe_audit.model.paths import is_test_path
from swe_audit.model.task import Task


def candidate_name(patch: str) -> str:
    """Return the name of the candidate that a submitted patch becomes."""
    digest = hashlib.sha256(_normal(patch).encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"model-{digest}"


class PatchReader(Protocol):
    """What is needed of the reading of patches."""

    def paths(self, patch: str) -> tuple[str, ...]:
        """Every path that a patch touches; raise ``InputError`` where it is no diff."""
        ...

    def is_safe(self, path: str) -> bool:
        """Whether a path stays inside the repository."""
        ...


def from_submissions(
    task: Task,
    submissions: Iterable[Prediction],
    reader: PatchReader,
    families: Mapping[str, str] | None = None,
    provenance: Provenance = Provenance.PREDICTION,
) -> tuple[tuple[Candidate, ...], tuple[Dropped, ...]]:
    """Return the patches worth trying, in a stable order, and those that are not, with reasons.

    Predictions with the same patch are one candidate named after the patch; ``count`` says how
    many there were, and its family is the first of theirs by name.
    """
    groups: dict[str, list[Prediction]] = {}
    dropped: list[Dropped] = []
    judge = _screen(task, reader)
    for submission in submissions:
        problem = judge(submission.model_patch)
        if problem is None:
            groups.setdefault(_normal(submission.model_patch), []).append(submission)
        else:
            reason, detail = problem
            dropped.append(
                Dropped(
                    instance_id=task.instance_id,
                    name=submission.model_name_or_path,
                    reason=reason,
                    detail=detail,
                )
            )
    named = [_candidate(task, group, reader, families, provenance) for group in groups.values()]
    named.sort(key=lambda candidate: candidate.name)
    dropped.sort(key=lambda item: (item.name, item.reason.value, item.detail))
    return tuple(named), tuple(dropped)


def _screen(task: Task, reader: PatchReader) -> Callable[[str], tuple[DropReason, str] | None]:
    graded = _touched(reader, task.test_patch)
    of_gold = _touched(reader, task.gold_patch)

    def no_matter(path: str) -> bool:
        # A conftest decides what every other test reports.
        other_test = is_test_path(path) and PurePosixPath(path).name != "conftest.py"
        return path in graded or (other_test and path not in of_gold)

    gold = _gist(task.gold_patch, no_matter)

    def judge(patch: str) -> tuple[DropReason, str] | None:
        if not patch.strip():
            return DropReason.EMPTY, ""
        try:
            paths = reader.paths(patch)
        except InputError as error:
            return DropReason.NOT_A_DIFF, error.message
        unsafe = [path for path in paths if not reader.is_safe(path)]
        if unsafe:
            return DropReason.UNSAFE_PATH, unsafe[0]
        if all(no_matter(path) for path in paths):
            return DropReason.TESTS_ONLY, ""
        if _gist(patch, no_matter) == gold:
            return DropReason.EQUALS_GOLD, ""
        if same_program(task.gold_patch, patch, no_matter):
            return DropReason.EQUALS_GOLD, "formatting, comments and local names aside"
        return None

    return judge


def _candidate(
    task: Task,
    group: list[Prediction],
    reader: PatchReader,
    families: Mapping[str, str] | None,
    provenance: Provenance,
) -> Candidate:
    patch = group[0].model_patch
    graded = _touched(reader, task.test_patch)
    overwritten = sorted(graded.intersection(reader.paths(patch)))
    who = sorted({submission.model_name_or_path for submission in group})
    notes = [f"submitted by {', '.join(who)}"]
    if overwritten:
        notes.append(f"its edits to {', '.join(overwritten)} are overwritten by the tests")
    origins = {family_of(s.source, s.model_name_or_path, families) for s in group}
    return Candidate(
        instance_id=task.instance_id,
        name=candidate_name(patch),
        kind=CandidateKind.ALTERNATIVE,
        provenance=provenance,
        patch=patch,
        family=min(origins),
        count=len(group),
        rationale="; ".join(notes),
        author=who[0],
        set_aside=tuple(overwritten),
    )


def _touched(reader: PatchReader, patch: str) -> set[str]:
    """The paths of the benchmark's own patch; of one that cannot be read nothing is known."""
    try:
        return set(reader.paths(patch))
    except InputError:
        return set()


def _normal(patch: str) -> str:
    """Identity of a patch: index lines, line ends and trailing blank lines do not matter."""
    lines = patch.replace("\r\n", "\n").strip("\n").split("\n")
    return "\n".join(line for line in lines if not line.startswith("index ")) + "\n"


def _gist(patch: str, no_matter: Callable[[str], bool]) -> dict[str, list[str]]:
    """What a patch adds and removes in each file that matters, less comments and blanks."""
    gist: dict[str, list[str]] = {}
    path = ""
    for line in patch.splitlines():
        if line.startswith(("+++ ", "--- ")):
            name = re.sub(r"^[ab]/", "", line[4:].split("\t")[0].strip())
            path = path if name == "/dev/null" else name
        elif line[:1] in ("+", "-") and not no_matter(path):
            text = "".join(line[1:].split())
            if text and not text.startswith("#"):
                gist.setdefault(path, []).append(line[0] + text)
    return gist
