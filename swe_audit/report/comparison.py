"""Compare two runs by their documents: findings gone, new and kept, and verdicts that flipped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from swe_audit.report.documents import SCHEMA_VERSION, Document
from swe_audit.version import VERSION

NOT_AUDITED = "not audited"
"""Stands for the status of a task that a run does not hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRef:
    """One of the two runs; ``rate`` is k and n of its defect rate."""

    id: str
    dataset: str
    dataset_sha256: str
    started: str
    tool_version: str
    tasks: int
    rate: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingChange:
    """A finding by its stable id, with its confidence and its task's status in each run."""

    id: str
    instance_id: str
    defect: str
    detail: str
    summary: str
    before: str | None
    after: str | None
    status_before: str
    status_after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusChange:
    """A task of both runs, and how it came out in each."""

    instance_id: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictChange:
    """The same patch for the same task, and its verdict over the completed trials of each run."""

    instance_id: str
    candidate: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two runs side by side. ``compared`` counts the patches that completed in both."""

    a: RunRef
    b: RunRef
    both: int
    only_a: tuple[str, ...]
    only_b: tuple[str, ...]
    gone: tuple[FindingChange, ...]
    new: tuple[FindingChange, ...]
    kept: tuple[FindingChange, ...]
    statuses: tuple[StatusChange, ...]
    compared: int
    verdicts: tuple[VerdictChange, ...]

    @property
    def same_data(self) -> bool:
        """Whether both runs read the very same data set."""
        return self.a.dataset_sha256 == self.b.dataset_sha256


def compare(a: Document, b: Document) -> Comparison:
    """Compare two ``report.json`` documents; ``a`` is the earlier one."""
    tasks_a, tasks_b = _tasks(a), _tasks(b)
    both = [name for name in tasks_a if name in tasks_b]
    findings = _changes(tasks_a, tasks_b)
    verdicts = [one for name in both for one in _verdicts(name, tasks_a[name], tasks_b[name])]
    statuses = [
        StatusChange(
            instance_id=name, before=tasks_a[name]["status"], after=tasks_b[name]["status"]
        )
        for name in both
    ]
    return Comparison(
        a=_ref(a),
        b=_ref(b),
        both=len(both),
        only_a=tuple(name for name in tasks_a if name not in tasks_b),
        only_b=tuple(name for name in tasks_b if name not in tasks_a),
        gone=tuple(one for one in findings if one.after is None),
        new=tuple(one for one in findings if one.before is None),
        kept=tuple(one for one in findings if None not in (one.before, one.after)),
        statuses=tuple(one for one in statuses if one.before != one.after),
        compared=len(verdicts),
        verdicts=tuple(one for one in verdicts if one.before != one.after),
    )


def comparison_document(comparison: Comparison) -> Document:
    """Give what ``swe-audit compare --json`` prints."""
    return {
        "schema_version": SCHEMA_VERSION,
        "tool_version": VERSION,
        "a": _ref_entry(comparison.a),
        "b": _ref_entry(comparison.b),
        "same_data": comparison.same_data,
        "tasks": {
            "both": comparison.both,
            "only_a": list(comparison.only_a),
            "only_b": list(comparison.only_b),
        },
        "findings": {
            "gone": [_change_entry(one) for one in comparison.gone],
            "new": [_change_entry(one) for one in comparison.new],
            "kept": [_change_entry(one) for one in comparison.kept],
        },
        "statuses": [
            {"instance_id": one.instance_id, "before": one.before, "after": one.after}
            for one in comparison.statuses
        ],
        "verdicts": {
            "compared": comparison.compared,
            "flips": [
                {
                    "instance_id": one.instance_id,
                    "candidate": one.candidate,
                    "before": one.before,
                    "after": one.after,
                }
                for one in comparison.verdicts
            ],
        },
    }


def _tasks(document: Document) -> dict[str, Mapping[str, Any]]:
    """Give the tasks by id; of two with one id (a skipped duplicate) the first."""
    tasks: dict[str, Mapping[str, Any]] = {}
    for task in document["tasks"]:
        tasks.setdefault(task["instance_id"], task)
    return tasks


def _findings(tasks: Mapping[str, Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    return {
        finding["id"]: {**finding, "instance_id": name}
        for name, task in tasks.items()
        for finding in task["findings"]
    }


def _changes(
    a: Mapping[str, Mapping[str, Any]], b: Mapping[str, Mapping[str, Any]]
) -> tuple[FindingChange, ...]:
    """Give every finding of either run, by its id."""
    before, after = _findings(a), _findings(b)
    ids = sorted({*before, *after})
    return tuple(_change(id_, before.get(id_), after.get(id_), a, b) for id_ in ids)


def _change(
    id_: str,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    tasks_a: Mapping[str, Mapping[str, Any]],
    tasks_b: Mapping[str, Mapping[str, Any]],
) -> FindingChange:
    known: Mapping[str, Any] = after or before or {}
    name = known["instance_id"]
    return FindingChange(
        id=id_,
        instance_id=name,
        defect=known["defect"],
        detail=known["detail"],
        summary=known["summary"],
        before=before["confidence"] if before else None,
        after=after["confidence"] if after else None,
        status_before=tasks_a[name]["status"] if name in tasks_a else NOT_AUDITED,
        status_after=tasks_b[name]["status"] if name in tasks_b else NOT_AUDITED,
    )


def _verdicts(
    instance_id: str, a: Mapping[str, Any], b: Mapping[str, Any]
) -> Iterable[VerdictChange]:
    """Give both verdicts for each patch of a task that completed in both runs."""
    patches_a, patches_b = _patches(a), _patches(b)
    said_a, said_b = _said(a), _said(b)
    for name, patch in patches_a.items():
        if patches_b.get(name) == patch and name in said_a and name in said_b:
            yield VerdictChange(
                instance_id=instance_id, candidate=name, before=said_a[name], after=said_b[name]
            )


def _patches(task: Mapping[str, Any]) -> dict[str, str]:
    return {one["name"]: one["patch_sha256"] for one in task["candidates"]}


def _said(task: Mapping[str, Any]) -> dict[str, str]:
    said: dict[str, set[str]] = {}
    for trial in task["trials"]:
        if trial["state"] == "completed":
            said.setdefault(trial["candidate"], set()).add(trial["verdict"])
    return {name: each.pop() if len(each) == 1 else "mixed" for name, each in said.items()}


def _ref(document: Document) -> RunRef:
    run, summary = document["run"], document["summary"]
    return RunRef(
        id=run["id"],
        dataset=run["dataset"],
        dataset_sha256=run["dataset_sha256"],
        started=run["started"],
        tool_version=document["tool_version"],
        tasks=summary["tasks"],
        rate=(summary["defect_rate"]["k"], summary["defect_rate"]["n"]),
    )


def _ref_entry(ref: RunRef) -> Document:
    return {
        "id": ref.id,
        "dataset": ref.dataset,
        "dataset_sha256": ref.dataset_sha256,
        "started": ref.started,
        "tool_version": ref.tool_version,
        "tasks": ref.tasks,
        "defect_rate": {"k": ref.rate[0], "n": ref.rate[1]},
    }


def _change_entry(change: FindingChange) -> Document:
    return {
        "id": change.id,
        "instance_id": change.instance_id,
        "defect": change.defect,
        "detail": change.detail,
        "summary": change.summary,
        "before": change.before,
        "after": change.after,
        "status_before": change.status_before,
        "status_after": change.status_after,
    }
