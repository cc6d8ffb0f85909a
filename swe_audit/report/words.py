"""The report's words: what each enum value means in plain English, and how numbers are written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from swe_audit.model.audit import SiteOutcome, TaskStatus
from swe_audit.model.candidate import CandidateKind, Control, DropReason, Provenance
from swe_audit.model.construction import ConstructionKind, RefusalReason
from swe_audit.model.finding import Cause, Confidence, Defect, Determinant
from swe_audit.model.task import SkipReason
from swe_audit.model.trial import RunState, Verdict

STATUS: Final[Mapping[TaskStatus, str]] = {
    TaskStatus.DEFECTIVE: "Completed runs prove a defect of the task.",
    TaskStatus.SUSPECT: "Runs point to a defect, but do not prove it.",
    TaskStatus.CLEARED: "Alternatives were tried, none wrongly rejected.",
    TaskStatus.UNTESTED: "No alternative with evidence could be tried.",
    TaskStatus.INCONCLUSIVE: "Controls did not come out; nothing is said.",
    TaskStatus.SKIPPED: "The task never ran.",
}

DEFECT: Final[Mapping[Defect, str]] = {
    Defect.BROKEN: "the reference patch never resolves, or no patch at all does",
    Defect.FLAKY: "the same patch, repeated, does not agree with itself",
    Defect.CONTRADICTORY: "the tests reject what the statement itself prescribes",
    Defect.NARROW: "the tests pin a detail that the statement leaves free",
    Defect.WIDE: "the tests check behaviour that the statement does not ask for",
    Defect.WEAK: "an incorrect patch resolves",
    Defect.LEAKY: "the statement or its hints contain the solution",
    Defect.UNEXPLAINED: "a surprise that no other defect accounts for",
}

CONFIDENCE: Final[Mapping[Confidence, str]] = {
    Confidence.PROVEN: "every rule of evidence for it holds",
    Confidence.LIKELY: "one step short of proof",
    Confidence.SUSPECT: "runs point to it; a person should look",
    Confidence.DISPUTED: "a run contradicts it",
    Confidence.REFUTED: "runs contradict it; it no longer counts",
}

CAUSE: Final[Mapping[Cause, str]] = {
    Cause.MISSING_NAME: "a name the tests expect does not exist",
    Cause.MISSING_DEPENDENCY: "a package the tests import is not there",
    Cause.MESSAGE_TEXT: "the wording of a message differs",
    Cause.EXCEPTION_TYPE: "another type of exception is raised",
    Cause.ORDER_OR_FORMAT: "order or format differs",
    Cause.SIGNATURE: "a call does not fit the signature",
    Cause.STRUCTURE: "the tests look at internal structure",
    Cause.VALUE: "a value differs",
    Cause.NOT_COLLECTED: "the tests were never collected",
    Cause.CRASH: "the test command died without results",
    Cause.STATEMENT_VS_BASE_TESTS: "the statement contradicts the existing tests",
    Cause.GOLD_MISSES_STATEMENT: "the reference patch does not give what the statement asks for",
    Cause.STALE_STATEMENT: "the unpatched code already gives what the statement asks for",
    Cause.PINNED_BY_BASE_TESTS: "the existing tests already pinned the detail",
}

JUDGEMENT: Final[Mapping[Defect, str]] = {
    Defect.BROKEN: "None is needed: the benchmark's own controls do not come out as they must.",
    Defect.FLAKY: "None is needed: one patch cannot be both right and wrong.",
    Defect.WEAK: "That the patch is wrong: see its rationale and evidence.",
}
"""What has to be judged besides the runs, for defects that are no matter of what a solver knows."""

DETERMINANT: Final[Mapping[Determinant, str]] = {
    Determinant.STATEMENT: "the statement",
    Determinant.BASE_TESTS: "the existing tests",
    Determinant.BASE_CODE: "the existing code",
    Determinant.CONVENTION: "a convention of the code around it",
    Determinant.FRAMEWORK: "the framework",
    Determinant.STANDARD: "a standard that the statement names",
    Determinant.LINK: "a page that the statement links to",
    Determinant.HINT: "the hints, which solvers are not given",
}

KIND: Final[Mapping[CandidateKind, str]] = {
    CandidateKind.GOLD: "reference patch",
    CandidateKind.EMPTY: "no patch at all",
    CandidateKind.ALTERNATIVE: "claimed correct",
    CandidateKind.INCORRECT: "claimed wrong",
    CandidateKind.CONTROL: "control",
}

CONTROL: Final[Mapping[Control, str]] = {
    Control.NOISE: "the reference patch without its docs and comments; it has to be accepted",
    Control.MIRROR: "the same detail changed in the tests as well; it has to resolve",
    Control.MIRROR_EMPTY: "no patch at all under the changed tests; it has to fail them",
    Control.SOFT: "under tests that go on after a failed assertion; it has to pass and fail as"
    " without",
    Control.RELAXED: "under tests without the pinned detail",
    Control.REPRODUCTION: "the statement's own code instead of tests",
    Control.FAILING: "the patch under tests made to fail; what passes there was forged or altered",
}

CONSTRUCTION: Final[Mapping[ConstructionKind, str]] = {
    ConstructionKind.NAME: "a name",
    ConstructionKind.MESSAGE: "the text of a message",
    ConstructionKind.KEYWORD_ORDER: "the order of keyword arguments",
    ConstructionKind.LOCATION: "where a definition stands",
    ConstructionKind.REPRESENTATION: "how a value is represented",
    ConstructionKind.REFACTORING: "how the code is laid out",
    ConstructionKind.NOISE: "docs and comments",
    ConstructionKind.MUTANT: "what it does",
}

OUTCOME: Final[Mapping[SiteOutcome, str]] = {
    SiteOutcome.PINNED: "the tests reject any other, and accept it once they say the same",
    SiteOutcome.CLEARED: "the tests accept another just as well",
    SiteOutcome.INVALID: "rejected, but for a reason of ours, so it shows nothing of the task",
    SiteOutcome.UNDECIDED: "the trials did not come to an end",
}

REFUSAL: Final[Mapping[RefusalReason, str]] = {
    RefusalReason.STATED: "the statement names it",
    RefusalReason.STATED_TEXT: "the statement gives the text",
    RefusalReason.IN_BASE: "it stands in the code before the change",
    RefusalReason.BASE_TESTS: "the tests before the change already use it",
    RefusalReason.INFERABLE: "the code around it predicts it",
    RefusalReason.FRAMEWORK: "a base class or a library defines it",
    RefusalReason.FORWARDED: "it is handed on to other code by its name",
    RefusalReason.DYNAMIC: "it is looked up by its name while the program runs",
    RefusalReason.UNKNOWN_CALLER: "code that is not seen may call it with this name",
    RefusalReason.UNRESOLVED_BASE: "a base class could not be read",
    RefusalReason.DUNDER: "the language itself calls it",
    RefusalReason.SHARED_SKELETON: "a message of the same kind already has this form",
    RefusalReason.PARSED_ELSEWHERE: "other code reads the text",
    RefusalReason.NO_WORDING: "no other wording could be made",
    RefusalReason.CIRCULAR_IMPORT: "elsewhere its module could not be imported",
    RefusalReason.NOT_EDITABLE: "it could not be changed everywhere at once",
    RefusalReason.PLATFORM: "it depends on a platform, so no patch was made wrong there",
    RefusalReason.NOT_INSTALLED: "it never runs here, so no patch was made wrong there",
}

PROVENANCE: Final[Mapping[Provenance, str]] = {
    Provenance.BENCHMARK: "the benchmark's own",
    Provenance.CURATED: "written by hand, with a rationale",
    Provenance.PREDICTION: "submitted by a person or an agent",
    Provenance.CONSTRUCTION: "the reference patch with one free detail changed",
    Provenance.STATEMENT: "code that the statement itself gives",
    Provenance.MUTANT: "the reference patch, made wrong on purpose",
    Provenance.WRITER: "written by an outside command",
    Provenance.INQUIRY: "another candidate, run once more to look into it",
}

DROPPED: Final[Mapping[DropReason, str]] = {
    DropReason.EMPTY: "the patch is empty",
    DropReason.NOT_A_DIFF: "it is no diff",
    DropReason.UNSAFE_PATH: "it writes outside the repository",
    DropReason.EQUALS_GOLD: "it equals the reference patch",
    DropReason.DUPLICATE: "the same patch was already there",
    DropReason.UNKNOWN_INSTANCE: "its task is not in this audit",
    DropReason.TESTS_ONLY: "it changes tests only",
}

STATE: Final[Mapping[RunState, str]] = {
    RunState.COMPLETED: "the tests ran to their end",
    RunState.CUT: "its tests were ended once two required ones had failed",
    RunState.PATCH_REJECTED: "the patch did not apply",
    RunState.TIMED_OUT: "the time limit was reached",
    RunState.UNPARSED: "the log could not be read",
    RunState.OUT_OF_MEMORY: "the memory limit was reached",
    RunState.OUTPUT_EXCEEDED: "the output limit was reached",
    RunState.DISK_EXCEEDED: "the disk limit was reached",
    RunState.TAMPERED: "the patch interfered with its own test run",
    RunState.INTERRUPTED: "the run was stopped",
    RunState.ENGINE_ERROR: "the container engine failed",
}

SKIP: Final[Mapping[SkipReason, str]] = {
    SkipReason.BAD_INPUT: "the task's files are not what they should be",
    SkipReason.DUPLICATE_ID: "another task has the same id",
    SkipReason.NO_FAIL_TO_PASS: "no test is listed that the patch should make pass",
    SkipReason.NO_TEST_COMMAND: "nothing says how its tests are run",
    SkipReason.NO_LOG_PARSER: "nothing says how its log is read",
    SkipReason.NO_IMAGE: "there is neither an image nor a Dockerfile",
    SkipReason.NO_INTERPRETER: "the Python it needs cannot be had here",
    SkipReason.NO_MACHINE: "no machine has what each of its trials claims",
    SkipReason.IMAGE_UNAVAILABLE: "its image could not be pulled or built",
}

VERDICT: Final[Mapping[Verdict, str]] = {
    Verdict.RESOLVED: "every test that counts passed",
    Verdict.UNRESOLVED: "a test that counts failed",
    Verdict.INCONCLUSIVE: "the trial did not complete, so it says nothing",
}

RUNG: Final[Mapping[str, str]] = {
    "construction": "the reference patch with only this detail changed is rejected",
    "reviewed": "somebody other than the author confirmed the alternative",
    "curated": "an alternative with a written rationale is rejected",
    "relaxation": "tests that leave the detail free accept the alternative",
    "statement": "the statement itself prescribes what the tests reject",
    "reproduction": "the statement's own code shows what it should",
    "consensus": "independent sources show the same behaviour",
    "judge": "an outside judge says that it is correct",
    "controls": "the reference patch and the empty patch came out as they must",
}

DETAIL: Final[Mapping[Defect, tuple[str, str]]] = {
    Defect.NARROW: ("The detail nobody could know", "Why a competent solver could not know"),
    Defect.WIDE: ("What they check beyond the statement", "Why the statement does not ask for it"),
    Defect.CONTRADICTORY: (
        "What they hold a patch to, against the statement",
        "Why it contradicts the statement",
    ),
    Defect.LEAKY: ("What gives the solution away", "Where a solver can read it"),
}
"""How a finding's detail is headed, on a page and in an issue."""

