"""What an audited sample says of the whole set, and in one sentence what it cannot say."""

from __future__ import annotations

from collections.abc import Iterable

from swe_audit.model.audit import TaskResult, TaskStatus
from swe_audit.model.sample import Estimate, Inference, SampleDesign, SampleKind
from swe_audit.statistics import StratumCount, bound_by, counted, estimate_share, format_share

PROPERTIES: tuple[tuple[str, frozenset[TaskStatus]], ...] = (
    ("defective", frozenset({TaskStatus.DEFECTIVE})),
    ("defective or suspect", frozenset({TaskStatus.DEFECTIVE, TaskStatus.SUSPECT})),
)
_UNJUDGED = frozenset({TaskStatus.SKIPPED, TaskStatus.INCONCLUSIVE})


def infer(design: SampleDesign, results: Iterable[TaskResult]) -> Inference | None:
    """Return what the chosen tasks say of the set; None where none was chosen.

    A chosen task that was skipped, is inconclusive or has no result counts as inconclusive.
    Results of tasks that the design did not choose count for nothing.
    """
    if not design.chosen:
        return None
    statuses = {result.instance_id: result.status for result in results}
    estimates = tuple(_estimate(design, statuses, name, kinds) for name, kinds in PROPERTIES)
    return Inference(estimates=estimates, sentence=_sentence(design, estimates[0]))


def _estimate(
    design: SampleDesign,
    statuses: dict[str, TaskStatus],
    name: str,
    kinds: frozenset[TaskStatus],
) -> Estimate:
    counts = [
        StratumCount(
            population=stratum.population,
            n=len(stratum.instances),
            k=sum(statuses.get(one) in kinds for one in stratum.instances),
            inconclusive=sum(
                statuses.get(one, TaskStatus.SKIPPED) in _UNJUDGED for one in stratum.instances
            ),
        )
        for stratum in design.strata
    ]
    if design.kind.selective:
        (whole,) = counts
        return bound_by(whole, name)
    return estimate_share(counts, name)


def describe_design(design: SampleDesign) -> str:
    """Say in one line how the tasks were chosen."""
    whole = f"{len(design.chosen)} of {counted(design.population, 'task')}"
    if design.kind is SampleKind.HARDEST:
        return f"the {design.asked} hardest of {counted(design.population, 'task')}"
    if design.kind is SampleKind.NAMED:
        return f"{whole}, named" + (f" in {design.criterion}" if design.criterion else "")
    within = f" named in {design.criterion}" if design.criterion else ""
    divided = f", in proportion to {' and '.join(design.by)}" if design.by else ""
    return f"{whole}{within}, drawn by lot ({design.asked}, seed {design.seed}){divided}"


def describe_estimate(estimate: Estimate) -> str:
    """Write an estimate or a bound in words."""
    low, high = format_share(estimate.low, 1), format_share(estimate.high, 1)
    size = estimate.population
    between = f"{_whole(estimate.low * size)} to {_whole(estimate.high * size)} tasks"
    if estimate.bound:
        return (
            f"a bound, not an estimate: {_whole(estimate.low * size)} of all {size} at the least"
            f" ({low}), {_whole(estimate.high * size)} if every other task were ({high})"
        )
    if estimate.share is None:
        return f"no chosen task could be judged, so anything from {low} to {high} of all {size}"
    level = 100 * (estimate.level or 0)
    return (
        f"{format_share(estimate.share, 1)} of all {size} ({level:g} % interval {low} to {high},"
        f" {between}; {estimate.method})"
    )


def _whole(tasks: float) -> int:
    return round(tasks)


def _sentence(design: SampleDesign, estimate: Estimate) -> str:
    if design.kind.selective:
        why = (
            f"chosen by {design.criterion}"
            if design.kind is SampleKind.HARDEST
            else "named by a person"
        )
        one = estimate.n == 1
        who = "This task was" if one else f"These {counted(estimate.n, 'task')} were"
        return (
            f"{who} {why}, so {'it shows' if one else 'they show'} how many tasks of the"
            f" {design.population} are defective at the least, and nothing of how common"
            " defects are among the others."
        )
    others = design.population - estimate.n
    caution = (
        f" {counted(estimate.inconclusive, 'inconclusive task')} count as sound at the low end"
        " and as defective at the high end,"
        if estimate.inconclusive
        else ""
    )
    if not others:
        return (
            f"Every one of the {counted(design.population, 'task')} was taken, so no chance of the"
            " draw is left;"
            + (caution + " and" if caution else "")
            + " a defect that this program's checks cannot see counts as none."
        )
    scope = (
        f"the {design.population} tasks named in {design.criterion}"
        if design.criterion
        else f"this set of {counted(design.population, 'task')}"
    )
    return (
        f"The draw tells how common defects are in {scope};{caution} it does not tell which of the"
        f" {others} other tasks are defective, nor anything of other sets, and a defect that this"
        " program's checks cannot see counts as none."
    )
