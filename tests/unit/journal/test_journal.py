"""What ran is kept, whole, and found again."""

from __future__ import annotations

import sqlite3
import string
import time
from dataclasses import replace

import fakes
import pytest
from hypothesis import given
from hypothesis import strategies as st

from swe_audit.alternatives.benchmark import controls
from swe_audit.errors import JournalError
from swe_audit.journal import FILE_NAME, Journal, codec
from swe_audit.journal.logs import log_path, read_log, safe_name, write_log
from swe_audit.model.candidate import Candidate, Dropped, DropReason
from swe_audit.model.finding import Defect
from swe_audit.model.task import EvalType, Skipped, SkipReason, Task
from swe_audit.model.trial import Limits, RunState, TrialRun, TrialSpec
from swe_audit.planning import Policy


@pytest.fixture
def journal(tmp_path):
    with Journal.create(tmp_path / "r", fakes.run_info(tmp_path / "r")) as made:
        yield made


def put(journal, task, *names):
    candidates = (*controls(task), *(fakes.curated(task, name) for name in names))
    return candidates, journal.put_task(0, task, candidates, ())


def spec_of(task, candidate, attempt=1):
    return TrialSpec(task=task, candidate=candidate, attempt=attempt)


TEXT = st.text(st.characters(blacklist_categories=()), max_size=40)


@given(
    task=st.builds(
        fakes.make_task,
        rebuilt=st.booleans(),
        statement=TEXT,
        gold_patch=TEXT,
        fail_to_pass=st.tuples(TEXT),
        eval_script=st.none() | TEXT,
        eval_type=st.sampled_from(EvalType),
        difficulty=st.none() | TEXT,
    )
)
def test_a_task_comes_back_as_it_was_whatever_its_texts_hold(task):
    assert codec.decode(Task, codec.encode(task)) == task


@given(name=TEXT, claim=st.none() | st.sampled_from(Defect), patch=TEXT)
def test_a_candidate_comes_back_as_it_was(name, claim, patch):
    candidate = fakes.curated(fakes.make_task(), name, patch=patch, claim=claim)
    assert codec.decode(Candidate, codec.encode(candidate)) == candidate


def test_a_field_of_a_newer_version_is_left_out_and_nonsense_is_an_error():
    text = codec.encode(fakes.run_info(fakes.Path("x")))
    newer = text[:-1] + ',"colour":"blue"}'
    kind = type(fakes.run_info(fakes.Path("x")))
    assert codec.decode(kind, newer) == codec.decode(kind, text)
    for broken in ("", "[]", "{}", '{"id": 1'):
        with pytest.raises(JournalError, match="cannot be read"):
            codec.decode(kind, broken)


@given(first=TEXT, second=TEXT)
def test_log_names_are_safe_and_differ_for_different_candidates(first, second):
    for name in (first, second):
        path = safe_name(name)
        assert path.strip(".")
        assert len(path) < 200
        assert set(path) <= set(string.ascii_letters + string.digits + "._+=-~")
    if first != second:
        assert safe_name(first) != safe_name(second)


@given(text=TEXT)
def test_a_log_comes_back_as_it_was(text, tmp_path_factory):
    folder = tmp_path_factory.getbasetemp()
    path = log_path("i", "c", 1)
    write_log(folder, path, text)
    assert read_log(folder, path) == text


def test_a_trial_is_kept_with_its_log(journal):
    task = fakes.make_task()
    (gold, *_), _ = put(journal, task)
    run = TrialRun(
        state=RunState.TIMED_OUT,
        log="all\ud800 of it",
        apply_log="applied \udcff",
        detail="slow",
        seconds=1.5,
        total_seconds=2.5,
        exit_code=None,
        image="i:1",
        isolation="fake",
    )
    record = journal.record(spec_of(task, gold), run)
    (found,) = journal.trials(task.instance_id)
    assert found == replace(record, run=replace(record.run, apply_log="applied \\udcff"))
    assert journal.load(found).log == run.log
    assert found.id == "shop__cart-1/gold/1"
    assert replace(found.run, log=run.log, apply_log=run.apply_log) == run


def test_the_same_trial_again_replaces_the_first(journal):
    task = fakes.make_task()
    (gold, *_), _ = put(journal, task)
    journal.record(spec_of(task, gold), fakes.ended(RunState.ENGINE_ERROR))
    journal.record(spec_of(task, gold), fakes.completed("better"))
    (found,) = journal.trials(task.instance_id)
    assert found.run.state is RunState.COMPLETED
    assert journal.load(found).log == "better"


