"""What ``swe-audit repair --json`` proposed for a run's tasks, as their pages show it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from swe_audit.errors import InputError
from swe_audit.report import words
from swe_audit.report.diffs import Pair, alone, parse
from swe_audit.report.parts import Parts

FILE_NAME = "repair.json"
SCHEMA_VERSION = 1

KINDS: Final[Mapping[str, str]] = {
    "relax": "Leave the detail free in the tests",
    "statement": "Name it in the statement",
    "move-import": "Need the name only where it is tested",
    "move-import-drop-tests": "Need the name nowhere",
    "drop-tests": "Require fewer tests",
}
"""Kinds of proposals in words; one that is not here stands as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalView:
    """A verified change of the task that answers findings, with what was seen of it."""

    anchor: str
    findings: frozenset[str]
    kind: str
    title: str
    summary: str
    controls: tuple[tuple[str, bool, str], ...]
    rows: tuple[tuple[str, str, str, str], ...]
    limits: tuple[str, ...]
    pairs: tuple[Pair, ...]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairView:
    """A task's proposals; ``tried`` says of each kind that is not proposed why."""

    proposals: tuple[ProposalView, ...] = ()
    tried: tuple[tuple[str, str, frozenset[str]], ...] = ()


class Repairs:
    """The repair document beside a run; nothing where there is none."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME
        self._tasks = {task["instance_id"]: task for task in self._read()}

    def view(self, instance_id: str, parts: Parts) -> RepairView:
        """Give what is proposed for a task; raise ``InputError`` where the file is damaged."""
        task = self._tasks.get(instance_id)
        if task is None:
            return RepairView()
        try:
            return RepairView(
                proposals=tuple(_proposals(task["proposals"], parts)),
                tried=tuple(_tried(task)),
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise self._damaged(f"its entry for {instance_id} lacks or mistakes {error}") from error

    def _read(self) -> list[dict[str, Any]]:
        try:
            document = json.loads(self._path.read_bytes())
        except FileNotFoundError:
            return []
        except (OSError, ValueError, RecursionError) as error:
            raise self._damaged(str(error)) from error
        if not isinstance(document, dict) or document.get("schema_version") != SCHEMA_VERSION:
            raise self._damaged(f"it has no schema_version {SCHEMA_VERSION}")
        tasks = document.get("tasks")
        if not isinstance(tasks, list) or not all(
            isinstance(task, dict) and isinstance(task.get("instance_id"), str) for task in tasks
        ):
            raise self._damaged("it has no list of tasks with an instance_id each")
        return tasks

    def _damaged(self, why: str) -> InputError:
        return InputError(
            f"{self._path} is not what `swe-audit repair --json` prints: {why}",
            hint="move it away, or write it again",
        )


def _proposals(entries: list[dict[str, Any]], parts: Parts) -> Iterator[ProposalView]:
    verified = [one for one in entries if one["verified"]]
    for nth, one in enumerate(verified, 1):
        patch = parse(str(one.get("diff") or ""))
        yield ProposalView(
            anchor=f"repair-{nth}",
            findings=frozenset(map(str, one["findings"])),
            kind=str(one["kind"]),
            title=KINDS.get(one["kind"], str(one["kind"])),
            summary=words.sentence(str(one["summary"])),
            controls=tuple(
                (str(each["name"]), bool(each["held"]), str(each["text"]))
                for each in one["controls"]
            ),
            rows=tuple(
                (str(row["candidate"]), str(row["kind"]), str(row["before"]), str(row["after"]))
                for row in one["before_after"]
            ),
            limits=tuple(map(str, one["limits"])),
            pairs=parts.pairs(alone(patch), "", "Change of the task"),
            text=str(one.get("text") or ""),
        )


def _tried(task: Mapping[str, Any]) -> Iterator[tuple[str, str, frozenset[str]]]:
    for one in task["proposals"]:
        if not one["verified"]:
            failed = [
                f"{each['name']}: {each['text']}" for each in one["controls"] if not each["held"]
            ]
            why = "not verified: " + "; ".join(failed)
            yield KINDS.get(one["kind"], str(one["kind"])), why, frozenset(one["findings"])
    for one in task["not_made"]:
        title = KINDS.get(one["kind"], str(one["kind"]))
        yield title, str(one["reason"]), frozenset(one["findings"])
