"""A profile on the terminal: tables that can be read at a glance, and piped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from swe_audit.cli.comparison_view import comparison_table, missing_lines
from swe_audit.cli.figures import (
    bar,
    console_of_results,
    figure,
    heading,
    interval,
    new_table,
    per_cent,
    rated,
    share,
)
from swe_audit.model.audit import Rate
from swe_audit.model.contamination import Contamination, Mean
from swe_audit.model.profile import Comparison, Profile, Spread
from swe_audit.profiling.contamination import is_striking
from swe_audit.profiling.sizes import LINE_CLASSES
from swe_audit.statistics import counted, percent

_REPOSITORIES = 10
_SCORES = 8
_MODEL = 26
_WIDE = 100


def show_profile(profile: Profile) -> None:
    """Print one dataset's profile to stdout."""
    console = console_of_results()
    console.print(heading(profile.source, f"{counted(profile.n, 'task')}", _unread(profile)))
    parts: list[tuple[str, Iterable[Table | Text]]] = [
        ("Difficulty and size of the reference patch", _difficulty(profile, console.width)),
        ("Difficulty by changed lines", _cross(profile)),
        ("Repositories", _repositories(profile)),
        ("Languages and licences", _kinds(profile)),
        ("Age", _age(profile)),
        ("Statements", _statement(profile)),
        ("Tests", _tests(profile)),
        (
            "Overlap of submissions with the reference",
            _contamination(profile.contamination, console.width),
        ),
        (
            "Completions and the rest of the statement",
            _contamination(profile.memorisation, console.width),
        ),
        ("Not known", missing_lines(profile)),
    ]
    _show(console, parts)


def show_comparison(comparison: Comparison, profiles: Sequence[Profile]) -> None:
    """Print two datasets side by side to stdout."""
    console = console_of_results()
    shared = f"{counted(comparison.shared, 'instance id')} in both" if comparison.shared else ""
    console.print(heading(f"{comparison.first}  |  {comparison.second}", shared))
    console.print(comparison_table(comparison))
    for profile in profiles:
        _show(console, [(f"Not known of {profile.source}", missing_lines(profile))])


def _show(console: Console, parts: Iterable[tuple[str, Iterable[Table | Text]]]) -> None:
    for title, shown in parts:
        tables = list(shown)
        if tables:
            console.print()
            console.print(Text(title, style="bold"))
        for table in tables:
            if isinstance(table, Text) and table.plain.startswith("  "):
                console.print(Padding(table[2:], (0, 0, 0, 2), expand=False))
            else:
                console.print(table)


def _unread(profile: Profile) -> str:
    return f"{counted(profile.unread, 'row')} could not be read" if profile.unread else ""


def _difficulty(profile: Profile, width: int) -> Iterable[Table | Text]:
    total = sum(row.tasks for row in profile.difficulty)
    if not total:
        return
    columns = _difficulty_columns(profile, total, width)
    labels = ["~" * (row.estimated > 0) + row.difficulty for row in profile.difficulty]
    table = new_table("", *(name for name, _ in columns))
    for place, label in enumerate([*labels, "all"]):
        if label == "all":
            table.add_section()
        table.add_row(label, *("".join(cells[place : place + 1]) for _, cells in columns))
    yield table
    sizes = profile.sizes
    yield Text(
        "Lines and files of the program only; with documents and generated files"
        f" {figure(sizes.whole_changed.mean)} changed, {figure(sizes.whole_added.mean)} added,"
        f" {figure(sizes.whole_files.mean)} files on average.",
        style="dim",
    )
    if any(row.estimated for row in profile.difficulty):
        yield Text("~ no label of its own: estimated from the size of the change", style="dim")


def _difficulty_columns(profile: Profile, total: int, width: int) -> list[tuple[str, list[str]]]:
    """Return heading and cells of each column, a cell for every difficulty and one for all."""
    columns: list[tuple[str, list[str]]] = [
        ("tasks", [str(row.tasks) for row in profile.difficulty] + [str(total)]),
        ("share", [share(row.tasks, total) for row in profile.difficulty]),
        ("", [bar(row.tasks / total) for row in profile.difficulty]),
    ]
    changed = [row.lines_changed for row in profile.difficulty] + [profile.sizes.lines_changed]
    added = [row.lines_added for row in profile.difficulty] + [profile.sizes.lines_added]
    files = [row.files for row in profile.difficulty] + [profile.sizes.files]
    columns += [
        ("changed\nmean", [figure(one.mean) for one in changed]),
        ("median", [figure(one.median) for one in changed]),
        ("p90", [figure(one.p90) for one in changed]),
    ]
    if width >= _WIDE:
        columns += [
            ("added\nmean", [figure(one.mean) for one in added]),
            ("median", [figure(one.median) for one in added]),
        ]
    columns.append(("files\nmean", [figure(one.mean) for one in files]))
    if any(row.solved is not None for row in profile.difficulty):
        columns.append(("solved", [_solved(row.solved) for row in profile.difficulty]))
    if any(row.defective is not None for row in profile.difficulty):
        columns.append(("defective", [_defective(row.defective) for row in profile.difficulty]))
    return columns


