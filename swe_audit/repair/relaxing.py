"""A test patch that leaves a pinned detail free, by the least step that verifies when it is run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from swe_audit.alternatives.ground import Ground
from swe_audit.formats.patches import changed_files
from swe_audit.model.candidate import Candidate, CandidateKind, Control, Provenance
from swe_audit.model.construction import ConstructionKind
from swe_audit.model.finding import Cause, Finding
from swe_audit.model.relaxation import Pin, Relaxed, Step
from swe_audit.model.task import Task
from swe_audit.relaxation.climbing import Level, climb
from swe_audit.relaxation.pins import pins_of
from swe_audit.repair import bench as controls
from swe_audit.repair import nouns
from swe_audit.repair.bench import Bench, Run
from swe_audit.repair.dropping import limits
from swe_audit.repair.history import History
from swe_audit.repair.nouns import Proposal, RepairKind, Unmade
from swe_audit.workshop import all_compile, edited, edited_gold, edited_tests

_RELAXABLE = (Cause.MESSAGE_TEXT, Cause.ORDER_OR_FORMAT, Cause.EXCEPTION_TYPE, Cause.VALUE)
_ANY = (
    "a relaxed assertion whose text has no values accepts any text: whether the message tells"
    " anything is no longer tested"
)


def propose(
    history: History, findings: Sequence[Finding], ground: Ground, run: Run
) -> Iterator[Proposal | Unmade]:
    """Yield one test patch for every finding whose detail can be freed, or say why there is none.

    Where one patch for all does not verify, one for each finding alone.
    """
    about = [finding for finding in findings if _pins(history, [finding])]
    if not about:
        return
    whole = _climbed(history, about, ground, run)
    if len(about) < 2 or (isinstance(whole, Proposal) and whole.verified):
        yield whole
        return
    yield from (_climbed(history, [finding], ground, run) for finding in about)


def graded_files(task: Task) -> tuple[str, ...]:
    """Return the files that the test patch touches."""
    files = changed_files(task.test_patch)
    return tuple(dict.fromkeys(path for file in files for path in (file.old, file.new) if path))


def _pins(history: History, findings: Sequence[Finding]) -> tuple[Pin, ...]:
    """Return what is to be freed for some findings; nothing for a detail that no step frees."""
    found: dict[str, Pin] = {}
    for finding in findings:
        for pin in _pins_of(history, finding):
            found.setdefault(pin.id, pin)
    return tuple(found.values())


def _pins_of(history: History, finding: Finding) -> tuple[Pin, ...]:
    sites = [one for one in history.met(finding) if one.kind is ConstructionKind.MESSAGE]
    known = _known(history, finding)
    if known is not None:
        return known.relaxation.pins
    if sites:
        return tuple(
            Pin(
                cause=Cause.MESSAGE_TEXT,
                detail=site.detail,
                path="",
                line=0,
                tests=finding.tests,
            )
            for site in sites
        )
    if finding.cause not in _RELAXABLE:
        return ()
    told = [one for one in history.result.rejections if one.candidate in finding.candidates]
    return pins_of(each for one in told for each in one.explanations)


def _known(history: History, finding: Finding) -> Relaxed | None:
    """Return verified relaxed tests of the audit that free a finding's detail."""
    for relaxed in history.result.relaxed:
        pins = {(pin.cause, pin.detail) for pin in relaxed.relaxation.pins}
        if relaxed.verified and (finding.cause, finding.detail) in pins:
            return relaxed
    return None


def _climbed(
    history: History, findings: Sequence[Finding], ground: Ground, run: Run
) -> Proposal | Unmade:
    """Return the proposal of the first level that admits the alternatives, else of the last."""
    ids = tuple(finding.id for finding in findings)
    alternatives = history.evidenced(findings)
    pins = _pins(history, findings)
    levels, stuck = climb(ground, "", "\n".join(one.patch for one in alternatives), pins)
    reason = "; ".join(dict.fromkeys(one.reason for one in stuck))
    proposal = None
    for level in _from_known(history, findings, levels):
        task = controls.with_tests(history.task, edited_tests(ground, level.edits))
        if task is None:
            reason = "the test files come with the image"
            break
        if not all_compile(edited(ground.tests, level.edits), graded_files(history.task)):
            reason = "the rewritten tests do not compile"
            continue
        bench = Bench(history, task, run)
        proposal = _proposal(history, ids, alternatives, level, ground, bench)
        if proposal.controls[0].held:
            return proposal
    if proposal is not None:
        return proposal
    return Unmade(kind=RepairKind.RELAX, findings=ids, reason=reason)


def _from_known(
    history: History, findings: Sequence[Finding], levels: Sequence[Level]
) -> Sequence[Level]:
    """Leave out the levels below one that the audit found to admit a single finding's own."""
    known = _known(history, findings[0]) if len(findings) == 1 else None
    steps = [level.steps for level in levels]
    if known is not None and known.relaxation.steps in steps:
        return levels[steps.index(known.relaxation.steps) :]
    return levels


def _proposal(
    history: History,
    ids: tuple[str, ...],
    alternatives: Sequence[Candidate],
    level: Level,
    ground: Ground,
    bench: Bench,
) -> Proposal:
    """Run the controls, first whether the level admits at all, for that costs one trial."""
    task = bench.task
    checks = [
        lambda: controls.alternatives_pass(bench, alternatives, task),
        lambda: controls.gold_passes(bench, task),
        lambda: controls.same_tests_run(bench),
        lambda: _empty_fails(bench, level),
        lambda: controls.nonsense_fails(
            bench, _garbage(ground, level), level.spoken(task.statement)
        ),
        lambda: controls.wrong_stay_rejected(bench, task),
    ]
    held = list(controls.in_turn(checks))
    if all(control.held for control in held) and Step.SETUP in level.steps:
        # What no patch at all now passes was never FAIL_TO_PASS but by the name.
        task = controls.with_true_lists(bench)
    frees = " and ".join(dict.fromkeys(step.frees for step in level.steps))
    return Proposal(
        kind=RepairKind.RELAX,
        findings=ids,
        summary=f"the tests leave free {frees}",
        task=task,
        controls=tuple(held),
        table=controls.table(bench, alternatives, task),
        limits=(*((_ANY,) if _tells_nothing(level) else ()), *limits(history)),
    )


def _tells_nothing(level: Level) -> bool:
    return bool({Step.TEXT, Step.CLASS} & set(level.steps))


def _empty_fails(bench: Bench, level: Level) -> nouns.Control:
    """No patch fails what it failed; where more is freed, the task as a whole."""
    history = bench.history
    before = history.trials(history.empties()[0])[0]
    failed = [test for test in bench.task.fail_to_pass if test in before.outcome.failed]
    if {Step.SETUP, Step.OLD_OR_NEW} & set(level.steps):
        now = bench.trial(history.empties()[0])
        failed = [test for test in failed if test in now.outcome.failed]
    return controls.empty_fails(bench, failed)


def _garbage(ground: Ground, level: Level) -> Candidate | None:
    if level.garbage is None:
        return None
    return Candidate(
        instance_id=ground.task.instance_id,
        name="garbage",
        kind=CandidateKind.CONTROL,
        provenance=Provenance.INQUIRY,
        patch=edited_gold(ground, level.garbage),
        rationale="the reference patch with nonsense in the detail",
        test_patch=edited_tests(ground, level.nonsense) if level.nonsense else None,
        control=Control.RELAXED,
    )
