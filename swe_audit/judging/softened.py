"""Read a softened run: what each assertion said, and whether the run may be believed."""

from __future__ import annotations

import ast
import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from swe_audit.judging.causes import Scene, cause_of
from swe_audit.judging.comparisons import comparison
from swe_audit.judging.explain import is_test_code, own_modules
from swe_audit.judging.failures import Failure, Frame, in_tree
from swe_audit.judging.parsers import short_option
from swe_audit.judging.sources import PatchedFiles, added_lines, expectation, patched_files
from swe_audit.model.candidate import Candidate, CandidateKind
from swe_audit.model.finding import Cause, Determinant, Explanation
from swe_audit.model.observation import Observation, SoftRun, Speaker
from swe_audit.model.task import Task
from swe_audit.model.trial import RunState, TestStatus, Trial
from swe_audit.softening.records import Recorded, RecordedTest, Records, mark_of, read_records
from swe_audit.statements import Mention, holds_text, mention

_OPERATORS = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.In: "in",
    ast.NotIn: "not in",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
_HOLDING = ("assertIn", "assertNotIn", "assert_in", "assertContains", "assertNotContains")
_ONE_SIDED = ("assertTrue", "assertFalse", "assertIsNone", "assertIsNotNone", "assert_")
_MOCKED = re.compile(r"\.assert_(?:\w*called\w*|\w*awaited\w*|any_call|any_await|has_\w+)\Z")
_LONGEST = 1000
_PASSED = frozenset((TestStatus.PASSED, TestStatus.XFAIL))
_NAMED = (Cause.MISSING_NAME, Cause.SIGNATURE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A candidate's own trials, the failed tests that count, and why they failed."""

    trials: tuple[Trial, ...]
    failed: tuple[str, ...] = ()
    explanations: tuple[Explanation, ...] = ()


def soft_run(task: Task, candidate: Candidate, trial: Trial, log: str, hard: Seen) -> SoftRun:
    """Return what a softened run shows of its subject, whose own trials are ``hard``.

    The run is void where it did not complete, or where a test came out in another way.
    """
    run = SoftRun(subject=candidate.subject, trial=trial.id, failed=hard.failed)
    void = disagreement(trial, hard.trials)
    if void:
        return replace(run, void=void)
    records = read_records(log, mark_of(candidate.test_patch or ""))
    known = {test for test, _ in trial.statuses}
    files, modules = patched_files(task.test_patch), own_modules(task)
    observations = []
    for test in records.tests:
        name = _name(test, known)
        seen = (_observation(task, name, one, files, modules) for one in test.recorded)
        observations += list(seen)
    return replace(
        run,
        observations=tuple(observations),
        collateral=_collateral(hard.failed, observations, records, hard.explanations),
    )


def compared(
    task: Task, controls: Mapping[CandidateKind, SoftRun], runs: Sequence[SoftRun]
) -> tuple[SoftRun, ...]:
    """Return a task's softened runs in the light of gold's and of no patch at all.

    All are void where gold's is. A failure is determined by base tests where the test patch does
    not add the assertion and it holds with no patch at all (EVIDENCE 2.3).
    """
    gold, empty = controls.get(CandidateKind.GOLD), controls.get(CandidateKind.EMPTY)
    if gold is not None and gold.void:
        return tuple(_voided(run, f"gold: {gold.void}") for run in runs)
    if empty is None or empty.void:
        return tuple(runs)
    added = added_lines(task.test_patch)
    held = {seen.place for seen in empty.observations if seen.passed}
    return tuple(
        replace(run, observations=tuple(_with_base(seen, held, added) for seen in run.observations))
        for run in runs
    )


def _with_base(
    seen: Observation, held: Container[object], added: Mapping[str, frozenset[int]]
) -> Observation:
    if seen.passed or seen.place not in held or _is_added(seen, added):
        return seen
    return replace(seen, determined_by=(*seen.determined_by, Determinant.BASE_TESTS))


def _is_added(seen: Observation, added: Mapping[str, frozenset[int]]) -> bool:
    lines = added.get(seen.path, frozenset())
    return any(seen.line + nth in lines for nth in range(seen.source.count("\n") + 1))


def _voided(run: SoftRun, why: str) -> SoftRun:
    """Return a run that shows nothing, with the reason."""
    return replace(run, void=run.void or why, observations=(), collateral=())


def disagreement(soft: Trial, hard: Sequence[Trial]) -> str:
    """Say where a softened trial differs from all of the same candidate's own; '' where nowhere."""
    completed = [trial for trial in hard if trial.state is RunState.COMPLETED]
    if soft.state is not RunState.COMPLETED:
        return f"the softened run did not complete: {soft.state.value}"
    if not completed:
        return "no run without softening completed"
    after = dict(soft.statuses)
    before = [dict(trial.statuses) for trial in completed]
    names = {test for statuses in before for test in statuses}
    added = sorted(set(after) - names)
    if added:
        return f"the softened run has a test that was not there: {added[0]}"
    for test in sorted(names):
        seen = {_class(statuses.get(test)) for statuses in before}
        if _class(after.get(test)) not in seen:
            was, now = _word(before[0].get(test)), _word(after.get(test))
            return f"{test} is {now} softened, and {was} as it is"
    return ""


def _class(status: TestStatus | None) -> str:
    if status is None or status is TestStatus.SKIPPED:
        return "" if status is None else "skipped"
    return "passed" if status in _PASSED else "failed"


def _word(status: TestStatus | None) -> str:
    return status.value if status else "not run"


def _name(test: RecordedTest, known: set[str]) -> str:
    """Return the id by which the runner reports a test, else the most exact name there is."""
    for name in test.names:
        for spelled in (name, short_option(name), name.split("\n", 1)[0]):
            if spelled in known:
                return spelled
    cut = [each for each in known for name in test.names if _is_cut(each, name)]
    return cut[0] if cut else test.names[0] if test.names else ""


def _is_cut(known: str, name: str) -> bool:
    return known.count("[") > known.count("]") and name.startswith(known)


def _observation(
    task: Task, test: str, one: Recorded, files: PatchedFiles, modules: frozenset[str]
) -> Observation:
    seen = Observation(
        test=test,
        path=one.path,
        line=one.line,
        source=one.source,
        passed=one.passed,
        number=one.number,
        speaker=Speaker.ASSERTION if one.is_assertion else Speaker.STATEMENT,
        exception=one.exception,
        message=one.message if not _is_introspected(one) else "",
    )
    expected, observed = _sides(one)
    seen = replace(seen, expected=expected[:_LONGEST], observed=observed[:_LONGEST])
    if one.passed:
        return seen
    failure = Failure(
        title=test,
        exception=one.exception,
        message=_synthesised(one) or one.message,
        frames=(Frame(path=one.path, line=one.line, source=one.source),),
    )
    scene = Scene(
        failure=failure,
        assertion=one.source,
        around="",
        expectation=expectation({}, failure.frames[0]),
        in_test=not one.raised_in or is_test_code(in_tree(one.raised_in), files),
        own_modules=modules,
    )
    cause, detail = cause_of(scene)
    return replace(seen, cause=cause, detail=detail, determined_by=_determined(task, detail))


def _determined(task: Task, detail: str) -> tuple[Determinant, ...]:
    """What the statement and the hints tell of a detail; the survey knows what the tree does."""
    texts = ((Determinant.STATEMENT, task.statement), (Determinant.HINT, task.hints))
    return tuple(by for by, text in texts if detail.strip() and _tells(text, detail))


def _tells(text: str, detail: str) -> bool:
    if detail.replace(".", "_").isidentifier():
        return mention(text, detail.rpartition(".")[2])[0] is Mention.NAMED
    return holds_text(text, detail)


def _sides(one: Recorded) -> tuple[str, str]:
    """Return what an assertion expects and what it saw; the former '' where it compares nothing."""
    operator = _operator(one.source)
    if _MOCKED.search(one.source.split("(", 1)[0]):
        return "", ""  # what it was called with is not among the values
    if not operator or len(one.values) < 2:
        return "", ", ".join(one.values)
    first, second = one.values[:2]
    if operator in ("in", "not in"):
        return first, second
    told = comparison("1 != 2", one.source)
    return (first, second) if told is not None and told.expected == "1" else (second, first)


def _synthesised(one: Recorded) -> str:
    """Return the comparison of a plain ``assert`` in pytest's words, with the values it saw.

    pytest's own words would name the recorder, and other runners have none.
    """
    plain = re.match(r"assert\b", one.source) is not None
    if not plain or len(one.values) != 2 or one.exception != "AssertionError":
        return ""
    operator = _operator(one.source)
    first, second = (" ".join(value.split("\n")) for value in one.values)
    return f"assert {first} {operator} {second}" if operator else ""


def _is_introspected(one: Recorded) -> bool:
    return bool(_synthesised(one)) and "_File object at" in one.message


def _operator(source: str) -> str:
    """Return how an assertion compares two values, '' where it does not or its source is cut."""
    try:
        node = ast.parse(source).body[0]
    except (SyntaxError, ValueError, RecursionError, MemoryError, IndexError):
        return ""
    match node:
        case ast.Assert(test=ast.Compare(ops=[operator])):
            return _OPERATORS[type(operator)]
        case ast.Expr(value=ast.Call(func=func, args=[_, _, *_])):
            name = ast.unparse(func).rpartition(".")[2]
            return "in" if name in _HOLDING else "" if name in _ONE_SIDED else "=="
    return ""


def _collateral(
    failed: Sequence[str],
    observations: Iterable[Observation],
    records: Records,
    explanations: Sequence[Explanation],
) -> tuple[str, ...]:
    """Name the failed tests in which nothing that uses the detail failed."""
    spoke = {seen.test for seen in observations if not seen.passed}
    details = {each.detail for each in explanations if each.cause in _NAMED and each.detail}
    using = {name for name, names in _uses(records) if details & names}
    return tuple(test for test in failed if test not in spoke and _function(test) not in using)


def _uses(records: Records) -> Iterator[tuple[str, frozenset[str]]]:
    for tests in records.unfinished.values():
        yield from tests.items()


def _function(test: str) -> str:
    """Return the function that a test's id names, as far as it does."""
    head = test.split("[", 1)[0].split(" ", 1)[0]
    return head.rpartition("::")[2].rpartition(".")[2]
