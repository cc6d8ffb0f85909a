"""Tell why a test failed from its exception, its assertion and what it expected.

The rules are tried in the order of ``_RULES``; the first that recognises the failure decides.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from swe_audit.judging.comparisons import (
    comparison,
    difference,
    expected_literal,
    is_message,
    unquoted,
)
from swe_audit.judging.failures import Failure, Phase
from swe_audit.judging.sources import Expectation
from swe_audit.model.finding import Cause

Verdict = tuple[Cause, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A failure and what surrounds it.

    ``assertion`` is the test's whole failing statement, ``around`` the statements of other test
    code on the way there. ``in_test`` says that the exception was raised by the test's own code
    (or by the assertion library for it), not by the code under test. ``own_modules`` are the
    top-level modules that the task's project has.
    """

    failure: Failure
    assertion: str
    around: str
    expectation: Expectation | None
    in_test: bool
    own_modules: frozenset[str]

    @property
    def says(self) -> str:
        """The exception's message, as much of it as the rules look at."""
        return self.failure.message[:_LONGEST]

    @property
    def source(self) -> str:
        """Everything known of what the test says on the way to the failing place."""
        expected = self.expectation.source if self.expectation else ""
        return f"{expected}\n{self.around}\n{self.assertion}"

    def mentions(self, name: str) -> bool:
        """Tell whether the failing statement uses this name."""
        return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", self.source) is not None


_LONGEST = 4_000
_ASSERTING = frozenset(("AssertionError", "Failed", "FailureException", "DidNotRaise"))
_IMPORTS = frozenset(("ImportError", "ModuleNotFoundError"))
_SYNTAX = frozenset(("SyntaxError", "IndentationError", "TabError"))
_BUILTIN_TYPES = frozenset(
    ("NoneType", "str", "bytes", "int", "float", "bool", "list", "tuple", "dict", "set", "function")
)

_NO_MODULE = re.compile(r"No module named '?([\w.]+)'?")
_NO_IMPORT = re.compile(r"cannot import name '?(\w+)'?")
_NO_NAME = re.compile(r"(?:global )?name '(\w+)' is not defined")
_NO_ATTRIBUTE = re.compile(
    r"(?:module|type object|'?(?P<type>[\w.]+)'? object|.*) '?(?:[\w.]+'? )?"
    r"(?:has no attribute|does not have the attribute) '(?P<name>\w+)'"
)
_NO_FIXTURE = re.compile(r"fixture '(\w+)' not found")
_LIBRARY = re.compile(r"\S+\.so[.\d]*: |DLL load failed|libG?L")
_CIRCULAR = ("partially initialized module", "circular import")

_ARGUMENT = re.compile(
    r"(?:got an unexpected keyword argument|got multiple values for (?:keyword )?argument"
    r"|invalid keyword argument|got some positional-only arguments passed as keyword arguments:"
    r"|missing \d+ required (?:positional|keyword-only) arguments?:) '(\w+)'"
    r"|'(\w+)' is an invalid keyword argument"
)
_ARITY = re.compile(
    r"takes (?:exactly |at most |at least |from \d+ to )?(?:\d+|no) (?:\w+ )?arguments?"
    r"|takes no (?:keyword )?arguments|expected (?:at (?:most|least) |exactly )?\d+ arguments?"
    r"|(?:multiple values for|missing a required) (?:keyword )?argument"
)
_CALLED = re.compile(r"\A([\w.<>]+)\(\)")