def _cross(profile: Profile) -> Iterable[Table | Text]:
    cells = {(cell.difficulty, cell.least): cell for cell in profile.cross}
    if not any(cell.tasks for cell in profile.cross):
        return
    names = [f"{low}-{high} lines" if high else f"{low} or more" for low, high in LINE_CLASSES]
    table = new_table("", *names)
    for difficulty in dict.fromkeys(cell.difficulty for cell in profile.cross):
        shown = []
        for least, _ in LINE_CLASSES:
            cell = cells[difficulty, least]
            text = str(cell.tasks) if cell.tasks else "-"
            if cell.tasks and cell.solved is not None and cell.solved.mean is not None:
                text += f"  {per_cent(cell.solved.mean)}"
            if cell.tasks and cell.defective is not None and cell.defective.n:
                text += f"  {cell.defective.k}/{cell.defective.n}"
            shown.append(text)
        table.add_row(difficulty, *shown)
    yield table
    said = ["tasks"]
    said += ["submissions that solve them"] * any(cell.solved for cell in profile.cross)
    said += ["proven defective of those judged"] * any(cell.defective for cell in profile.cross)
    if len(said) > 1:
        yield Text(f"In each cell: {', '.join(said)}.", style="dim")


def _repositories(profile: Profile) -> Iterable[Table | Text]:
    if not profile.repositories:
        return
    table = new_table("", "tasks", "share", "", "licence")
    for row in profile.repositories[:_REPOSITORIES]:
        licence = row.licence or "unknown"
        table.add_row(
            row.repository,
            str(row.tasks),
            share(row.tasks, profile.n),
            bar(row.share),
            licence + (" (copyleft)" if row.copyleft else ""),
        )
    rest = profile.repositories[_REPOSITORIES:]
    if rest:
        tasks = sum(row.tasks for row in rest)
        table.add_row(f"{len(rest)} more", str(tasks), share(tasks, profile.n), "", "")
    yield table
    if profile.top5_share is not None and profile.gini is not None:
        yield Text(
            f"The five largest hold {100 * profile.top5_share:.1f} % of the tasks;"
            f" Gini coefficient {profile.gini:.2f} over"
            f" {counted(len(profile.repositories), 'repository', 'repositories')}.",
            style="dim",
        )


def _kinds(profile: Profile) -> Iterable[Table | Text]:
    total = sum(row.tasks for row in profile.languages)
    shown = [f"{row.language} {percent(row.tasks, total)}" for row in profile.languages]
    inferred = sum(row.inferred for row in profile.languages)
    if shown:
        note = "  (told by the files that the reference changes)" if inferred else ""
        yield Text(f"  {', '.join(shown)}{note}")
    licences = profile.licences
    parts = [f"{licence or 'unknown'} {tasks}" for licence, tasks in licences.by_licence]
    if parts:
        yield Text(f"  {', '.join(parts)}")
        yield Text(
            f"  copyleft {percent(licences.copyleft, profile.n)},"
            f" permissive {percent(licences.permissive, profile.n)},"
            f" unknown {percent(licences.unknown, profile.n)} of the tasks"
        )


def _age(profile: Profile) -> Iterable[Table | Text]:
    age = profile.age
    if not age.dated:
        yield Text("  unknown: no task has a date")
        return
    most = max(tasks for _, tasks in age.by_year)
    table = new_table("", "tasks", "share", "")
    for year, tasks in age.by_year:
        table.add_row(str(year), str(tasks), share(tasks, age.dated), bar(tasks / most))
    yield table
    line = f"Oldest {age.oldest}, newest {age.newest}"
    if age.before_date is not None and age.before is not None:
        line += f"; {percent(age.before, age.dated)} before {age.before_date}"
    yield Text(line + (f"; {age.unknown} without a date" if age.unknown else ""), style="dim")
    yield from _cutoffs(profile)


