"""Results matrices: which submission is said to have solved which task."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from swe_audit.errors import InputError
from swe_audit.formats.text_files import read_text
from swe_audit.model.audit import Reported
from swe_audit.model.scores import Claims

_CELLS = {"1": True, "0": False, "": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsMatrix:
    """What others report; shown beside a finding, and never evidence of our own.

    ``solved`` maps an instance id to one value for each of ``submissions``: true, false, or None
    where nothing is reported (an empty cell).
    """

    source: str
    submissions: tuple[str, ...]
    solved: dict[str, tuple[bool | None, ...]]

    def share(self, instance_id: str) -> float | None:
        """Return the share of submissions that solve a task, None where nothing is reported."""
        known = [cell for cell in self.solved.get(instance_id, ()) if cell is not None]
        return sum(known) / len(known) if known else None

    def reported(self) -> dict[str, Reported]:
        """Return for each task how many of those of whom something is reported solve it."""
        rows = {
            name: [cell for cell in row if cell is not None] for name, row in self.solved.items()
        }
        return {name: Reported(solved=sum(row), of=len(row)) for name, row in rows.items()}

    def claims(self) -> dict[str, Claims]:
        """Return for each task who is said to solve it and who not."""
        return {
            instance_id: Claims(
                solved=self.solvers(instance_id),
                failed=tuple(
                    name for name, done in zip(self.submissions, row, strict=False) if done is False
                ),
            )
            for instance_id, row in self.solved.items()
        }

    def solvers(self, instance_id: str) -> tuple[str, ...]:
        """Return the submissions that solve a task."""
        row = self.solved.get(instance_id, ())
        return tuple(name for name, done in zip(self.submissions, row, strict=False) if done)


def load_results(path: str | Path) -> ResultsMatrix:
    """Return a matrix from a CSV file, plain or ``.gz``: ``instance_id``, then one column each.

    Raise ``InputError`` naming the line where a cell is not 0, 1 or empty, a row has another
    length than the head, or an id comes twice.
    """
    text = read_text(Path(path))
    reader = csv.reader(text.splitlines(), strict=True)
    try:
        rows = list(reader)
    except csv.Error as error:
        raise InputError(f"{path}:{reader.line_num}: not valid CSV: {error}") from error
    if not rows or rows[0][:1] != ["instance_id"] or len(rows[0]) < 2:
        raise InputError(
            f"{path}:1: the first line is not instance_id and then a name for each submission"
        )
    names = tuple(rows[0][1:])
    if len(set(names)) != len(names):
        raise InputError(f"{path}:1: two submissions have the same name")
    solved: dict[str, tuple[bool | None, ...]] = {}
    for number, row in enumerate(rows[1:], start=2):
        if not row:
            continue
        if len(row) != len(rows[0]):
            raise InputError(f"{path}:{number}: {len(row)} cells under {len(rows[0])} columns")
        if any(cell not in _CELLS for cell in row[1:]):
            raise InputError(f"{path}:{number}: a cell is not 0, 1 or empty")
        if row[0] in solved:
            raise InputError(f"{path}:{number}: {row[0]} comes twice")
        solved[row[0]] = tuple(_CELLS[cell] for cell in row[1:])
    return ResultsMatrix(source=str(path), submissions=names, solved=solved)
