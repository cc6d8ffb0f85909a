"""A patch on trial."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import Enum

from swe_audit.model.finding import Defect, Evidence
from swe_audit.model.relaxation import Relaxation


class CandidateKind(str, Enum):
    """What a candidate is claimed to be."""

    GOLD = "gold"
    EMPTY = "empty"
    ALTERNATIVE = "alternative"
    INCORRECT = "incorrect"
    CONTROL = "control"


class Control(str, Enum):
    """What a control proves: see ``docs/evidence.md``.

    ``NOISE`` is gold without its docs and comments and has to be accepted; ``MIRROR`` changes a
    detail in the tests as well and has to resolve; ``MIRROR_EMPTY`` is no patch at all under
    such tests and has to fail them. The others are inquiries into a candidate or a pin that the
    ordinary trials left: ``SOFT`` is the same patch under tests that go on after a failed
    assertion, ``RELAXED`` under tests without the pin, ``REPRODUCTION`` runs the statement's
    code instead of tests. ``FAILING`` checks a submission that could have bent its
    tests: the same patch under tests that were made to fail.
    """

    NOISE = "noise"
    MIRROR = "mirror"
    MIRROR_EMPTY = "mirror_empty"
    SOFT = "soft"
    RELAXED = "relaxed"
    REPRODUCTION = "reproduction"
    FAILING = "failing"


INQUIRIES = frozenset({Control.SOFT, Control.RELAXED, Control.REPRODUCTION})
"""Controls that ask about something the ordinary trials of a task left open."""


class Provenance(str, Enum):
    """Where a candidate comes from; gold and empty are the benchmark's own."""

    BENCHMARK = "benchmark"
    CURATED = "curated"
    PREDICTION = "prediction"
    CONSTRUCTION = "construction"
    STATEMENT = "statement"
    MUTANT = "mutant"
    WRITER = "writer"
    INQUIRY = "inquiry"


MADE = frozenset(
    {
        Provenance.CONSTRUCTION,
        Provenance.STATEMENT,
        Provenance.MUTANT,
        Provenance.WRITER,
        Provenance.INQUIRY,
    }
)
"""Where a candidate comes from that is made of the task's tree while the audit runs."""

SUBMITTED = frozenset({Provenance.PREDICTION, Provenance.WRITER})
"""Where a candidate comes from of which nobody says why it should be correct."""


class DropReason(str, Enum):
    """Why a submitted patch was not tried."""

    EMPTY = "empty"
    NOT_A_DIFF = "not_a_diff"
    UNSAFE_PATH = "unsafe_path"
    EQUALS_GOLD = "equals_gold"
    DUPLICATE = "duplicate"
    UNKNOWN_INSTANCE = "unknown_instance"
    TESTS_ONLY = "tests_only"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One patch for one task.

    ``name`` is unique within the task and stable between runs (``gold``, ``empty``, a curated
    file's stem, ``model-1a2b3c4d``). ``family`` names the independent source. ``count`` is how
    many submissions had this very patch. ``reviewed_by`` is whoever confirmed a curated claim,
    empty when nobody did or only its author. ``claim`` is the defect it is said to show.

    ``sites`` are the ids of the construction sites that it combines. ``test_patch`` takes the
    place of the task's own in its trials, where it is not None; ``renamed_tests`` then pairs
    an id as reported with the required id that it stands for. ``control`` is set for controls
    alone. ``evidence_items`` are what the candidate rests on, such as a statement's sentence.
    ``set_aside`` are graded test files that the patch edits and the tests overwrite.
    ``subject`` names the candidate or the pin that an inquiry or a check is about. ``script`` is
    run instead of the task's eval script, where it is not None; ``test_patch`` then replaces the
    task's own in it. ``relaxation`` are the relaxed tests that a rejected candidate is tried under.
    """

    instance_id: str
    name: str
    kind: CandidateKind
    provenance: Provenance
    patch: str
    family: str = ""
    count: int = 1
    rationale: str = ""
    author: str = ""
    reviewed_by: str = ""
    claim: Defect | None = None
    evidence: str = ""
    sites: tuple[str, ...] = ()
    test_patch: str | None = None
    renamed_tests: tuple[tuple[str, str], ...] = ()
    control: Control | None = None
    evidence_items: tuple[Evidence, ...] = ()
    set_aside: tuple[str, ...] = ()
    subject: str = ""
    script: str | None = None
    relaxation: Relaxation | None = None

    @property
    def reviewed(self) -> bool:
        """Whether somebody other than its author confirmed it in its own file."""
        return bool(self.reviewed_by) and self.reviewed_by.casefold() != self.author.casefold()

    @property
    def patch_sha256(self) -> str:
        """Identity of what is tried, tests and script of its own included; hexadecimal."""
        text = self.patch if self.test_patch is None else f"{self.patch}\0{self.test_patch}"
        if self.script is not None:
            text = f"{text}\0\0{self.script}"
        if self.control is Control.FAILING:
            text += "\0failing"
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """A submitted patch that was not tried, with the typed reason."""

    instance_id: str
    name: str
    reason: DropReason
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """A submitted patch, as its file holds it; nobody has checked that it is one.

    ``source`` is where its collector found it, empty if the file does not say. ``claims`` are
    the file's other columns, name and JSON text, such as what the source says of the outcome;
    they are shown and never relied on. ``where`` is the file and the place in it.
    """

    instance_id: str
    model_name_or_path: str
    model_patch: str
    source: str = ""
    claims: tuple[tuple[str, str], ...] = ()
    where: str = ""
