"""Contradiction: submissions that resolve without the detail that a finding says is pinned.

EVIDENCE 4. One makes a finding disputed; two independent families refute it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from swe_audit.alternatives.carrying import absorbs, carries
from swe_audit.evidence.witnesses import breaks_ungraded, support_edits
from swe_audit.model.candidate import Candidate
from swe_audit.model.construction import Site
from swe_audit.model.finding import Confidence, Evidence
from swe_audit.model.task import Task
from swe_audit.model.trial import Trial, Verdict


def contradicting(
    task: Task,
    submissions: Iterable[Candidate],
    completed: Mapping[str, Sequence[Trial]],
    golds: Sequence[Trial],
    sites: Sequence[Site],
    *,
    repeats: int,
) -> list[Candidate]:
    """Return the submissions that always resolve, lack a detail, and do not take any name.

    ``completed`` are completed trials of ours by candidate. A submission that edits the tests'
    support code, or breaks a test that gold passes, is no witness.
    """
    found = []
    for candidate in submissions:
        trials = completed.get(candidate.name, ())
        always = len(trials) >= repeats and all(t.verdict is Verdict.RESOLVED for t in trials)
        if (
            always
            and any(not carries(candidate, site) for site in sites)
            and not absorbs(candidate)
            and not support_edits(task, candidate)
            and not breaks_ungraded(task, trials, golds)
        ):
            found.append(candidate)
    return found


def doubt(against: Iterable[Candidate]) -> Confidence | None:
    """Return what contradictions leave of a finding, None where there are none."""
    families = {one.family for one in against}
    if not families:
        return None
    return Confidence.DISPUTED if len(families) == 1 else Confidence.REFUTED


def told(against: Iterable[Candidate], completed: Mapping[str, Sequence[Trial]]) -> list[Evidence]:
    """Return the contradictions as evidence, each with its first trial."""
    return [
        Evidence(
            kind="contradiction",
            text=f"{one.name} ({one.family}) resolves in every attempt without the detail",
            trial=completed[one.name][0].id,
        )
        for one in against
    ]
