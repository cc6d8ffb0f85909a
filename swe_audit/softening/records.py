"""Read what softened tests wrote, out of the log of their run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One execution of one assertion, or of the statement that ended a test with an error.

    ``values`` are reprs of what it looked at, in order. ``raised_in`` is the file in which the
    error was raised.
    """

    path: str
    line: int
    source: str
    number: int = 1
    passed: bool = False
    is_assertion: bool = True
    values: tuple[str, ...] = ()
    exception: str = ""
    message: str = ""
    raised_in: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedTest:
    """One test that ran; ``names`` are what runners may call it, the most exact first."""

    names: tuple[str, ...]
    path: str
    line: int
    recorded: tuple[Recorded, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """Every test that ran. ``unfinished`` maps a module that could not be imported whole to the
    names that each of its tests uses, by the test's own name.
    """

    tests: tuple[RecordedTest, ...] = ()
    unfinished: Mapping[str, Mapping[str, frozenset[str]]] = field(default_factory=dict)


def mark_of(test_patch: str) -> str:
    """Return what begins each line that is written under some softened tests."""
    digest = hashlib.sha256(test_patch.encode("utf-8", "surrogatepass")).hexdigest()
    return f"<swe-audit {digest[:16]}> "


def read_records(log: str, mark: str) -> Records:
    """Return what a log holds behind a mark; lines that are no records are left out."""
    entries = list(_entries(log, mark))
    sources = {
        (entry["p"], entry["l"]): str(entry["s"]) for entry in entries if entry["k"] == "source"
    }
    tests = tuple(_test(entry, sources) for entry in entries if entry["k"] == "test")
    unfinished = {
        entry["p"]: {
            str(name).rpartition(":")[0]: frozenset(map(str, names))
            for name, names in entry["names"].items()
            if isinstance(names, list)
        }
        for entry in entries
        if entry["k"] == "unfinished"
    }
    return Records(tests=tests, unfinished=unfinished)


_FIELDS: dict[str, dict[str, type]] = {
    "source": {"p": str, "l": int, "s": str},
    "test": {"p": str, "l": int, "t": list, "a": list},
    "unfinished": {"p": str, "names": dict},
}


def _entries(log: str, mark: str) -> Iterator[dict[str, Any]]:
    for line in log.replace("\r", "\n").split("\n"):
        if not line.startswith(mark):
            continue
        try:
            entry = json.loads(line.removeprefix(mark))
        except (ValueError, RecursionError):
            continue
        fields = _FIELDS.get(str(entry.get("k", ""))) if isinstance(entry, dict) else None
        if fields and all(isinstance(entry.get(name), kind) for name, kind in fields.items()):
            yield entry


def _test(entry: dict[str, Any], sources: Mapping[tuple[str, int], str]) -> RecordedTest:
    path = entry["p"]
    recorded = [_assertion(path, one, sources) for one in entry["a"] if _is_assertion(one)]
    ended = entry.get("e")
    if isinstance(ended, list) and len(ended) == 5 and isinstance(ended[0], int):
        line, exception, message, raised_in, source = ended
        recorded.append(
            Recorded(
                path=path,
                line=line,
                source=str(source),
                is_assertion=False,
                exception=str(exception),
                message=str(message),
                raised_in=str(raised_in),
            )
        )
    return RecordedTest(
        names=tuple(map(str, entry["t"])), path=path, line=entry["l"], recorded=tuple(recorded)
    )


def _is_assertion(one: object) -> bool:
    return (
        isinstance(one, list)
        and len(one) == 7
        and isinstance(one[0], int)
        and isinstance(one[1], int)
        and isinstance(one[3], list)
    )


def _assertion(path: str, one: list[Any], sources: Mapping[tuple[str, int], str]) -> Recorded:
    line, number, passed, values, exception, message, raised_in = one
    return Recorded(
        path=path,
        line=line,
        source=sources.get((path, line), ""),
        number=number,
        passed=passed is True,
        values=tuple(map(str, values)),
        exception=str(exception),
        message=str(message),
        raised_in="" if raised_in is True else str(raised_in),
    )
