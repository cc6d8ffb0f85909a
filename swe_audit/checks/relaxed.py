"""Details that verified relaxed tests show to be pinned: they admit what the task's own reject."""

from __future__ import annotations

from collections.abc import Iterator

from swe_audit.checks.case import Case
from swe_audit.checks.inference import inferred
from swe_audit.model.candidate import SUBMITTED
from swe_audit.model.finding import Cause, Confidence, Defect, Determinant, Evidence, Finding
from swe_audit.model.relaxation import Pin, Relaxed, Step
from swe_audit.statistics import counted

_ORDER = list(Confidence)
_TOLD = {Determinant.STATEMENT, Determinant.BASE_TESTS}


def findings(case: Case, defect: Defect) -> Iterator[Finding]:
    """Yield one finding of a defect for each pin of verified relaxed tests.

    Nothing where the statement or the base tests determine the detail: then whoever lacks it is
    rightly rejected, whatever relaxed tests would admit.
    """
    for relaxed in case.relaxed:
        if not relaxed.verified:
            continue
        relaxation = relaxed.relaxation
        if relaxation.ceiling is Confidence.SUSPECT and _TOLD & set(relaxation.determined_by):
            continue
        for pin, step in zip(relaxation.pins, relaxation.steps, strict=True):
            if _defect(step) is defect:
                yield _finding(case, relaxed, pin, step)


def _defect(step: Step) -> Defect:
    return Defect.WIDE if step is Step.OLD_OR_NEW else Defect.NARROW


def _finding(case: Case, relaxed: Relaxed, pin: Pin, step: Step) -> Finding:
    confidence, told = _confidence(case, relaxed)
    return Finding(
        instance_id=case.task.instance_id,
        defect=_defect(step),
        confidence=confidence,
        cause=pin.cause,
        detail=pin.detail,
        summary=_summary(relaxed, pin, step),
        tests=tuple(test for test in case.task.required if test in pin.tests),
        determined_by=relaxed.relaxation.determined_by,
        rungs=("relaxation",),
        candidates=relaxed.admitted,
        evidence=(*_evidence(relaxed, pin), *told),
    )


def _summary(relaxed: Relaxed, pin: Pin, step: Step) -> str:
    what = (pin.cause or Cause.VALUE).value.replace("_", " ")
    text = (
        f"{counted(len(pin.tests), 'test')} that reject"
        f"{'s' if len(pin.tests) == 1 else ''} {counted(len(relaxed.admitted), 'alternative')}"
        f" for the {what} accept{'s' if len(pin.tests) == 1 else ''}"
        f" {'it' if len(relaxed.admitted) == 1 else 'them'} once they leave free"
        f" {step.frees}; every control holds"
    )
    unchecked = any("never check the statement" in control.text for control in relaxed.controls)
    return f"{text}; the graded tests never check the statement" if unchecked else text


def _confidence(case: Case, relaxed: Relaxed) -> tuple[Confidence, tuple[Evidence, ...]]:
    """Start at what step and detail allow; that people infer the detail lowers it."""
    families = {one.name: one.family for one in case.candidates if one.provenance in SUBMITTED}
    carrying = {families[name] for name in relaxed.kept if name in families}
    tried = {families[name] for name in (*relaxed.kept, *relaxed.admitted) if name in families}
    people, told = inferred(case, len(carrying), len(tried))
    cap = Confidence.SUSPECT if people else Confidence.PROVEN
    return max(relaxed.relaxation.ceiling, cap, key=_ORDER.index), told


def _evidence(relaxed: Relaxed, pin: Pin) -> Iterator[Evidence]:
    if pin.assertion:
        yield Evidence(kind="assertion", text=pin.assertion, path=pin.path, line=pin.line)
    steps = ", ".join(dict.fromkeys(step.value for step in relaxed.relaxation.steps))
    held = f"{relaxed.candidate} is accepted; all {len(relaxed.controls)} controls hold"
    yield Evidence(kind="relaxation", text=f"{steps}: {held}", trial=relaxed.trial)
    for check in relaxed.relaxation.checks:
        yield Evidence(kind="check", text=f"{check.rule}: {check.text}")
    for name, verdict in relaxed.base_form:
        yield Evidence(kind="base_form", text=f"{name} under the assertion as it was: {verdict}")
