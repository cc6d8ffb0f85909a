"""From text to seconds."""

import re

from spanwise.units import SECONDS

_PART = re.compile(r"\s*(\d+)\s*([a-z])")


class SpanError(ValueError):
    """The text is no span."""


def parse(text):
    """Return the seconds of a span such as ``1h 30m``; raise ``SpanError`` for anything else."""
    total, place, left = 0, 0, list(SECONDS)
    while place < len(text.rstrip()):
        part = _PART.match(text, place)
        if part is None or part[2] not in SECONDS:
            raise SpanError(f"not a span: {text!r}")
        if part[2] not in left:
            raise SpanError(f"units have to go from large to small: {text!r}")
        left = left[left.index(part[2]) :]
        total += int(part[1]) * SECONDS[part[2]]
        place = part.end()
    if not place:
        raise SpanError("an empty text is no span")
    return total
