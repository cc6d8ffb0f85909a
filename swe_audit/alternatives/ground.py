"""What alternatives are made from: a task with its trees, before and after gold and its tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from swe_audit.model.candidate import CandidateKind, Provenance
from swe_audit.model.construction import Refused, Site
from swe_audit.model.finding import Evidence
from swe_audit.model.task import Task
from swe_audit.model.tree import Tree


@dataclass(frozen=True, slots=True, kw_only=True)
class Ancestry:
    """What a class of a gold-touched file inherits, as the task's own interpreter finds it.

    ``members`` are the names that any ancestor defines, standard library and site-packages
    included; ``visit_*`` among them stands for all names that an ancestor looks up by that
    beginning. ``bases`` are the ancestors' dotted names. ``resolved`` is False where some ancestor
    could not be found, so that nothing follows from a name's absence.
    """

    bases: tuple[str, ...] = ()
    members: frozenset[str] = frozenset()
    resolved: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A task's trees and what is known of them.

    ``gold`` is base with the gold patch, ``tests`` base with the test patch. ``added`` holds the
    1-based line numbers in ``gold`` that the gold patch adds, by path, outside tests.
    ``removed`` holds the lines' text that it takes away. ``test_paths`` are the files that the
    test patch touches and the test-tree files which these import. ``ancestry`` maps
    (path, qualified class name) in ``gold`` to what the class inherits; a class that is not
    there was not looked up (no image): nothing is known. ``installed`` are the first parts of
    the names that the task's interpreter can import, None where nobody asked it.
    """

    task: Task
    base: Tree
    gold: Tree
    tests: Tree
    added: Mapping[str, frozenset[int]]
    removed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    test_paths: tuple[str, ...] = ()
    ancestry: Mapping[tuple[str, str], Ancestry] = field(default_factory=dict)
    installed: frozenset[str] | None = None


class Construction(Protocol):
    """Finds the details of one kind that gold introduces, and says which are free."""

    def __call__(self, ground: Ground) -> Iterator[Site | Refused]:
        """Yield each site once, in the order of path and line; never raise for odd code."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A candidate that is not yet a patch: whole files of the tree that it yields.

    ``files`` are laid over the base tree (None removes a file). ``name`` is stable between runs
    and unique among the task's drafts. ``evidence`` says what it rests on: for code from the
    statement the sentence and the block, for a mutant the line and what became of it.
    """

    name: str
    kind: CandidateKind
    provenance: Provenance
    files: Mapping[str, str | None]
    rationale: str
    evidence: tuple[Evidence, ...] = ()