def test_putting_a_changed_task_or_patch_makes_its_trials_stale(journal):
    task = fakes.make_task()
    candidates, _ = put(journal, task, "a", "b")
    for candidate in candidates:
        journal.record(spec_of(task, candidate), fakes.completed(fakes.PASS))
    _, stale = put(journal, task, "a", "b")
    assert stale == ()
    _, stale = put(journal, replace(task, folder=journal.folder), "a", "b")
    assert stale == ()
    changed = (*candidates[:3], replace(candidates[3], patch="other"))
    assert journal.put_task(0, task, changed, ()) == ("shop__cart-1/b/1",)
    _, stale = put(journal, replace(task, statement="other"), "a")
    assert len(stale) == 3
    assert journal.trials(task.instance_id) == ()


def test_what_was_left_out_is_kept(journal):
    task = fakes.make_task()
    dropped = (Dropped(instance_id=task.instance_id, name="x/y", reason=DropReason.EMPTY),)
    journal.put_task(0, task, controls(task), dropped)
    skip = Skipped(
        instance_id=task.instance_id, reason=SkipReason.IMAGE_UNAVAILABLE, detail="no registry"
    )
    journal.skip(skip)
    record = journal.task(task.instance_id)
    assert (record.skip, record.dropped, record.task) == (skip, dropped, task)
    put(journal, task)
    assert journal.task(task.instance_id).skip is None
    unread = (Skipped(instance_id="u", reason=SkipReason.BAD_INPUT),) * 2
    journal.set_skipped(unread)
    assert journal.skipped() == unread


def test_the_rules_of_the_run_are_kept(journal):
    assert (journal.policy(), journal.limits()) == (Policy(), Limits())
    rules = (Policy(repeats=5), Limits(timeout=1.5, network="bridge"))
    journal.set_rules(*rules)
    assert (journal.policy(), journal.limits()) == rules


def test_a_second_writer_is_refused_and_a_reader_is_not(journal):
    with pytest.raises(JournalError, match="another process"):
        Journal.open(journal.folder, writable=True)
    put(journal, fakes.make_task())
    with Journal.open(journal.folder, writable=False) as reader:
        assert reader.task_ids() == ("shop__cart-1",)
        with pytest.raises(JournalError, match="readonly"):
            reader.skip(Skipped(instance_id="shop__cart-1", reason=SkipReason.NO_IMAGE))


def test_a_writer_that_died_leaves_everything_it_recorded(tmp_path):
    folder = tmp_path / "r"
    journal = Journal.create(folder, fakes.run_info(folder))
    task = fakes.make_task()
    (gold, *_), _ = put(journal, task)
    journal.record(spec_of(task, gold), fakes.completed("log"))
    copy = tmp_path / "copy"
    copy.mkdir()
    for path in folder.rglob("*"):
        if path.is_file():
            target = copy / path.relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    journal.close()
    with Journal.open(copy, writable=True) as found:
        assert [record.id for record in found.trials(task.instance_id)] == ["shop__cart-1/gold/1"]


def test_a_folder_without_a_journal_a_damaged_one_and_a_newer_one_are_said(tmp_path):
    with pytest.raises(JournalError, match="holds no audit"):
        Journal.open(tmp_path, writable=False)
    path = tmp_path / FILE_NAME
    path.write_bytes(b"this is no database" * 100)
    with pytest.raises(JournalError, match="damaged or no journal"):
        Journal.open(tmp_path, writable=False)
    path.unlink()
    database = sqlite3.connect(path)
    database.execute("PRAGMA user_version = 99")
    database.close()
    with pytest.raises(JournalError, match="version 99") as error:
        Journal.open(tmp_path, writable=True)
    assert "newer" in error.value.hint
    with pytest.raises(JournalError, match="already holds"):
        Journal.create(tmp_path, fakes.run_info(tmp_path))
    path.write_bytes(b"")
    with pytest.raises(JournalError, match="version 0"):
        Journal.open(tmp_path, writable=True)


LONG = "".join(f"line {number} \ud800\n" for number in range(500))


def with_long_texts(task, count=6):
    names = [f"soft-{number}" for number in range(count)]
    return tuple(
        fakes.curated(task, n, patch=LONG, script=LONG + n, test_patch=LONG) for n in names
    )


