"""Parse Python of any age without a word: what this interpreter cannot read is None."""

from __future__ import annotations

import ast
import warnings
from functools import lru_cache


@lru_cache(maxsize=48)
def parse(text: str | None) -> ast.Module | None:
    """Parse a module, None where there is none or this interpreter's grammar rejects it."""
    if text is None:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return None
