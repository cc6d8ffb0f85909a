"""Turn Matplotlib's SVG into one that a strict page can hold and a theme can colour."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Final

from markupsafe import escape

if TYPE_CHECKING:
    from matplotlib.figure import Figure

INKS: Final = {
    "ink": "#00000a",
    "muted": "#00000b",
    "rule": "#00000c",
    "band": "#00000d",
    "defective": "#0000d1",
    "suspect": "#0000d2",
    "cleared": "#0000d3",
    "untested": "#0000d4",
    "inconclusive": "#0000d5",
    "skipped": "#0000d6",
    "bg": "#0000d7",
    "c-proven": "#0000d8",
    "c-likely": "#0000d9",
    "c-suspect": "#0000da",
    "c-disputed": "#0000db",
    "c-refuted": "#0000dc",
}
"""Stand-in colours: drawn with these, painted by the style sheet under the class of that name."""

_NAMES: Final = {colour: name for name, colour in INKS.items()}
_PROLOGUE = re.compile(r"^.*?(?=<svg)", re.DOTALL)
_DROPPED = re.compile(  # the metadata hold the time of day
    r"<metadata>.*?</metadata>|<style.*?</style>|<!--.*?-->", re.DOTALL
)
_STYLE = re.compile(r' style="([^"<>]*)"')
_ID = re.compile(r' id="([^"]*)"')
_USED = re.compile(r'(?:xlink:href="#|url\(#)([^")]+)')
_SIZE = re.compile(r'<svg[^>]*?viewBox="([^"]*)"[^>]*>')
_EMPTY = re.compile(r"\s*<defs>\s*</defs>")


def themed(figure: Figure, *, name: str, title: str, description: str) -> str:
    """Give the figure as an inline ``<svg role="img">`` with a title and a description.

    No style attribute is left (a strict policy would block it), no colour is fixed, no identifier
    clashes with another figure's of another ``name``. The same figure gives the same text.
    """
    out = io.StringIO()
    figure.savefig(out, format="svg", transparent=True)
    text = _DROPPED.sub("", _PROLOGUE.sub("", out.getvalue()))
    text = _STYLE.sub(_attributes, text)
    used = set(_USED.findall(text))
    text = _ID.sub(lambda m: f' id="{name}-{m[1]}"' if m[1] in used else "", text)
    text = re.sub(r'xlink:href="#', f'href="#{name}-', text)
    text = re.sub(r"url\(#", f"url(#{name}-", text)
    text = _EMPTY.sub("", text)
    box = _SIZE.search(text)
    head = (
        f'<svg class="plot" role="img" viewBox="{box[1] if box else "0 0 1 1"}"'
        f' aria-labelledby="{name}-title {name}-desc">'
        f'<title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-desc">{escape(description)}</desc>'
    )
    return _SIZE.sub(lambda _: head, text, count=1).strip()


def _attributes(match: re.Match[str]) -> str:
    """Write a style attribute as presentation attributes and classes."""
    classes: list[str] = []
    attributes: list[str] = []
    for declaration in match[1].split(";"):
        key, _, value = (part.strip() for part in declaration.partition(":"))
        if key in ("fill", "stroke") and value in _NAMES:
            classes.append(f"{key}-{_NAMES[value]}")
        elif key and not key.startswith("font") and "'" not in value:
            attributes.append(f'{key}="{value}"')
    if classes:
        attributes.append(f'class="{" ".join(classes)}"')
    return "".join(f" {attribute}" for attribute in attributes)
