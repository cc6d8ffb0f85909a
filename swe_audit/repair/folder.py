"""Write a repair's folder: for each verified proposal a diff and a text, and what was tried."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from swe_audit.errors import UsageError
from swe_audit.repair.changes import diff_of
from swe_audit.repair.nouns import Proposal, TaskRepair
from swe_audit.repair.wording import pull_request, tried
from swe_audit.version import VERSION

TRIED_FILE = "tried.md"
DOCUMENT_FILE = "repair.json"
SCHEMA_VERSION = 1


def write_repair(repair: TaskRepair, out: Path, run: str) -> tuple[Path, ...]:
    """Write ``out/<instance id>/`` and return its files; nothing where nothing was tried.

    ``<kind>.diff`` applies inside the task's folder, ``<kind>.md`` is the text for a pull
    request. Files of an earlier repair with these names give way, nothing else does.
    """
    files: dict[str, str] = {}
    for name, proposal in named(repair):
        files[f"{name}.diff"] = diff_of(repair.task, proposal.task)
        files[f"{name}.md"] = _text(repair, proposal, name, run)
    files[TRIED_FILE] = tried(repair)
    folder = out / repair.task.instance_id
    try:
        (folder / TRIED_FILE).unlink(missing_ok=True)
        return tuple(_written(folder, name, text) for name, text in files.items() if text)
    except OSError as error:
        raise UsageError(
            f"{folder} cannot be written: {error.strerror or error}",
            hint="choose another --out, or make room on the disk",
        ) from error


def named(repair: TaskRepair) -> tuple[tuple[str, Proposal], ...]:
    """Return the verified proposals with their files' names: ``statement``, ``drop-tests-2``."""
    seen: dict[str, int] = {}
    pairs = []
    for proposal in repair.verified:
        kind = proposal.kind.value
        seen[kind] = seen.get(kind, 0) + 1
        pairs.append((kind if seen[kind] == 1 else f"{kind}-{seen[kind]}", proposal))
    return tuple(pairs)


def repair_document(repairs: tuple[TaskRepair, ...], run: str) -> dict[str, Any]:
    """Give what ``swe-audit repair --json`` prints, apart from its versions."""
    return {"run": run, "tasks": [_task(repair, run) for repair in repairs]}


def write_document(repair: TaskRepair, folder: Path, run: str) -> Path:
    """Put a task's repair into ``repair.json`` of a run's folder, beside what is there of others.

    A file that cannot be read gives way.
    """
    path = folder / DOCUMENT_FILE
    try:
        known = json.loads(path.read_bytes())["tasks"]
        others = [task for task in known if task["instance_id"] != repair.task.instance_id]
    except (OSError, ValueError, KeyError, TypeError):
        others = []
    document = repair_document((repair,), run)
    document["tasks"] = sorted(
        [*others, *document["tasks"]], key=lambda task: str(task["instance_id"])
    )
    whole = {"schema_version": SCHEMA_VERSION, "tool_version": VERSION, **document}
    text = json.dumps(whole, indent=2, ensure_ascii=False) + "\n"
    try:
        return _written(folder, DOCUMENT_FILE, text)
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written: {error.strerror or error}", hint="make room on the disk"
        ) from error


def _text(repair: TaskRepair, proposal: Proposal, name: str, run: str) -> str:
    return pull_request(
        repair, proposal, repair.findings, f"{name}.diff", f"swe-audit {VERSION}, run `{run}`"
    )


def _task(repair: TaskRepair, run: str) -> dict[str, Any]:
    names = {id(proposal): name for name, proposal in named(repair)}
    return {
        "instance_id": repair.task.instance_id,
        "findings": [finding.id for finding in repair.findings],
        "proposals": [
            {
                "kind": one.kind.value,
                "findings": list(one.findings),
                "summary": one.summary,
                "verified": one.verified,
                "file": f"{names[id(one)]}.diff" if id(one) in names else None,
                "controls": [
                    {"name": control.name, "held": control.held, "text": control.text}
                    for control in one.controls
                ],
                "before_after": [
                    {
                        "candidate": row.candidate,
                        "kind": row.kind,
                        "before": row.before,
                        "after": row.after,
                    }
                    for row in one.table
                ],
                "limits": list(one.limits),
                "diff": diff_of(repair.task, one.task),
                "text": _text(repair, one, names[id(one)], run) if id(one) in names else None,
            }
            for one in repair.proposals
        ],
        "not_made": [
            {"kind": one.kind.value, "findings": list(one.findings), "reason": one.reason}
            for one in repair.unmade
        ],
    }


def _written(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    return path
