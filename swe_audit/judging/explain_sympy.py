"""Find each failing test's traceback in the output of sympy's own runner, ``bin/test``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from swe_audit.judging.failures import Failure, Phase, read_traceback, same_file

_END = re.compile(r"=+ tests finished: ")


def sympy_failures(
    log: str, failed: Sequence[str], statuses: Mapping[str, str], files: Sequence[str]
) -> dict[str, Failure]:
    """Map required ids, bare function names, to their failures.

    A name does not tell its file: one that has no result gets the failure of a test file that
    could not be imported, first of those among ``files`` (the test patch's).
    """
    blocks = list(_blocks(log))
    tests = {
        block.title.rpartition(":")[2]: block
        for block in reversed(blocks)
        if block.phase is Phase.CALL
    }
    broken = [block for block in blocks if block.phase is Phase.COLLECT]
    broken.sort(key=lambda block: not any(same_file(block.title, path) for path in files))
    found: dict[str, Failure] = {}
    for test in failed:
        own = tests.get(test)
        if own is None and broken and test not in statuses:
            own = broken[0]
        if own is not None:
            found[test] = own
    return found


def _blocks(log: str) -> Iterable[Failure]:
    """Yield what stands under each ``____ path.py:name ____``, or ``____ path.py ____``."""
    title, body = "", list[str]()
    for line in [*log.split("\n"), "___"]:
        text = line.rstrip()
        if (text.startswith("_") and text.endswith("_")) or _END.match(text):
            if title:
                yield _read(title, body)
            title, body = _title(text), []
        elif title:
            body.append(line)


def _title(line: str) -> str:
    inner = line.strip("_").strip()
    return inner if inner.endswith(".py") or ".py:" in inner else ""


def _read(title: str, body: Sequence[str]) -> Failure:
    phase = Phase.COLLECT if title.endswith(".py") else Phase.CALL
    failure = read_traceback(body, title=title, phase=phase)
    return failure or Failure(title=title, phase=phase, message="\n".join(body).strip())
