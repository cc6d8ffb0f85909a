"""``swe-audit profile`` from the command line."""

from __future__ import annotations

import io
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.unit.profiling.rows import diff, row, written

SCHEMA = Path(__file__).parents[3] / "swe_audit/report/schemas/profile.schema.json"
DATA = Path(__file__).resolve().parents[4] / "shared/data"


@dataclass(frozen=True)
class Ended:
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def swe_audit(tmp_path, monkeypatch, capsys):
    """Run a command line in this process, in ``tmp_path``."""
    from swe_audit.cli import main

    for name in [name for name in os.environ if name.startswith("SWE_AUDIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str | Path, columns: int = 100, encoding: str = "utf-8") -> Ended:
        monkeypatch.setenv("NO_COLOR", "1")
        monkeypatch.setenv("COLUMNS", str(columns))
        stdout = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
        monkeypatch.setattr(sys, "stdout", stdout)
        monkeypatch.setattr(sys, "argv", ["swe-audit", *map(str, arguments)])
        capsys.readouterr()
        code: object = 0
        try:
            main()
        except SystemExit as end:
            code = end.code
        stdout.flush()
        shown = stdout.buffer.getvalue().decode(encoding)
        return Ended(int(code or 0), shown, capsys.readouterr().err)

    return call


def strictest() -> Any:
    """The schema, made to refuse fields that it does not name."""

    def close(node: Any) -> Any:
        if isinstance(node, dict):
            closed = {key: close(value) for key, value in node.items()}
            if "properties" in node and node.get("type") == "object":
                closed["additionalProperties"] = False
            return closed
        return [close(item) for item in node] if isinstance(node, list) else node

    return jsonschema.Draft202012Validator(close(json.loads(SCHEMA.read_text(encoding="utf-8"))))


@pytest.fixture
def everything(tmp_path: Path) -> dict[str, Path]:
    """A dataset, and a file of each kind that goes with it."""
    rows = [
        row(
            n,
            patch=diff("shop/cart.py", [f"def total_{n}(prices, tax_{n}=0): return sum(prices)"]),
            created_at=f"20{15 + n}-03-01T00:00:00Z",
        )
        for n in range(6)
    ]
    files = {"tasks": written(tmp_path, rows)}
    submitted = [
        {
            "instance_id": one["instance_id"],
            "model_name_or_path": model,
            "model_patch": one["patch"] if model == "parrot" else diff("shop/cart.py", ["x = 1"]),
        }
        for one in rows
        for model in ("parrot", "honest")
    ]
    files["predictions"] = written(tmp_path, submitted, "predictions.jsonl")
    table = [f"shop__cart-{n},{n % 2},1" for n in range(6)]
    files["results"] = tmp_path / "results.csv"
    files["results"].write_text("\n".join(["instance_id,one,two", *table]) + "\n")
    files["cutoffs"] = tmp_path / "models.yaml"
    files["cutoffs"].write_text("one: 2018-01-01\n")
    files["audit"] = tmp_path / "report.json"
    statuses = [{"instance_id": f"shop__cart-{n}", "status": "cleared"} for n in range(6)]
    files["audit"].write_text(json.dumps({"tasks": statuses}))
    files["completions"] = tmp_path / "completions.jsonl"
    files["completions"].write_text(
        '{"instance_id": "shop__cart-1", "model": "m", "completion": "The total is always nought."}'
    )
    return files


def options(files: dict[str, Path]) -> list[str | Path]:
    named = ("predictions", "results", "cutoffs", "audit", "completions")
    return [word for name in named for word in (f"--{name}", files[name])]


def test_the_document_follows_its_schema_to_the_last_field(swe_audit, everything) -> None:
    done = swe_audit(
        "profile", everything["tasks"], *options(everything), "--before", "2018", "--json"
    )
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    strictest().validate(document)
    (found,) = document["datasets"]
    assert document["comparison"] is None
    assert (found["n"], found["top5_share"], found["gini"]) == (6, 1, 0)
    assert found["age"]["before"] == {"date": "2018-01-01", "tasks": 3}
    (score,) = found["age"]["cutoffs"][0]["scores"]
    assert (score["submission"], score["before"]["n"], score["after"]["n"]) == ("one", 3, 3)
    assert found["difficulty"][0]["defective"]["n"] == 6
    assert found["difficulty"][0]["solved"]["mean"] == 0.75
    assert found["contamination"]["models"][0]["model"] == "parrot"
    assert found["memorisation"]["models"][0]["overlap"]["mean"] == 1
    assert [one["field"] for one in found["missing"]] == ["licence"]


def test_nothing_that_was_not_given_is_made_up(swe_audit, everything) -> None:
    document = json.loads(swe_audit("profile", everything["tasks"], "--json").stdout)
    strictest().validate(document)
    (found,) = document["datasets"]
    assert (found["contamination"], found["memorisation"]) == (None, None)
    assert found["difficulty"][0]["solved"] is None
    assert found["difficulty"][0]["defective"] is None
    assert found["age"]["before"] is None


def test_two_datasets_stand_side_by_side(swe_audit, everything, tmp_path) -> None:
    other = written(tmp_path, [row(1), row(9, difficulty=None, created_at=None)], "other.jsonl")
    document = json.loads(swe_audit("profile", everything["tasks"], other, "--json").stdout)
    strictest().validate(document)
    assert document["comparison"]["shared"] == 1
    assert len(document["datasets"]) == 2
    shown = swe_audit("profile", everything["tasks"], other)
    assert shown.returncode == 0
    heading = next(line for line in shown.stdout.splitlines() if "difference" in line)
    assert heading.split() == ["tasks", "other", "difference"]
    assert "unknown" not in heading
    assert "Not known of" in shown.stdout


def test_the_tables_show_every_part(swe_audit, everything) -> None:
    done = swe_audit("profile", everything["tasks"], *options(everything), "--before", "2018")
    assert done.returncode == 0, done.stderr
    for said in (
        "6 tasks",
        "<15 min fix",
        "shop/cart",
        "Oldest 2015-03-01",
        "50 % before 2018-01-01",
        "FAIL_TO_PASS",
        "parrot",
        "one: 3 of 6 tasks (50 %) from before its cut-off 2018-01-01",
        "0 of 6",
        "licence (6 of 6)",
    ):
        assert said in done.stdout, said
    assert max(map(len, done.stdout.splitlines())) <= 100


def test_a_narrow_terminal_and_plain_letters_are_enough(swe_audit, everything) -> None:
    done = swe_audit(
        "profile", everything["tasks"], *options(everything), columns=80, encoding="ascii"
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.isascii()
    assert "###" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_rows_that_cannot_be_read_are_named_and_the_rest_is_told(swe_audit, tmp_path) -> None:
    path = written(tmp_path, [row(1), row(2, patch="no diff"), row(3, PASS_TO_PASS=None)])
    done = swe_audit("profile", path, "--json")
    assert done.returncode == 5
    (found,) = json.loads(done.stdout)["datasets"]
    assert (found["n"], found["unread"]) == (2, 1)
    assert {one["field"] for one in found["missing"]} == {"rows", "PASS_TO_PASS", "licence"}
    assert "left out shop__cart-2: bad_input" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["nothing.jsonl"], 3, "nothing.jsonl: no such file"),
        (["T", "T", "T"], 2, "3 data sets were given; two can be compared"),
        (["T", "--results", "T"], 3, "the first line is not instance_id"),
        (["T", "--cutoffs", "T"], 3, "not valid YAML"),
        (["T", "--before", "soon"], 3, "--before: 'soon' is no date"),
        (["T", "--audit", "T"], 3, "not valid JSON"),
        (["T", "-p", "nothing.json"], 3, "nothing.json: no such file"),
        (["T", "-p", "T", "--mirrors", "nowhere"], 3, "nowhere: no such folder"),
        (["T", "--ngram", "1"], 2, "--ngram"),
    ],
)
def test_a_mistake_is_one_sentence_and_its_exit_code(
    swe_audit, tmp_path, arguments, code, said
) -> None:
    path = written(tmp_path, [row(1), row(2)])
    done = swe_audit("profile", *(path if word == "T" else word for word in arguments))
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.real
def test_the_published_sets_fit_the_schema(swe_audit) -> None:
    if not DATA.is_dir():
        pytest.skip("needs the development data")
    done = swe_audit("profile", DATA / "verified_dev.jsonl.gz", DATA / "pro_dev.jsonl.gz", "--json")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    strictest().validate(document)
    assert [found["n"] for found in document["datasets"]] == [248, 100]
