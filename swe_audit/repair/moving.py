"""A test patch that imports a pinned name only in the tests that use it, verified by running it.

Where a module imports a name at its top, a patch under another name fails every test of the
module; afterwards it fails those that are about the name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from swe_audit.alternatives.ground import Ground
from swe_audit.formats.trees import difference
from swe_audit.model.candidate import Candidate
from swe_audit.model.construction import ConstructionKind, Site
from swe_audit.model.finding import Finding
from swe_audit.model.tree import Tree
from swe_audit.model.trial import RunState
from swe_audit.relaxation.imports import Moved, NotMovableError, move_import
from swe_audit.relaxation.setup import defined
from swe_audit.repair import bench as controls
from swe_audit.repair.bench import Bench, Run
from swe_audit.repair.dropping import limits, without
from swe_audit.repair.history import History, failing, told
from swe_audit.repair.nouns import Control, Proposal, RepairKind, Unmade
from swe_audit.repair.relaxing import graded_files
from swe_audit.statistics import counted
from swe_audit.workshop import all_compile, edited

_IMPORTED = ("function", "class", "constant", "module")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    tests: Tree
    told: str
    using: frozenset[str]


def propose(
    history: History, findings: Sequence[Finding], ground: Ground, run: Run
) -> Iterator[Proposal | Unmade]:
    """Yield one test patch for every finding of an imported name, or say why there is none.

    Nothing for names that no module of the test patch imports at its top.
    """
    about = [finding for finding in findings if _names(history, [finding])]
    if not about:
        return
    ids = tuple(finding.id for finding in about)
    try:
        change = _moved(ground, _names(history, about))
    except NotMovableError as error:
        yield Unmade(kind=RepairKind.MOVE_IMPORT, findings=ids, reason=str(error))
        return
    if change is None:
        return
    touched = graded_files(history.task)
    test_patch = difference(ground.base, change.tests, touched)
    task = controls.with_tests(history.task, test_patch)
    if task is None or not all_compile(change.tests, touched):
        reason = "the changed tests do not compile" if task else "test files come with the image"
        yield Unmade(kind=RepairKind.MOVE_IMPORT, findings=ids, reason=reason)
        return
    bench = Bench(history, task, run)
    moved = _proposal(history, about, change, bench)
    yield moved
    if moved.verified:
        yield from _without_users(history, about, moved, bench)


def _names(history: History, findings: Sequence[Finding]) -> tuple[str, ...]:
    """Return the names that a test module may import: of a place, the last part."""
    sites = [site for finding in findings for site in history.sites(finding)]
    return tuple(dict.fromkeys(site.detail.rpartition(".")[2] for site in sites if _imported(site)))


def _imported(site: Site) -> bool:
    if site.kind is ConstructionKind.LOCATION:
        return True
    roles = site.symbol.split(" and ")
    return site.kind is ConstructionKind.NAME and any(role in _IMPORTED for role in roles)


def _moved(ground: Ground, names: Sequence[str]) -> _Change | None:
    """Return the tests with the imports moved, None where no module has one at its top.

    What is needed before a test runs is defined in the test module, as gold defines it.
    """
    tests, done, using = ground.tests, {}, frozenset[str]()
    for path in graded_files(ground.task):
        for name in names:
            text = tests.read(path) if path.endswith(".py") else None
            if text is None:
                continue
            try:
                found, how = move_import(path, text, name), "import it themselves"
            except NotMovableError as reason:
                found, how = _defined(ground, path, text, name, reason), "define it themselves"
            if found is not None:
                tests = edited(tests, found.edits)
                using |= found.tests
                done[name] = how
    if not done:
        return None
    told = "; ".join(f"the tests that use {name} {how}" for name, how in done.items())
    return _Change(tests=tests, told=told, using=using)


def _defined(
    ground: Ground, path: str, text: str, name: str, reason: NotMovableError
) -> Moved | None:
    try:
        return defined(ground, path, text, name)
    except NotMovableError as error:
        raise NotMovableError(f"{reason}, and {error}") from error


def _proposal(
    history: History, findings: Sequence[Finding], change: _Change, bench: Bench
) -> Proposal:
    """Run the changed tests; what no patch at all now passes was never FAIL_TO_PASS but by name."""
    alternatives = history.evidenced(findings)
    first = list(controls.in_turn([lambda: controls.gold_passes(bench, bench.task)]))
    task = bench.task
    if first[-1].held:
        task = controls.with_true_lists(bench)
        checks = [
            lambda: controls.same_tests_run(bench),
            lambda: controls.empty_fails(bench, task.fail_to_pass),
            lambda: _only_users_fail(bench, alternatives, change.using),
            lambda: controls.wrong_stay_rejected(bench, task),
        ]
        first += controls.in_turn(checks)
    return Proposal(
        kind=RepairKind.MOVE_IMPORT,
        findings=tuple(finding.id for finding in findings),
        summary=change.told,
        task=task,
        controls=tuple(first),
        table=controls.table(bench, alternatives, task),
        limits=limits(history),
    )


def _without_users(
    history: History, findings: Sequence[Finding], moved: Proposal, bench: Bench
) -> Iterator[Proposal]:
    """Yield the moved import with the tests that still need the name no longer required.

    Nothing is run that has not been; nothing where these are all that is left to fail.
    """
    alternatives = history.evidenced(findings)
    users = {test for one in alternatives for test in failing(bench.trial(one), history)}
    task = without(moved.task, users)
    if not users or not task.fail_to_pass:
        return
    gone = len(moved.task.required) - len(task.required)
    empty = bench.trial(history.empties()[0])
    failed = [test for test in task.fail_to_pass if test in empty.outcome.failed]
    checks = [
        lambda: controls.gold_passes(bench, task),
        lambda: controls.same_tests_run(bench),
        lambda: controls.empty_fails(bench, failed),
        lambda: controls.alternatives_pass(bench, alternatives, task),
        lambda: controls.wrong_stay_rejected(bench, task),
    ]
    yield Proposal(
        kind=RepairKind.MOVE_AND_DROP,
        findings=moved.findings,
        summary=f"{moved.summary}, and {counted(gone, 'test')} no longer required",
        task=task,
        controls=tuple(controls.in_turn(checks)),
        table=controls.table(bench, alternatives, task),
        limits=moved.limits,
    )


def _only_users_fail(
    bench: Bench, alternatives: Sequence[Candidate], using: frozenset[str]
) -> Control:
    """Say whether each alternative fails fewer tests than before, and only those of the name."""
    name = "the evidenced alternatives fail only the tests that use the name"
    counts = []
    for candidate in alternatives:
        trial = bench.trial(candidate)
        if trial.state is not RunState.COMPLETED:
            return Control(name=name, held=False, text=f"{candidate.name} {told(trial)}")
        after = failing(trial, bench.history)
        before = failing(bench.history.trials(candidate)[0], bench.history)
        others = [test for test in after if not using & set(re.findall(r"\w+", test))]
        if others:
            text = f"{candidate.name} fails {others[0]}, which does not use it"
            return Control(name=name, held=False, text=text)
        if len(after) >= len(before):
            text = f"{candidate.name} fails {counted(len(after), 'test')} as before"
            return Control(name=name, held=False, text=text)
        counts.append(f"{candidate.name} {len(before)} before, {len(after)} after")
    return Control(name=name, held=bool(counts), text="; ".join(counts))
