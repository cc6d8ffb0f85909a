"""The tree of expected failures, each with its exit code, slug and hint.

Adapters translate foreign exceptions into these at the border; only ``cli/`` turns them into a
message and an exit code. Anything else that reaches the user is a defect of ours.
"""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """The one table of exit codes; ``docs/exit-codes.md`` explains each."""

    COMPLETE = 0
    USAGE = 2
    BAD_INPUT = 3
    NO_ENGINE = 4
    INCOMPLETE = 5
    FINDINGS = 10
    INTERRUPTED = 130


class AuditError(Exception):
    """An expected failure: one sentence that says what is wrong and where.

    ``hint`` says what to do about it. Nothing that was computed before is lost.
    """

    exit_code: ExitCode = ExitCode.BAD_INPUT
    slug: str = "audit_error"

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(AuditError):
    """The command line or a configuration file asks for something that cannot be."""

    exit_code = ExitCode.USAGE
    slug = "usage"


class InputError(AuditError):
    """A file that was read is not what it should be, or nothing was selected."""

    exit_code = ExitCode.BAD_INPUT
    slug = "bad_input"


class UnknownIdError(InputError):
    """An instance, run or trial was asked for by an id that does not exist."""

    slug = "unknown_id"


class EngineUnavailableError(AuditError):
    """No usable container engine answers."""

    exit_code = ExitCode.NO_ENGINE
    slug = "no_engine"


class EngineError(AuditError):
    """The container engine failed at something that it should have been able to do."""

    exit_code = ExitCode.INCOMPLETE
    slug = "engine_error"


class EngineCallError(EngineError):
    """One call to the engine failed; ``transient`` when trying again may help.

    ``missing`` says that what was asked about does not exist.
    """

    def __init__(
        self, message: str, *, hint: str = "", transient: bool, missing: bool = False
    ) -> None:
        super().__init__(message, hint=hint)
        self.transient = transient
        self.missing = missing


class ImageError(EngineError):
    """An image could not be pulled or built; ``log`` is the tail of the build log."""

    slug = "image_unavailable"

    def __init__(self, message: str, *, hint: str = "", log: str = "") -> None:
        super().__init__(message, hint=hint)
        self.log = log


class NoInterpreterError(ImageError):
    """No Python of the version that an environment asks for can be had."""

    slug = "no_interpreter"


class JournalError(AuditError):
    """The journal of a run cannot be opened, read or written."""

    exit_code = ExitCode.BAD_INPUT
    slug = "journal"


class InterruptedRunError(AuditError):
    """The user stopped the run; it can be resumed."""

    exit_code = ExitCode.INTERRUPTED
    slug = "interrupted"


class OutsideCommandError(AuditError):
    """A command from outside (a judge, a writer) gave no answer that can be used."""

    exit_code = ExitCode.INCOMPLETE
    slug = "outside_command"
