"""Pick another name as good as gold's: the same style, and nowhere in use."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from swe_audit.alternatives.constructions.name.definitions import Role

_SYNONYMS: dict[str, tuple[str, ...]] = {
    "add": ("append",),
    "all": ("every",),
    "allow": ("permit",),
    "arg": ("argument",),
    "args": ("arguments",),
    "attr": ("attribute",),
    "base": ("root",),
    "build": ("make",),
    "cache": ("store",),
    "callback": ("hook",),
    "check": ("verify",),
    "clean": ("tidy",),
    "cls": ("klass",),
    "compute": ("calculate",),
    "convert": ("transform",),
    "count": ("number",),
    "create": ("make",),
    "data": ("content",),
    "default": ("standard",),
    "delete": ("discard",),
    "disable": ("suppress",),
    "edit": ("update",),
    "enable": ("activate",),
    "error": ("failure",),
    "exclude": ("omit",),
    "extra": ("additional",),
    "fetch": ("obtain",),
    "field": ("column",),
    "fields": ("columns",),
    "filter": ("select",),
    "file": ("path",),
    "find": ("locate",),
    "format": ("layout",),
    "func": ("function",),
    "get": ("fetch", "obtain"),
    "handle": ("process",),
    "ignore": ("skip",),
    "include": ("retain",),
    "index": ("position",),
    "input": ("source",),
    "item": ("element",),
    "items": ("elements",),
    "join": ("combine",),
    "key": ("label",),
    "keys": ("labels",),
    "kwargs": ("keywords",),
    "limit": ("bound",),
    "list": ("sequence",),
    "load": ("read",),
    "make": ("build",),
    "max": ("most",),
    "merge": ("combine",),
    "message": ("notice",),
    "min": ("least",),
    "mode": ("variant",),
    "name": ("title",),
    "names": ("titles",),
    "new": ("fresh",),
    "node": ("element",),
    "obj": ("item",),
    "object": ("item",),
    "only": ("solely",),
    "option": ("choice",),
    "options": ("choices",),
    "order": ("sequence",),
    "output": ("result",),
    "param": ("parameter",),
    "params": ("parameters",),
    "parse": ("interpret",),
    "path": ("location",),
    "prefix": ("lead",),
    "prepare": ("ready",),
    "process": ("handle",),
    "read": ("load",),
    "remove": ("drop",),
    "render": ("draw",),
    "replace": ("swap",),
    "report": ("summary",),
    "resolve": ("determine",),
    "result": ("outcome",),
    "results": ("outcomes",),
    "run": ("execute",),
    "set": ("assign",),
    "size": ("extent",),
    "sort": ("arrange",),
    "split": ("divide",),
    "start": ("begin",),
    "text": ("wording",),
    "time": ("duration",),
    "type": ("kind",),
    "types": ("kinds",),
    "update": ("refresh",),
    "use": ("employ",),
    "valid": ("sound",),
    "validate": ("verify",),
    "value": ("amount",),
    "values": ("amounts",),
    "write": ("store",),
}
_ENDINGS = {
    Role.FUNCTION: "impl",
    Role.CLASS: "type",
    Role.CONSTANT: "value",
    Role.METHOD: "impl",
    Role.CLASS_ATTRIBUTE: "value",
    Role.ATTRIBUTE: "value",
    Role.PARAMETER: "value",
    Role.MODULE: "code",
}
_MORE = ("alt", "other", "variant", "second", "renamed")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


def pick(word: str, role: Role, is_free: Callable[[str], bool]) -> str | None:
    """Return the first of the proposals that is free, None where none is; always the same one."""
    return next((each for each in proposals(word, role) if is_free(each)), None)


def proposals(word: str, role: Role) -> Iterator[str]:
    """Yield other names in the same style, underscores at both ends kept, best first."""
    core = word.strip("_")
    lead = word[: len(word) - len(word.lstrip("_"))]
    trail = word[len(word.rstrip("_")) :] if core else ""
    pieces = list(_WORD.finditer(core))
    # The last words say what a thing is; changing them keeps its verb and its prefix.
    for piece in reversed(pieces):
        for synonym in _SYNONYMS.get(piece[0].lower(), ()):
            changed = core[: piece.start()] + _styled(synonym, piece[0]) + core[piece.end() :]
            yield f"{lead}{changed}{trail}"
    for ending in (_ENDINGS[role], *_MORE):
        if core.lower().endswith(ending):
            continue
        yield f"{lead}{_with_ending(core, ending)}{trail}"


def _styled(synonym: str, like: str) -> str:
    if like.isupper() and len(like) > 1:
        return synonym.upper()
    return synonym.capitalize() if like[:1].isupper() else synonym


def _with_ending(core: str, ending: str) -> str:
    if core.isupper():
        return f"{core}_{ending.upper()}"
    if core[:1].isupper() and "_" not in core:
        return core + ending.capitalize()
    camel = re.search(r"[a-z][A-Z]", core) is not None and "_" not in core
    return core + ending.capitalize() if camel else f"{core}_{ending}"
