"""A task's submissions in groups, by change and by outcome, for the document and the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from swe_audit.alternatives.clustering import by_change, by_outcome
from swe_audit.model.audit import TaskResult
from swe_audit.model.candidate import SUBMITTED, Candidate
from swe_audit.report import words


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterRow:
    """One group of submissions: what they have in common, who they are, how many families."""

    what: str
    names: tuple[str, ...]
    families: str


def clusters_entry(result: TaskResult) -> dict[str, Any]:
    """Give ``tasks[].clusters``; singletons are there too, so that each list is whole."""
    submitted = _submitted(result)
    return {
        "by_change": [_group(group) for group in by_change(submitted)],
        "by_outcome": [
            {**_group(group), "failed": list(failed)}
            for group, failed in by_outcome(submitted, result.trials)
        ],
    }


def cluster_rows(result: TaskResult) -> tuple[ClusterRow, ...]:
    """Build the page's table: outcomes first, then changes that several share."""
    submitted = _submitted(result)
    if len(submitted) < 2:
        return ()
    rows = []
    for group, failed in by_outcome(submitted, result.trials):
        tests = words.count(len(failed), "required test", "required tests")
        what = f"Rejected by {tests}" if failed else "Accepted"
        rows.append(_row(f"{what}, such as {failed[0]}" if failed else what, group))
    rows += [_row("Nearly the same change", g) for g in by_change(submitted) if len(g) > 1]
    return tuple(rows)


def _submitted(result: TaskResult) -> list[Candidate]:
    return [one for one in result.candidates if one.provenance in SUBMITTED]


def _families(group: tuple[Candidate, ...]) -> list[str]:
    return sorted({one.family for one in group})


def _group(group: tuple[Candidate, ...]) -> dict[str, Any]:
    return {"candidates": [one.name for one in group], "families": _families(group)}


def _row(what: str, group: tuple[Candidate, ...]) -> ClusterRow:
    families = words.count(len(_families(group)), "family", "families")
    return ClusterRow(what=what, names=tuple(one.name for one in group), families=families)
