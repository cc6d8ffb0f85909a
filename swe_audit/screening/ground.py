"""What the signals are looked for in: a task with both patches read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from swe_audit.model.paths import is_docs_path, is_generated_path, is_source_path
from swe_audit.model.task import Task
from swe_audit.screening.changes import FileChange, read_patch
from swe_audit.screening.facts import Facts
from swe_audit.screening.other_code import read_other
from swe_audit.screening.python_code import read_python


class Base(Protocol):
    """What a git mirror tells of a task's base tree."""

    def holds(self, words: Iterable[str]) -> dict[str, str]:
        """Return those of the words that base holds as whole words, each with a path."""
        ...

    def siblings(self, name: str) -> dict[str, tuple[str, ...]]:
        """Return names in gold's files that begin or end as this one, by what it has else."""
        ...

    def says(self, text: str) -> str | None:
        """Return the path of a file of base that holds a text."""
        ...


@dataclass(frozen=True, slots=True)
class Read:
    """A changed file with what its added lines say."""

    change: FileChange
    facts: Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A task with both patches read.

    ``gold`` holds the program's files, ``tests`` all that the test patch touches. ``gold_base``
    and ``test_base`` are the words that base is seen to have there. ``plain`` is the statement
    without spaces and quotes, folded. ``base`` is None without a mirror.
    """

    task: Task
    gold: tuple[Read, ...]
    tests: tuple[Read, ...]
    gold_base: frozenset[str]
    test_base: frozenset[str]
    plain: str
    base: Base | None = None
    ids: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def shown_of_base(self) -> Iterator[str]:
        """Yield the lines of the program that gold removes or shows around what it adds."""
        for read in self.gold:
            for hunk in read.change.hunks:
                yield from (line.text for line in hunk.after if not line.added)
                yield from (text for _, text in hunk.removed)

    def states(self, text: str) -> bool:
        """Whether the statement holds a text, whatever its spacing, quotes and case."""
        return plain(text) in self.plain


def ground_of(task: Task, base: Base | None = None) -> Ground:
    """Read both patches of a task; raise ``InputError`` where one is no diff."""
    gold = [
        Read(change, _facts(change))
        for change in read_patch(task.gold_patch, task.instance_id)
        if is_source_path(change.path)
    ]
    tests = [
        Read(change, _facts(change))
        for change in read_patch(task.test_patch, task.instance_id)
        if not is_docs_path(change.path) and not is_generated_path(change.path)
    ]
    return Ground(
        task=task,
        gold=tuple(gold),
        tests=tuple(tests),
        gold_base=frozenset().union(*(read.change.base_words() for read in gold)),
        test_base=frozenset().union(*(read.change.base_words() for read in tests)),
        plain=plain(task.statement),
        base=base,
        ids=_by_function(task.fail_to_pass),
    )


def plain(text: str) -> str:
    """Return a text folded, without spaces and quotes."""
    bare = "".join(text.split())  # much faster than an expression, and called for every line
    return bare.replace("'", "").replace('"', "").replace("`", "").casefold()


def _facts(change: FileChange) -> Facts:
    return read_python(change) if change.path.endswith(".py") else read_other(change)


def _by_function(ids: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Map the name of a test function to the required ids that name it."""
    found: dict[str, list[str]] = {}
    for test in ids:
        name = (
            test.split("[", 1)[0].split(" (", 1)[0].split("/", 1)[0]
            if "::" not in test
            else (test.split("[", 1)[0].rsplit("::", 1)[-1])
        )
        found.setdefault(name.strip(), []).append(test)
    return {name: tuple(tests) for name, tests in found.items()}
