"""An assertion that the test patch changed: what the base test asserted is admitted as well."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterator

from swe_audit.alternatives.ground import Ground
from swe_audit.model.construction import Edit
from swe_audit.model.relaxation import Pin, Step
from swe_audit.relaxation.nouns import Function, NotRelaxableError, Place, Rewrite

_ALIKE = 0.5
_SHORTEST = 3


def relax_to_base(ground: Ground, pin: Pin) -> Iterator[Rewrite]:
    """Yield the assertion as it is now or as it was; nothing where the test patch adds it.

    Raise ``NotRelaxableError`` where the statement holds a value or an input of either form
    [pylint-8898], or where the assertion's input changed too, so that the old value says nothing.
    """
    place, old = _before(ground, pin)
    if place is None or old is None:
        return
    new = place.source(place.statement)
    indent = " " * place.statement.col_offset
    text = (
        f"try:\n{_indented(new, indent)}\n{indent}except AssertionError:\n{_indented(old, indent)}"
    )
    yield Rewrite(step=Step.OLD_OR_NEW, edits=(place.replaced(place.statement, text),))


def base_form(ground: Ground, pin: Pin) -> tuple[Edit, ...]:
    """Return the edits that put a changed assertion back as base has it."""
    place, old = _before(ground, pin)
    return (place.replaced(place.statement, old),) if place is not None and old else ()


def _before(ground: Ground, pin: Pin) -> tuple[Place | None, str | None]:
    base_text = ground.base.read(pin.path)
    if base_text is None:
        return None, None
    place = Place.of(ground, pin)
    if not _is_assertion(place.statement):
        return None, None
    mine = place.function()
    theirs = _namesake(base_text, place, mine) if mine is not None else None
    if mine is None or theirs is None:
        return None, None
    before, after = _statements(theirs), _statements(mine)
    said = ast.unparse(place.statement)
    gone = [each for each in before if each not in after and _is_assertion(_parsed(each))]
    if said in before or not gone:
        return None, None
    old = max(gone, key=lambda each: _ratio(each, said))
    if _ratio(old, said) < _ALIKE:
        return None, None
    inputs = [
        each
        for each in (*(set(before) - set(after)), *(set(after) - set(before)))
        if not _is_assertion(_parsed(each))
    ]
    _check_statement(ground.task.statement, [old, said, *inputs])
    if inputs:
        raise NotRelaxableError("the assertion's input changed with it: the old value says nothing")
    return place, old


def _check_statement(statement: str, pieces: list[str]) -> None:
    plain = " ".join(statement.split())
    for piece in pieces:
        for value in _literals(piece):
            if value in plain:
                raise NotRelaxableError(f"the statement holds what the assertion is about: {value}")


def _literals(source: str) -> Iterator[str]:
    """Yield the texts and numbers of some code, of ``--option=value`` the value too."""
    for node in ast.walk(_parsed(source)):
        if isinstance(node, ast.Constant) and not isinstance(node.value, bool | bytes | None):
            text = " ".join(str(node.value).split())
            yield from (each for each in (text, text.partition("=")[2]) if len(each) >= _SHORTEST)


def _namesake(base_text: str, place: Place, mine: Function) -> Function | None:
    """Return the function of base with the same name in the same class."""
    owner = next((n.name for n in place.around if isinstance(n, ast.ClassDef)), "")
    try:
        module = ast.parse(base_text)
    except (SyntaxError, ValueError, RecursionError):
        return None
    holders: list[ast.Module | ast.ClassDef] = [module]
    holders += [node for node in ast.walk(module) if isinstance(node, ast.ClassDef)]
    for holder in holders:
        name = holder.name if isinstance(holder, ast.ClassDef) else ""
        for node in holder.body:
            if isinstance(node, Function) and (name, node.name) == (owner, mine.name):
                return node
    return None


def _statements(function: Function) -> list[str]:
    """Return the simple statements of a function, and the heads of its blocks, as one text each."""
    found = []
    for node in ast.walk(function):
        if isinstance(node, ast.stmt) and node is not function:
            if isinstance(node, ast.With | ast.AsyncWith):
                found.append(f"({', '.join(ast.unparse(item) for item in node.items)},)")
            elif not hasattr(node, "body"):
                found.append(ast.unparse(node))
    return found


def _is_assertion(node: ast.AST) -> bool:
    if isinstance(node, ast.Module):
        node = node.body[0] if node.body else node
    if isinstance(node, ast.Assert):
        return True
    call = node.value if isinstance(node, ast.Expr) else None
    func = call.func if isinstance(call, ast.Call) else None
    return isinstance(func, ast.Attribute) and func.attr.startswith("assert")


def _parsed(source: str) -> ast.Module:
    try:
        return ast.parse(source)
    except SyntaxError:  # the head of a block, such as ``(open(path) as file,)``
        return ast.Module(body=[], type_ignores=[])


def _ratio(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one, other, autojunk=False).ratio()


def _indented(source: str, indent: str) -> str:
    """Put a statement one step deeper; the inside of a text of several lines stays as it is."""
    lines = ast.unparse(ast.parse(source.strip())).split("\n")
    return "\n".join(f"{indent}    {line}" for line in lines)
