"""A framework gives the name: inherited, looked up, registered, called already (EVIDENCE 2.5)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from swe_audit.alternatives.licence.ancestors import ancestry, class_in, own_members
from swe_audit.alternatives.licence.codebase import Codebase
from swe_audit.alternatives.licence.lookups import built_names, looked_up, registered
from swe_audit.alternatives.licence.outcome import Denied, Outcome
from swe_audit.alternatives.licence.syntax import parse
from swe_audit.model.construction import LicenceCheck, RefusalReason

_FOLDERS = re.compile(
    r"(?:^|/)(?:migrations|management/commands|templatetags|locale/[^/]+|plugins|hooks)/[^/]+$"
)
_FILES = re.compile(
    r"(?:^|/)(?:__\w+__|setup|conf|conftest|settings|urls|apps|admin|models|views|signals|manage"
    r"|tasks|wsgi|asgi|version|_version)\.py$"
)


def dunder(word: str) -> Denied | None:
    """Deny names that the language gives."""
    if word.startswith("__") and word.endswith("__"):
        return Denied(reason=RefusalReason.DUNDER, text="the language gives the name")
    return None


def module(path: str) -> Outcome:
    """Deny a module that is found by its folder or by its own name."""
    if _FOLDERS.search(path) or _FILES.search(path):
        text = f"{path} is found by its place, or named as its kind always is"
        return Denied(reason=RefusalReason.FRAMEWORK, text=text)
    return _fine("no framework looks for the module by its place")


def member(
    codebase: Codebase, path: str, scope: str, word: str, *, givers: frozenset[str] = frozenset()
) -> Outcome:
    """Deny a member that an ancestor or a descendant has, or that base asks any object for.

    ``givers`` are classes to which gold gives a member of that name that is new in the tree: what
    is inherited from one of them is gold's own.
    """
    inherited = ancestry(codebase, path, scope)
    own = givers & {base.rpartition(".")[2] for base in inherited.bases}
    if _known(word, inherited.members - {word} if own else inherited.members):
        text = f"an ancestor of {scope} has it: {', '.join(inherited.bases[:4])}"
        return Denied(reason=RefusalReason.FRAMEWORK, text=text)
    if not inherited.resolved:
        text = f"a base of {scope} is not in the tree: {', '.join(inherited.bases) or '?'}"
        return Denied(reason=RefusalReason.UNRESOLVED_BASE, text=text)
    lower = next(_descendants(codebase, scope.rpartition(".")[2], word), None)
    if lower is not None:
        text = f"a class below {scope} has it in base: {lower}"
        return Denied(reason=RefusalReason.FRAMEWORK, text=text)
    caller = _asked_for(codebase, word)
    if caller is not None:
        text = f"base asks objects for .{word} in {caller}"
        return Denied(reason=RefusalReason.FRAMEWORK, text=text)
    bases = ", ".join(inherited.bases[:4]) or "object"
    return _fine(f"no ancestor of {scope} ({bases}) has it, and base asks no object for it")


def dynamic(codebase: Codebase, word: str, decorators: tuple[str, ...]) -> Outcome:
    """Deny a name that base builds, looks up by a string, or that a decorator registers."""
    decorator = registered(decorators)
    if decorator is not None:
        text = f"@{decorator} may register it by name"
        return Denied(reason=RefusalReason.DYNAMIC, text=text)
    where = looked_up(codebase, word)
    if where is not None:
        return Denied(reason=RefusalReason.DYNAMIC, text=f"{where} asks for it by a string")
    built = built_names(codebase, word)
    if built is not None:
        return Denied(reason=RefusalReason.DYNAMIC, text=built)
    return _fine("base neither builds the name nor looks it up by a string")


def signature(codebase: Codebase, path: str, scope: str, decorators: tuple[str, ...]) -> Outcome:
    """Deny a parameter of a method that overrides one, or of a function that is registered."""
    owner, _, function = scope.rpartition(".")
    if dunder(function) is not None and function not in ("__init__", "__new__", "__call__"):
        return Denied(reason=RefusalReason.DUNDER, text=f"the language calls {function}")
    decorator = registered(decorators)
    if decorator is not None:
        text = f"@{decorator} may pass it by name"
        return Denied(reason=RefusalReason.UNKNOWN_CALLER, text=text)
    if not owner or function in ("__init__", "__new__", "__call__"):
        return _fine(f"{scope} overrides nothing whose callers know the parameter")
    inherited = ancestry(codebase, path, owner)
    if _known(function, inherited.members):
        text = f"{scope} overrides a method of {', '.join(inherited.bases[:4])}"
        return Denied(reason=RefusalReason.UNKNOWN_CALLER, text=text)
    if not inherited.resolved:
        text = f"a base of {owner} is not in the tree: {', '.join(inherited.bases) or '?'}"
        return Denied(reason=RefusalReason.UNRESOLVED_BASE, text=text)
    return _fine(f"{scope} overrides nothing")


def _known(word: str, members: frozenset[str]) -> bool:
    """Whether a name is among an ancestor's, or begins as those that it looks up."""
    heads = tuple(each[:-1] for each in members if each.endswith("*"))
    return word in members or word.startswith(heads)


def _fine(text: str) -> tuple[LicenceCheck, ...]:
    return (LicenceCheck(rule="framework", text=text),)


def _descendants(codebase: Codebase, leaf: str, word: str) -> Iterator[str]:
    """Classes of the base tree that may derive from one and already have the member."""
    for path in codebase.holding(word):
        text = codebase.ground.base.read(path) if path.endswith(".py") else None
        for name in re.findall(r"^[ \t]*class[ \t]+(\w+)", text or "", re.MULTILINE):
            if name != leaf and codebase.derives(name, (leaf,)):
                tree = parse(text)
                node = class_in(tree, name) if tree else None
                if node is not None and word in own_members(node):
                    yield f"{path}:{name}"


def _asked_for(codebase: Codebase, word: str) -> str | None:
    """Where base takes an attribute of that name from something that is not itself."""
    asked = re.compile(rf"(?<![\w.])([\w.]+|\S*[\])])\.{re.escape(word)}(?!\w)")
    for path in codebase.holding(word):
        if not path.endswith((".py", ".pyx", ".html", ".txt", ".jinja")):
            continue
        text = codebase.ground.base.read(path) or ""
        if path.endswith(".py"):
            text = "\n".join(_code_lines(text))
        for match in asked.finditer(text):
            if match[1] not in ("self", "cls"):
                line = text.count("\n", 0, match.start()) + 1
                return f"{path}:{line}"
    return None


def _code_lines(text: str) -> Iterator[str]:
    """Lines without imports and comments, as many as before."""
    for line in text.split("\n"):
        bare = line.strip()
        yield "" if bare.startswith(("#", "import ", "from ")) else line.split("  # ")[0]
