"""Groups of submissions in the document and on a task's page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import jsonschema

from swe_audit.model.candidate import Provenance
from swe_audit.report import render
from swe_audit.report.documents import report_document, schema
from tests.unit.report import audits


def test_submissions_stand_in_groups_by_outcome_and_by_change(tmp_path: Path) -> None:
    made = audits.sample_audit()
    document = report_document(made)
    jsonschema.validate(document, schema("report"))
    entries = {task["instance_id"]: task for task in document["tasks"]}
    for result in made.tasks:
        submitted = [c.name for c in result.candidates if c.provenance is Provenance.PREDICTION]
        groups = entries[result.instance_id]["clusters"]["by_change"]
        assert sorted(n for group in groups for n in group["candidates"]) == sorted(submitted)
    assert any(entry["clusters"]["by_outcome"] for entry in entries.values())


def test_the_page_shows_groups_and_the_methods_count_what_is_set_aside(tmp_path: Path) -> None:
    made = audits.sample_audit()
    several = next(
        result
        for result in made.tasks
        if sum(c.provenance is Provenance.PREDICTION for c in result.candidates) > 1
    )
    changed = tuple(
        replace(one, set_aside=("tests/t.py",)) if one.provenance is Provenance.PREDICTION else one
        for one in several.candidates
    )
    made = audits.audit([replace(several, candidates=changed)])
    audits.write_logs(made, tmp_path)
    render(made, tmp_path)
    page = (tmp_path / "tasks" / f"{several.instance_id}.html").read_text(encoding="utf-8")
    assert "Submissions in groups, by outcome and by change" in page
    index = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "3 submissions edit graded test files" in index
