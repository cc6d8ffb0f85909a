"""Killed, starved, locked out or read-only: an audit goes on where it was, and says the same."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import fakes
import pytest

from swe_audit.api import Engine, audit
from swe_audit.concluding import judge_audit
from swe_audit.errors import JournalError
from swe_audit.journal import FILE_NAME, Journal
from swe_audit.report.documents import report_document

ROOT = Path(__file__).parents[2]
TASKS = [fakes.make_task(f"shop__cart-{number}") for number in range(4)]
TEXTS = ("max(prices)", "len(prices)", "0")
PLAY = fakes.by_candidate({})

AUDITOR = """
import sys, time
from pathlib import Path
sys.path[:0] = [{tests!r}, {here!r}]
import fakes, test_nothing_lost as here
def slow(spec):
    with Path({ran!r}).open("a") as file:
        file.write(spec.id + "\\n")
    time.sleep(0.02)
    return here.PLAY(spec)
here.run(Path({out!r}), play=slow, resume=True, workers=2)
"""


def run(out, play=PLAY, **options):
    engine = Engine(isolation=fakes.FakeIsolation(play), images=fakes.FakeImages())
    submitted = [fakes.predicted(task, text) for task in TASKS for text in TEXTS]
    return audit(fakes.make_dataset(*TASKS), out, predictions=submitted, engine=engine, **options)


def scrubbed(result) -> str:
    document = report_document(result)
    document["run"]["started"] = document["run"]["finished"] = ""
    return json.dumps(document, indent=2)


def test_an_audit_killed_at_random_moments_goes_on_and_says_the_same(tmp_path):
    whole = run(tmp_path / "whole" / "r")
    out, ran = tmp_path / "killed" / "r", tmp_path / "ran"
    ran.touch()
    code = AUDITOR.format(
        tests=str(ROOT / "tests"), here=str(Path(__file__).parent), ran=str(ran), out=str(out)
    )
    random.seed(7)
    kills = 0
    for _ in range(30):
        auditor = subprocess.Popen(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": str(ROOT)}
        )
        # Where an audit is killed counts, not when: at some trial, or before the first of its own.
        wanted = len(ran.read_text().splitlines()) + random.randint(1, 9)
        while auditor.poll() is None and len(ran.read_text().splitlines()) < wanted:
            time.sleep(0.002)
        if auditor.poll() is None:
            time.sleep(random.random() * 0.03)
            auditor.kill()
            kills += 1
        if auditor.wait() == 0:
            break
    assert auditor.returncode == 0
    assert kills >= 3
    with Journal.open(out, writable=False) as journal:
        assert scrubbed(judge_audit(journal)) == scrubbed(whole)
    started = ran.read_text().split()
    assert set(started) == {trial.id for one in whole.tasks for trial in one.trials}
    assert len(started) - len(set(started)) <= 2 * kills  # two workers: two trials in flight


def test_a_crash_while_the_journal_is_made_leaves_nothing_that_stops_the_next_start(tmp_path):
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / f"{FILE_NAME}.part").write_bytes(b"half of it")
    (tmp_path / "r" / "audit.lock").touch()
    assert len(run(tmp_path / "r", resume=True).tasks) == len(TASKS)
    assert not (tmp_path / "r" / f"{FILE_NAME}.part").exists()


def test_a_journal_that_calls_the_data_set_otherwise_goes_on_and_takes_the_new_name(tmp_path):
    first = run(tmp_path / "r")
    with Journal.open(tmp_path / "r", writable=True) as journal:
        journal.set_info(replace(journal.info(), dataset="."))
    ran = []
    again = run(tmp_path / "r", lambda spec: ran.append(spec) or PLAY(spec), resume=True)
    assert not ran
    assert scrubbed(again) == scrubbed(first)


def test_a_second_audit_in_the_same_folder_is_refused_in_one_sentence_and_hurts_nothing(tmp_path):
    told = []

    def play(spec):
        if spec.id == "shop__cart-0/gold/2":
            with pytest.raises(JournalError, match="another process is writing the audit") as error:
                run(tmp_path / "r", resume=True)
            told.append(error.value.hint)
        return PLAY(spec)

    first = run(tmp_path / "r", play)
    assert told == ["wait for it, or choose another --out"]
    assert scrubbed(first) == scrubbed(run(tmp_path / "other" / "r"))


@contextmanager
def small_disk(folder, size):
    """A file system of its own, in memory, for whoever may mount one."""
    folder.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("mounting a file system needs root")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def remount(folder, options):
    subprocess.run(["mount", "-o", f"remount,{options}", str(folder)], check=True)


def test_a_full_disk_is_said_and_the_audit_goes_on_once_there_is_space(tmp_path):
    disk = tmp_path / "disk"
    noise = random.Random(1).randbytes(20_000).hex()  # what does not compress

    def play(spec):
        run = PLAY(spec)
        return fakes.completed(noise + "\n" + run.log)

    whole = run(tmp_path / "whole" / "r", play)
    with small_disk(disk, "384k"):
        with pytest.raises(JournalError, match=r"No space left|disk is full|disk I/O") as error:
            run(disk / "r", play)
        assert "free" in error.value.hint
        remount(disk, "size=64m")
        assert scrubbed(run(disk / "r", play, resume=True)) == scrubbed(whole)


def test_a_read_only_file_system_is_said_when_writing_and_is_no_hindrance_to_reading(tmp_path):
    disk = tmp_path / "disk"
    with small_disk(disk, "64m"):
        remount(disk, "ro")
        with pytest.raises(JournalError, match="Read-only") as error:
            run(disk / "r")
        assert error.value.exit_code == 3
        remount(disk, "rw")
        whole = run(disk / "r")
        dying = Journal.open(disk / "r", writable=True)  # a writer that dies leaves its WAL behind
        dying.set_info(replace(dying.info(), finished="never"))
        assert (disk / "r" / f"{FILE_NAME}-wal").stat().st_size
        copy = disk / "copy"
        subprocess.run(["cp", "-r", str(disk / "r"), str(copy)], check=True)
        (copy / f"{FILE_NAME}-shm").unlink()
        dying.close()
        remount(disk, "ro")
        for folder in (disk / "r", copy):
            with Journal.open(folder, writable=False) as journal:
                assert scrubbed(judge_audit(journal)) == scrubbed(whole)
        with pytest.raises(JournalError, match="cannot be written to"):
            run(disk / "r", resume=True)