_EXACT = 1e-12
"""Below this a share is 0 (or 1) and only floating point says otherwise."""


def name(value: str) -> str:
    """Write an identifier as words: ``missing_name`` becomes ``missing name``."""
    return value.replace("_", " ")


def number(value: int) -> str:
    """Write an integer with thin spaces between thousands."""
    return f"{value:,}".replace(",", "\u202f")


def count(value: int, one: str, many: str | None = None) -> str:
    """Write a number and its noun: ``1 task``, ``2 tasks``, ``0 tasks``."""
    noun = one if value == 1 else (many if many is not None else f"{one}s")
    return f"{number(value)} {noun}"


def percent(share: float) -> str:
    """Write a share in 0..1 as per cent with one decimal; only an exact 0 or 1 looks like one.

    0.0004 becomes ``<0.1 %`` and 0.9997 ``>99.9 %``.
    """
    if share <= _EXACT:
        return "0\u00a0%"
    if share >= 1 - _EXACT:
        return "100\u00a0%"
    text = f"{share * 100:.1f}"
    if text == "0.0":
        return "<0.1\u00a0%"
    if text == "100.0":
        return ">99.9\u00a0%"
    return f"{text}\u00a0%"


def duration(seconds: float) -> str:
    """Write a length of time: ``0.4 s``, ``12 s``, ``3 min 05 s``, ``2 h 07 min``."""
    if seconds < 9.95:
        return f"{seconds:.1f}\u00a0s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole}\u00a0s"
    if whole < 3600:
        return f"{whole // 60}\u00a0min {whole % 60:02d}\u00a0s"
    minutes = round(seconds / 60)
    return f"{minutes // 60}\u00a0h {minutes % 60:02d}\u00a0min"


def listing(items: list[str]) -> str:
    """Join words as prose: ``a``, ``a and b``, ``a, b and c``."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def sentence(text: str) -> str:
    """Give text a capital letter and a full stop, unless it ends in punctuation.

    What begins with a name (of a candidate, a file, a test) keeps that as it is.
    """
    text = text.strip()
    if not text:
        return ""
    first = text.split(maxsplit=1)[0].rstrip(",:;.!?")
    begins = text[0].upper() if first.isalpha() else text[0]
    return begins + text[1:] + ("" if text[-1] in ".!?:;" else ".")
