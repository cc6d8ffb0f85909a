"""Find why a test command gave no results, or ended before its end."""

from __future__ import annotations

import re

from swe_audit.judging.failures import TRACEBACK, Failure, Phase, read_traceback

_INTERNAL = "INTERNALERROR>"
_DIED = re.compile(
    r"(?:^(?:.*: line \d+:\s+\d+ )?)(Segmentation fault|Killed|Aborted|Bus error"
    r"|Illegal instruction)\b|(Fatal Python error: .*)",
    re.MULTILINE,
)
_REFUSED = re.compile(
    r"^(?:ERROR: (?:not found|file or directory not found|file not found|usage).*|ERROR: .*"
    r"|\S*: error: .*)$",
    re.MULTILINE,
)
# A runner's summary: it came to its end, whatever tracebacks stand above.
_FINISHED = re.compile(
    r"^=+ .*\b(?:passed|failed|errors?)\b.* in [\d.]+ ?s.* =+$|^Ran \d+ tests? in "
    r"|^=+ tests finished: ",
    re.MULTILINE,
)


def session_failure(log: str) -> Failure | None:
    """Return what ended the whole test command, or None where nothing in the log says so.

    Looked for in this order: pytest's internal error, a signal, the last traceback where no runner
    came to its end, a refused command line.
    """
    lines = log.split("\n")
    internal = [line.removeprefix(_INTERNAL)[1:] for line in lines if line.startswith(_INTERNAL)]
    if internal:
        failure = read_traceback(internal, title="", phase=Phase.SESSION)
        return failure or Failure(title="", phase=Phase.SESSION, message="\n".join(internal))
    died = _DIED.search(log)
    if died is not None:
        return Failure(title="", phase=Phase.SESSION, message=died.group(1) or died.group(2))
    starts = [at for at, line in enumerate(lines) if line == TRACEBACK]
    if starts and not _FINISHED.search(log):
        return read_traceback(_until_blank(lines[starts[-1] :]), title="", phase=Phase.SESSION)
    refused = _REFUSED.search(log)
    if refused is not None:
        return Failure(title="", phase=Phase.COLLECT, message=refused.group())
    return None


def _until_blank(lines: list[str]) -> list[str]:
    """Cut a top-level traceback where the log goes on: at a blank line or the shell's trace."""
    for at, line in enumerate(lines):
        if not line.strip() or line.startswith(("+ ", ">>>>>")):
            return lines[:at]
    return lines
