"""The statement's own code, a judge and a writer in an audit of a bundled task in containers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

ROOT = Path(__file__).parents[2]
TASK = "swe-audit__toolz-31"
WRITER = """\
import json, pathlib, sys
shown = json.load(sys.stdin)
assert pathlib.Path(shown["base"], "toolz", "itertoolz.py").is_file()
assert not [path for path in pathlib.Path(shown["base"]).rglob("*") if ".git" in path.parts]
print(json.dumps({"patches": [pathlib.Path(sys.argv[1]).read_text()]}))
"""
JUDGE = """\
import json, sys
shown = json.load(sys.stdin)
print(json.dumps({"verdict": "correct", "reason": f"{shown['rejections'][0]['detail']} is free"}))
"""
pytestmark = pytest.mark.timeout(3000)


@pytest.fixture(scope="module")
def document(client, tmp_path_factory):
    """Audit one task; the writer gives a patch that a curated file knows to be correct."""
    folder = tmp_path_factory.mktemp("rungs")
    (folder / "writer.py").write_text(WRITER, encoding="utf-8")
    (folder / "judge.py").write_text(JUDGE, encoding="utf-8")
    patch = ROOT / "tasks" / TASK / "alternatives" / "first-seen-order.patch"
    certificates = os.environ.get("PIP_CERT") or os.environ.get("SSL_CERT_FILE")
    result = subprocess.run(
        [
            *(sys.executable, "-m", "swe_audit", "run", ".", "-i", TASK, "--json"),
            *("--alternatives", "predictions", "-o", str(folder / "run")),
            *("--writer", f"{sys.executable} {folder / 'writer.py'} {patch}"),
            *("--judge", f"{sys.executable} {folder / 'judge.py'}"),
            *(["--ca-bundle", certificates] if certificates else []),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=2700,
        check=False,
    )
    assert result.returncode == 0, result.stderr[-3000:]
    return json.loads(result.stdout)


def test_the_statements_code_tells_base_from_gold_and_speaks_for_what_was_written(document):
    schema = ROOT / "swe_audit" / "report" / "schemas" / "report.schema.json"
    jsonschema.validate(document, json.loads(schema.read_text(encoding="utf-8")))
    (task,) = document["tasks"]
    shown = task["reproduction"]
    assert shown["void"] is None
    assert [(step["gold"], step["telling"]) for step in shown["steps"][1:]] == [
        ("[2]", True),
        ("[]", False),
        ("['cat']", True),
    ]
    assert {step["base"] for step in shown["steps"][1:]} == {
        "NameError: name 'duplicates' is not defined"
    }
    (written,) = [c["name"] for c in task["candidates"] if c["provenance"] == "writer"]
    assert [(one["candidate"], one["answer"]) for one in shown["candidates"]] == [
        (written, "agrees")
    ]


def test_what_was_written_is_a_finding_by_evidence_and_never_proven(document):
    (task,) = document["tasks"]
    (finding,) = task["findings"]
    assert (finding["defect"], finding["cause"]) == ("narrow", "order_or_format")
    assert {"reproduction", "judge"} <= set(finding["rungs"])
    assert task["opinions"][0]["reason"] == f"{finding['detail']} is free"
    if "relaxation" not in finding["rungs"]:
        assert finding["confidence"] == "likely"
