"""``decisions.yaml``: what reviewers decided, one block for each finding, safe to merge and crash.

Every finding of the run has a line of its own in the file, decided or not, so that two people
who decide different findings change different places. A write replaces the file in one step.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import yaml

from swe_audit.errors import InputError, UsageError
from swe_audit.formats.text_files import read_text
from swe_audit.formats.yaml_files import MAX_YAML, composed, dumped_yaml, parsed_yaml
from swe_audit.model.decisions import Choice, Decision

FILE_NAME = "decisions.yaml"
SCHEMA_VERSION = 1
_HEAD = """\
# What reviewers decided about the findings of this run: confirm, dispute or defer.
# One block for each finding, in the order of their ids. Comments of your own are not kept.
"""
_REQUIRED = ("finding", "reviewer", "decision")
FIELDS = (*_REQUIRED, "reason", "note", "at", "blind")
"""What a decision holds, in the order in which it is written."""
_CHOICES = tuple(choice.value for choice in Choice)
_MEND = "mend that line, or take the file back from version control; nothing was changed"
_NAMED = re.compile(r"(?<=\n\n)# (.+)$", re.MULTILINE)
_NEVER = datetime.min.replace(tzinfo=timezone.utc)


def read_decisions(path: Path) -> tuple[Decision, ...]:
    """Return the decisions of a file, by finding and reviewer; none where there is no file.

    Of two for one finding and reviewer the later counts. Raise ``InputError`` with the line of
    whatever is wrong.
    """
    return _document(path).decisions


def parsed_decisions(text: str, where: str) -> tuple[Decision, ...]:
    """Return the decisions of a file's text, as ``read_decisions`` does."""
    return _parsed(text, where).decisions


class DecisionFile:
    """One ``decisions.yaml``, changed by one process at a time; others may hold it open too.

    Each change reads the file anew under a lock on its folder, so what others wrote meanwhile
    stays. It is on the disk when the call returns; until then the old file stands whole.
    """

    def __init__(self, path: Path, findings: Iterable[str] = ()) -> None:
        """Take the ids of the run's findings, or leave the lines of the file as they are."""
        self.path = path.resolve()
        self._findings = frozenset(findings)

    def read(self) -> tuple[Decision, ...]:
        """Return what the file holds now."""
        return _document(self.path).decisions

    def begin(self) -> tuple[Decision, ...]:
        """Write a line for every finding of the run, and return what was decided before."""
        return self._changed({}, ())

    def put(self, decision: Decision) -> tuple[Decision, ...]:
        """Add a decision or replace the reviewer's earlier one; return all."""
        return self._changed({decision.key: decision}, ())

    def remove(self, finding: str, reviewer: str) -> tuple[Decision, ...]:
        """Take a reviewer's decision back; return the rest."""
        return self._changed({}, [(finding, reviewer.casefold())])

    def merge(self, others: Iterable[Decision]) -> tuple[Decision, ...]:
        """Take decisions of another file in; of two the later counts. Return all."""
        return self._changed({one.key: one for one in others}, (), newer_only=True)

    def _changed(
        self,
        new: Mapping[tuple[str, str], Decision],
        gone: Iterable[tuple[str, str]],
        *,
        newer_only: bool = False,
    ) -> tuple[Decision, ...]:
        with _locked(self.path.parent):
            document = _document(self.path)
            records = dict(document.records)
            for key in gone:
                records.pop(key, None)
            for key, decision in new.items():
                before = records.get(key)
                if newer_only and before is not None and _moment(before) >= _when(decision.at):
                    continue
                records[key] = {**(before or {}), **_record(decision)}
                if decision.blind is None:
                    records[key].pop("blind", None)
            changed = replace(document, records=records)
            text = changed.text(self._findings or document.named)
            if not self.path.exists() or text != read_text(self.path, limit=MAX_YAML):
                _replace(self.path, text)
            return changed.decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class _Document:
    """A file as read: its records by finding and reviewer, what we do not know of it included.

    ``named`` are the findings that have a line in it, decided or not.
    """

    top: dict[str, Any]
    records: dict[tuple[str, str], dict[str, Any]]
    named: frozenset[str]

    @property
    def decisions(self) -> tuple[Decision, ...]:
        return tuple(_decision(self.records[key]) for key in sorted(self.records))

    def text(self, findings: frozenset[str]) -> str:
        """Write the file: the same records give the same text."""
        blocks: dict[str, list[str]] = {finding: [] for finding in findings}
        for key in sorted(self.records):
            blocks.setdefault(key[0], []).append(_item(self.records[key]))
        top = dumped_yaml({**self.top, "schema_version": SCHEMA_VERSION})
        # With nothing decided the list has to be one all the same, but its line must not change.
        found = (f"\n# {_one_line(one)}\n" + "".join(blocks[one]) for one in sorted(blocks))
        return "".join((_HEAD, top, "decisions:\n", *found))


def _document(path: Path) -> _Document:
    if not path.exists():
        return _Document(top={}, records={}, named=frozenset())
    return _parsed(read_text(path, limit=MAX_YAML), str(path))


