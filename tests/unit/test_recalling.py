"""What ran once is not run again, here or in another run, unless something that matters changed."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import time
from dataclasses import replace

import fakes
import pytest

from swe_audit import recalling
from swe_audit.alternatives.predictions import candidate_name
from swe_audit.api import Engine, audit
from swe_audit.errors import InterruptedRunError, JournalError
from swe_audit.installing import preamble_digest
from swe_audit.journal import FILE_NAME, Journal
from swe_audit.journal.codec import encode, identity
from swe_audit.journal.records import Address
from swe_audit.model.candidate import Provenance
from swe_audit.model.reinstall import Reinstall
from swe_audit.model.task import Resources
from swe_audit.model.tree import Tree
from swe_audit.model.trial import Limits, RunState, TrialSpec, Verdict
from swe_audit.recalling import Addresses
from swe_audit.report import render
from swe_audit.report.documents import report_document

TREE = Tree(
    {
        "shop/cart.py": b"def total(prices):\n    return 0\n",
        "tests/test_cart.py": b"from shop.cart import total\n",
    }
)
TEXTS = [f"sum(prices) + {number} * 0" for number in range(10)]


def run(out, *tasks, texts=(), play=None, images=None, isolation=None, **options):
    isolation = isolation or fakes.FakeIsolation(play)
    engine = Engine(isolation=isolation, images=images or fakes.FakeImages())
    submitted = [fakes.predicted(task, text) for task in tasks for text in texts]
    dataset = fakes.make_dataset(*tasks)
    return audit(dataset, out, predictions=submitted, engine=engine, **options), isolation


def tasks(number):
    return [fakes.make_task(f"shop__cart-{place}") for place in range(number)]


def scrubbed(result):
    document = report_document(result)
    for key in ("id", "started", "finished", "notes", "command"):
        document["run"].pop(key, None)
    return document


def test_a_finished_audit_of_200_trials_starts_nothing_and_ends_in_two_seconds(tmp_path):
    many = tasks(20)
    first, _ = run(tmp_path / "r", *many, texts=TEXTS)
    render(first, tmp_path / "r", tmp_path / "r")
    began = time.process_time()  # this machine may do other things
    again, nothing = run(tmp_path / "r", *many, texts=TEXTS, resume=True)
    render(again, tmp_path / "r", tmp_path / "r")
    seconds = time.process_time() - began
    assert nothing.ran == []
    assert sum(len(one.trials) for one in first.tasks) >= 20 * 14
    assert scrubbed(again) == scrubbed(first)
    assert seconds < 2


def test_one_changed_alternative_costs_its_own_trials(tmp_path):
    many = tasks(3)
    run(tmp_path / "r", *many, texts=TEXTS)
    _, isolation = run(tmp_path / "r", *many, texts=[*TEXTS[1:], "max(prices)"], resume=True)
    assert len(isolation.ran) == 3
    assert {name.split("/")[2] for name in isolation.ran} == {"1"}


def test_another_run_is_a_cache_and_its_results_give_the_same_report(tmp_path):
    many = tasks(3)
    play = fakes.by_candidate({candidate_name(fakes.patch_of("0")): fakes.FAIL})
    texts = ["0", *TEXTS[:2]]
    first, ran = run(tmp_path / "a", *many, texts=texts, play=play)
    again, isolation = run(tmp_path / "b", *many, texts=texts, caches=[tmp_path / "a"])
    assert isolation.ran == []
    assert len(ran.ran) == sum(len(one.trials) for one in again.tasks) == 3 * 9
    assert scrubbed(again) == scrubbed(first)
    assert any(
        f"27 trials not run again, for they had run in {tmp_path}" in note
        for note in again.run.notes
    )
    more, isolation = run(tmp_path / "c", *many, texts=[*texts, "9"], caches=[tmp_path / "a"])
    assert len(isolation.ran) == 3
    assert more.tasks[0].instance_id == "shop__cart-0"


def test_what_a_run_made_of_a_tree_is_taken_from_a_cache_that_was_asked_for_the_same(tmp_path):
    task = fakes.make_task()
    first = fakes.FakeIsolation(tree=TREE)
    whole, _ = run(tmp_path / "a", task, isolation=first, mutants=2)
    assert any(c.name.startswith("mutant") for c in whole.tasks[0].candidates)
    again, isolation = run(tmp_path / "b", task, mutants=2, caches=[tmp_path / "a"])
    assert isolation.ran == []
    assert scrubbed(again) == scrubbed(whole)
    other, isolation = run(
        tmp_path / "c", task, isolation=fakes.FakeIsolation(tree=TREE), caches=[tmp_path / "a"]
    )
    assert isolation.ran == []  # what it makes itself had run there, too
    assert not any(c.name.startswith("mutant") for c in other.tasks[0].candidates)


def test_an_unfinished_trial_of_a_cache_is_run(tmp_path):
    task = fakes.make_task()
    play = fakes.by_candidate({"gold": [fakes.PASS, RunState.ENGINE_ERROR, fakes.PASS]})
    run(tmp_path / "a", task, play=play)
    _, isolation = run(tmp_path / "b", task, caches=[tmp_path / "a"])
    assert isolation.ran == ["shop__cart-1/gold/2"]


def test_a_cache_that_is_no_run_is_said_before_anything_is_made(tmp_path):
    with pytest.raises(JournalError, match="holds no audit"):
        run(tmp_path / "b", fakes.make_task(), caches=[tmp_path / "a"])
    assert not (tmp_path / "b").exists()


def test_an_image_that_resolves_to_something_else_makes_its_trials_stale(tmp_path):
    task = fakes.make_task()
    run(tmp_path / "r", task, images=fakes.FakeImages(resolved="sha256:1"))
    for resolved, trials in (("", 0), ("sha256:1", 0), ("sha256:2", 4)):
        images = fakes.FakeImages(resolved=resolved)
        _, isolation = run(tmp_path / "r", task, images=images, resume=True)
        assert len(isolation.ran) == trials


def test_other_limits_make_trials_stale(tmp_path):
    run(tmp_path / "r", fakes.make_task())
    _, isolation = run(tmp_path / "r", fakes.make_task(), limits=Limits(timeout=5), resume=True)
    assert len(isolation.ran) == 4


def address(spec, *, images=None, limits=None, isolation="fake"):
    return Addresses(images or fakes.FakeImages(), limits or Limits(), isolation).of(spec)


def test_an_address_holds_whatever_an_outcome_depends_on_and_nothing_else(tmp_path, monkeypatch):
    (tmp_path / "test_assets").mkdir()
    asset = tmp_path / "test_assets" / "a.bin"
    asset.write_bytes(b"1")
    task = fakes.make_task(folder=tmp_path, test_assets=("a.bin",))
    spec = TrialSpec(task=task, candidate=fakes.curated(task, "a"), attempt=1)

    def candidate(**changes):
        return replace(spec, candidate=replace(spec.candidate, **changes))

    plain = address(spec)
    assert plain == address(candidate(name="b", rationale="other", family="x"))
    assert plain == address(replace(spec, task=replace(task, folder=tmp_path / ".")))
    others = [
        address(replace(spec, attempt=2)),
        address(candidate(patch="other")),
        address(candidate(test_patch="other", script="git apply - <<'EOF_1'\n")),
        address(candidate(script="other")),
        address(replace(spec, task=replace(task, eval_script="other"))),
        address(spec, limits=Limits(memory=1)),
        address(replace(spec, task=replace(task, resources=Resources(cpus=2)))),
        address(replace(spec, task=replace(task, resources=Resources(memory=2)))),
        address(spec, isolation="other"),
        address(spec, images=fakes.FakeImages(tag="2")),
    ]
    asset.write_bytes(b"2")
    others.append(address(spec))
    monkeypatch.setattr(recalling, "RUNNER", "of tomorrow")
    others.append(address(spec))
    assert len({plain.key, *(other.key for other in others)}) == len(others) + 1


def test_a_task_that_claims_nothing_is_known_from_before_there_were_claims():
    task = fakes.make_task()
    plain = json.loads(encode(replace(task, folder=None)))
    assert plain.pop("resources") == {"cpus": None, "memory": None}
    before = json.dumps(plain, separators=(",", ":")).encode()
    assert identity(task) == hashlib.sha256(before).hexdigest()
    assert identity(task) != identity(replace(task, resources=Resources(cpus=1)))


def test_addresses_are_equal_unless_something_known_tells_them_apart():
    known, unknown = Address(key="k", resolved="1"), Address(key="k")
    assert known.may_equal(unknown)
    assert unknown.may_equal(known)
    assert not known.may_equal(replace(known, resolved="2"))
    assert not unknown.may_equal(Address(key="j"))


def test_a_journal_without_addresses_is_read_and_brought_up_to_date(tmp_path):
    task = fakes.make_task()
    first, _ = run(tmp_path / "r", task)
    with sqlite3.connect(tmp_path / "r" / FILE_NAME) as db:
        for column in ("key", "resolved", "without_install"):
            db.execute(f"ALTER TABLE trials DROP COLUMN {column}")
        db.execute("PRAGMA user_version = 2")
    db.close()
    with Journal.open(tmp_path / "r", writable=False) as journal:
        assert [record.address.key for record in journal.trials(task.instance_id)] == [""] * 4
    again, isolation = run(tmp_path / "r", task, resume=True)
    assert isolation.ran == []
    assert again.tasks == first.tasks


def test_a_stop_in_mid_run_leaves_a_cache_of_what_ran(tmp_path):
    many = tasks(3)
    stops = iter([False] * 4)
    with pytest.raises(InterruptedRunError):
        run(tmp_path / "a", *many, texts=TEXTS, stop=lambda: next(stops, True))
    with Journal.open(tmp_path / "a", writable=False) as journal:
        done = [
            r.id
            for name in journal.task_ids()
            for r in journal.trials(name)
            if r.run.state is RunState.COMPLETED
        ]
    _, isolation = run(tmp_path / "b", *many, texts=TEXTS, caches=[tmp_path / "a"])
    assert done
    assert not set(done) & set(isolation.ran)


def test_a_mutant_that_was_cut_short_runs_in_full_where_that_is_asked_for(tmp_path):
    task = fakes.make_task(log_parser="parse_log_django", eval_script="true")
    seen = {}

    def log(word):
        lines = "".join(f"{test} ... {word}\n" for test in task.required)
        return f">>>>> Start Test Output\n{lines}>>>>> End Test Output\n"

    def play(spec):
        seen[spec.candidate.name] = spec.decisive
        word = "ok" if spec.candidate.name == "gold" else "FAIL"
        if spec.decisive:
            return replace(fakes.completed(log("FAIL")), state=RunState.CUT)
        return fakes.completed(log(word))

    isolation = fakes.FakeIsolation(play, tree=TREE)
    first, _ = run(tmp_path / "a", task, isolation=isolation, mutants=4)
    short = [t for t in first.tasks[0].trials if t.state is RunState.CUT]
    assert short
    assert {t.official_verdict for t in short} == {Verdict.UNRESOLVED}
    mutants = {c.name for c in first.tasks[0].candidates if c.provenance is Provenance.MUTANT}
    assert {t.candidate for t in short} <= mutants
    assert seen["gold"] == seen["empty"] == frozenset()
    copied = fakes.FakeIsolation(play, tree=TREE)
    run(tmp_path / "b", task, isolation=copied, mutants=4, full=True, caches=[tmp_path / "a"])
    assert sorted(copied.ran) == sorted(t.id for t in short)
    again = fakes.FakeIsolation(play, tree=TREE)
    whole, _ = run(tmp_path / "a", task, isolation=again, mutants=4, full=True, resume=True)
    assert sorted(again.ran) == sorted(t.id for t in short)
    assert {t.state for t in whole.tasks[0].trials} == {RunState.COMPLETED}


def test_an_install_that_changes_nothing_is_left_out_and_run_where_that_is_asked_for(tmp_path):
    script = "pip install -e .\npytest\n"
    task = fakes.make_task(eval_script=script)
    seen = Reinstall(image="", preamble=preamble_digest(script), read=("setup.py",))

    def audited(out, **options):
        isolation = fakes.FakeIsolation(spared)
        isolation.seen = seen
        result, _ = run(tmp_path / out, task, texts=TEXTS, isolation=isolation, **options)
        return result, isolation

    def spared(spec):
        played = fakes.by_candidate({})(spec)
        return replace(played, without_install=spec.without_install)

    first, isolation = audited("a")
    short = {spec.id for spec in isolation.specs if spec.without_install}
    whole = set(isolation.ran) - short
    assert isolation.reinstalled == [task.instance_id]
    assert whole == {f"{task.instance_id}/{name}/1" for name in ("gold", "empty")}
    assert any(f"{len(short)} trials of" in note for note in first.run.notes)
    again, isolation = audited("a", resume=True)
    assert isolation.ran == isolation.reinstalled == []
    assert scrubbed(again) == scrubbed(first)
    _, isolation = audited("b", alternatives=["predictions"], caches=[tmp_path / "a"])
    assert isolation.ran == isolation.reinstalled == []
    last, isolation = audited("a", resume=True, full=True)
    assert set(isolation.ran) == short
    assert isolation.reinstalled == []
    assert not any(spec.without_install for spec in isolation.specs)
    assert not any("install" in note for note in last.run.notes)
    _, isolation = audited("c", caches=[tmp_path / "a"])
    assert isolation.ran == [], "what installed did no less than what need not"


def test_a_task_with_few_candidates_has_no_install_looked_at(tmp_path):
    _, isolation = run(tmp_path / "a", fakes.make_task(eval_script="pip install -e .\n"))
    assert isolation.reinstalled == []
