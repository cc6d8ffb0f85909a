"""The example report is what its own journal says, and says nothing of where it was made.

After a change of judging or of pages: ``python docs/make_example.py --render``. After a change of
what an audit runs: ``make example``.
"""

from __future__ import annotations

import gzip
import json
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from swe_audit.concluding import judge_audit
from swe_audit.journal import Journal
from swe_audit.model.finding import Confidence
from swe_audit.report import render
from swe_audit.report.exports import EXPORTS
from tests.unit.report.pages_of import dead_links

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "reports" / "example"
GIVEN = ("audit.sqlite", "decisions.yaml", "logs", "repair.json")
MOST = 6 * 1024**2


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def example() -> dict[str, bytes]:
    return files(EXAMPLE)


def test_the_example_rendered_again_is_the_same_byte_for_byte(
    example: dict[str, bytes], tmp_path: Path
) -> None:
    run = tmp_path / "example"
    run.mkdir()
    for name in GIVEN:
        if (EXAMPLE / name).is_dir():
            shutil.copytree(EXAMPLE / name, run / name)
        elif (EXAMPLE / name).exists():
            shutil.copyfile(EXAMPLE / name, run / name)
    with Journal.open(run, writable=False) as journal:
        render(judge_audit(journal), run)
    made = files(run)
    assert sorted(made) == sorted(example)
    assert [name for name in made if made[name] != example[name]] == []


def test_the_example_names_no_place_and_no_moment(example: dict[str, bytes]) -> None:
    texts = {
        name: (gzip.decompress(data) if name.endswith(".gz") else data).decode("utf-8", "replace")
        for name, data in example.items()
    }
    place = re.compile(r"(?<![\w.])/(?:home|Users|root|tmp(?!/patch)|work|etc/ssl)/\w[^\s<\"']*")
    assert {name: place.findall(text) for name, text in texts.items() if place.search(text)} == {}
    with Journal.open(EXAMPLE, writable=False) as journal:
        info = journal.info()
    assert (info.started, info.finished) == ("", "")
    path = (EXAMPLE / "audit.sqlite").as_uri()
    with closing(sqlite3.connect(f"{path}?mode=ro&immutable=1", uri=True)) as database:
        assert database.execute("SELECT DISTINCT ended FROM trials").fetchall() == [("",)]


def test_what_the_exports_refer_to_is_there(example: dict[str, bytes]) -> None:
    with Journal.open(EXAMPLE, writable=False) as journal:
        audit = judge_audit(journal)
    trials = {trial.id for task in audit.tasks for trial in task.trials}
    findings = {finding.id for task in audit.tasks for finding in task.findings}
    for export in EXPORTS.values():
        text = "\n".join(file.text for file in export(audit, Confidence.PROVEN))
        assert set(re.findall(r"[\w-]+:[a-z]+:[0-9a-f]{8}\b", text)) <= findings
        assert set(re.findall(r"swe-audit reproduce \S+ ([\w/.-]+)", text)) <= trials
        assert re.findall(r"\]\(([^)]*)\)", text) == [], "nothing that could be a dead link"
    (sarif,) = EXPORTS["sarif"](audit, Confidence.PROVEN)
    for result in json.loads(sarif.text)["runs"][0]["results"]:
        for place in (one["physicalLocation"] for one in result["locations"]):
            file = ROOT / place["artifactLocation"]["uri"]
            assert place["region"]["startLine"] <= len(file.read_text("utf-8").splitlines())


def test_the_example_is_small_and_all_its_links_lead_somewhere(example: dict[str, bytes]) -> None:
    assert sum(map(len, example.values())) < MOST
    assert dead_links(EXAMPLE) == []
