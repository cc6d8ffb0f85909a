"""Tell why JavaScript tests failed, from what node's test runner, Jest and Mocha write."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from swe_audit.judging.comparisons import Comparison, difference, is_message, unquoted
from swe_audit.judging.failures import Told, in_tree
from swe_audit.model.finding import Cause

_NOT_OK = re.compile(r"^( *)not ok \d+ - (.*?)(?: # .*)?$")
_JEST = re.compile(r"^ {1,4}● (.+)$")
_MOCHA_ERRORS = re.compile(r'^\s*"failures": \[', re.MULTILINE)
_FRAME = re.compile(r"\(?((?:file://)?[\w./@+ -]+\.[cm]?[jt]sx?):(\d+):\d+\)?")
_LIBRARY = re.compile(r"node_modules|node:|internal/")
_CLASS = re.compile(r"\b([A-Z]\w*(?:Error|Exception))\b: ?(.*)")
_NAMES = (
    re.compile(r"(?:[\w$.]*\.)?([\w$]+)(?:\(\.\.\.\))? is not a (?:function|constructor)"),
    re.compile(r"\b([\w$]+) is not defined"),
    re.compile(r"does not provide an export named '([\w$]+)'"),
    re.compile(r"Property '([\w$]+)' does not exist on type"),
    re.compile(r"has no exported member '?([\w$]+)"),
    re.compile(r"Cannot find name '([\w$]+)'"),
    re.compile(r"Property `([\w$]+)` does not exist in the provided object"),
)
_READING = re.compile(r"Cannot (?:read|set) propert(?:y|ies) (?:'([\w$]+)' )?of (?:undefined|null)")
_MODULE = re.compile(r"Cannot find (?:module|package) '([^']+)'")
_SIGNATURE = re.compile(r"Expected (?:\d+|\d+-\d+) arguments, but got \d+")
_PATTERN = re.compile(r"did not match the regular expression (/.*/[a-z]*)\. Input")
_TOLD = re.compile(r"^\s*-\s+message: (.+?),?$", re.MULTILINE)
_SAID = re.compile(r"^\s*\+\s+message: (.+?),?$", re.MULTILINE)
_EXPECTED = re.compile(
    r"^\s*Expected(?: substring| value| message| pattern)?:\s+(?P<expected>.+)\n"
    r"(?:.*\n){0,3}?\s*Received(?: string| value| message)?:\s+(?P<actual>.+)$",
    re.MULTILINE,
)
_EQUAL = re.compile(r"^(?P<actual>.+?) !==? (?P<expected>.+)$", re.MULTILINE)
_MOCHA_EQUAL = re.compile(r"expected (?P<actual>.+?) to (?:deeply )?equal (?P<expected>.+)")
_PARTS = r" \| | \u203a "
_LONGEST = 6_000


def javascript_failures(
    log: str, failed: Sequence[str], statuses: Mapping[str, str]
) -> dict[str, Told]:
    """Map required tests to why they failed, as far as the log tells.

    Tests are found by the last part of their names, since runners differ in what they put before
    it. A test without a result gets the failure of its file, where there is just one.
    """
    reports = list(_reports(log))
    whole = [told for name, told in reports if told.cause in _WHOLE or _is_file(name)]
    found: dict[str, Told] = {}
    for test in failed:
        own = next((told for name, told in reports if _same(test, name)), None)
        if own is None and test not in statuses and whole:
            own = whole[0]
        if own is not None:
            found[test] = own
    return found


_WHOLE = (Cause.MISSING_DEPENDENCY, Cause.MISSING_NAME)


def _is_file(name: str) -> bool:
    return re.search(r"\.[cm]?[jt]sx?$|Test suite failed to run", name) is not None


def _same(test: str, name: str) -> bool:
    """Whether a report's name ends as a test's id (``file | suite | test``)."""
    own = re.split(_PARTS, test)[-1].strip()
    told = re.split(_PARTS, name)[-1].strip()
    return bool(told) and (own == told or own.endswith(f" {told}") or told.endswith(f" {own}"))


def _reports(log: str) -> Iterator[tuple[str, Told]]:
    lines = log.split("\n")
    for at, line in enumerate(lines):
        tap, jest = _NOT_OK.match(line), _JEST.match(line)
        if tap is not None and "'subtestsFailed'" not in "\n".join(lines[at : at + 8]):
            yield tap[2], _told("\n".join(_indented(lines, at + 1, len(tap[1]))))
        elif jest is not None:
            yield jest[1].strip(), _told("\n".join(_jest_block(lines, at + 1)))
    yield from _mocha(log)


def _indented(lines: Sequence[str], at: int, depth: int) -> Iterator[str]:
    """Yield the YAML below a TAP result, without its margin."""
    for line in lines[at : at + 400]:
        if line == " " * (depth + 2) + "...":
            return
        yield line[depth + 2 :]


def _jest_block(lines: Sequence[str], at: int) -> Iterator[str]:
    for line in lines[at : at + 200]:
        if _JEST.match(line) or line.startswith(("Test Suites:", "PASS ", "FAIL ")):
            return
        yield line


def _mocha(log: str) -> Iterator[tuple[str, Told]]:
    """Yield the failures of Mocha's JSON, which stands in the log after whatever was printed."""
    if not _MOCHA_ERRORS.search(log):
        return
    decoder = json.JSONDecoder()
    for match in re.finditer(r"^\{$", log, re.MULTILINE):
        try:
            report, _ = decoder.raw_decode(log, match.start())
            failures = [(test["fullTitle"], test["err"]) for test in report["failures"]]
            for title, error in failures:
                yield str(title), _told(f"{error.get('message', '')}\n{error.get('stack', '')}")
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            continue


