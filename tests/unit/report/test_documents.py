from __future__ import annotations

import json
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from swe_audit.model.audit import Audit, SiteOutcome, TaskStatus
from swe_audit.model.candidate import CandidateKind, Control, DropReason, Provenance
from swe_audit.model.construction import ConstructionKind, RefusalReason
from swe_audit.model.finding import Cause, Confidence, Defect, Determinant
from swe_audit.model.task import Skipped, SkipReason
from swe_audit.model.trial import RunState, Verdict
from swe_audit.report.documents import report_document, schema, tag_document, to_bytes
from tests.unit.report import audits

DOCS = Path(__file__).parents[3] / "docs"


def strictest(name: str) -> Draft202012Validator:
    """The schema, made to refuse fields that it does not name: ours must name every one."""

    def close(node: Any) -> Any:
        if isinstance(node, dict):
            closed = {key: close(value) for key, value in node.items()}
            if "properties" in node and node.get("type") == "object":
                closed["additionalProperties"] = False
            return closed
        return [close(item) for item in node] if isinstance(node, list) else node

    return Draft202012Validator(close(schema(name)))


def read(document: dict[str, Any]) -> Any:
    return json.loads(to_bytes(document))


@pytest.mark.parametrize("name", ["report", "tag"])
def test_a_schema_is_itself_valid_and_mirrored_in_the_docs(name: str) -> None:
    Draft202012Validator.check_schema(schema(name))
    mirror = (DOCS / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8")
    assert json.loads(mirror) == schema(name)


def test_both_schemas_say_the_same_of_tags() -> None:
    assert schema("report")["$defs"]["tags"] == schema("tag")["$defs"]["tags"]


@pytest.mark.parametrize(
    ("path", "kind", "nullable"),
    [
        ("task/status", TaskStatus, False),
        ("finding/defect", Defect, False),
        ("finding/confidence", Confidence, False),
        ("finding/cause", Cause, True),
        ("explanation/cause", Cause, False),
        ("finding/determined_by/items", Determinant, False),
        ("trial/state", RunState, False),
        ("trial/verdict", Verdict, False),
        ("trial/kind", CandidateKind, True),
        ("trial/provenance", Provenance, True),
        ("candidate/claim", Defect, True),
        ("candidate/control", Control, True),
        ("construction_kind", ConstructionKind, False),
        ("refusal_reason", RefusalReason, False),
        ("site/outcome", SiteOutcome, False),
        ("site/checks/items/caps", Confidence, True),
        ("task/dropped/items/reason", DropReason, False),
    ],
)
def test_the_schema_knows_every_word_of_the_model(
    path: str, kind: type[Enum], nullable: bool
) -> None:
    first, *rest = path.split("/")
    node = schema("report")["$defs"][first]
    for step in rest:
        node = node["items"] if step == "items" else node["properties"][step]
    expected = [one.value for one in kind] + [None] * nullable
    assert sorted(node["enum"], key=str) == sorted(expected, key=str)


def test_the_schema_knows_every_skip_reason() -> None:
    known = schema("report")["$defs"]["task"]["properties"]["skip_reason"]["enum"]
    assert set(known) == {*(one.value for one in SkipReason), "unstated", None}


@pytest.mark.parametrize(
    "made", [audits.sample_audit(), audits.empty_audit(), audits.hostile_audit()]
)
def test_the_report_fits_its_schema_and_the_schema_names_every_field(made: Audit) -> None:
    strictest("report").validate(read(report_document(made)))


@settings(deadline=None, max_examples=30)
@given(made=audits.audits())
def test_any_audit_gives_a_document_that_fits_the_schema(made: Audit) -> None:
    strictest("report").validate(read(report_document(made)))


def test_the_schema_refuses_what_is_no_report() -> None:
    document = read(report_document(audits.sample_audit()))
    document["tasks"][0]["status"] = "fine"
    assert not Draft202012Validator(schema("report")).is_valid(document)


def test_the_report_says_what_the_design_promises() -> None:
    document = read(report_document(audits.sample_audit()))
    assert document["schema_version"] == 1
    task = document["tasks"][0]
    assert task["instance_id"] == "acme__tally-77"
    assert task["tags"]["lines_changed"] == 14
    finding = task["findings"][0]
    assert finding["detail"] == "LedgerClosedError"
    assert finding["cause"] == "missing_name"
    assert finding["encounter_rate"]["k"] == 2
    assert finding["evidence"][0] == {
        "kind": "assertion",
        "text": "from tally.ledger import Ledger, LedgerClosedError",
        "path": "tests/test_ledger.py",
        "line": 4,
        "trial": "acme__tally-77/closed-ledger-name/1",
    }
    trial = task["trials"][4]
    assert trial["kind"] == "alternative"
    assert trial["provenance"] == "curated"
    assert trial["failed"]["FAIL_TO_PASS"] == list(audits.F2P)
    assert len(trial["failed"]["PASS_TO_PASS"]) == 9
    assert document["summary"]["defect_rate"]["n"] == 26
    assert document["summary"]["defect_rate_bounds"]["low"] == pytest.approx(3 / 28)


def test_what_does_not_apply_is_null() -> None:
    document = read(report_document(audits.sample_audit()))
    skipped = next(one for one in document["tasks"] if one["status"] == "skipped")
    assert skipped["tags"] is None
    assert skipped["skip_reason"] == "no_fail_to_pass"
    gold = document["tasks"][0]["trials"][0]
    assert gold["family"] is None
    empty = read(report_document(audits.empty_audit()))
    assert empty["summary"]["defect_rate"]["low"] is None
    assert empty["summary"]["defect_rate_bounds"] is None


def test_details_come_through_verbatim() -> None:
    document = read(report_document(audits.hostile_audit()))
    detail = document["tasks"][0]["findings"][0]["detail"]
    assert detail == " ".join(audits.HOSTILE).replace("\ud800", "\ufffd")


def test_a_document_is_well_formed_utf_8_with_one_task_a_line() -> None:
    lines = to_bytes(report_document(audits.hostile_audit())).decode("utf-8").split("\n")
    tasks = [line for line in lines if line.startswith('{"instance_id": ')]
    assert [json.loads(line.rstrip(","))["status"] for line in tasks] == ["suspect", "skipped"]


def test_the_tags_document_fits_its_schema() -> None:
    skipped = Skipped(instance_id="b", reason=SkipReason.BAD_INPUT, detail="no patch")
    document = read(tag_document("tasks/", [("a", audits.tags())], [skipped]))
    strictest("tag").validate(document)
    assert document["tasks"] == [
        {
            "instance_id": "a",
            "tags": {
                "difficulty": "15 min - 1 hour",
                "difficulty_estimated": False,
                "lines_added": 9,
                "lines_removed": 3,
                "lines_changed": 12,
                "files": 1,
                "hunks": 2,
                "repository": "acme/tally",
                "language": "python",
                "year": 2023,
            },
        }
    ]
    assert document["skipped"][0]["reason"] == "bad_input"