_PATTERNS = tuple(
    re.compile(pattern, re.DOTALL)
    for pattern in (
        r"Regex pattern did not match.*?\n\s*(?:Expected regex|Regex): (?P<text>[^\n]*)",
        r"Regex pattern (?P<text>.+) does not match ",
        r"Pattern (?P<text>.+) (?:not found in|does not match) ",
        r"DID NOT WARN.*matching the regex.*\n\s*Regex: (?P<text>[^\n]*)",
        r"DID NOT WARN.* matching \((?P<text>.+)\) was emitted",
        r"Regex didn't match: (?P<text>.+) not found in ",
        r"(?P<text>\".*\") does not match \"",
        r"Couldn't find (?P<text>'.*'|\".*\") in ",
    )
)
_NOT_RAISED = re.compile(
    r"DID NOT RAISE(?: <class '(?P<type>[\w.]+)'>| (?P<bare>[\w.]+))?"
    r"|(?P<name>[\w.]+) not (?:raised|triggered)\b"
)
_NOT_WARNED = re.compile(r"DID NOT WARN\. No warnings of type \(?(?:<class ')?([\w.]+)")
_EMITTED = re.compile(r"(?:Emitted warnings|list of emitted warnings is): \[.+\]", re.DOTALL)
_MOCK = re.compile(
    r"[Ee]xpected (?:call|await)s? ?(?:not found)?[.:]"
    r"|Expected '(?P<mock>[\w.]+)' to (?:not )?have"
    r"|Expected '(?P<mock2>[\w.]+)' to be (?:called|awaited)|Calls not found|Not called"
    r"|(?P<call>.+) call not found"
)
_MOCK_EXPECTED = re.compile(r"^\s*Expected(?: call)?: (.+)$", re.MULTILINE)
_STRUCTURE = re.compile(
    r"\.assert_(?:called|not_called|has_calls|any_call|awaited)|\.(?:call_count|call_args\w*|mock_calls)\b"
    r"|\binspect\.\w+|\bgetsource\("
)
_MESSAGE_CALL = re.compile(r"(?:Raises|Warns)(?:Message|Regex)|assertFormError|assertMessages")


def cause_of(scene: Scene) -> Verdict:
    """Return the cause of a failure and the pinned name or text, '' where there is none."""
    for rule in _RULES:
        verdict = rule(scene)
        if verdict is not None:
            return verdict
    return Cause.CRASH, ""


def _import(scene: Scene) -> Verdict | None:
    """A missing name of the project, or a dependency that the environment lacks."""
    if scene.failure.exception not in _IMPORTS:
        return None
    if any(sign in scene.says for sign in _CIRCULAR):
        return _without_results(scene)
    name, module = _NO_IMPORT.search(scene.says), _NO_MODULE.search(scene.says)
    if module is not None:
        if module.group(1).split(".")[0] not in scene.own_modules:
            return Cause.MISSING_DEPENDENCY, module.group(1)
        return _if_the_tests_ask(scene, module.group(1))
    if name is not None:
        return _if_the_tests_ask(scene, name.group(1))
    if _LIBRARY.search(scene.says):
        return Cause.MISSING_DEPENDENCY, scene.says.split(":")[0]
    return _without_results(scene)


def _if_the_tests_ask(scene: Scene, name: str) -> Verdict:
    if scene.in_test or scene.mentions(name):
        return Cause.MISSING_NAME, name
    return _without_results(scene)


def _without_results(scene: Scene) -> Verdict:
    return (Cause.NOT_COLLECTED if scene.failure.phase is Phase.COLLECT else Cause.CRASH), ""


def _name(scene: Scene) -> Verdict | None:
    """A name or attribute that the test uses and the candidate lacks.

    An attribute missing on a builtin type means that the code returned something else.
    """
    fixture = _NO_FIXTURE.match(scene.says)
    if fixture is not None:
        return Cause.MISSING_NAME, fixture.group(1)
    if scene.failure.exception == "NameError":
        name = _NO_NAME.search(scene.says)
        return _if_the_tests_ask(scene, name.group(1)) if name else None
    if scene.failure.exception != "AttributeError":
        return None
    attribute = _NO_ATTRIBUTE.match(scene.says)
    if attribute is None:
        return None
    if attribute.group("type") in _BUILTIN_TYPES:
        return (Cause.VALUE if scene.in_test else Cause.CRASH), ""
    return _if_the_tests_ask(scene, attribute.group("name"))


