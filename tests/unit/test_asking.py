"""Audits with a judge and a writer from outside: each is asked once, and nothing rests on them."""

from __future__ import annotations

import sys
from pathlib import Path

import fakes

from swe_audit.alternatives.predictions import candidate_name
from swe_audit.api import Engine, audit
from swe_audit.cli.run import exit_code
from swe_audit.concluding import judge_audit
from swe_audit.errors import ExitCode
from swe_audit.journal import Journal
from swe_audit.model.audit import Audit
from swe_audit.model.candidate import DropReason, Provenance
from swe_audit.model.finding import Confidence
from swe_audit.model.outside import Ruling
from swe_audit.model.tree import Tree
from swe_audit.outside import Judge, Outside, Writer
from swe_audit.report.documents import report_document

TREE = Tree(
    {
        "shop/cart.py": b"def total(prices):\n    return 0\n",
        "tests/test_cart.py": b"from shop.cart import total\n",
    }
)
TASK = fakes.make_task()
WHY = """\
=================================== FAILURES ===================================
__________________________________ test_total __________________________________

    def test_total():
>       assert total([1, 2]) == 3
E       AssertionError: Regex pattern did not match.
E        Regex: 'no such thing'
E        Input: 'gone'

tests/test_cart.py:4: AssertionError
"""


def command(folder: Path, role: str, answer: str) -> Outside:
    """A command that counts how often it is asked, in ``<role>.asked``."""
    folder.mkdir(exist_ok=True)
    script = folder / f"{role}.py"
    script.write_text(
        f"import sys\nopen({str(folder / role)!r} + '.asked', 'a').write('x')\n{answer}\n",
        encoding="utf-8",
    )
    return Outside(role=role, words=(sys.executable, str(script)), patience=60)


def asked(folder: Path, role: str) -> int:
    file = folder / f"{role}.asked"
    return len(file.read_text()) if file.exists() else 0


def run(
    folder: Path,
    submitted: list[str],
    *,
    judge: str = "",
    writer: str = "",
    resume: bool = False,
    rejected: tuple[str, ...] = ("max(prices)",),
) -> Audit:
    names = {candidate_name(fakes.patch_of(text)) for text in rejected}
    logs = dict.fromkeys(names, fakes.log_of(failed=[fakes.F2P], why=WHY))
    isolation = fakes.FakeIsolation(fakes.by_candidate(logs), tree=TREE)
    return audit(
        fakes.make_dataset(TASK),
        folder / "r",
        engine=Engine(isolation=isolation, images=fakes.FakeImages()),
        alternatives=("predictions",),
        predictions=[fakes.predicted(TASK, text, text) for text in submitted],
        judge=Judge(outside=command(folder, "judge", judge)) if judge else None,
        writer=Writer(outside=command(folder, "writer", writer)) if writer else None,
        resume=resume,
    )


RIGHT = """print('{"verdict": "correct", "reason": "the text is free"}')"""


def test_a_judge_is_asked_once_and_its_word_alone_makes_a_suspect(tmp_path: Path) -> None:
    result = run(tmp_path, ["max(prices)", "len(prices)"], judge=RIGHT)
    assert asked(tmp_path, "judge") == 1, "only what was rejected"
    (finding,) = result.tasks[0].findings
    assert (finding.rungs, finding.confidence) == (("judge",), Confidence.SUSPECT)
    assert "the text is free" in str(finding.evidence)
    (opinion,) = result.tasks[0].opinions
    assert opinion.ruling is Ruling.CORRECT
    again = run(tmp_path, ["max(prices)", "len(prices)"], judge=RIGHT, resume=True)
    assert asked(tmp_path, "judge") == 1, "what it said stands in the journal"
    assert report_document(again)["tasks"] == report_document(result)["tasks"]
    with Journal.open(tmp_path / "r", writable=False) as journal:
        assert judge_audit(journal).tasks == again.tasks


def test_a_judge_that_fails_costs_its_answer_alone_and_is_asked_again(tmp_path: Path) -> None:
    result = run(tmp_path, ["max(prices)"], judge="sys.exit('no key')")
    assert result.tasks[0].findings == ()
    (problem,) = result.run.unanswered
    assert problem.startswith(f"{TASK.instance_id}: the judge ")
    assert "exit code 1: no key" in problem
    assert problem in report_document(result)["run"]["notes"]
    assert exit_code(result, None) is ExitCode.INCOMPLETE
    again = run(tmp_path, ["max(prices)"], judge=RIGHT, resume=True)
    assert again.run.unanswered == ()
    assert len(again.tasks[0].findings) == 1
    assert exit_code(again, None) is ExitCode.COMPLETE


def test_what_a_writer_makes_is_tried_like_a_submission(tmp_path: Path) -> None:
    texts = [fakes.patch_of("max(prices)"), fakes.patch_of("len(prices)"), "no diff"]
    writer = f"import json; print(json.dumps({{'patches': {texts!r}}}))"
    result = run(tmp_path, [], writer=writer)
    (task,) = result.tasks
    written = [c for c in task.candidates if c.provenance is Provenance.WRITER]
    assert sorted(c.name for c in written) == sorted(candidate_name(text) for text in texts[:2])
    assert [one.reason for one in task.dropped] == [DropReason.NOT_A_DIFF]
    assert {c.family for c in written} == {"writer"}
    assert len([t for t in task.trials if t.candidate == candidate_name(texts[0])]) == 3
    assert task.findings == (), "that somebody wrote it is no evidence"
    again = run(tmp_path, [], writer=writer, resume=True)
    assert asked(tmp_path, "writer") == 1
    assert again.tasks == result.tasks


def test_a_writer_that_fails_stops_nothing(tmp_path: Path) -> None:
    result = run(tmp_path, ["len(prices)"], writer="print('sorry')")
    assert "the writer" in result.run.unanswered[0]
    assert len(result.tasks[0].trials) > 2
