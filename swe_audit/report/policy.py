"""What a page brings along, and the content security policy that names it by digest."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from functools import cache
from importlib import resources


def joined(*names: str) -> str:
    """Return style sheets or scripts as one."""
    return "".join(map(static_text, names))


@cache
def static_text(name: str) -> str:
    """Return a style sheet or script that is set into pages."""
    file = resources.files("swe_audit.report") / "static" / name
    return file.read_text(encoding="utf-8")


def content_policy(style: str, scripts: Iterable[str], *allowed: str) -> str:
    """Return a policy that allows this style, these scripts, and ``allowed``; nothing else."""
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src {digest(style)}",
            f"script-src {' '.join(map(digest, scripts))}",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
            *allowed,
        )
    )


def digest(text: str) -> str:
    """Return the source expression that allows an inline text by its SHA-256."""
    value = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(value).decode('ascii')}'"
