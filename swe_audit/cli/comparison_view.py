"""Two datasets side by side on the terminal."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath

from rich.table import Table
from rich.text import Text

from swe_audit.cli.figures import figure, new_table
from swe_audit.model.profile import Comparison, Profile
from swe_audit.statistics import format_share


def comparison_table(comparison: Comparison) -> Table:
    """Return every measure of both, group by group, with how the second differs."""
    table = new_table("", _short(comparison.first), _short(comparison.second), "difference")
    group = ""
    for row in comparison.rows:
        if row.group != group:
            if group:
                table.add_section()
            group = row.group
            table.add_row(Text(group, style="bold"), "", "", "")
        table.add_row(
            f"  {row.measure}",
            _value(row.first, row.unit),
            _value(row.second, row.unit),
            Text(_difference(row.first, row.second, row.unit), style="dim"),
        )
    return table


def missing_lines(profile: Profile) -> Iterable[Text]:
    """Yield a line for each thing that could not be said."""
    for one in profile.missing:
        whole = profile.n + profile.unread
        number = f" ({one.tasks} of {whole})" if one.tasks <= whole else ""
        yield Text(f"  {one.field}{number}: {one.text}")


def _short(source: str) -> str:
    name = PurePath(source).name or source
    for suffix in (".gz", ".jsonl", ".json", ".parquet"):
        name = name.removesuffix(suffix)
    return name


def _value(value: float | None, unit: str) -> str:
    if value is None:
        return "unknown"
    if unit in ("share", "part"):
        return format_share(value, 1)
    if unit == "year":
        return f"{value:.0f}"
    return figure(value, 2 if value < 1 else 1)


def _difference(first: float | None, second: float | None, unit: str) -> str:
    """Say how the second differs: points for shares, a factor for sizes."""
    if first is None or second is None or first == second or unit == "year":
        return ""
    if unit in ("share", "part"):
        return f"{100 * (second - first):+.1f} points"
    if first > 0 and second > 0:
        factor = second / first
        return f"x {factor:.1f}" if factor >= 1 else f"x {factor:.2f}"
    return f"{second - first:+.1f}"
