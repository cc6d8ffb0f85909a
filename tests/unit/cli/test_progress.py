"""What the user sees while an audit runs."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path

import fakes
import pytest

from swe_audit.api import Engine, audit
from swe_audit.cli.console import Voice
from swe_audit.cli.progress import LiveProgress, PlainProgress, progress_for
from swe_audit.errors import UsageError
from swe_audit.judging.verdicts import judge
from swe_audit.model.candidate import Control
from swe_audit.model.trial import RunState, TrialSpec

TESTS = Path(__file__).parents[2]


def voice(log_file=None, *, verbose=False, quiet=False):
    return Voice(verbose=verbose, quiet=quiet, log_file=log_file)


def run_with(listener, out, play=None):
    engine = Engine(
        isolation=fakes.FakeIsolation(fakes.by_candidate(play or {})), images=fakes.FakeImages()
    )
    return audit(fakes.make_dataset(fakes.make_task()), out, engine=engine, listener=listener)


def test_without_a_terminal_each_trial_and_each_finding_is_a_line(tmp_path, capsys):
    assert type(progress_for(voice(), quiet=False)) is PlainProgress
    with PlainProgress(voice()) as progress:
        run_with(progress, tmp_path / "r", {"gold": fakes.FAIL})
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "1 task to run, at least 4 trials"
    assert any(line.startswith("[1/4] shop__cart-1/gold/1: unresolved, 1 req") for line in lines)
    assert any(line.startswith("finding: shop__cart-1 broken, proven") for line in lines)


def test_quiet_says_nothing_but_the_log_file_has_it_all(tmp_path, capsys):
    speaker = voice(tmp_path / "deep" / "x.log", quiet=True)
    with PlainProgress(speaker) as progress:
        run_with(progress, tmp_path / "r")
    speaker.close()
    assert capsys.readouterr().err == ""
    text = (tmp_path / "deep" / "x.log").read_text()
    assert "shop__cart-1/gold/3: resolved" in text
    assert "shop__cart-1/gold/3: running" in text


def test_a_log_file_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot be written"):
        voice(tmp_path / "file" / "x.log")


def test_the_live_display_shows_what_is_tried_and_the_total(tmp_path):
    task = fakes.make_task()
    progress = LiveProgress(voice(quiet=True))
    shown = []

    def play(spec):
        shown.append(str(progress._render()))
        return fakes.completed(fakes.PASS if spec.candidate.name == "gold" else fakes.FAIL)

    engine = Engine(isolation=fakes.FakeIsolation(play), images=fakes.FakeImages())
    audit(fakes.make_dataset(task), tmp_path / "r", engine=engine, listener=progress)
    assert "shop__cart-1  gold, attempt 1" in shown[0]
    assert "0 of 1 task, 0 of 4 trials, 0 findings" in shown[0]
    assert "shop__cart-1  empty, attempt 1" in shown[1]
    assert "left" in shown[1]
    assert str(progress._render()) == "1 of 1 task, 4 of 4 trials, 0 findings"


def test_many_tasks_in_flight_are_summed_up():
    progress = LiveProgress(voice(quiet=True))
    for number in range(20):
        progress.said(f"shop__cart-{number}", "pulling [half] of it")
    text = str(progress._render())
    assert text.count("\n") == 9
    assert "and 12 more" in text
    assert "[half]" in text


def test_on_a_terminal_the_display_moves_and_leaves_only_what_matters(tmp_path):
    script = textwrap.dedent(
        f"""
        import sys, time
        sys.path.insert(0, {str(TESTS)!r})
        import fakes
        from pathlib import Path
        from swe_audit.api import Engine, audit
        from swe_audit.cli.console import Voice
        from swe_audit.cli.progress import LiveProgress, progress_for
        play = fakes.by_candidate({{"gold": fakes.FAIL}})
        def slow(spec):
            time.sleep(0.4)
            return play(spec)
        speaker = Voice(verbose=False, quiet=False, log_file=None)
        progress = progress_for(speaker, quiet=False)
        assert type(progress) is LiveProgress
        engine = Engine(isolation=fakes.FakeIsolation(slow), images=fakes.FakeImages())
        with progress:
            audit(fakes.make_dataset(fakes.make_task()), Path({str(tmp_path / "r")!r}),
                  engine=engine, listener=progress)
        """
    )
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", script],
        stderr=follower,
        stdout=subprocess.PIPE,
        env={**os.environ, "TERM": "xterm", "NO_COLOR": "1", "COLUMNS": "120"},
    )
    os.close(follower)
    seen = b""
    while True:
        try:
            chunk = os.read(leader, 4096)
        except OSError:
            break
        if not chunk:
            break
        seen += chunk
    os.close(leader)
    out, _ = process.communicate(timeout=60)
    assert (process.returncode, out) == (0, b""), seen
    assert b"gold, attempt 1" in seen
    assert b"finding: shop__cart-1 broken, proven" in seen
    assert b"\x1b[3" not in seen


def test_a_state_that_is_no_result_is_said_with_its_detail(tmp_path, capsys):
    with PlainProgress(voice()) as progress:
        run_with(progress, tmp_path / "r", {"gold": RunState.TIMED_OUT})
    assert "gold/1: timed_out (timed_out)" in capsys.readouterr().err


SAID = {
    None: "unresolved, 1 required test failed in",
    Control.REPRODUCTION: "ran the statement's code in",
    Control.SOFT: "ran softened, 1 required test failed in",
    Control.RELAXED: "unresolved under relaxed tests, 1 required test failed in",
    Control.MIRROR_EMPTY: "unresolved under mirrored tests, 1 required test failed in",
    Control.FAILING: "unresolved under tests made to fail, 1 required test failed in",
}


@pytest.mark.parametrize("control", SAID)
@pytest.mark.parametrize("display", [PlainProgress, LiveProgress])
def test_a_trial_under_other_tests_is_not_said_to_be_rejected_by_the_tasks(
    control, display, capsys
):
    task = fakes.make_task()
    candidate = replace(fakes.curated(task, "x"), control=control)
    spec = TrialSpec(task=task, candidate=candidate, attempt=1)
    progress = display(voice(verbose=True))
    progress.began(spec)
    progress.ended(judge(fakes.completed(fakes.FAIL), spec, gold_has_results=True), 0)
    assert f"shop__cart-1/x/1: {SAID[control]} " in capsys.readouterr().err
