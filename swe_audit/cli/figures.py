"""How figures, bars and tables of a profile look."""

from __future__ import annotations

import io
import os
import sys

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from swe_audit.model.audit import Rate
from swe_audit.model.contamination import Mean
from swe_audit.statistics import percent

_WIDTH = 10
_PIPED = 120
_LEFT = frozenset({"", "licence", "submission", "model", "cut-off"})
_FOLDED = frozenset({"licence"})


def console_of_results() -> Console:
    """Return what writes to stdout: as wide as the terminal, or 120 signs in a pipe."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # names in the data may hold any letter
    wide = None if sys.stdout.isatty() or "COLUMNS" in os.environ else _PIPED
    return Console(highlight=False, width=wide)


def _speaks_unicode() -> bool:
    return (sys.stdout.encoding or "").lower().startswith("utf")


def new_table(*columns: str) -> Table:
    """Return a table whose first column is text and whose figures stand to the right."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="dim", padding=(0, 1, 0, 0))
    for place, name in enumerate(columns):
        left = place == 0 or name in _LEFT
        table.add_column(
            name,
            justify="left" if left else "right",
            no_wrap=name not in _FOLDED,
            overflow="fold" if name in _FOLDED else "ellipsis" if _speaks_unicode() else "crop",
        )
    return table


def heading(*lines: str) -> Text:
    """Return the first lines of a page; empty ones are left out."""
    first, *rest = (line for line in lines if line)
    text = Text(first, style="bold")
    for line in rest:
        text.append(f"\n{line}", style="not bold")
    return text


def bar(part: float) -> str:
    """Return a bar of at most ten signs; whatever is above nought shows."""
    sign = "\u2588" if _speaks_unicode() else "#"
    return sign * max(round(part * _WIDTH), 1 if part > 0 else 0)


def figure(number: float | None, digits: int = 1) -> str:
    """Write a number plainly; a whole one without decimals, a missing one as a dash."""
    if number is None:
        return "-"
    text = f"{number:,.{digits}f}"
    return text.removesuffix("." + "0" * digits)


def share(part: int, whole: int) -> str:
    """Write a share in per cent, with one decimal."""
    return percent(part, whole, 1)


def per_cent(number: float | None) -> str:
    """Write a fraction in whole per cent, a missing one as a dash."""
    return "-" if number is None else f"{100 * number:.0f} %"


def interval(mean: Mean, *, signed: bool = False) -> str:
    """Write a mean of fractions in per cent with its interval; a difference with its sign."""
    if mean.mean is None:
        return "-"
    sign = "+" if signed else ""
    text = f"{round(100 * mean.mean):{sign}} %"
    if mean.low is None or mean.high is None:
        return text
    return f"{text} [{round(100 * mean.low)}, {round(100 * mean.high)}]"


def rated(rate: Rate) -> str:
    """Write a share with its interval, as short as it goes; a dash for none of none."""
    if rate.low is None or rate.high is None:
        return "-"
    ends = f"[{round(100 * rate.low)}, {round(100 * rate.high)}]"
    return f"{percent(rate.k, rate.n)} {ends} of {rate.n}"
