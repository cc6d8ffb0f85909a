"""Whether a submitted patch carries the detail that gold has, and how close it is to gold."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rapidfuzz.distance import Indel

from swe_audit.model.candidate import Candidate
from swe_audit.model.construction import ConstructionKind, Site
from swe_audit.model.paths import is_test_path

VERBATIM = 0.9
"""From this likeness of added lines on, a patch counts as a copy of gold, however it came about."""

_ABSORBING = re.compile(r"\*\*\w+|__getattr__|__getattribute__")
_PLACEHOLDER = re.compile(r"\{[^{}]*\}|%(?:\(\w+\))?[-#0 +]*\d*(?:\.\d+)?[a-zA-Z]|\\.")
_WORD = re.compile(r"\w+")


def added_text(patch: str) -> str:
    """Return the lines that a patch adds outside tests, in their order."""
    lines: list[str] = []
    body = test = False
    for line in patch.split("\n"):
        if line.startswith("diff --git ") or (line.startswith("--- ") and not body):
            body = False
        elif line.startswith("+++ ") and not body:
            test = is_test_path(line[4:].split("\t")[0].strip().removeprefix("b/"))
        elif line.startswith("@@ "):
            body = True
        elif body and line.startswith("+") and not test:
            lines.append(line[1:])
    return "\n".join(lines)


def likeness(one: str, other: str) -> float:
    """Return what two texts share: twice their longest common subsequence over both lengths."""
    return Indel.normalized_similarity(one, other)


def carries(candidate: Candidate, site: Site) -> bool:
    """Whether what a patch adds holds the pinned name as a word, or the pinned text's wording."""
    text = added_text(candidate.patch)
    if site.kind is ConstructionKind.MESSAGE:
        wanted = _wording(site.detail)
        return bool(wanted) and wanted in _wording(text)
    return re.search(rf"(?<!\w){re.escape(site.detail)}(?!\w)", text) is not None


def absorbs(candidate: Candidate) -> bool:
    """Whether a patch may take any name: it adds ``**`` parameters or ``__getattr__``."""
    return _ABSORBING.search(added_text(candidate.patch)) is not None


def copies_gold(candidate: Candidate, gold: Candidate) -> bool:
    """Whether a patch is gold but for little: then it shows nothing about what people infer."""
    ours, theirs = added_text(candidate.patch), added_text(gold.patch)
    return likeness(ours, theirs) >= VERBATIM


def carrying_families(
    submissions: Iterable[Candidate], gold: Candidate, site: Site
) -> tuple[int, int]:
    """Return how many independent families carry a detail, and how many tried the task.

    A family carries it when most of its runs do; near-verbatim copies of gold do not count
    (EVIDENCE 2.8).
    """
    votes: dict[str, list[bool]] = {}
    for submission in submissions:
        if not copies_gold(submission, gold):
            votes.setdefault(submission.family, []).extend(
                [carries(submission, site)] * submission.count
            )
    carrying = sum(2 * sum(votes_of) > len(votes_of) for votes_of in votes.values())
    return carrying, len(votes)


def _wording(text: str) -> str:
    return " ".join(_WORD.findall(_PLACEHOLDER.sub(" ", text).casefold()))
