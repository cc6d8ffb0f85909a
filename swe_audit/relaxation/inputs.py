"""A pinned piece of test input: another that the statement allows as well is tried too.

Only where the statement leaves the choice to whoever solves it (the separator could be ``;`` or
``,``): where users may write either, both have to work. The tests that hold one of them go on as
they were, and again with the other where that fails.
"""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Iterator

from swe_audit.alternatives.constructions.templates import lines_of, span_of
from swe_audit.alternatives.ground import Ground
from swe_audit.model.construction import Edit
from swe_audit.model.relaxation import Pin, Step
from swe_audit.relaxation.garbage import NONSENSE
from swe_audit.relaxation.nouns import Function, NotRelaxableError, Rewrite
from swe_audit.relaxation.swapping import is_offered
from swe_audit.relaxation.texts import graded_paths
from swe_audit.statements import doubt_in, sentences_of

_PIECE = r"(?<!\w)(?:`[^`\n]{1,40}`|\"[^\"\n]{1,40}\"|'[^'\n]{1,40}')(?!\w)"
_CHOICE = re.compile(
    rf"(?P<first>{_PIECE})[^`\"'.;]{{0,30}}?,?\s+or\b[^`\"'.;]{{0,30}}?(?P<second>{_PIECE})"
)
_REFUSES = re.compile(
    r"\b(?:not?|never|neither|nor|cannot|without|invalid|reject\w*|refus\w*|fail\w*|errors?"
    r"|rais\w+|forbid\w*|instead|rather|whether)\b|n't\b",
    re.IGNORECASE,
)


def relax_input(ground: Ground, pin: Pin) -> Iterator[Rewrite]:
    """Yield the tests with another input beside theirs, for each choice of the statement.

    Raise ``NotRelaxableError`` where a test cannot be written twice.
    """
    for one, other, sentence in _choices(ground.task.statement):
        for piece, instead in ((one, other), (other, one)):
            found = list(_holders(ground, pin, piece, instead))
            if found:
                yield Rewrite(
                    step=Step.INPUT,
                    edits=tuple(_either(*each, piece, instead) for each in found),
                    piece=piece,
                    choice=sentence,
                    nonsense=tuple(_with(*each, piece, NONSENSE) for each in found),
                )


def _choices(statement: str) -> Iterator[tuple[str, str, str]]:
    """The pairs of which a sentence offers ``one or other``, and neither refuses nor doubts it."""
    for sentence in sentences_of(statement):
        found = _CHOICE.search(sentence)
        offered = found and is_offered(sentence) and not _REFUSES.search(sentence)
        if found and offered and not doubt_in(sentence):
            yield found["first"][1:-1], found["second"][1:-1], sentence


def _holders(
    ground: Ground, pin: Pin, piece: str, instead: str
) -> Iterator[tuple[str, str, Function]]:
    """The functions of a pin's tests whose literals hold one piece and not the other."""
    names = {word for test in pin.tests for word in re.findall(r"\w+", test)}
    for path in graded_paths(ground):
        text = ground.tests.read(path) or ""
        try:
            module = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError):
            continue
        for node in ast.walk(module):
            if not isinstance(node, Function) or node.name not in names:
                continue
            if _holds(node, piece) and not _holds(node, instead):
                yield path, text, node


def _holds(function: Function, piece: str) -> bool:
    return any(_swapped(text, piece, "") != text for _, text in _texts(function))


def _either(path: str, text: str, function: Function, piece: str, instead: str) -> Edit:
    first, second = _body(function), _body(_in(function, piece, instead))
    indent = " " * _statements(function)[0].col_offset
    caught = "(Exception, pytest.fail.Exception)" if _imports_pytest(text) else "Exception"
    whole = f"try:\n{_deeper(first, indent)}\n{indent}except {caught}:\n{_deeper(second, indent)}"
    return _replaced(path, text, function, whole)


def _with(path: str, text: str, function: Function, piece: str, instead: str) -> Edit:
    indent = " " * _statements(function)[0].col_offset
    return _replaced(path, text, function, f"\n{indent}".join(_body(_in(function, piece, instead))))


def _in(function: Function, piece: str, instead: str) -> Function:
    made = copy.deepcopy(function)
    for node, text in _texts(made):
        node.value = _swapped(text, piece, instead)
    return made


def _statements(function: Function) -> list[ast.stmt]:
    """A function's body behind its documentation, which may be the test's id."""
    return function.body[1:] if ast.get_docstring(function) is not None else function.body


def _texts(function: Function) -> list[tuple[ast.Constant, str]]:
    return [
        (node, node.value)
        for each in _statements(function)
        for node in ast.walk(each)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]


def _swapped(text: str, piece: str, instead: str) -> str:
    left = r"(?<!\w)" if piece[0].isalnum() else ""
    right = r"(?!\w)" if piece[-1].isalnum() else ""
    return re.sub(f"{left}{re.escape(piece)}{right}", lambda _: instead, text)


def _body(function: Function) -> list[str]:
    """The lines of a function's body, none of them inside a text."""
    if any("\n" in ast.unparse(n) for n in ast.walk(function) if isinstance(n, ast.JoinedStr)):
        raise NotRelaxableError(f"{function.name} holds a text that cannot be moved")
    return [line for node in _statements(function) for line in ast.unparse(node).split("\n")]


def _deeper(lines: list[str], indent: str) -> str:
    return "\n".join(f"{indent}    {line}" for line in lines)


def _replaced(path: str, text: str, function: Function, body: str) -> Edit:
    lines, body_of = lines_of(text), _statements(function)
    start, end = span_of(body_of[0], lines, text)[0], span_of(body_of[-1], lines, text)[1]
    return Edit(path=path, start=start, end=end, text=body)


def _imports_pytest(text: str) -> bool:
    return any(
        isinstance(node, ast.Import) and any(alias.name == "pytest" for alias in node.names)
        for node in ast.parse(text).body
    )
