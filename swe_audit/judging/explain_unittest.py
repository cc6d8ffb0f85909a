"""Find each failing test's traceback in a unittest log, Django's included."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from swe_audit.judging.failures import Failure, Phase, read_traceback

_RULE, _THIN = "=" * 70, "-" * 70
_HEADER = re.compile(r"(?:FAIL|ERROR): (\S+)(?: \(([\w.<>]+)\))?(.*)\Z")
# What follows the class are the parameters of a subtest.
_ID = re.compile(r"(\S+) \(([\w.]+)\)(?: [(\[].*)?\Z")
_NOT_LOADED = ("unittest.loader._FailedTest", "unittest.loader.ModuleImportFailure")
_FIXTURES = {"setUpClass", "tearDownClass", "setUpModule", "tearDownModule"}


def unittest_failures(
    log: str, failed: Sequence[str], statuses: Mapping[str, str]
) -> dict[str, Failure]:
    """Map required ids to their failures, as far as the log tells.

    Ids are ``test (pkg.mod.Class)``, with the method repeated after the class since Python 3.11,
    or a docstring's first line. A test of a class or module that could not be set up or imported
    gets that failure; a docstring does not tell its module, so it gets the only one there is.
    """
    blocks = list(_blocks(log))
    tests = {_key(block.title): block for block in reversed(blocks)}
    docs = {block.heading: block for block in reversed(blocks) if block.heading}
    methods = {_key(block.title)[0]: block for block in reversed(blocks)}
    wider = {_scope(block.title): block for block in reversed(blocks) if _scope(block.title)}
    found: dict[str, Failure] = {}
    for test in failed:
        method, owner = _key(test)
        own = tests.get((method, owner)) or docs.get(test)
        if own is None and not owner:
            own = methods.get(test)
        if own is None and not _passed_elsewhere(test, statuses):
            own = _wider(owner, wider)
        if own is not None:
            found[test] = own
    return found


def _passed_elsewhere(test: str, statuses: Mapping[str, str]) -> bool:
    return statuses.get(test) == "SKIPPED"


def _key(title: str) -> tuple[str, str]:
    """Return method and dotted class of ``test (pkg.mod.Class[.test])``."""
    match = _ID.match(title)
    if match is None:
        return title, ""
    method, owner = match.groups()
    return method, owner.removesuffix(f".{method}")


def _scope(title: str) -> str:
    """Return the class or module that a failure takes with it, or an empty text."""
    method, owner = _key(title)
    if method in _FIXTURES:
        return owner
    return method if owner in _NOT_LOADED else ""


def _wider(owner: str, wider: Mapping[str, Failure]) -> Failure | None:
    if not owner:
        return next(iter(wider.values())) if len(wider) == 1 else None
    parts = owner.split(".")
    for length in range(len(parts), 0, -1):
        failure = wider.get(".".join(parts[:length]))
        if failure is not None:
            return failure
    # A module that was not found is named by its last part only.
    return next((wider[part] for part in reversed(parts[:-1]) if part in wider), None)


def _blocks(log: str) -> Iterable[Failure]:
    """Yield what stands under each ``FAIL:`` or ``ERROR:`` between two rules."""
    lines = log.split("\n")
    starts = [
        at + 1
        for at, line in enumerate(lines[:-1])
        if line.strip() == _RULE and _HEADER.match(lines[at + 1])
    ]
    for at, start in enumerate(starts):
        stop = starts[at + 1] - 1 if at + 1 < len(starts) else len(lines)
        failure = _read(lines[start:stop])
        if failure is not None:
            yield failure


def _read(lines: Sequence[str]) -> Failure | None:
    match = _HEADER.match(lines[0])
    thin = next((at for at, line in enumerate(lines) if line == _THIN), None)
    if match is None or thin is None:
        return None
    name, owner, _parameters = match.groups()
    title = f"{name} ({owner})" if owner else name
    body = list(lines[thin + 1 :])
    if _THIN in body:  # the summary after the last failure
        body = body[: body.index(_THIN)]
    phase = Phase.CALL
    if name in _FIXTURES:
        phase = Phase.SETUP
    elif owner and _key(title)[1] in _NOT_LOADED:
        phase = Phase.COLLECT
    heading = lines[1].strip() if thin > 1 else ""
    failure = read_traceback(body, title=title, phase=phase, heading=heading)
    if failure is None:
        return Failure(title=title, phase=phase, message="\n".join(body).strip(), heading=heading)
    message, _, _ = failure.message.partition("\n\nStdout:\n")
    return replace(failure, message=message.rstrip())