def _signature(scene: Scene) -> Verdict | None:
    """A call that the candidate's signature does not take, made by the test."""
    if scene.failure.exception != "TypeError":
        return None
    argument = _ARGUMENT.search(scene.says)
    if argument is not None:
        name = argument.group(1) or argument.group(2)
        return (Cause.SIGNATURE, name) if scene.in_test or scene.mentions(name) else None
    if _ARITY.search(scene.says) and scene.in_test:
        called = _CALLED.match(scene.says)
        return Cause.SIGNATURE, called.group(1) if called else ""
    return None


def _structure(scene: Scene) -> Verdict | None:
    """A mock that was not called so, or a look at the source."""
    if scene.failure.exception != "AssertionError":
        return None
    mock = _MOCK.search(scene.says)
    if mock is None:
        return (Cause.STRUCTURE, "") if _STRUCTURE.search(scene.assertion) else None
    expected = _MOCK_EXPECTED.search(scene.says)
    if expected is not None:
        return Cause.STRUCTURE, expected.group(1).strip()
    return Cause.STRUCTURE, mock.group("mock") or mock.group("mock2") or mock.group("call") or ""


def _text(scene: Scene) -> Verdict | None:
    """The wording of an exception, a warning or a response."""
    if scene.failure.exception not in _ASSERTING:
        return None
    for pattern in _PATTERNS:
        match = pattern.search(scene.says)
        if match is not None:
            return Cause.MESSAGE_TEXT, _pinned(match.group("text"))
    if _MESSAGE_CALL.search(scene.source):
        compared = comparison(scene.says, scene.assertion)
        if compared is not None:
            return Cause.MESSAGE_TEXT, unquoted(compared.expected)
    return None


def _pinned(text: str) -> str:
    """Return a printed pattern as it was written; unittest puts plain quotes around it."""
    if text.startswith('"') and text.endswith('"') and len(text) > 1 and "\\" in text:
        return text[1:-1]
    return unquoted(text)


def _not_raised(scene: Scene) -> Verdict | None:
    """Nothing was raised or warned, which is behaviour; or something of another class."""
    if scene.failure.exception not in _ASSERTING:
        return None
    warned = _NOT_WARNED.search(scene.says)
    if warned is not None:
        other = _EMITTED.search(scene.says) is not None
        return (Cause.EXCEPTION_TYPE if other else Cause.VALUE), warned.group(1)
    raised = _NOT_RAISED.search(scene.says)
    if raised is None:
        return None
    known = raised.group("type") or raised.group("bare") or raised.group("name")
    return Cause.VALUE, known or (scene.expectation.expected if scene.expectation else "")


def _other_class(scene: Scene) -> Verdict | None:
    """An exception came where one of another class was expected."""
    expected = scene.expectation
    if scene.failure.exception in _ASSERTING or expected is None or "arn" in expected.call:
        return None
    if not expected.expected or expected.expected.rpartition(".")[2] == scene.failure.exception:
        return None
    return Cause.EXCEPTION_TYPE, expected.expected


def _compared(scene: Scene) -> Verdict | None:
    """A comparison that does not hold."""
    if scene.failure.exception not in _ASSERTING:
        return None
    found = comparison(scene.failure.message, scene.assertion) if scene.says else None
    if found is not None:
        return difference(found, scene.source)
    written = expected_literal(scene.assertion)
    text = unquoted(written)
    if text != written and is_message(text, scene.source):
        return Cause.MESSAGE_TEXT, text
    return Cause.VALUE, text


def _collection(scene: Scene) -> Verdict | None:
    """Anything else that kept the tests from being read."""
    if scene.failure.phase is Phase.COLLECT or scene.failure.exception in _SYNTAX:
        return Cause.NOT_COLLECTED, ""
    return None


_RULES: tuple[Callable[[Scene], Verdict | None], ...] = (
    _import,
    _name,
    _signature,
    _structure,
    _text,
    _not_raised,
    _other_class,
    _compared,
    _collection,
)
