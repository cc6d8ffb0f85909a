"""Gold with one free detail changed: the places where it can be, the edits, and their licence."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import Enum

from swe_audit.model.finding import Confidence, Determinant


class ConstructionKind(str, Enum):
    """What a construction changes.

    ``NOISE`` is a control that must always be accepted. ``MUTANT`` has refusals alone: pieces of
    gold that are not made wrong.
    """

    NAME = "name"
    MESSAGE = "message"
    KEYWORD_ORDER = "keyword_order"
    LOCATION = "location"
    REPRESENTATION = "representation"
    REFACTORING = "refactoring"
    NOISE = "noise"
    MUTANT = "mutant"

    @property
    def ceiling(self) -> Confidence:
        """How sure a finding of this kind may ever be (EVIDENCE 3)."""
        proven = (ConstructionKind.NAME, ConstructionKind.MESSAGE, ConstructionKind.KEYWORD_ORDER)
        return Confidence.PROVEN if self in proven else Confidence.LIKELY


class RefusalReason(str, Enum):
    """Why a detail that gold introduces is not free to be changed (EVIDENCE 2).

    ``PLATFORM`` and ``NOT_INSTALLED`` are of mutants: the task's environment never runs the lines.
    """

    STATED = "stated"
    STATED_TEXT = "stated_text"
    IN_BASE = "in_base"
    BASE_TESTS = "base_tests"
    INFERABLE = "inferable"
    FRAMEWORK = "framework"
    FORWARDED = "forwarded"
    DYNAMIC = "dynamic"
    UNKNOWN_CALLER = "unknown_caller"
    UNRESOLVED_BASE = "unresolved_base"
    DUNDER = "dunder"
    SHARED_SKELETON = "shared_skeleton"
    PARSED_ELSEWHERE = "parsed_elsewhere"
    NO_WORDING = "no_wording"
    CIRCULAR_IMPORT = "circular_import"
    NOT_EDITABLE = "not_editable"
    PLATFORM = "platform"
    NOT_INSTALLED = "not_installed"

    @property
    def determines(self) -> Determinant | None:
        """What a solver could have learned the detail from, if it is refused for that.

        Not where it merely may be called by code that is not seen.
        """
        return _DETERMINES.get(self)


_DETERMINES = {
    RefusalReason.STATED: Determinant.STATEMENT,
    RefusalReason.STATED_TEXT: Determinant.STATEMENT,
    RefusalReason.IN_BASE: Determinant.BASE_CODE,
    RefusalReason.BASE_TESTS: Determinant.BASE_TESTS,
    RefusalReason.INFERABLE: Determinant.CONVENTION,
    RefusalReason.SHARED_SKELETON: Determinant.CONVENTION,
    RefusalReason.FRAMEWORK: Determinant.FRAMEWORK,
    RefusalReason.FORWARDED: Determinant.FRAMEWORK,
    RefusalReason.DYNAMIC: Determinant.FRAMEWORK,
    RefusalReason.DUNDER: Determinant.FRAMEWORK,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceCheck:
    """One rule of EVIDENCE 2 as it came out for one site.

    ``caps`` is the highest confidence that it leaves, None where it takes nothing away.
    ``determines`` says what a solver could have learned the detail from, if anything.
    """

    rule: str
    text: str
    caps: Confidence | None = None
    determines: Determinant | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """Replace the characters ``start`` to ``end`` of a file by ``text``.

    Offsets count characters of the file as the tree holds it; a file that is not there begins
    empty. Edits of one site never overlap; those of two sites may.
    """

    path: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One free detail of gold and how to change it.

    ``edits`` apply to the tree that gold yields, outside tests; ``mirror`` to the tree with the
    task's tests (base plus test patch), and say the same there. ``moves`` renames files first
    (old and new path, edits name the old one). ``detail`` is the pinned name or text verbatim,
    ``symbol`` what it is (``function``, ``keyword argument``, ``error message``), ``scope`` where
    it is defined, ``path`` and ``line`` where gold introduces it.
    """

    kind: ConstructionKind
    symbol: str
    detail: str
    replacement: str
    scope: str
    path: str
    line: int
    edits: tuple[Edit, ...]
    mirror: tuple[Edit, ...] = ()
    moves: tuple[tuple[str, str], ...] = ()
    checks: tuple[LicenceCheck, ...] = ()

    @property
    def id(self) -> str:
        """Stable between runs, unique within the task: ``name-1a2b3c4d``."""
        parts = (self.kind.value, self.path, self.scope, self.detail, self.replacement)
        what = "\x1f".join(parts)
        digest = hashlib.sha256(what.encode("utf-8", "surrogatepass")).hexdigest()[:8]
        return f"{self.kind.value}-{digest}"

    @property
    def ceiling(self) -> Confidence:
        """How sure a finding may be: the kind's ceiling, less what the checks take away."""
        order = list(Confidence)
        caps = [check.caps for check in self.checks if check.caps is not None]
        return max((self.kind.ceiling, *caps), key=order.index)

    @property
    def determined_by(self) -> tuple[Determinant, ...]:
        """What a solver could have learned the detail from, in the order of authority."""
        found = {check.determines for check in self.checks if check.determines is not None}
        return tuple(each for each in Determinant if each in found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A detail that gold introduces and that must not be changed, with the typed reason."""

    kind: ConstructionKind
    symbol: str
    detail: str
    scope: str
    path: str
    line: int
    reason: RefusalReason
    text: str

    @property
    def determined_by(self) -> tuple[Determinant, ...]:
        """What a solver could have learned the detail from, if that is why."""
        return (self.reason.determines,) if self.reason.determines else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What the constructions found in one task: the free details, and those that are not.

    ``layers`` are ids of sites whose edits can be made together; a site whose edits touch those
    of an earlier one stands in a later layer. ``problem`` says why nothing could be looked at.
    """

    sites: tuple[Site, ...] = ()
    refused: tuple[Refused, ...] = ()
    layers: tuple[tuple[str, ...], ...] = ()
    problem: str = ""
