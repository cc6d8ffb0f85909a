"""``run``, ``report`` and ``reproduce`` from the command line: what needs no engine."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass

import fakes
import pytest

from swe_audit.api import Engine, audit
from swe_audit.cli.progress import Tally, duration
from swe_audit.cli.reproduce import exit_code as reproduce_code
from swe_audit.cli.run import FailOn, exit_code
from swe_audit.cli.run import _selected as selected
from swe_audit.cli.sizes import size
from swe_audit.errors import ExitCode, ImageError, UsageError
from swe_audit.model.candidate import CandidateKind
from swe_audit.model.trial import RunState

NOWHERE = {"DOCKER_HOST": "unix:///nowhere/engine.sock"}


@dataclass(frozen=True)
class Ended:
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def swe_audit(tmp_path, monkeypatch, capsys):
    """Run a command line in this process, in ``tmp_path``, where no engine is in reach."""
    from swe_audit.cli import main

    for name in [name for name in os.environ if name.startswith("SWE_AUDIT_")]:
        monkeypatch.delenv(name)
    for name, value in {**NOWHERE, "NO_COLOR": "1", "COLUMNS": "200"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["swe-audit", *arguments])
        capsys.readouterr()
        try:
            main()
        except SystemExit as end:
            code = end.code
        return Ended(int(code or 0), *capsys.readouterr())

    return call


@pytest.fixture
def dataset(tmp_path):
    task = fakes.make_task()
    row = {
        "instance_id": task.instance_id,
        "repo": task.repo,
        "base_commit": "0" * 40,
        "problem_statement": task.statement,
        "patch": task.gold_patch,
        "test_patch": task.test_patch,
        "FAIL_TO_PASS": [fakes.F2P],
        "PASS_TO_PASS": [fakes.P2P],
        "test_cmd": "pytest",
        "log_parser": "parse_log_pytest",
        "image": "shop/cart:1",
    }
    path = tmp_path / "tasks.jsonl"
    path.write_text(json.dumps(row) + "\n")
    return path


@pytest.fixture
def finished(tmp_path):
    """A finished run in ``reports/r`` and its audit."""
    engine = Engine(isolation=fakes.FakeIsolation(), images=fakes.FakeImages())
    out = tmp_path / "reports" / "r"
    return audit(fakes.make_dataset(fakes.make_task()), out, engine=engine)


def test_without_an_engine_the_exit_code_is_4_and_nothing_is_left(swe_audit, dataset, tmp_path):
    result = swe_audit("run", str(dataset), "--out", "r")
    assert (result.returncode, result.stdout) == (ExitCode.NO_ENGINE, "")
    assert result.stderr.startswith("error: no container engine answers")
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "r").exists()


def test_without_results_the_hardest_are_those_that_screening_puts_first(dataset):
    chosen, design = selected(str(dataset), None, None, None, None, 1, None, 0)
    assert len(chosen.tasks) == 1
    assert design.criterion == "the screen score"


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["run"], 2, "Missing argument"),
        (["run", "T", "--repeats", "0"], 2, "--repeats"),
        (["run", "T", "--memory", "lots"], 2, "'lots' is no size"),
        (["run", "T", "--fail-on", "never"], 2, "--fail-on"),
        (["run", "T", "--alternatives", "miracles"], 2, "miracles"),
        (["run", "T", "-o", "full"], 2, "is not empty"),
        (["run", "T", "--log-file", "full/note/x"], 2, "cannot be written"),
        (["run", "nothing.jsonl"], 3, "nothing.jsonl"),
        (["run", "T", "-i", "no__such-1"], 3, "no__such-1"),
        (["run", "T", "-p", "nothing.json"], 3, "nothing.json"),
        (["run", "T", "--families", "nothing.yaml"], 3, "nothing.yaml"),
        (["run", "T", "--resume"], 2, "no run under reports"),
        (["run", "T", "--sample", "half"], 2, "neither a number of tasks nor a share"),
        (["run", "T", "--sample", "2"], 2, "more tasks than there are (1)"),
        (["run", "T", "--sample", "1", "--hardest", "1"], 2, "exclude each other"),
        (["run", "T", "--sample", "1", "--stratify", "colour"], 2, "cannot be divided by colour"),
        (["run", "T", "--stratify", "repo"], 2, "there is none"),
        (["run", "T", "--hardest", "0"], 2, "chooses no task"),
        (["run", "T", "--hardest", "2"], 2, "only 1 of the tasks can be ranked"),
        (["run", "T", "--hardest", "1", "--results", "T"], 3, "the first line is not instance_id"),
        (["run", "T", "--instances", "nothing.txt"], 3, "nothing.txt"),
        (["run", "T", "--instances", "full/note"], 3, "holds no task x"),
        (["report", "nothing"], 3, "there is no run nothing"),
        (["reproduce", "nothing", "a/b/1"], 3, "there is no run nothing"),
        (["dance"], 2, "dance"),
    ],
)
def test_a_mistake_is_one_sentence_and_its_exit_code(
    swe_audit, dataset, tmp_path, arguments, code, message
):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "note").write_text("x")
    given = [str(dataset) if argument == "T" else argument for argument in arguments]
    result = swe_audit(*given)
    assert result.returncode == code, result.stderr
    assert message in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""


def test_the_version_is_printed(swe_audit):
    assert swe_audit("--version").stdout.startswith("swe-audit 0.")


def test_help_comes_with_examples_even_where_the_settings_are_wrong(swe_audit, tmp_path):
    (tmp_path / "swe-audit.toml").write_text("nonsense = [")
    result = swe_audit("run", "--help")
    assert result.returncode == 0
    assert "swe-audit run tasks.jsonl" in result.stdout


def test_a_run_is_reported_again_by_id_and_by_path(swe_audit, finished, tmp_path):
    for run in ("r", "reports/r", str(tmp_path / "reports" / "r")):
        result = swe_audit("report", run)
        assert result.returncode == 0, result.stderr
        assert (tmp_path / "reports" / "r" / "index.html").is_file()
    document = json.loads((tmp_path / "reports" / "r" / "report.json").read_text())
    printed = swe_audit("report", "r", "--json", "--out", "elsewhere")
    assert json.loads(printed.stdout) == document
    assert document["summary"]["by_status"] == {"untested": 1}
    assert (tmp_path / "elsewhere" / "index.html").is_file()


def test_a_trial_that_does_not_exist_cannot_be_reproduced(swe_audit, finished):
    result = swe_audit("reproduce", "r", "shop__cart-1/gold/9")
    assert result.returncode == ExitCode.BAD_INPUT
    assert "shop__cart-1/gold/1" in result.stderr


@pytest.mark.parametrize(
    ("play", "alternative", "fail_on", "code"),
    [
        ({}, {}, None, 0),
        ({}, {}, FailOn.SUSPECT, 0),
        ({"gold": RunState.ENGINE_ERROR}, {}, None, 5),
        ({"gold": RunState.TIMED_OUT}, {}, None, 0),
        ({"gold": fakes.FAIL}, {}, None, 0),
        ({"gold": fakes.FAIL}, {}, FailOn.PROVEN, 10),
        ({}, {"kind": CandidateKind.INCORRECT}, FailOn.LIKELY, 0),
        ({}, {"kind": CandidateKind.INCORRECT}, FailOn.SUSPECT, 10),
    ],
)
def test_the_exit_code_follows_from_the_audit(tmp_path, play, alternative, fail_on, code):
    assert exit_code(played(tmp_path, play, alternative), fail_on) == code


def played(tmp_path, play, alternative=None, images=None):
    from swe_audit.alternatives.benchmark import controls
    from swe_audit.executors import EngineWatch, LocalExecutor
    from swe_audit.gathering import Gathered
    from swe_audit.journal import Journal
    from swe_audit.listening import Silence
    from swe_audit.model.trial import Limits
    from swe_audit.pipeline import Machinery, run_audit
    from swe_audit.planning import Policy

    task = fakes.make_task()
    extra = (fakes.curated(task, "x", **alternative),) if alternative else ()
    isolation = fakes.FakeIsolation(fakes.by_candidate(play))
    machinery = Machinery(
        images=images or fakes.FakeImages(),
        executor=LocalExecutor(isolation, Limits(), 1),
        limits=Limits(),
        watch=EngineWatch(isolation.info),
    )
    with Journal.create(tmp_path / "j", fakes.run_info(tmp_path)) as journal:
        return run_audit(
            fakes.make_dataset(task),
            {task.instance_id: Gathered(candidates=(*controls(task), *extra))},
            machinery,
            journal,
            Policy(),
            Silence(),
        )


def test_an_image_that_could_not_be_made_leaves_the_audit_incomplete(tmp_path):
    images = fakes.FakeImages({"shop__cart-1": ImageError("no")})
    assert exit_code(played(tmp_path, {}, images=images), None) is ExitCode.INCOMPLETE


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [("resolved", "resolved", 0), ("resolved", "unresolved", 10), ("inconclusive", "resolved", 5)],
)
def test_the_exit_code_of_reproduce_compares_the_verdicts(before, after, code):
    from types import SimpleNamespace

    from swe_audit.model.trial import Verdict

    result = SimpleNamespace(
        before=SimpleNamespace(verdict=Verdict(before)),
        after=SimpleNamespace(verdict=Verdict(after)),
    )
    assert reproduce_code(result) == code


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("4g", "m", 4 * 1024**3),
        ("2", "g", 2 * 1024**3),
        ("1.5 MiB", "g", 1572864),
        ("7k", "g", 7168),
    ],
)
def test_sizes_are_read_as_people_write_them(text, unit, expected):
    assert size(text, "--memory", unit) == expected


@pytest.mark.parametrize("text", ["", "g", "-1g", "1 gigabyte", "1e9"])
def test_what_is_no_size_is_said(text):
    with pytest.raises(UsageError, match="--memory"):
        size(text, "--memory", "g")


def test_the_time_left_is_guessed_from_the_pace():
    tally = Tally(tasks=2, ended=0, remaining=4)
    assert tally.seconds_left() is None
    tally.ended, tally.began = 2, tally.began - 10
    assert tally.seconds_left() == pytest.approx(20, rel=0.1)
    assert "about 20 s left" in tally.line()
    assert [duration(s) for s in (0.04, 61, 600, 7800)] == ["0.0 s", "61 s", "10 min", "2 h 10 min"]