def _told(text: str) -> Told:
    """Read one failure's text: the class, what it says, where it was, and so the cause."""
    text = text[:_LONGEST]
    cause, detail = _cause(text)
    stack = text.partition("stack: |-")[2] or text
    frames = [match for match in _FRAME.finditer(stack) if not _LIBRARY.search(match[1])]
    tests = [match for match in frames if re.search(r"test|spec", match[1])]
    place = next(iter(tests or frames), None)
    name = _CLASS.search(text)
    named = re.search(r"^name: '(\w+)'", text, re.MULTILINE)
    exception = named[1] if named else name[1] if name else ""
    return Told(
        cause=cause,
        detail=detail,
        exception=exception,
        message=_message(text),
        path=in_tree(place[1].removeprefix("file://").strip()) if place else None,
        line=int(place[2]) if place else None,
    )


def _message(text: str) -> str:
    """Return what a failure says: TAP's ``error`` field, else the first lines."""
    block = re.search(r"^error: \|-\n((?:  .*\n|\n)+)", text, re.MULTILINE)
    if block is not None:
        return "\n".join(line[2:] for line in block[1].split("\n")).strip()
    line = re.search(r"^error: (.+)$", text, re.MULTILINE)
    if line is not None:
        return unquoted(line[1])
    return "\n".join(line.strip() for line in text.strip().split("\n")[:6]).strip()


def _cause(text: str) -> tuple[Cause, str]:
    for pattern in _NAMES:
        name = pattern.search(text)
        if name is not None:
            return Cause.MISSING_NAME, name[1]
    module = _MODULE.search(text)
    if module is not None:
        own = module[1].startswith((".", "/"))
        name_of = module[1].rsplit("/", 1)[-1] if own else module[1]
        return (Cause.MISSING_NAME if own else Cause.MISSING_DEPENDENCY), name_of
    if _SIGNATURE.search(text):
        return Cause.SIGNATURE, ""
    return _compared(text)


def _compared(text: str) -> tuple[Cause, str]:
    pattern = _PATTERN.search(text)
    if pattern is not None:
        return Cause.MESSAGE_TEXT, pattern[1].strip("/")
    wanted, said = _TOLD.search(text), _SAID.search(text)
    if wanted is not None and said is not None:
        return Cause.MESSAGE_TEXT, unquoted(wanted[1])
    for shape in (_EXPECTED, _MOCHA_EQUAL, _EQUAL):
        match = shape.search(text)
        if match is not None:
            return _different(match["expected"].strip(), match["actual"].strip(), text)
    if _READING.search(text):
        return Cause.CRASH, ""
    return Cause.VALUE, ""


def _different(expected: str, actual: str, text: str) -> tuple[Cause, str]:
    regular = re.fullmatch(r"/(.*)/[a-z]*", expected)
    if regular is not None:
        expected = json.dumps(regular[1])
    cause, detail = difference(Comparison(operator="==", expected=expected, actual=actual), text)
    if cause is Cause.VALUE and is_message(detail, ""):
        cause = Cause.MESSAGE_TEXT
    return cause, detail
