"""An audit whose trials really run: rejected submissions climb, and every control is seen."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import fakes
import pytest

from swe_audit.api import Engine, audit
from swe_audit.concluding import judge_audit
from swe_audit.formats.eval_scripts import made_eval_script
from swe_audit.formats.trees import difference, patched
from swe_audit.journal import Journal
from swe_audit.model.audit import Audit
from swe_audit.model.candidate import Control, Prediction
from swe_audit.model.finding import Cause, Confidence, Defect
from swe_audit.model.relaxation import Step
from swe_audit.model.task import Task
from swe_audit.model.tree import Tree
from swe_audit.model.trial import TrialRun, TrialSpec
from swe_audit.softening.recorder_script import FOLDER, MODULE, RECORDS, recorder
from swe_audit.softening.records import mark_of

SOURCE, TESTS = "shop/cart.py", "tests/test_cart.py"
BASE = Tree(
    {
        "shop/__init__.py": b"",
        SOURCE: b"def total(prices):\n    return 0\n",
        TESTS: b"from shop.cart import total\n\n\ndef test_empty():\n    assert total([]) == 0\n",
    }
)
GOLD = """\
def total(prices):
    if not isinstance(prices, list):
        raise ValueError(f"prices must be a list, not {prices!r}")
    return sum(prices)
"""
TESTED = """\
import pytest

from shop.cart import total


def test_empty():
    assert total([]) == 0


def test_total():
    assert total([1, 2]) == 3


def test_refused():
    with pytest.raises(ValueError, match="prices must be a list, not 7"):
        total(7)
"""
F2P = (f"{TESTS}::test_total", f"{TESTS}::test_refused")
REFUSED = F2P[1]


def task_of(statement: str, tested: str = TESTED, gold: str = GOLD) -> Task:
    test_patch = difference(BASE, BASE.with_files({TESTS: tested}), [TESTS])
    return replace(
        fakes.make_task(),
        statement=statement,
        gold_patch=patch(gold),
        test_patch=test_patch,
        fail_to_pass=F2P,
        pass_to_pass=(f"{TESTS}::test_empty",),
        eval_script=made_eval_script("c", test_patch, "pytest -rA tests"),
    )


def patch(source: str) -> str:
    return difference(BASE, BASE.with_files({SOURCE: source}), [SOURCE])


def really(spec: TrialSpec) -> TrialRun:
    """Run a candidate's tests on its tree, in a process of its own."""
    tests = spec.candidate.test_patch or spec.task.test_patch
    tree = patched(patched(BASE, spec.candidate.patch), tests)
    with tempfile.TemporaryDirectory() as folder:
        tools = Path(folder) / "recorder"
        tools.mkdir()
        if spec.candidate.control is Control.SOFT:
            (tools / f"{MODULE}.py").write_text(recorder(mark_of(tests), str(tools)))
        for path in tree.paths():
            text = (tree.read(path) or "").replace(repr(FOLDER), repr(str(tools)))
            (Path(folder) / path).parent.mkdir(exist_ok=True)
            (Path(folder) / path).write_text(text)
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-rA", "-p", "no:cacheprovider", "tests"],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": folder, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        records = tools / RECORDS
        seen = records.read_text() if records.exists() else ""
    return fakes.completed(fakes.marked(done.stdout, code=done.returncode) + seen)


def submitted(name: str, source: str) -> Prediction:
    return Prediction(
        instance_id="shop__cart-1",
        model_name_or_path=name,
        model_patch=patch(source),
        source=f"github.com/{name}/runs",
    )


OTHER_WORDS = GOLD.replace("prices must be a list, not", "a list is wanted instead of")
MORE_WORDS = GOLD.replace("prices must be a list, not", "cannot add up")
WRONG = GOLD.replace("sum(prices)", "0")
NO_VALUE = GOLD.replace(' f"prices', ' "prices').replace(", not {prices!r}", "")
MUTANT = GOLD.replace("prices must be a list, not {prices!r}", "7")


def audited(
    folder: Path,
    statement: str,
    *submissions: Prediction,
    sources: tuple[str, ...] = (),
    tested: str = TESTED,
    gold: str = GOLD,
) -> Audit:
    engine = Engine(isolation=fakes.FakeIsolation(really, BASE), images=fakes.FakeImages())
    return audit(
        fakes.make_dataset(task_of(statement, tested, gold)),
        folder,
        engine=engine,
        predictions=submissions,
        alternatives=("predictions", *sources),
    )


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Audit]:
    folder = tmp_path_factory.mktemp("relaxed") / "run"
    return folder, audited(
        folder,
        "A cart's sum is always 0, and anything can be added up.",
        submitted("one", OTHER_WORDS),
        submitted("two", MORE_WORDS),
        submitted("three", WRONG),
        sources=("constructions",),
    )


