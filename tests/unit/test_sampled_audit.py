"""An audit of a sample: what it says of the whole set, in the journal, the report and on stdout."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import fakes
import pytest

from swe_audit.api import Engine, audit
from swe_audit.cli.run_view import print_audit
from swe_audit.concluding import judge_audit
from swe_audit.journal import Journal
from swe_audit.model.audit import Audit
from swe_audit.report import render
from swe_audit.report.documents import report_document
from swe_audit.selecting import Selection, select


def whole_set(count: int = 9) -> object:
    tasks = [replace(fakes.make_task(), instance_id=f"shop__cart-{n}") for n in range(count)]
    return fakes.make_dataset(*tasks)


def audited(out: Path, size: int, *, resume: bool = False) -> Audit:
    part, design = select(whole_set(), Selection(sample=str(size), seed=7))
    engine = Engine(isolation=fakes.FakeIsolation(), images=fakes.FakeImages())
    return audit(part, out, sample=design, seed=7, engine=engine, resume=resume)


def test_the_design_and_the_estimates_reach_the_report(tmp_path: Path) -> None:
    result = audited(tmp_path / "r", 4)
    assert result.inference is not None
    assert (len(result.tasks), result.inference.estimates[0].population) == (4, 9)
    render(result, tmp_path / "r", tmp_path / "r")
    document = json.loads((tmp_path / "r" / "report.json").read_text())
    sample = document["run"]["sample"]
    assert (sample["kind"], sample["asked"], sample["population"], sample["chosen"]) == (
        "random",
        "4",
        9,
        4,
    )
    told = document["summary"]["inference"]
    assert told["estimates"][0]["kind"] == "estimate"
    assert told["estimates"][0]["population"] == 9
    assert "does not tell which of the 5 other tasks" in told["sentence"]


def test_a_report_made_later_says_the_same(tmp_path: Path) -> None:
    result = audited(tmp_path / "r", 4)
    with Journal.open(tmp_path / "r", writable=False) as journal:
        again = judge_audit(journal)
    assert again.run.sample == result.run.sample
    assert again.inference == result.inference


def test_a_wider_sample_goes_on_where_the_smaller_ended(tmp_path: Path) -> None:
    before = audited(tmp_path / "r", 3)
    after = audited(tmp_path / "r", 6, resume=True)
    names = {task.instance_id for task in before.tasks}
    assert names < {task.instance_id for task in after.tasks}
    assert after.inference is not None
    assert after.inference.estimates[0].n == 6


def test_the_summary_says_it_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = audited(tmp_path / "r", 4)
    print_audit(result, tmp_path / "r" / "index.html")
    shown = capsys.readouterr().out
    assert "4 of 9 tasks, drawn by lot (4, seed 7)" in shown
    assert "% interval" in shown
    assert "5 other tasks" in " ".join(shown.split())


def test_an_audit_of_everything_has_no_estimate(tmp_path: Path) -> None:
    engine = Engine(isolation=fakes.FakeIsolation(), images=fakes.FakeImages())
    result = audit(whole_set(2), tmp_path / "r", engine=engine)  # type: ignore[arg-type]
    document = report_document(result)
    assert (result.run.sample, document["run"]["sample"]) == (None, None)
    assert document["summary"]["inference"] is None
