"""A finding: the pin, a fact that runs show, and the judgement, which checks show."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import Enum


class Defect(str, Enum):
    """What is wrong with a task, most disqualifying first."""

    BROKEN = "broken"
    FLAKY = "flaky"
    CONTRADICTORY = "contradictory"
    NARROW = "narrow"
    WIDE = "wide"
    WEAK = "weak"
    LEAKY = "leaky"
    UNEXPLAINED = "unexplained"


class Confidence(str, Enum):
    """How sure the program is; the last two mean that runs contradict the finding."""

    PROVEN = "proven"
    LIKELY = "likely"
    SUSPECT = "suspect"
    DISPUTED = "disputed"
    REFUTED = "refuted"

    @property
    def live(self) -> bool:
        """Whether the finding still counts against its task."""
        return self is not Confidence.REFUTED


class Cause(str, Enum):
    """Why a required test failed on a rejected candidate."""

    MISSING_NAME = "missing_name"
    MISSING_DEPENDENCY = "missing_dependency"
    MESSAGE_TEXT = "message_text"
    EXCEPTION_TYPE = "exception_type"
    ORDER_OR_FORMAT = "order_or_format"
    SIGNATURE = "signature"
    STRUCTURE = "structure"
    VALUE = "value"
    NOT_COLLECTED = "not_collected"
    CRASH = "crash"
    STATEMENT_VS_BASE_TESTS = "statement_vs_base_tests"
    GOLD_MISSES_STATEMENT = "gold_misses_statement"
    STALE_STATEMENT = "stale_statement"
    PINNED_BY_BASE_TESTS = "pinned_by_base_tests"


class Determinant(str, Enum):
    """What a solver could have learned the pinned detail from."""

    STATEMENT = "statement"
    BASE_TESTS = "base_tests"
    BASE_CODE = "base_code"
    CONVENTION = "convention"
    FRAMEWORK = "framework"
    STANDARD = "standard"
    LINK = "link"
    HINT = "hint"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One thing to look at: a line of a file, a sentence, or a trial's result."""

    kind: str
    text: str
    path: str | None = None
    line: int | None = None
    trial: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why one required test failed on one candidate, as far as its log tells.

    ``detail`` is the pinned name or text verbatim, nothing else. ``path`` and ``line`` place the
    failing assertion in the test file; ``assertion`` is its source line.
    """

    test: str
    cause: Cause
    exception: str = ""
    message: str = ""
    assertion: str = ""
    path: str | None = None
    line: int | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EncounterRate:
    """Families that met the pin over families that could have, with a 95 % interval.

    ``knows_detail`` are those of the others that carry the detail though nothing determines it.
    """

    k: int
    n: int
    low: float
    high: float
    knows_detail: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One defect of one task, backed by completed runs.

    ``tests`` and ``detail`` are the pin; ``determined_by`` and ``rungs`` the judgement.
    ``candidates`` are the names of the candidates whose trials show it.
    """

    instance_id: str
    defect: Defect
    confidence: Confidence
    cause: Cause | None = None
    detail: str = ""
    summary: str = ""
    tests: tuple[str, ...] = ()
    determined_by: tuple[Determinant, ...] = ()
    rungs: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    encounter_rate: EncounterRate | None = None
    evidence: tuple[Evidence, ...] = ()

    @property
    def id(self) -> str:
        """Stable across resumes and repeats: it is made of what the finding says, not when."""
        what = "\x1f".join(
            (
                self.instance_id,
                self.defect.value,
                self.cause.value if self.cause else "",
                self.detail,
            )
        )
        digest = hashlib.sha256(what.encode("utf-8", "surrogatepass")).hexdigest()[:8]
        return f"{self.instance_id}:{self.defect.value}:{digest}"
