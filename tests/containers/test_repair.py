"""Bundled tasks with pinned details: relaxed in real containers, and repaired."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MESSAGE, EXCEPTION = "swe-audit__ledgerlite-118", "swe-audit__ledgerlite-126"
# Two tasks with all their alternatives, on a machine that does other things as well.
pytestmark = pytest.mark.timeout(1800)


def swe_audit(*arguments):
    """Run the program; builds behind a proxy need its certificates."""
    certificates = os.environ.get("PIP_CERT") or os.environ.get("SSL_CERT_FILE")
    trust = ["--ca-bundle", certificates] if certificates else []
    return subprocess.run(
        [sys.executable, "-m", "swe_audit", *arguments, *trust],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=1500,
        check=False,
    )


@pytest.fixture(scope="module")
def run(client, tmp_path_factory):
    out = tmp_path_factory.mktemp("repair") / "run"
    done = swe_audit("run", ".", "-i", MESSAGE, "-i", EXCEPTION, "-o", str(out), "--json")
    assert done.returncode == 0, done.stderr[-3000:]
    return out, {task["instance_id"]: task for task in json.loads(done.stdout)["tasks"]}


@pytest.mark.parametrize(
    ("instance", "step", "line"),
    [
        (MESSAGE, "values", r'+    with pytest.raises(LedgerError, match=r"2\.50 EUR") as caught:'),
        (EXCEPTION, "exception", "+    with pytest.raises((KeyError, LedgerError)):"),
    ],
)
def test_a_pinned_detail_is_relaxed_with_every_control(run, instance, step, line):
    (relaxed,) = run[1][instance]["relaxed"]
    assert relaxed["verified"], relaxed["controls"]
    assert [pin["step"] for pin in relaxed["pins"]] == [step]
    assert line in relaxed["diff"].splitlines()
    assert len(relaxed["controls"]) == 5
    (finding,) = [one for one in run[1][instance]["findings"] if one["defect"] == "narrow"]
    assert "relaxation" in finding["rungs"]


def test_the_repair_is_verified_and_applies_to_the_task(run, tmp_path):
    done = swe_audit("repair", str(run[0]), "-i", MESSAGE, "--json")
    assert done.returncode == 0, done.stderr[-3000:]
    (task,) = json.loads(done.stdout)["tasks"]
    made = {one["kind"]: one for one in task["proposals"]}
    assert set(made) == {"relax", "statement", "drop-tests"}
    assert all(one["verified"] for one in made.values()), made
    controls = {control["name"] for control in made["relax"]["controls"]}
    assert "gold with nonsense in the detail fails where the statement speaks about it" in controls
    folder = tmp_path / MESSAGE
    shutil.copytree(ROOT / "tasks" / MESSAGE, folder)
    diff = run[0] / "repairs" / MESSAGE / "relax.diff"
    applied = subprocess.run(
        ["patch", "-p1", "-i", str(diff)], cwd=folder, capture_output=True, text=True, check=False
    )
    assert applied.returncode == 0, applied.stdout
    assert "postings are off" not in (folder / "test.patch").read_text(encoding="utf-8")
    assert json.loads((run[0] / "repair.json").read_text("utf-8")) == json.loads(done.stdout)
