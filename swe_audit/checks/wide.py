"""``wide``: a correct alternative is rejected for behaviour that the statement does not ask for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from swe_audit.checks.case import Case
from swe_audit.checks.confirmation import Standing, standing
from swe_audit.checks.curated import findings
from swe_audit.model.candidate import Candidate, CandidateKind, Provenance
from swe_audit.model.finding import Cause, Confidence, Defect, Evidence, Explanation, Finding
from swe_audit.statements import Mention, mention

_CAUSES = (Cause.VALUE, Cause.ORDER_OR_FORMAT, Cause.MESSAGE_TEXT, Cause.EXCEPTION_TYPE)
"""What a check of behaviour looks like; a crash shows a broken patch rather than a wide test."""

_EMPTY = re.compile(
    r"^(?:asserts?|equals?|raises|true|false|none|self|cls|tests?|testing|case|results?|expected"
    r"|actual|values?|output|pytest|len|list|dict|tuple|set|str|int|isinstance|get|got|data|items?"
    r"|names?|obj|object|with|for|not|and|the|from)$",
    re.IGNORECASE,
)
"""Words of code that say nothing of its subject."""


def wide(case: Case) -> Iterator[Finding]:
    """Find behaviour beyond the statement that alternatives are rejected for.

    Curated ones, and gold without one unit of its change. The latter is ``suspect``: the unit is
    needed for some of the failing tests alone, nothing that base passes breaks, and neither the
    assertions nor the unit have a word in common with the statement.
    """
    yield from findings(case, Defect.WIDE)
    for candidate in case.of_kind(CandidateKind.INCORRECT):
        if candidate.provenance is Provenance.MUTANT and _units(candidate):
            yield from _dropped(case, candidate)


def _dropped(case: Case, candidate: Candidate) -> Iterator[Finding]:
    if standing(case, candidate) is not Standing.REJECTED:
        return
    trials = case.completed(candidate)
    failed = set(trials[0].outcome.failed)
    if not failed < set(case.task.fail_to_pass):
        return
    told = case.rejections[trials[0].id].explanations
    if {each.test for each in told} != failed or not all(_is_beyond(case, e) for e in told):
        return
    if any(_speaks_of(case.task.statement, unit.text) for unit in _units(candidate)):
        return
    first = told[0]
    yield Finding(
        instance_id=case.task.instance_id,
        defect=Defect.WIDE,
        confidence=Confidence.SUSPECT,
        cause=first.cause,
        detail=first.detail,
        summary="the reference patch without one unit of its change is rejected only by"
        " assertions that have no subject in the statement",
        tests=tuple(test for test in case.task.required if test in failed),
        rungs=("dropped",),
        candidates=(candidate.name,),
        evidence=(
            *candidate.evidence_items,
            *(_assertion(each, trials[0].id) for each in told),
            *(Evidence(kind="trial", text=t.verdict.value, trial=t.id) for t in trials),
        ),
    )


def _units(candidate: Candidate) -> tuple[Evidence, ...]:
    return tuple(item for item in candidate.evidence_items if item.kind == "dropped")


def _is_beyond(case: Case, told: Explanation) -> bool:
    """Whether an assertion checks behaviour and shares no word with the statement."""
    if not told.assertion or told.cause not in _CAUSES:
        return False
    name = re.split(r"::|\.", re.sub(r"\[.*|\s*\(.*", "", told.test))[-1]
    return not _speaks_of(case.task.statement, f"{told.assertion} {name} {told.detail}")


def _speaks_of(statement: str, code: str) -> bool:
    """Whether a statement has a word in common with a piece of code, empty words apart."""
    return any(mention(statement, word)[0] not in _SILENT for word in _words(code))


_SILENT = (Mention.NONE, Mention.QUOTED)


def _words(code: str) -> set[str]:
    """The words of the names and texts of a piece of code, and the names themselves."""
    names = set(re.findall(r"[A-Za-z_]\w{2,}", code))
    pieces = {
        piece
        for name in names
        for piece in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)
        if len(piece) > 2
    }
    return {word for word in names | pieces if not _EMPTY.match(word)}


def _assertion(told: Explanation, trial: str) -> Evidence:
    return Evidence(
        kind="assertion", text=told.assertion, path=told.path, line=told.line, trial=trial
    )
