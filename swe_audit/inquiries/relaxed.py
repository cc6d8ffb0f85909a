"""RELAXED: a rejected candidate under tests that admit more, and then every control under them.

Candidates that the same details reject share one climb. The least step that admits its climber
ends it; the controls, and whoever else may be admitted, are run under those tests alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from swe_audit.alternatives.ground import Ground
from swe_audit.alternatives.mirroring import with_test_patch
from swe_audit.evidence.reproduction import against_of
from swe_audit.formats.trees import difference
from swe_audit.inquiries.reproduction import reproduction
from swe_audit.inquiries.soft import soft
from swe_audit.model.audit import RejectionDetail, SiteOutcome, TaskResult
from swe_audit.model.candidate import Candidate, CandidateKind, Control, Provenance
from swe_audit.model.construction import Survey
from swe_audit.model.relaxation import Pin, Relaxation
from swe_audit.model.trial import HARNESS, RunState, Trial, Verdict
from swe_audit.relaxation.climbing import Level, climb
from swe_audit.relaxation.determination import determination
from swe_audit.relaxation.names import BASE_FORM, GARBAGE, base_form_name, relaxed_name
from swe_audit.relaxation.pins import pins_of, pins_seen
from swe_audit.relaxation.reach import may_change
from swe_audit.workshop import all_compile, edited, edited_gold, edited_tests

MOST_GROUPS = 8
MOST_CLIMBERS = 2
"""So many sets of details of a task are climbed for, each by so many of its candidates."""

_RANK = (
    Provenance.CURATED,
    Provenance.STATEMENT,
    Provenance.CONSTRUCTION,
    Provenance.PREDICTION,
    Provenance.WRITER,
)


def relaxed(result: TaskResult, ground: Ground) -> Iterator[Candidate]:
    """Yield what has to run next of every climb; nothing where test files come with the image."""
    task = result.task
    if task is None or with_test_patch(task, task.test_patch) is None:
        return
    known = {candidate.name for candidate in result.candidates}
    if any(one.name not in known for ask in (soft, reproduction) for one in ask(result, ground)):
        return  # what each assertion says, and who differs from gold, is worth waiting for
    for pins, members in _groups(result):
        yield from _next(result, ground, pins, members)


def _next(
    result: TaskResult, ground: Ground, pins: Sequence[Pin], members: Sequence[Candidate]
) -> Iterator[Candidate]:
    for climber in members[:MOST_CLIMBERS]:
        for relaxation in _ladder(result, ground, pins, climber):
            trial = _trial(result, relaxed_name(relaxation, climber.name))
            if trial is None:
                yield _under(relaxation, climber, climbs=True)
                return
            if trial.verdict is Verdict.RESOLVED:
                yield from _controls(result, relaxation, climber)
                return


def _ladder(
    result: TaskResult, ground: Ground, pins: Sequence[Pin], climber: Candidate
) -> Iterator[Relaxation]:
    """Yield the relaxed tests to try on a candidate, the least first.

    Where a failing assertion cannot be freed it may have failed only in consequence of another
    one, so that freeing those which its log names is tried as well.
    """
    told = next(one for one in result.rejections if one.candidate == climber.name)
    for some in (pins, pins_of(told.explanations)):
        levels, _ = climb(ground, climber.name, climber.patch, some)
        for level in levels:
            relaxation = _relaxation(ground, result.survey or Survey(), level)
            if relaxation is not None:
                yield relaxation
        if levels or some == pins_of(told.explanations):
            return


def _relaxation(ground: Ground, survey: Survey, level: Level) -> Relaxation | None:
    """Return the tests of a level, None where they cannot be run."""
    paths = {edit.path for edit in level.edits}
    tests = edited(ground.tests, level.edits)
    if not all_compile(tests, paths):
        return None
    checks = (
        check
        for pin, choice in zip(level.pins, level.choices, strict=True)
        for check in determination(ground, survey, pin, choice)
    )
    return Relaxation(
        pins=level.pins,
        steps=level.steps,
        test_patch=edited_tests(ground, level.edits),
        diff=difference(ground.tests, tests, paths),
        functions=level.functions,
        checks=tuple(dict.fromkeys(checks)),
        spoken=level.spoken(ground.task.statement),
        garbage=edited_gold(ground, level.garbage) if level.garbage is not None else None,
        garbage_tests=edited_tests(ground, level.nonsense) if level.nonsense else None,
        base_form=edited_tests(ground, level.base) if level.base else None,
    )


def _controls(
    result: TaskResult, relaxation: Relaxation, climber: Candidate
) -> Iterator[Candidate]:
    """Yield gold, no patch, gold with garbage, and every rejected patch that may be admitted."""
    benchmark = [c for c in result.candidates if c.provenance is Provenance.BENCHMARK]
    for one in benchmark:
        yield _under(relaxation, one)
        if relaxation.base_form is not None:
            yield _base_form(relaxation, one)
    if relaxation.garbage is not None:
        yield _garbage(relaxation, climber.instance_id)
    for one in result.candidates:
        if one.kind not in (CandidateKind.ALTERNATIVE, CandidateKind.INCORRECT):
            continue
        trials = _own(result, one)
        rejected = bool(trials) and all(t.verdict is Verdict.UNRESOLVED for t in trials)
        if one.name != climber.name and rejected and may_change(relaxation, trials[0]):
            yield _under(relaxation, one)


def _under(relaxation: Relaxation, one: Candidate, *, climbs: bool = False) -> Candidate:
    steps = " and ".join(dict.fromkeys(step.value.replace("_", " ") for step in relaxation.steps))
    return Candidate(
        instance_id=one.instance_id,
        name=relaxed_name(relaxation, one.name),
        kind=CandidateKind.CONTROL,
        provenance=Provenance.INQUIRY,
        patch=one.patch,
        family=one.family,
        rationale=f"{one.name} under tests relaxed by {steps}",
        test_patch=relaxation.test_patch,
        control=Control.RELAXED,
        subject=one.name,
        relaxation=relaxation if climbs else None,
    )


def _garbage(relaxation: Relaxation, instance_id: str) -> Candidate:
    return Candidate(
        instance_id=instance_id,
        name=relaxed_name(relaxation, GARBAGE),
        kind=CandidateKind.CONTROL,
        provenance=Provenance.INQUIRY,
        patch=relaxation.garbage or "",
        rationale="the reference patch with nonsense in the detail, under the relaxed tests"
        if relaxation.garbage_tests is None
        else "the reference patch, under the relaxed tests with nonsense in their input",
        test_patch=relaxation.garbage_tests or relaxation.test_patch,
        control=Control.RELAXED,
        subject=GARBAGE,
    )


def _base_form(relaxation: Relaxation, one: Candidate) -> Candidate:
    return Candidate(
        instance_id=one.instance_id,
        name=base_form_name(relaxation, one.name),
        kind=CandidateKind.CONTROL,
        provenance=Provenance.INQUIRY,
        patch=one.patch,
        rationale=f"{one.name} under the changed assertion as it was before",
        test_patch=relaxation.base_form,
        control=Control.RELAXED,
        subject=BASE_FORM,
    )


def _groups(result: TaskResult) -> list[tuple[tuple[Pin, ...], list[Candidate]]]:
    """Return the confirmed rejections by what rejects them, those that most meet first.

    Without those that evidence speaks against: relaxed tests have to keep them out.
    """
    against = against_of(result.reproduction)
    pinned = {one.candidate for one in result.sites if one.outcome is SiteOutcome.PINNED}
    candidates = {candidate.name: candidate for candidate in result.candidates}
    groups: dict[frozenset[str], tuple[tuple[Pin, ...], list[Candidate]]] = {}
    for rejection in result.rejections:
        one = candidates[rejection.candidate]
        eligible = one.kind is CandidateKind.ALTERNATIVE and (one.name in pinned or not one.sites)
        pins = _pins(result, rejection)
        if eligible and pins and one.name not in against and _is_confirmed(result, one):
            key = frozenset(pin.id for pin in pins)
            groups.setdefault(key, (pins, []))[1].append(one)
    for _, members in groups.values():
        members.sort(key=lambda one: (_RANK.index(one.provenance), -one.count, one.name))
    ordered = sorted(
        groups.values(),
        key=lambda group: (_RANK.index(group[1][0].provenance), -len(group[1])),
    )
    return ordered[:MOST_GROUPS]


def _pins(result: TaskResult, rejection: RejectionDetail) -> tuple[Pin, ...]:
    for run in result.softened:
        if run.subject == rejection.candidate:
            return pins_seen(run, rejection.explanations)
    return pins_of(rejection.explanations)


def _is_confirmed(result: TaskResult, one: Candidate) -> bool:
    """Whether as many attempts as gold's all reject a candidate, by the same tests."""
    golds = [c for c in result.candidates if c.kind is CandidateKind.GOLD]
    wanted = [trial for trial in result.trials if golds and trial.candidate == golds[0].name]
    attempts = [trial for trial in result.trials if trial.candidate == one.name]
    own = _own(result, one)
    return (
        bool(own)
        and all(trial.verdict is Verdict.RESOLVED for trial in wanted)
        and len(attempts) >= len(wanted)
        and len({(trial.verdict, frozenset(trial.outcome.failed)) for trial in own}) == 1
        and own[0].verdict is Verdict.UNRESOLVED
    )


def _own(result: TaskResult, one: Candidate) -> list[Trial]:
    return [
        trial
        for trial in result.trials
        if trial.candidate == one.name
        and trial.state is RunState.COMPLETED
        and trial.isolation != HARNESS
    ]


def _trial(result: TaskResult, name: str) -> Trial | None:
    return next((trial for trial in result.trials if trial.candidate == name), None)
