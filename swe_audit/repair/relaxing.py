"""A test patch whose assertions accept any wording of a pinned message, verified by running it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from swe_audit.alternatives.constructions.messages import messages_of
from swe_audit.alternatives.constructions.templates import Template, lines_of
from swe_audit.alternatives.ground import Ground
from swe_audit.formats.patches import changed_files
from swe_audit.formats.trees import difference
from swe_audit.model.construction import ConstructionKind, Edit
from swe_audit.model.finding import Finding
from swe_audit.model.task import Task
from swe_audit.model.tree import Tree
from swe_audit.repair import bench as controls
from swe_audit.repair.assertions import NoFormError, Relaxed, relax
from swe_audit.repair.bench import Bench, Run
from swe_audit.repair.dropping import limits
from swe_audit.repair.history import History
from swe_audit.repair.nouns import Proposal, RepairKind, Unmade
from swe_audit.statistics import counted
from swe_audit.workshop import compiles, edited

_ANY = (
    "a relaxed assertion whose text has no values accepts any text: whether the message tells"
    " anything is no longer tested"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    tests: Tree
    assertions: int
    any_text: bool


def propose(
    history: History, findings: Sequence[Finding], ground: Ground, run: Run
) -> Iterator[Proposal | Unmade]:
    """Yield one test patch for every finding of a message, or say why there is none."""
    about = [
        finding
        for finding in findings
        if any(site.kind is ConstructionKind.MESSAGE for site in history.met(finding))
    ]
    if not about:
        return
    ids = tuple(finding.id for finding in about)
    made = _made(history, about, ground)
    if isinstance(made, str):
        yield Unmade(kind=RepairKind.RELAX_MESSAGE, findings=ids, reason=made)
        return
    task, change = made
    alternatives = history.evidenced(about)
    bench = Bench(history, task, run)
    empty = history.trials(history.empties()[0])[0]
    failed = [test for test in task.fail_to_pass if test in empty.outcome.failed]
    checks = [
        lambda: controls.gold_passes(bench, task),
        lambda: controls.same_tests_run(bench),
        lambda: controls.empty_fails(bench, failed),
        lambda: controls.alternatives_pass(bench, alternatives, task),
        lambda: controls.wrong_stay_rejected(bench, task),
    ]
    held = tuple(controls.in_turn(checks))
    yield Proposal(
        kind=RepairKind.RELAX_MESSAGE,
        findings=ids,
        summary=f"any wording of the message passes {counted(change.assertions, 'assertion')}",
        task=task,
        controls=held,
        table=controls.table(bench, alternatives),
        limits=(*((_ANY,) if change.any_text else ()), *limits(history)),
    )


def _made(
    history: History, findings: Sequence[Finding], ground: Ground
) -> tuple[Task, _Change] | str:
    """Return the task with relaxed tests, or in words why there is none."""
    templates = _templates(history, findings, ground)
    if not templates:
        return "gold no longer holds the message"
    try:
        change = _relaxed(ground, templates)
    except NoFormError as error:
        return str(error)
    if change is None:
        return "no file of the test patch holds the message in an assertion"
    touched = graded_files(history.task)
    if not compiles(change.tests, touched):
        return "the rewritten tests do not compile"
    task = controls.with_tests(history.task, difference(ground.base, change.tests, touched))
    return "the test files come with the image" if task is None else (task, change)


def graded_files(task: Task) -> tuple[str, ...]:
    """Return the files that the test patch touches."""
    files = changed_files(task.test_patch)
    return tuple(dict.fromkeys(path for file in files for path in (file.old, file.new) if path))


def _templates(
    history: History, findings: Sequence[Finding], ground: Ground
) -> tuple[Template, ...]:
    """Return the messages of the findings' sites as gold's source writes them."""
    found = {}
    for finding in findings:
        for site in history.met(finding):
            for message in messages_of(ground.gold.read(site.path) or ""):
                if site.kind is ConstructionKind.MESSAGE and message.template.text == site.detail:
                    found[site.detail] = message.template
    return tuple(found.values())


def _relaxed(ground: Ground, templates: Sequence[Template]) -> _Change | None:
    """Return the tests with their assertions relaxed, None where none is on a message.

    Raise ``NoFormError`` for an assertion in a form that cannot be rewritten.
    """
    tests, assertions, any_text = ground.tests, 0, False
    for path in graded_files(ground.task):
        text = tests.read(path) if path.endswith(".py") else None
        relaxed = relax(path, text, templates) if text is not None else None
        if text is None or relaxed is None:
            continue
        tests = edited(tests, [*relaxed.edits, *_import_of_mock(path, text, relaxed)])
        assertions += relaxed.assertions
        any_text = any_text or relaxed.any_text
    if not assertions:
        return None
    return _Change(tests=tests, assertions=assertions, any_text=any_text)


def _import_of_mock(path: str, text: str, relaxed: Relaxed) -> tuple[Edit, ...]:
    """Return the edit that imports ``mock``, before the first import, where it is needed."""
    if not relaxed.needs_mock:
        return ()
    body = ast.parse(text).body
    imports = [node for node in body if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {alias.asname or alias.name for node in imports for alias in node.names}
    if "mock" in names:
        return ()
    later = [n for n in imports if not (isinstance(n, ast.ImportFrom) and n.module == "__future__")]
    place = lines_of(text)[later[0].lineno] if later else 0
    return (Edit(path=path, start=place, end=place, text="from unittest import mock\n"),)