def test_a_long_text_that_candidates_share_is_kept_once(journal):
    task = fakes.make_task()
    candidates = with_long_texts(task)
    journal.put_task(0, task, candidates[:2], ())
    journal.add_candidates(task.instance_id, candidates[2:])
    assert journal.task(task.instance_id).candidates == candidates
    with sqlite3.connect(journal.folder / FILE_NAME) as db:
        assert db.execute("SELECT count(*) FROM texts").fetchone() == (1 + len(candidates),)
        (size,) = db.execute("SELECT max(length(body)) FROM candidates").fetchone()
        db.execute("DELETE FROM texts")
    db.close()
    assert size < len(LONG) / 2
    with pytest.raises(JournalError, match="Candidate that cannot be read"):
        journal.task(task.instance_id)


def test_a_journal_whose_candidates_hold_their_texts_is_read_and_goes_on(tmp_path):
    task = fakes.make_task()
    candidates = with_long_texts(task)
    with Journal.create(tmp_path, fakes.run_info(tmp_path)) as journal:
        journal.put_task(0, task, (), ())
    with sqlite3.connect(tmp_path / FILE_NAME) as db:
        rows = [(task.instance_id, n, codec.encode(c)) for n, c in enumerate(candidates[:2])]
        db.executemany("INSERT INTO candidates VALUES (?, ?, ?)", rows)
        db.execute("DROP TABLE texts")
        db.execute("ALTER TABLE trials DROP COLUMN without_install")
        db.execute("PRAGMA user_version = 3")
    db.close()
    with Journal.open(tmp_path, writable=False) as journal:
        assert journal.task(task.instance_id).candidates == candidates[:2]
    with Journal.open(tmp_path, writable=True) as journal:
        journal.add_candidates(task.instance_id, candidates[2:])
    with Journal.open(tmp_path, writable=False) as journal:
        assert journal.task(task.instance_id).candidates == candidates


def test_what_an_older_journal_says_in_words_of_a_left_out_install_is_known(tmp_path):
    task = fakes.make_task()
    with Journal.create(tmp_path, fakes.run_info(tmp_path)) as journal:
        (gold, empty), _ = put(journal, task)
        whole = fakes.completed("log")
        journal.record(spec_of(task, empty), whole)
        journal.record(spec_of(task, gold), replace(whole, without_install=True))
        now = journal.trials(task.instance_id)
    assert [trial.run.without_install for trial in now] == [False, True]
    with sqlite3.connect(tmp_path / FILE_NAME) as db:
        said = "one thing; the tree was not installed again; --full does so"
        db.execute("UPDATE trials SET detail = ? WHERE without_install", (said,))
        db.execute("ALTER TABLE trials DROP COLUMN without_install")
        db.execute("PRAGMA user_version = 4")
    db.close()
    for writable in (False, True, False):
        with Journal.open(tmp_path, writable=writable) as journal:
            found = journal.trials(task.instance_id)
        assert [trial.run.without_install for trial in found] == [False, True]


def test_a_lost_or_damaged_log_is_one_clear_error(journal):
    task = fakes.make_task()
    (gold, *_), _ = put(journal, task)
    record = journal.record(spec_of(task, gold), fakes.completed("log" * 1000))
    path = journal.folder / record.log_path
    path.write_bytes(path.read_bytes()[:20])
    with pytest.raises(JournalError, match="cannot be read"):
        journal.load(record)
    path.unlink()
    with pytest.raises(JournalError, match="cannot be read"):
        journal.load(record)


def test_reading_one_task_of_many_does_not_look_at_the_others(journal):
    task = fakes.make_task()
    tasks = [replace(task, instance_id=f"shop__cart-{number}") for number in range(300)]
    for position, each in enumerate(tasks):
        journal.put_task(position, each, controls(each), ())
    with sqlite3.connect(journal.folder / FILE_NAME) as db:
        for table in ("trials", "candidates", "tasks"):
            query = f"EXPLAIN QUERY PLAN SELECT * FROM {table} WHERE instance_id = 'x'"
            assert all("SCAN" not in str(row) for row in db.execute(query))
    db.close()
    began = time.perf_counter()
    assert journal.task("shop__cart-299").task == tasks[299]
    assert journal.task_ids()[:2] == ("shop__cart-0", "shop__cart-1")
    assert time.perf_counter() - began < 1
