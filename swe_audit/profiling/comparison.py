"""Two datasets side by side, measure by measure."""

from __future__ import annotations

from collections.abc import Iterator

from swe_audit.model.profile import Comparison, ComparisonRow, LinkRow, Profile, Spread
from swe_audit.profiling.statement import LinkKind

_OVERLAP = "overlap beyond other tasks"

Measure = tuple[str, str, str, float | None]


def compare(first: Profile, second: Profile, shared: int = 0) -> Comparison:
    """Return every measure of both; ``shared`` is the number of instance ids that both hold.

    The two are whole sets, so differences are facts about them and need no interval.
    """
    theirs = {(group, name): value for group, name, _, value in _measures(second)}
    mine = list(_measures(first))
    if first.contamination is None or second.contamination is None:
        mine = [measure for measure in mine if measure[0] != _OVERLAP]
    rows = [
        ComparisonRow(
            group=group,
            measure=name,
            unit=unit,
            first=value,
            second=theirs.pop((group, name), _absent(unit)),
        )
        for group, name, unit, value in mine
    ]
    extra = [
        ComparisonRow(group=group, measure=name, unit=unit, first=_absent(unit), second=value)
        for group, name, unit, value in _measures(second)
        if (group, name) in theirs and (group != _OVERLAP or first.contamination is not None)
    ]
    return Comparison(
        first=first.source, second=second.source, shared=shared, rows=_grouped([*rows, *extra])
    )


def _grouped(rows: list[ComparisonRow]) -> tuple[ComparisonRow, ...]:
    """Bring rows of one group together, groups in the order in which they first come."""
    groups = list(dict.fromkeys(row.group for row in rows))
    return tuple(sorted(rows, key=lambda row: groups.index(row.group)))


def _absent(unit: str) -> float | None:
    """What a set says of something that it does not have: no share of it."""
    return 0.0 if unit == "share" else None


def _measures(profile: Profile) -> Iterator[Measure]:
    yield from _of_size(profile)
    n = profile.n or None
    yield "repositories", "repositories", "count", float(len(profile.repositories))
    yield "repositories", "share of the top five", "share", profile.top5_share
    yield "repositories", "Gini coefficient", "number", profile.gini
    known = profile.licences.copyleft + profile.licences.permissive
    copyleft = profile.licences.copyleft / known if known else None
    yield "repositories", "copyleft licence (of known)", "share", copyleft
    for row in profile.languages:
        yield "languages", row.language, "share", row.tasks / n if n else None
    yield from _of_age(profile)
    yield from _of_statement(profile)
    yield from _of_tests(profile)
    if profile.contamination is not None:
        for model in profile.contamination.models:
            yield _OVERLAP, model.model, "number", model.excess.mean


def _of_size(profile: Profile) -> Iterator[Measure]:
    yield "tasks", "tasks", "count", float(profile.n)
    total = sum(row.tasks for row in profile.difficulty)
    estimated = sum(row.estimated for row in profile.difficulty)
    labelled = total - estimated
    for row in profile.difficulty:
        share = (row.tasks - row.estimated) / labelled if labelled else None
        yield "difficulty as labelled", row.difficulty, "part", share
    for label, tasks in profile.estimated:
        share = tasks / total if total else None
        yield "difficulty by size, for both", label, "part", share
    for name, found in (
        ("lines added", profile.sizes.lines_added),
        ("lines changed", profile.sizes.lines_changed),
        ("files", profile.sizes.files),
    ):
        yield from _of_spread("reference patch, program only", name, found)
    for name, found in (
        ("lines added", profile.sizes.whole_added),
        ("lines changed", profile.sizes.whole_changed),
        ("files", profile.sizes.whole_files),
    ):
        yield "reference patch, documents too", f"{name}, mean", "number", found.mean


def _of_age(profile: Profile) -> Iterator[Measure]:
    age = profile.age
    yield "age", "dated", "share", age.dated / profile.n if profile.n else None
    yield "age", "oldest year", "year", float(age.oldest[:4]) if age.oldest else None
    yield "age", "newest year", "year", float(age.newest[:4]) if age.newest else None
    if age.before_date is not None:
        share = age.before / age.dated if age.dated and age.before is not None else None
        yield "age", f"before {age.before_date} (of dated)", "part", share


def _of_statement(profile: Profile) -> Iterator[Measure]:
    health = profile.statement
    read = health.words.n
    yield from _of_spread("statement", "words", health.words)
    yield "statement", "without a code block", "share", health.without_code / read if read else None
    links: dict[str, LinkRow] = {row.kind: row for row in health.links}
    for kind in (LinkKind.THE_FIX, LinkKind.A_CHANGE):
        share = links[kind.value].tasks / read if read else None
        yield "statement", f"links to {kind.value}", "share", share
    for leak in health.leaks:
        whole = leak.whole / leak.measured if leak.measured else None
        part = (leak.whole + leak.part) / leak.measured if leak.measured else None
        yield "leakage", f"{leak.where} with all new lines of the fix", "part", whole
        yield "leakage", f"{leak.where} with some of them", "part", part


def _of_tests(profile: Profile) -> Iterator[Measure]:
    tests = profile.tests
    graded = tests.fail_to_pass.n
    yield from _of_spread("tests", "FAIL_TO_PASS", tests.fail_to_pass)
    yield from _of_spread("tests", "PASS_TO_PASS", tests.pass_to_pass)
    yield "tests", "one FAIL_TO_PASS id only", "share", tests.single / graded if graded else None
    without = tests.no_pass_to_pass / graded if graded else None
    yield "tests", "no PASS_TO_PASS id", "share", without


def _of_spread(group: str, name: str, found: Spread) -> Iterator[Measure]:
    yield group, f"{name}, mean", "number", found.mean
    yield group, f"{name}, median", "number", found.median
    yield group, f"{name}, 90th percentile", "number", found.p90
