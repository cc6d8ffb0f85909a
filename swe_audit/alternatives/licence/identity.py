"""Whether a name is new: nowhere in base, or in base for other things only (EVIDENCE 2.1)."""

from __future__ import annotations

import io
import tokenize

from swe_audit.alternatives.licence.codebase import Codebase
from swe_audit.alternatives.licence.outcome import Outcome
from swe_audit.model.construction import LicenceCheck
from swe_audit.model.finding import Confidence
from swe_audit.model.tree import Tree

_ENOUGH = 40
"""From so many files on, a word surely is an identifier in one of them."""


def examine(codebase: Codebase, word: str, place: str) -> Outcome:
    """Return one check: a name that base has in another scope leaves ``likely`` (EVIDENCE 2.1).

    A word that base has in comments, strings and documents only is no name there.
    """
    paths = codebase.holding(word)
    if not paths:
        return (_check(f"{word} stands nowhere in the base tree"),)
    named = named_in(codebase.ground.base, paths, word)
    if named is None:
        return (_check(f"{word} is no name in the base tree; {paths[0]} has it as text"),)
    text = f"{place} has no {word} in base; {named} has it for something else"
    return (_check(text, Confidence.LIKELY),)


def named_in(tree: Tree, paths: tuple[str, ...], word: str) -> str | None:
    """Return the first Python file in which a word is an identifier; a guess where many hold it."""
    python = [path for path in paths if path.endswith((".py", ".pyx", ".pyi"))]
    if len(python) > _ENOUGH:
        return python[0]
    return next((path for path in python if _is_name(tree.read(path) or "", word)), None)


def _check(text: str, caps: Confidence | None = None) -> LicenceCheck:
    return LicenceCheck(rule="identity", text=text, caps=caps)


def _is_name(text: str, word: str) -> bool:
    try:
        tokens = tokenize.generate_tokens(io.StringIO(text).readline)
        return any(each.type == tokenize.NAME and each.string == word for each in tokens)
    except (tokenize.TokenError, SyntaxError):
        return True
