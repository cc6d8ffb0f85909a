"""Rejected submissions of which something shows that they are correct; the others are counted.

That a patch was submitted and rejected is no finding. What its runs show, that others agree with
it and what an outside judge says are rungs (EVIDENCE 3), each in a file of ``evidence``; what
speaks against it holds the finding at ``suspect``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from swe_audit.checks.assertions import pinned_by_base
from swe_audit.checks.behaving import behaviours
from swe_audit.checks.beyond import is_beyond
from swe_audit.checks.case import Case, submissions
from swe_audit.checks.confirmation import Standing, named_patches, standing
from swe_audit.checks.curated import NARROW, speaking
from swe_audit.evidence import opinion, solving
from swe_audit.evidence.consensus import Consensus, consensus
from swe_audit.evidence.witnesses import breaks_ungraded, support_edits
from swe_audit.model.candidate import Candidate, CandidateKind
from swe_audit.model.finding import (
    Cause,
    Confidence,
    Defect,
    Determinant,
    Evidence,
    Explanation,
    Finding,
)
from swe_audit.model.outside import Ruling
from swe_audit.model.reproduction import Answer, ShownBy
from swe_audit.model.trial import Trial
from swe_audit.statements import Mention, holds_text, mention

_ORDER = list(Confidence)
_NAMES = (Cause.MISSING_NAME, Cause.SIGNATURE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Evidenced:
    """One rejected submission with what speaks for it and against it."""

    candidate: Candidate
    trials: tuple[Trial, ...]
    tests: tuple[str, ...]
    example: Explanation
    rungs: tuple[str, ...]
    confidence: Confidence
    told: tuple[Evidence, ...]


def findings(case: Case, defect: Defect) -> Iterator[Finding]:
    """Yield the findings of one defect; submissions that meet the same pin share one."""
    groups: dict[tuple[Cause, str], list[_Evidenced]] = {}
    for one in _evidenced(case):
        if _defect(case, one.example) is defect:
            groups.setdefault((one.example.cause, one.example.detail), []).append(one)
    for (cause, detail), members in groups.items():
        caps, checks, determined = _limits(case, members[0].example)
        if defect is Defect.UNEXPLAINED:
            caps = (*caps, Confidence.SUSPECT)
        best = min((one.confidence for one in members), key=_ORDER.index)
        seen = {test for one in members for test in one.tests}
        yield Finding(
            instance_id=case.task.instance_id,
            defect=defect,
            confidence=max((best, *caps), key=_ORDER.index),
            cause=cause,
            detail=detail,
            summary=_summary(members),
            tests=tuple(test for test in case.task.required if test in seen),
            determined_by=determined,
            rungs=tuple(dict.fromkeys(rung for one in members for rung in one.rungs)),
            candidates=tuple(one.candidate.name for one in members),
            evidence=(
                *checks,
                *(item for one in members for item in _evidence(one)),
                *solving.told(case.reported),
            ),
        )


def _evidenced(case: Case) -> Iterator[_Evidenced]:
    """Yield the rejected submissions that stand on some rung, with what lowers them."""
    rejected = [one for one in submissions(case) if standing(case, one) is Standing.REJECTED]
    shown = (
        {one.candidate: one for one in case.reproduction.candidates} if case.reproduction else {}
    )
    agreed = consensus(behaviours(case, rejected, shown))
    for candidate in rejected:
        trials = case.completed(candidate)
        reasons = case.rejections[trials[0].id]
        example = speaking(reasons.explanations)
        if example is None or set(reasons.grounding) <= set(case.task.pass_to_pass):
            continue  # what base gives and the patch takes away is no pin
        if _is_named(case.task.statement, example) or pinned_by_base(case, candidate):
            continue  # who reads the statement, or the base tests, knows the detail
        rungs, confidence, told = _rungs(case, candidate, shown, agreed)
        doubts = _against(case, candidate, trials, shown)
        if rungs:
            yield _Evidenced(
                candidate=candidate,
                trials=trials,
                tests=reasons.grounding,
                example=example,
                rungs=rungs,
                confidence=Confidence.SUSPECT if doubts else confidence,
                told=(*told, *doubts),
            )


def _rungs(
    case: Case,
    candidate: Candidate,
    shown: Mapping[str, ShownBy],
    agreed: Mapping[str, Consensus],
) -> tuple[tuple[str, ...], Confidence, tuple[Evidence, ...]]:
    """Return the rungs that a submission stands on, how sure they make it, and why."""
    rungs: list[str] = []
    told: list[Evidence] = []
    name = candidate.name
    if name in shown and shown[name].answer.speaks_for:
        rungs.append("reproduction")
        told.append(_reproduction(shown[name]))
    if name in agreed:
        rungs.append("consensus")
        families = ", ".join(agreed[name].families)
        text = f"{len(agreed[name].families)} families ({families}): {agreed[name].behaviour}"
        told.append(Evidence(kind="consensus", text=text))
    for said in case.opinions:
        if said.candidate == name and said.ruling is Ruling.CORRECT:
            rungs.append("judge")
            told.append(opinion.told(said))
    sure = "reproduction" in rungs or ("judge" in rungs and len(rungs) > 1)
    return tuple(rungs), Confidence.LIKELY if sure else Confidence.SUSPECT, tuple(told)


def _against(
    case: Case, candidate: Candidate, trials: Sequence[Trial], shown: Mapping[str, ShownBy]
) -> tuple[Evidence, ...]:
    """Return what holds a submission at suspect."""
    told: list[Evidence] = []
    one = shown.get(candidate.name)
    if one is not None and one.answer is Answer.DIFFERS:
        told.append(_reproduction(one))
    broken = breaks_ungraded(case.task, trials, case.trials_of(CandidateKind.GOLD))
    if broken:
        text = f"it breaks {broken[0]}" + (f" and {len(broken) - 1} more" if broken[1:] else "")
        told.append(Evidence(kind="against", text=text, trial=trials[0].id))
    bent = support_edits(case.task, candidate)
    if bent:
        text = f"it edits what the tests rest on: {', '.join(bent)}"
        told.append(Evidence(kind="against", text=text))
    told += [
        opinion.told(said)
        for said in case.opinions
        if said.candidate == candidate.name and said.ruling is Ruling.INCORRECT
    ]
    return tuple(told)


def _defect(case: Case, example: Explanation) -> Defect:
    """Map a cause to a defect (DESIGN 2); a value is wide only where nobody asked for it."""
    if example.cause in NARROW:
        return Defect.NARROW
    return Defect.WIDE if is_beyond(case, example) else Defect.UNEXPLAINED


def _limits(
    case: Case, example: Explanation
) -> tuple[tuple[Confidence, ...], tuple[Evidence, ...], tuple[Determinant, ...]]:
    """Return what the statement, and those who solve the task, leave of a pin."""
    caps: list[Confidence] = []
    checks: list[Evidence] = []
    determined: tuple[Determinant, ...] = ()
    if solving.solved_by_most(case.reported):
        caps.append(Confidence.SUSPECT)
    said = _said(case.task.statement, example)
    if said:
        caps.append(Confidence.SUSPECT)
        determined = (Determinant.STATEMENT,)
        checks.append(Evidence(kind="check", text=f"statement: {said}"))
    if example.cause not in NARROW:
        text = "review: nobody has confirmed that the value is free"
        checks.append(Evidence(kind="check", text=text))
    return tuple(caps), tuple(checks), determined


def _is_named(statement: str, example: Explanation) -> bool:
    named = example.cause in _NAMES and bool(example.detail)
    return named and mention(statement, example.detail)[0] is Mention.NAMED


def _said(statement: str, example: Explanation) -> str:
    """Return how a statement names a pinned name or text, empty where it does not."""
    if not example.detail:
        return ""
    if example.cause in _NAMES:
        found, line = mention(statement, example.detail)
        return line if found is Mention.PROSE else ""
    if example.cause is Cause.MESSAGE_TEXT and holds_text(statement, example.detail):
        return f"it holds {example.detail!r}"
    return ""


def _summary(members: Sequence[_Evidenced]) -> str:
    names = named_patches([one.candidate.name for one in members])
    first = members[0].example
    why = f": {first.message}".split("\n")[0] if first.message else ""
    them = "it" if len(members) == 1 else "them"
    return f"the tests reject {names} every time, though evidence speaks for {them}{why}"


def _reproduction(one: ShownBy) -> Evidence:
    texts = {
        Answer.AGREES: "on the statement's code it shows what the reference patch shows",
        Answer.DELIVERS: "on the statement's code it shows what the statement wants",
        Answer.DIFFERS: "on the statement's code it differs from the reference patch",
    }
    kind = "reproduction" if one.answer.speaks_for else "against"
    return Evidence(kind=kind, text=f"{one.candidate}: {texts[one.answer]}", trial=one.trial)


def _evidence(one: _Evidenced) -> Iterator[Evidence]:
    yield from one.told
    yield Evidence(
        kind="assertion",
        text=one.example.assertion or one.example.message,
        path=one.example.path,
        line=one.example.line,
        trial=one.trials[0].id,
    )
    for trial in one.trials:
        yield Evidence(kind="trial", text=trial.verdict.value, trial=trial.id)
