"""The statement's own code in the document and on a task's page, side by side."""

from __future__ import annotations

import html
from dataclasses import replace
from pathlib import Path

import jsonschema

from swe_audit.model.outside import Opinion, Ruling
from swe_audit.model.reproduction import Answer, Reproduced, ShownBy, ShownStep
from swe_audit.report import render
from swe_audit.report.documents import report_document, schema
from tests.unit.report import audits

STEPS = (
    ShownStep(source="from tally import total", line=3, base="", gold=""),
    ShownStep(
        source="total('<b>')", line=4, base="0", gold="KeyError: '<b>'", wanted="3", telling=True
    ),
)
OPINION = Opinion(
    candidate="one", ruling=Ruling.UNSURE, reason="who knows", command="judge", question="q"
)


def rendered(folder: Path, found: Reproduced | None) -> tuple[str, dict[str, object]]:
    result = replace(audits.constructed(), reproduction=found, opinions=(OPINION,))
    made = audits.audit([result])
    audits.write_logs(made, folder)
    render(made, folder)
    document = report_document(made)
    jsonschema.validate(document, schema("report"))
    page = (folder / "tasks" / f"{result.instance_id}.html").read_text(encoding="utf-8")
    return page, document["tasks"][0]


def by(name: str, answer: Answer, *shown: str, differs: tuple[int, ...] = ()) -> ShownBy:
    return ShownBy(candidate=name, trial=f"t/{name}/1", shown=shown, answer=answer, differs=differs)


def test_code_and_outputs_stand_side_by_side_who_speaks_for_a_finding_first(tmp_path: Path) -> None:
    found = Reproduced(
        steps=STEPS,
        trials=("t/empty/1",),
        candidates=(
            by("wrong", Answer.DIFFERS, "", "1", differs=(1,)),
            by("right", Answer.AGREES, "", "KeyError: '<b>'"),
        ),
    )
    page, task = rendered(tmp_path, found)
    section = page.split('<section id="reproduction"')[1].split("</section>")[0]
    assert section.index("<code>right</code>") < section.index("<code>wrong</code>")
    assert "<b>" not in section
    assert section.count(html.escape("total('<b>')", quote=True).replace("&#x27;", "&#39;")) == 2
    assert "from tally import" not in section, "what shows nothing is no row"
    assert section.count('class="differs"') == 1
    assert task["reproduction"]["candidates"][0]["answer"] == "differs"
    assert task["reproduction"]["steps"][1]["wanted"] == "3"
    assert task["opinions"][0]["verdict"] == "unsure"


def test_what_is_void_or_not_kept_is_said(tmp_path: Path) -> None:
    found = Reproduced(steps=STEPS, trials=(), void="nothing differs", missed=(1,))
    page, task = rendered(tmp_path, found)
    assert "It tells nothing here: Nothing differs" in page
    assert "The reference patch does not show what the statement wants." in page
    assert task["reproduction"]["missed"] == [1]


def test_a_task_whose_code_did_not_run_has_no_such_section(tmp_path: Path) -> None:
    page, task = rendered(tmp_path, None)
    assert 'id="reproduction"' not in page
    assert task["reproduction"] is None
