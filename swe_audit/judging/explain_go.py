"""Tell why Go tests failed: what the compiler or a test wrote, as ``go test -v`` shows it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from swe_audit.judging.comparisons import Comparison, difference
from swe_audit.judging.failures import Told, in_tree
from swe_audit.model.finding import Cause

_PACKAGE = re.compile(r"^# (\S+)(?: \[\S+\])?$")
_PLACED = re.compile(r"^(?:vet: )?(\.{0,2}/?[\w./@-]+\.go):(\d+)(?::\d+)?: (.*)$")
_NAMES = (
    re.compile(r"^undefined: (?:\w+\.)?(\w+)"),
    re.compile(r"\.(\w+) undefined \(type .* has no (?:field or )?method"),
    re.compile(r"^unknown field '?(\w+)'? in struct literal"),
    re.compile(r"\(missing method (\w+)\)"),
    re.compile(r"^(?:name )?(\w+) not (?:exported|declared) by package"),
    re.compile(r"^undeclared name: (\w+)"),
)
_CALLS = (
    re.compile(r"^(?:not enough|too many) arguments in call to (?:[\w.()*]+\.)?(\w+)"),
    re.compile(r"in argument to (?:[\w.()*]+\.)?(\w+)"),
    re.compile(r"^assignment mismatch: .* but (?:[\w.()*]+\.)?(\w+)(?:\(.*\))? returns"),
)
_PACKAGES = re.compile(
    r"no required module provides package (\S+?);?(?: |$)|cannot find package \"(\S+)\""
    r"|package (\S+) is not in (?:GOROOT|std)"
)
_RUN = re.compile(r"^=== (?:RUN|CONT|NAME)\s+(\S+)$")
_END = re.compile(r"^\s*--- (?:FAIL|PASS|SKIP): (\S+) ")
_SAID = re.compile(r"^ +([\w./-]+\.go):(\d+): ?(.*)$")
_PANIC = re.compile(r"^panic: (.*)$", re.MULTILINE)
_TESTIFY = re.compile(
    r"expected\s*: (?P<expected>.*)\n\s*actual\s*: (?P<actual>.*)"
    r"|Error:\s+(?P<container>.*) does not contain (?P<part>.*)"
)
_ACTUAL, _EXPECTED = r"(?:got|have)[:= ]+(?P<actual>.+?)", r"(?:want(?:ed)?|expected)[:= ]+"
_WANTED = (
    re.compile(rf"{_ACTUAL}[,;]? (?:but )?{_EXPECTED}(?P<expected>.+)$"),
    re.compile(rf"{_EXPECTED}(?P<expected>.+?)[,;]? (?:but )?{_ACTUAL}$"),
)


def go_failures(log: str, failed: Sequence[str], statuses: Mapping[str, str]) -> dict[str, Told]:
    """Map required tests to why they failed, as far as the log tells.

    A test without a result belongs to a package that was not built; where several were not, to
    the first one.
    """
    said = _sayings(log)
    broken = next(_broken(log), None)
    panic = _PANIC.search(log)
    found: dict[str, Told] = {}
    for test in failed:
        name = test.split(" | ")[-1].split(".go::")[-1]
        parts = (told for key, told in said.items() if key.startswith(f"{name}/"))
        own = said.get(name) or next(parts, None)
        if own is not None:
            found[test] = own
        elif test in statuses and panic is None:
            continue
        elif broken is not None and test not in statuses:
            found[test] = broken
        elif panic is not None:
            found[test] = Told(cause=Cause.CRASH, exception="panic", message=panic.group(1))
    return found


def _broken(log: str) -> Iterator[Told]:
    """Yield why packages were not built, the telling errors first."""
    errors = []
    inside = False
    for line in log.split("\n"):
        if _PACKAGE.match(line):
            inside = True
            continue
        placed = _PLACED.match(line)
        if placed is None or not (inside or _PACKAGES.search(line)):
            inside = inside and line.startswith(("\t", " "))
            continue
        errors.append(placed)
    told = [_compile_error(*error.groups()) for error in errors]
    yield from sorted(told, key=lambda each: each.cause is Cause.NOT_COLLECTED)
    missing = _PACKAGES.search(log)
    if missing is not None:
        name = next(filter(None, missing.groups()))
        yield Told(cause=Cause.MISSING_DEPENDENCY, message=missing.group(), detail=name)
    elif "[build failed]" in log or "[setup failed]" in log:
        yield Told(cause=Cause.NOT_COLLECTED, message="the package was not built")


def _compile_error(path: str, line: str, message: str) -> Told:
    cause, detail = Cause.NOT_COLLECTED, ""
    package = _PACKAGES.search(message)
    if package is not None:
        cause, detail = Cause.MISSING_DEPENDENCY, next(filter(None, package.groups()))
    for patterns, meaning in ((_NAMES, Cause.MISSING_NAME), (_CALLS, Cause.SIGNATURE)):
        names = [match[1] for pattern in patterns if (match := pattern.search(message))]
        if names:
            cause, detail = meaning, names[0]
            break
    return Told(
        cause=cause,
        detail=detail,
        exception="compile error",
        message=message,
        path=in_tree(path),
        line=int(line),
    )


def _sayings(log: str) -> dict[str, Told]:
    """Return what each test reported first, by the test's name."""
    found: dict[str, Told] = {}
    test = ""
    lines = log.split("\n")
    for at, line in enumerate(lines):
        run, end = _RUN.match(line), _END.match(line)
        if run or end:
            test = (run or end)[1]  # type: ignore[index]
            continue
        said = _SAID.match(line)
        if said is None or not test or test in found:
            continue
        message = "\n".join([said[3], *_more(lines, at + 1)]).strip()
        found[test] = _reported(message, said[1], int(said[2]))
    return found


def _more(lines: Sequence[str], at: int) -> Iterator[str]:
    """Yield the lines of a report that goes on, which are indented further."""
    for line in lines[at : at + 60]:
        if not line.startswith("        ") or _RUN.match(line) or _END.match(line):
            return
        yield line.strip()


def _reported(message: str, path: str, line: int) -> Told:
    cause, detail = Cause.VALUE, ""
    testify = _TESTIFY.search(message)
    plain = next((match for each in _WANTED if (match := each.search(message))), None)
    if testify is not None and testify["part"]:
        compared = Comparison(operator="in", expected=testify["part"], actual=testify["container"])
        cause, detail = difference(compared, message)
    elif testify is not None or plain is not None:
        match = testify or plain
        assert match is not None
        expected = match["expected"].strip()
        compared = Comparison(operator="==", expected=expected, actual=match["actual"].strip())
        cause, detail = difference(compared, message)
    return Told(cause=cause, detail=detail, message=message, path=in_tree(path), line=line)
