"""When a task's results are asked about, and that the journal keeps what was asked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import fakes
import pytest

from swe_audit.alternatives.ground import Ground
from swe_audit.api import Engine, audit
from swe_audit.concluding import judge_audit
from swe_audit.engines import ImageOptions
from swe_audit.errors import InterruptedRunError
from swe_audit.inquiries import INQUIRERS, Inquired, inquiries, may_ask
from swe_audit.journal import Journal
from swe_audit.model.audit import Audit, TaskResult
from swe_audit.model.candidate import Candidate, CandidateKind, Control, Provenance
from swe_audit.model.task import Task
from swe_audit.model.tree import Tree
from swe_audit.model.trial import Verdict
from swe_audit.report.documents import report_document
from swe_audit.workshop import ground_of

TREE = Tree(
    {
        "shop/cart.py": b"def total(prices):\n    return 0\n",
        "tests/test_cart.py": b"from shop.cart import total\n",
    }
)
TASK = fakes.make_task()
SUBMITTED = [fakes.predicted(TASK, "max(prices)"), fakes.predicted(TASK, "len(prices)", "b")]


class Asking:
    """Asks once about each rejected candidate, and once more about what that shows."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, ...]] = []

    def __call__(self, result: TaskResult, ground: Ground) -> Iterator[Candidate]:
        assert ground.tests.read("tests/test_cart.py") is not None
        self.seen.append(tuple(trial.id for trial in result.trials))
        for rejection in result.rejections:
            yield asked(f"ask-{rejection.candidate}", rejection.candidate)
            ran = {trial.candidate for trial in result.trials}
            if f"ask-{rejection.candidate}" in ran:
                yield asked(f"again-{rejection.candidate}", rejection.candidate)


def asked(name: str, subject: str, patch: str = "") -> Candidate:
    return Candidate(
        instance_id=TASK.instance_id,
        name=name,
        kind=CandidateKind.CONTROL,
        provenance=Provenance.INQUIRY,
        patch=patch,
        control=Control.REPRODUCTION,
        subject=subject,
        script="echo asked\n",
    )


@pytest.fixture
def asking(monkeypatch: pytest.MonkeyPatch) -> Asking:
    one = Asking()
    monkeypatch.setitem(INQUIRERS, "test", one)
    return one


def run(out: Path, isolation: fakes.FakeIsolation, **options: object) -> Audit:
    engine = Engine(isolation=isolation, images=fakes.FakeImages())
    options.setdefault("predictions", SUBMITTED)
    options.setdefault("alternatives", ("predictions",))
    dataset = fakes.make_dataset(TASK)
    return audit(dataset, out, engine=engine, **options)  # type: ignore[arg-type]


def rejecting() -> fakes.FakeIsolation:
    name = min(name for name in names())
    return fakes.FakeIsolation(fakes.by_candidate({name: fakes.FAIL}), tree=TREE)


def names() -> list[str]:
    from swe_audit.alternatives.predictions import candidate_name

    return [candidate_name(one.model_patch) for one in SUBMITTED]


def test_what_a_result_leaves_open_is_asked_after_the_ordinary_trials(
    tmp_path: Path, asking: Asking
) -> None:
    isolation = rejecting()
    result = run(tmp_path / "r", isolation)
    rejected = min(names())
    asked_about = [name for name in isolation.ran if "ask-" in name or "again-" in name]
    assert asked_about == [
        f"{TASK.instance_id}/ask-{rejected}/1",
        f"{TASK.instance_id}/again-{rejected}/1",
    ]
    assert isolation.ran[-2:] == asked_about
    assert len(asking.seen) == 3
    assert [len(seen) for seen in asking.seen] == [len(isolation.ran) - n for n in (2, 1, 0)]
    assert [one.candidate for one in result.tasks[0].rejections] == [rejected]


def test_the_journal_alone_gives_the_same_result(tmp_path: Path, asking: Asking) -> None:
    result = run(tmp_path / "r", rejecting())
    with Journal.open(tmp_path / "r", writable=False) as journal:
        again = judge_audit(journal)
    assert again == result
    kept = [c for c in again.tasks[0].candidates if c.control is Control.REPRODUCTION]
    assert [c.script for c in kept] == ["echo asked\n"] * 2
    assert report_document(again) == report_document(result)


def test_an_interrupted_inquiry_goes_on_and_a_finished_one_is_not_asked_again(
    tmp_path: Path, asking: Asking
) -> None:
    whole = rejecting()
    run(tmp_path / "whole" / "r", whole)
    first = rejecting()
    looks = iter([False] * (2 * len(whole.ran)))

    def stop() -> bool:
        return any("/ask-" in name for name in first.ran) or next(looks, True)

    with pytest.raises(InterruptedRunError):
        run(tmp_path / "r", first, stop=stop)
    second = rejecting()
    result = run(tmp_path / "r", second, resume=True)
    assert second.ran
    assert sorted({*first.ran, *second.ran}) == sorted(whole.ran)
    assert len(result.tasks[0].trials) == len(whole.ran)
    third = rejecting()
    run(tmp_path / "r", third, resume=True)
    assert third.ran == []
    with Journal.open(tmp_path / "r", writable=False) as journal:
        note = journal.attached(TASK.instance_id, Inquired)
        assert note is not None
        assert note.complete


