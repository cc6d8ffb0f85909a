"""Compare what runs show, without what differs from run to run: addresses, clocks, orders."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from swe_audit.model.task import WORKDIR

HIDDEN = "\N{HORIZONTAL ELLIPSIS}"
"""What stands in a text for what is masked."""

_ALWAYS = (
    (re.compile(r"\b0x[0-9a-fA-F]{4,}\b"), f"0x{HIDDEN}"),
    (re.compile(rf"{re.escape(WORKDIR)}/"), ""),
    (re.compile(r"/tmp/[\w./-]+"), f"/tmp/{HIDDEN}"),  # noqa: S108 - inside the container
)
_TOKEN = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?|\d{1,2}:\d\d:\d\d(?:\.\d+)?"
    r"|\d+\.\d+(?:[eE][-+]?\d+)?|\w+|\s+|[^\w\s]"
)
"""A moment or a number is one token, so that a clock is masked as a whole."""
_BARE_OBJECT = re.compile(rf"\s*<[\w. ]+ object at 0x{HIDDEN}>\s*\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """What several runs of one program say alike: tokens, None for one that differs.

    ``tokens`` is None where the runs do not even have the same shape.
    """

    tokens: tuple[str | None, ...] | None

    @property
    def text(self) -> str:
        """The text with a mark for whatever differs."""
        if self.tokens is None:
            return HIDDEN
        return "".join(HIDDEN if token is None else token for token in self.tokens)

    @property
    def says(self) -> bool:
        """Whether it shows more than an object's address and what differs between runs."""
        if self.tokens is None or _BARE_OBJECT.match(self.text):
            return False
        return any(token is not None and re.search(r"\w", token) for token in self.tokens)

    def admits(self, text: str) -> bool:
        """Whether a text says the same where the runs agree; anything, where they never do."""
        if self.tokens is None:
            return True
        found = tokens_of(text)
        if len(found) != len(self.tokens):
            return False
        return all(
            mine is None or mine == one for mine, one in zip(self.tokens, found, strict=True)
        )

    def admits_but_for(self, text: str, details: Sequence[str]) -> bool:
        """Whether a text differs at most where the template holds one of these details.

        A detail may be a pattern, as tests write it: then it is held without its escapes too.
        """
        plain = self.text
        forms = [form for each in details for form in (each, _ESCAPE.sub(r"\1", each))]
        held = [form for form in forms if form and plain_text(form) in plain]
        if not held:
            return self.admits(text)
        pattern = re.escape(plain)
        for detail in sorted((plain_text(one) for one in held), key=len, reverse=True):
            pattern = pattern.replace(re.escape(detail), ".*?")
        pattern = pattern.replace(re.escape(HIDDEN), ".*?")
        return re.fullmatch(pattern, plain_text(text), re.DOTALL) is not None


_ESCAPE = re.compile(r"\\([^\w\s])")


def template_of(texts: Sequence[str]) -> Template:
    """Return what several texts say alike."""
    rows = [tokens_of(text) for text in texts]
    if len({len(row) for row in rows}) != 1:
        return Template(tokens=None)
    return Template(
        tokens=tuple(
            column[0] if len(set(column)) == 1 else None for column in zip(*rows, strict=True)
        )
    )


def plain_text(text: str) -> str:
    """Return a text without what differs wherever it runs: addresses and places."""
    for pattern, mask in _ALWAYS:
        text = pattern.sub(mask, text)
    return "\n".join(line.rstrip() for line in text.split("\n")).strip()


def tokens_of(text: str) -> list[str]:
    """Return the words, numbers, spaces and signs of a plain text, in their order."""
    return _TOKEN.findall(plain_text(text))


def same_as_printed(printed: str, shown: Iterable[str]) -> bool:
    """Whether one of several texts is what an author prints, by words and signs.

    White space does not count, nor do the quotes of a string's repr; ``...`` stands for anything.
    """
    wanted = "".join(plain_text(printed).split())
    if not wanted:
        return False
    pattern = re.escape(wanted).replace(re.escape("..."), ".*")
    for text in shown:
        compact = "".join(plain_text(text).split())
        if any(re.fullmatch(pattern, form) for form in (compact, _unquoted(compact))):
            return True
    return False


def _unquoted(text: str) -> str:
    quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "'\""
    return text[1:-1] if quoted else text