def test_a_rejected_submission_climbs_until_relaxed_tests_admit_it(
    run: tuple[Path, Audit],
) -> None:
    (result,) = run[1].tasks
    (relaxed,) = result.relaxed
    assert relaxed.verified, relaxed.failure
    assert relaxed.relaxation.steps == (Step.VALUES,)
    assert '+    with pytest.raises(ValueError, match="7"):' in relaxed.relaxation.diff
    assert len(relaxed.admitted) == 3, "who meets the same pin is tried under the same tests"
    assert {control.name.split(",")[0]: control.text for control in relaxed.controls} == {
        "without any patch the relaxed tests still fail": "1 test",
        "gold passes": "resolved",
        "every test that ran still runs": "3 tests",
        "gold with nonsense in the detail fails where the statement speaks about it": "it fails",
        "every wrong patch that was rejected still is": "there is none",
    }


def test_a_verified_relaxation_is_a_finding(run: tuple[Path, Audit]) -> None:
    (result,) = run[1].tasks
    (finding,) = [one for one in result.findings if "relaxation" in one.rungs]
    assert (finding.defect, finding.cause) == (Defect.NARROW, Cause.MESSAGE_TEXT)
    assert finding.detail == "prices must be a list, not 7"
    assert finding.tests == (REFUSED,)
    assert len(finding.candidates) == 3
    assert finding.rungs == ("construction", "relaxation")
    assert finding.confidence is Confidence.PROVEN


def test_the_plain_rejection_is_no_finding(run: tuple[Path, Audit]) -> None:
    (result,) = run[1].tasks
    wrong = next(c.name for c in result.candidates if c.patch == patch(WRONG))
    assert not any(wrong in finding.candidates for finding in result.findings)
    relaxed = [c for c in result.candidates if c.control is Control.RELAXED]
    assert wrong not in {candidate.subject for candidate in relaxed}


def test_the_journal_alone_says_the_same_and_nothing_is_run_again(
    run: tuple[Path, Audit],
) -> None:
    folder, result = run
    with Journal.open(folder, writable=False) as journal:
        assert judge_audit(journal) == result


def test_relaxed_tests_that_nonsense_passes_are_void_where_the_statement_asks(
    tmp_path: Path,
) -> None:
    statement = "A cart's sum is always 0. The error message should name what was given."
    (result,) = audited(tmp_path / "run", statement, submitted("one", NO_VALUE)).tasks
    (relaxed,) = result.relaxed
    assert relaxed.relaxation.steps == (Step.TEXT,)
    assert not relaxed.verified
    assert relaxed.failure.endswith("should name what was given.")
    assert not result.findings


def test_every_assertion_that_fails_is_freed_at_once(tmp_path: Path) -> None:
    tested = TESTED.replace(
        "        total(7)\n",
        "        total(7)\n"
        '    with pytest.raises(ValueError, match="prices must be a list, not None"):\n'
        "        total(None)\n",
    )
    other = OTHER_WORDS.replace("instead of {prices!r}", "instead")
    (result,) = audited(tmp_path / "run", "Sums.", submitted("one", other), tested=tested).tasks
    run = next(run for run in result.softened if run.subject == result.rejections[0].candidate)
    assert not run.void
    assert len([each for each in run.observations if not each.passed]) == 2
    (relaxed,) = result.relaxed
    assert {pin.detail for pin in relaxed.relaxation.pins} == {
        "prices must be a list, not 7",
        "prices must be a list, not None",
    }
    assert relaxed.relaxation.diff.count("+    with pytest.raises(ValueError):") == 2


PARSED = """\
def total(prices):
    return sum(int(each) for each in prices.split(";")) if prices else 0
"""
PARSED_TESTS = """\
from shop.cart import total


def test_empty():
    assert total([]) == 0


def test_total():
    assert total("1;2") == 3


def test_refused():
    assert total("4;5;6") == 15
"""


def test_another_input_that_the_statement_allows_is_tried_beside_the_tests_own(
    tmp_path: Path,
) -> None:
    statement = (
        "A sum is always 0. Prices may be a text; either of `;` or `,` as a separator would do."
    )
    other = PARSED.replace('";"', '","')
    (result,) = audited(
        tmp_path / "run",
        statement,
        submitted("one", other),
        submitted("two", other.replace("sum", "len")),
        tested=PARSED_TESTS,
        gold=PARSED,
    ).tasks
    (relaxed,) = result.relaxed
    assert relaxed.verified, relaxed.failure
    assert relaxed.relaxation.steps == (Step.INPUT,)
    (nonsense,) = [one for one in relaxed.controls if "nonsense" in one.name]
    assert nonsense.text == "it fails", "gold, under tests with nonsense in their input"
    (finding,) = [one for one in result.findings if "relaxation" in one.rungs]
    assert (finding.defect, finding.confidence) == (Defect.NARROW, Confidence.LIKELY)
    assert (finding.detail, finding.tests, len(finding.candidates)) == (";", F2P, 1)
