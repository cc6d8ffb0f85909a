"""Write untrusted text into Markdown so that it stays text."""

from __future__ import annotations

import re

from swe_audit.report.text import shorten, visible

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&@]|^[-+=])")
_LONGEST = 4_000


def text(raw: str, limit: int = _LONGEST) -> str:
    """Escape one line of text; mentions, links and HTML in it come to nothing."""
    line = " ".join(shorten(visible(raw), limit).split())
    escaped = _SPECIAL.sub(r"\\\1", line)
    # Backslashes do not keep an address from becoming a link, nor @name from calling somebody.
    return (
        escaped.replace("://", ":\u200b//").replace("\\@", "@\u200b").replace("www.", "www\u200b.")
    )


def code(raw: str, limit: int = _LONGEST) -> str:
    """Write text as inline code, in as many backticks as it needs."""
    line = " ".join(shorten(visible(raw), limit).split())
    if not line:
        return ""
    fence = "`" * (max((len(run) for run in re.findall("`+", line)), default=0) + 1)
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def cell(raw: str, limit: int = 300) -> str:
    """Write text as inline code inside a table, where a bar would end the cell."""
    return code(raw, limit).replace("|", "\\|")


def block(raw: str, language: str = "", limit: int = _LONGEST) -> str:
    """Write text as a fenced block that nothing in it can close."""
    body = shorten(visible(raw).rstrip("\n"), limit)
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", body)), default=0))
    return f"{fence}{language}\n{body}\n{fence}"