def _cutoffs(profile: Profile) -> Iterable[Table | Text]:
    for row in profile.age.cutoffs:
        dated = row.before + row.after
        yield Text(
            f"  {row.model}: {row.before} of {counted(dated, 'task')}"
            f" ({percent(row.before, dated)}) from before its cut-off {row.cutoff}"
        )
        if not row.scores:
            continue
        table = new_table("submission", "solved of those before", "of those after")
        for score in row.scores[:_SCORES]:
            table.add_row(score.submission, rated(score.before), rated(score.after))
        yield table
        if len(row.scores) > _SCORES:
            yield Text(f"  {len(row.scores) - _SCORES} more submissions, see --json", style="dim")


def _statement(profile: Profile) -> Iterable[Table | Text]:
    health = profile.statement
    if not health.words.n:
        return
    yield _spreads(("words", health.words), ("code blocks", health.code_blocks))
    for row in health.links:
        if row.tasks and row.kind.startswith(("the fix", "a change")):
            yield Text(f"  {counted(row.tasks, 'statement')} link to {row.kind}: {_ids(row)}")
    for leak in health.leaks:
        if leak.measured:
            yield Text(
                f"  {leak.where}: {leak.whole} of {leak.measured} hold every telling new line of"
                f" the reference, {leak.part} some" + _such_as(leak.examples)
            )


def _ids(row: object) -> str:
    examples = getattr(row, "examples", ())
    return ", ".join(instance_id for instance_id, _ in examples)


def _such_as(examples: Sequence[str]) -> str:
    return f" ({', '.join(examples[:3])}{', ...' if len(examples) > 3 else ''})" if examples else ""


def _tests(profile: Profile) -> Iterable[Table | Text]:
    tests = profile.tests
    graded = tests.fail_to_pass.n
    if not graded:
        return
    yield _spreads(("FAIL_TO_PASS", tests.fail_to_pass), ("PASS_TO_PASS", tests.pass_to_pass))
    yield Text(
        f"  one FAIL_TO_PASS id only: {percent(tests.single, graded)};"
        f" no PASS_TO_PASS id: {percent(tests.no_pass_to_pass, graded)}"
    )
    for row in tests.bad_ids:
        yield Text(
            f"  {counted(row.ids, 'id')} of {counted(row.tasks, 'task')},"
            f" {row.fail_to_pass} in FAIL_TO_PASS: {row.reason}"
        )


def _contamination(found: Contamination | None, width: int) -> Iterable[Table | Text]:
    if found is None:
        return
    table = new_table(
        "model",
        "tasks",
        "overlap",
        "other\ntasks",
        "other\nsystems",
        "beyond\nsystems",
        *["run", "verbatim"] * (width >= _WIDE),
    )
    table.columns[0].max_width = _MODEL if width >= _WIDE else _MODEL - 8
    for model in found.models:
        table.add_row(
            model.model,
            str(model.tasks),
            interval(model.overlap),
            per_cent(model.control.mean),
            per_cent(model.others.mean),
            interval(model.excess_over_others, signed=True),
            *[
                f"{figure(model.longest_run.mean)} / {figure(model.control_run.mean)}",
                f"{per_cent(model.verbatim.mean)} / {per_cent(model.control_verbatim.mean)}",
            ]
            * (width >= _WIDE),
        )
    yield table
    yield Text(
        f"Overlap: how much of the reference's {found.n}-grams that nothing explains"
        f" ({', '.join(found.explained_by)}) the submissions hold, with a 95 % bootstrap"
        " interval. Run: longest common run of tokens; verbatim: new lines repeated; each / on"
        " other tasks. Only a figure above both other tasks and other systems means something."
        f" {counted(found.nothing_novel, 'task')} of {found.tasks} had nothing novel.",
        style="dim",
    )
    for model in found.models:
        shown = [
            f"{one.instance_id} (overlap {per_cent(one.overlap)}, other systems"
            f" {per_cent(one.others)}, run of {one.longest_run} tokens)"
            for one in model.resembling
            if is_striking(one)
        ]
        if shown:
            yield Text(f"  {model.model}: look at {'; '.join(shown)}")


def _spreads(*rows: tuple[str, Spread]) -> Table:
    table = new_table("", "mean", "median", "p90", "largest")
    for name, found in rows:
        numbers = (found.mean, found.median, found.p90, found.largest)
        table.add_row(name, *(figure(number) for number in numbers))
    return table


def _solved(mean: Mean | None) -> str:
    if mean is None or mean.mean is None:
        return "-"
    return f"{100 * mean.mean:.0f} %"


def _defective(rate: Rate | None) -> str:
    return "-" if rate is None or not rate.n else f"{rate.k} of {rate.n}"