def test_a_program_with_another_inquirer_asks_again(
    tmp_path: Path, asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(tmp_path / "r", rejecting())
    asked_before = len(asking.seen)
    run(tmp_path / "r", rejecting(), resume=True)
    assert len(asking.seen) == asked_before
    monkeypatch.setitem(INQUIRERS, "newer", asking)
    run(tmp_path / "r", rejecting(), resume=True)
    assert len(asking.seen) > asked_before


def test_trees_are_read_only_where_results_leave_something_to_ask(
    tmp_path: Path, asking: Asking
) -> None:
    """Of submissions nothing is made, so that a look before the trials would serve nobody."""
    accepted = fakes.FakeIsolation(tree=TREE)
    run(tmp_path / "accepted", accepted)
    assert accepted.studied == []
    assert asking.seen == []
    run(tmp_path / "accepted", accepted, resume=True)
    assert accepted.studied == []
    rejected = rejecting()
    run(tmp_path / "rejected", rejected)
    ordinary = [name for name in rejected.ran if "ask-" not in name and "again-" not in name]
    assert rejected.studied == [len(ordinary)]
    run(tmp_path / "rejected", rejected, resume=True)
    assert len(rejected.studied) == 1


def test_a_task_that_comes_again_for_its_trees_does_not_wait_for_room_that_it_takes(
    tmp_path: Path, asking: Asking
) -> None:
    """As within a disk budget: the next image is made once the first task lets go of its own."""
    other = fakes.make_task("shop__cart-2")
    gone = threading.Event()

    class Narrow(fakes.FakeImages):
        def ensure(self, task: Task, say: Callable[[str], None]) -> str:
            if task is other:
                assert gone.wait(10), "the first task never let go of its image"
            return super().ensure(task, say)

        def release(self, task: Task) -> None:
            gone.set()

    isolation = rejecting()
    engine = Engine(isolation=isolation, images=Narrow())
    result = audit(
        fakes.make_dataset(TASK, other),
        tmp_path / "r",
        engine=engine,
        predictions=SUBMITTED,
        alternatives=("predictions",),
        image_options=ImageOptions(builders=1),
    )
    assert len(isolation.studied) == 1
    assert [bool(task.trials) for task in result.tasks] == [True, True]


def test_trees_are_read_first_where_candidates_are_made_of_them(tmp_path: Path) -> None:
    isolation = fakes.FakeIsolation(tree=TREE)
    run(tmp_path / "r", isolation, alternatives=("predictions", "statement"))
    assert isolation.studied == [0]


def test_an_audit_that_ends_before_its_trees_are_read_reads_them_when_it_goes_on(
    tmp_path: Path, asking: Asking
) -> None:
    whole, first, second = rejecting(), rejecting(), rejecting()
    run(tmp_path / "whole", whole)
    first.study = lambda *_: pytest.fail("it was stopped")  # type: ignore[method-assign]
    ordinary = whole.studied[0]
    with pytest.raises(InterruptedRunError):
        run(tmp_path / "r", first, stop=lambda: len(first.ran) == ordinary)
    result = run(tmp_path / "r", second, resume=True)
    assert second.studied == [0]
    assert sorted({*first.ran, *second.ran}) == sorted(whole.ran)
    assert [one.candidate for one in result.tasks[0].rejections] == [min(names())]


def test_nothing_can_be_asked_where_may_ask_says_so(tmp_path: Path) -> None:
    """So the promise that trees are not missed: no inquirer of ours wants anything of gold's."""
    shown = fakes.make_task(statement="Expected:\n```python\n>>> 1 + 1\n2\n```\n")
    for task, expected in ((TASK, False), (shown, True)):
        engine = Engine(isolation=fakes.FakeIsolation(tree=TREE), images=fakes.FakeImages())
        folder = tmp_path / str(expected)
        (result,) = audit(fakes.make_dataset(task), folder, engine=engine).tasks
        assert may_ask(result) is expected
        if not expected:
            assert inquiries(result, ground_of(task, TREE)) == ()


def test_a_task_whose_trees_cannot_be_read_is_audited_without(
    tmp_path: Path, asking: Asking
) -> None:
    name = min(names())
    isolation = fakes.FakeIsolation(fakes.by_candidate({name: fakes.FAIL}))
    result = run(tmp_path / "r", isolation)
    assert asking.seen == []
    verdicts = {t.candidate: t.verdict for t in result.tasks[0].trials}
    assert verdicts[name] is Verdict.UNRESOLVED


def test_an_inquiry_goes_with_the_candidate_that_it_is_about(tmp_path: Path) -> None:
    subject = fakes.curated(TASK, "by-hand")
    about, alone = asked("ask-by-hand", "by-hand"), asked("ask-a-pin", "some name")
    with Journal.create(tmp_path / "r", fakes.run_info(tmp_path / "r")) as journal:
        journal.put_task(0, TASK, (subject,), ())
        journal.add_candidates(TASK.instance_id, (about, alone))
        journal.put_task(0, TASK, (subject,), ())
        kept = [c.name for c in journal.task(TASK.instance_id).candidates]
        assert kept == ["by-hand", "ask-by-hand", "ask-a-pin"]
        journal.put_task(0, TASK, (replace(subject, patch=subject.patch + "\n"),), ())
        kept = [c.name for c in journal.task(TASK.instance_id).candidates]
        assert kept == ["by-hand", "ask-a-pin"]


def test_a_script_of_its_own_is_part_of_what_a_candidate_is() -> None:
    one = asked("ask", "x")
    assert one.patch_sha256 != replace(one, script=None).patch_sha256
    assert one.patch_sha256 != replace(one, script="echo other\n").patch_sha256
    tests = replace(one, script=None, test_patch="echo asked\n")
    assert one.patch_sha256 != tests.patch_sha256