def _parsed(text: str, where: str) -> _Document:
    try:
        data = parsed_yaml(text, where)
    except InputError as error:
        raise _with_line(error, text, where) from error
    version = data.get("schema_version", str(SCHEMA_VERSION))
    if version != str(SCHEMA_VERSION):
        raise InputError(
            f"{where}:{_line_of_key(text, 'schema_version')}: schema_version is {version!r},"
            f" this program reads {SCHEMA_VERSION}",
            hint="use the newer swe-audit that wrote it",
        )
    items = data.get("decisions") or []
    if not isinstance(items, list):
        raise InputError(
            f"{where}:{_line_of_key(text, 'decisions')}: decisions is not a list of decisions"
        )
    records: dict[tuple[str, str], dict[str, Any]] = {}
    for nth, item in enumerate(items):
        problem = _problem(item)
        if problem:
            raise InputError(f"{where}:{_line_of_item(text, nth)}: {problem}", hint=_MEND)
        record = {key: "" if value is None else value for key, value in item.items()}
        key = _decision(record).key
        if key not in records or _moment(record) >= _moment(records[key]):
            records[key] = record
    top = {key: value for key, value in data.items() if key not in ("schema_version", "decisions")}
    return _Document(top=top, records=records, named=frozenset(_NAMED.findall(text)))


def _problem(item: Any) -> str:
    """Say what is wrong with a record; fields that we do not know may be anything and are kept."""
    if not isinstance(item, dict):
        return f"a decision is a mapping with {', '.join(_REQUIRED)}"
    record = {key: item.get(key) or "" for key in FIELDS}
    for key, value in record.items():
        if not isinstance(value, str):
            return f"{key} is not text"
        if key in _REQUIRED and not value.strip():
            return f"the decision has no {key}"
        if key in ("decision", "blind") and value and value not in _CHOICES:
            return f"{key} {value!r} is none of {', '.join(_CHOICES)}"
    try:
        _when(record["at"])
    except ValueError:
        return f"at {record['at']!r} is no moment such as 2025-01-31T12:00:00Z"
    return ""


def _decision(record: Mapping[str, Any]) -> Decision:
    return Decision(
        finding=record["finding"].strip(),
        reviewer=_one_line(record["reviewer"]),
        choice=Choice(record["decision"]),
        reason=record.get("reason", "").strip(),
        note=record.get("note", "").strip(),
        at=record.get("at", ""),
        blind=Choice(record["blind"]) if record.get("blind") else None,
    )


def _record(decision: Decision) -> dict[str, Any]:
    record = {
        "finding": _well_formed(decision.finding),
        "reviewer": _one_line(_well_formed(decision.reviewer)),
        "decision": decision.choice.value,
        "reason": _well_formed(decision.reason).strip(),
        "note": _well_formed(decision.note).strip(),
        "at": decision.at,
    }
    return {**record, "blind": decision.blind.value} if decision.blind else record


def _item(record: Mapping[str, Any]) -> str:
    """Write a record as an item of a list: known fields first, each field's text indented."""
    known = {key: record[key] for key in FIELDS if key in record}
    text = dumped_yaml({**known, **record}).rstrip("\n")
    return "- " + re.sub(r"\n(?=[^\n])", "\n  ", text) + "\n"


def _when(text: str) -> datetime:
    if not text:
        return _NEVER
    moment = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


def _moment(record: Mapping[str, Any]) -> datetime:
    return _when(record.get("at", ""))


def _well_formed(text: str) -> str:
    """Return text of plain lines: a lone surrogate becomes ``?``, control characters go."""
    lines = text.encode("utf-8", "replace").decode("utf-8").splitlines()
    return "\n".join("".join(map(_plain, line)) for line in lines)


def _plain(character: str) -> str:
    if character.isprintable() or character == "\t":
        return character
    return " " if character.isspace() else ""


def _one_line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _with_line(error: InputError, text: str, where: str) -> InputError:
    """Say the line first, as for every other fault, where the YAML itself is at fault."""
    cause = error.__cause__
    mark = getattr(cause, "problem_mark", None)
    if mark is None:
        position = getattr(cause, "position", None)
        line = text.count("\n", 0, position) + 1 if position is not None else 0
    else:
        line = mark.line + 1
    if not line:
        return error
    problem = getattr(cause, "problem", None) or getattr(cause, "reason", None) or "not valid YAML"
    return InputError(f"{where}:{line}: not valid YAML: {problem}", hint=_MEND)


def _root(text: str) -> yaml.MappingNode:
    node = composed(text)  # as it was parsed: another loader may not take the same text
    assert isinstance(node, yaml.MappingNode)
    return node


def _line_of_key(text: str, key: str) -> int:
    lines = [k.start_mark.line + 1 for k, _ in _root(text).value if k.value == key]
    return int(lines[0]) if lines else 1


def _line_of_item(text: str, nth: int) -> int:
    """Return the line on which an item of ``decisions`` begins."""
    items = next(value for key, value in _root(text).value if key.value == "decisions")
    return int(items.value[nth].start_mark.line) + 1


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Keep other processes from changing a file of the folder; the lock ends with the process."""
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise UsageError(f"{folder} cannot be opened: {error.strerror or error}") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _replace(path: Path, text: str) -> None:
    """Put a text in a file's place, in one step that outlives a crash."""
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as stream:
            stream.write(text.encode("utf-8"))
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written: {error.strerror or error}",
            hint="make room on the disk, or change the folder's permissions; nothing was lost",
        ) from error
