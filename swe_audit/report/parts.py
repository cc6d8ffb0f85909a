"""What a task's page loads on demand: whole logs and long patches, each in a file of its own.

A page shows them in frames that get their source once the fold around them is opened, from a
folder too. Nothing is fetched by a script, and no page may run what such a file holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

from swe_audit.report.diffs import Pair

FOLDER = "parts"
LONG_TEXT = 20_000
"""Characters of a patch that is no diff, or not laid out, above which it stands by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One such file: a ``pair`` of panes under ``labels``, a ``packed`` log, or a plain ``text``.

    The first label is empty where there is but one pane. A packed log is gzip in base64, which
    the part's own script unpacks into text.
    """

    name: str
    title: str
    pair: Pair | None = None
    labels: tuple[str, str] = ("", "")
    packed: str = ""
    text: str = ""


class Parts:
    """The parts of one page, as its view is built; ``page`` is the page's file name."""

    def __init__(self, page: str) -> None:
        self._stem = page.removesuffix(".html")
        self._made: list[Part] = []

    @property
    def made(self) -> tuple[Part, ...]:
        """What was put aside so far."""
        return tuple(self._made)

    def pairs(self, pairs: Sequence[Pair], left: str, right: str) -> tuple[Pair, ...]:
        """Put the long ones of a patch's files aside; ``left`` is empty for a single pane."""
        return tuple(pair if pair.is_open else self._long(pair, (left, right)) for pair in pairs)

    def text(self, text: str, title: str) -> tuple[str, str]:
        """Give a text to show and no address, or nothing and the address where it stands."""
        if len(text) <= LONG_TEXT:
            return text, ""
        return "", self._put(Part(name=self._next("text"), title=title, text=text))

    def log(self, packed: str, title: str, nth: int) -> str:
        """Put a packed log aside and give its address; an empty one has none."""
        if not packed:
            return ""
        return self._put(Part(name=f"{self._stem}.log-{nth}.html", title=title, packed=packed))

    def _long(self, pair: Pair, labels: tuple[str, str]) -> Pair:
        title = f"{pair.path}: {' beside '.join(label for label in labels if label)}"
        part = Part(name=self._next("diff"), title=title, pair=pair, labels=labels)
        return replace(pair, part=self._put(part))

    def _next(self, kind: str) -> str:
        return f"{self._stem}.{kind}-{len(self._made) + 1}.html"

    def _put(self, part: Part) -> str:
        self._made.append(part)
        return f"../{FOLDER}/{quote(part.name)}"
