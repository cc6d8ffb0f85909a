"""Relaxed tests in the document and on a task's page: the diff, the controls, what is void."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import jsonschema

from swe_audit.model.finding import Cause
from swe_audit.model.relaxation import ControlSeen, Pin, Relaxation, Relaxed, Step
from swe_audit.report import render
from swe_audit.report.documents import report_document, schema
from tests.unit.report import audits

DIFF = """\
diff --git a/tests/test_tally.py b/tests/test_tally.py
--- a/tests/test_tally.py
+++ b/tests/test_tally.py
@@ -1 +1 @@
-    with pytest.raises(ValueError, match="no <such> tally 7"):
+    with pytest.raises(ValueError, match="7"):
"""


def relaxed(*, held: bool = True) -> Relaxed:
    relaxation = Relaxation(
        pins=(
            Pin(
                cause=Cause.MESSAGE_TEXT,
                detail="no <such> tally 7",
                path="tests/test_tally.py",
                line=1,
                tests=("t",),
            ),
        ),
        steps=(Step.VALUES,),
        test_patch=DIFF,
        diff=DIFF,
    )
    return Relaxed(
        relaxation=relaxation,
        candidate="one",
        trial="acme__tally-77/relaxed/1",
        controls=(
            ControlSeen(name="gold passes", held=held, text="it fails t", trial=None),
            ControlSeen(name="without any patch the tests fail", held=True, text="1 test"),
        ),
        admitted=("one", "two"),
        base_form=(("gold", "unresolved"),),
    )


def page(folder: Path, *found: Relaxed) -> str:
    result = replace(audits.constructed(), relaxed=found)
    made = audits.audit([result])
    audits.write_logs(made, folder)
    render(made, folder)
    jsonschema.validate(report_document(made), schema("report"))
    return (folder / "tasks" / f"{result.instance_id}.html").read_text(encoding="utf-8")


def test_a_verified_relaxation_shows_its_diff_and_its_controls(tmp_path: Path) -> None:
    text = page(tmp_path, relaxed())
    section = text[text.index('id="relaxed"') :]
    assert "verified</span>" in section
    assert "no &lt;such&gt; tally 7" in section
    assert "Left free: the words around the same values." in section
    assert section.count(">held<") == 2
    assert "Under the assertion as it was, gold is unresolved." in section
    assert 'href="#relaxed"' in text


def test_a_void_relaxation_stands_behind_and_says_which_control_failed(tmp_path: Path) -> None:
    text = page(tmp_path, relaxed(held=False), replace(relaxed(), candidate="three"))
    section = text[text.index('id="relaxed"') :]
    assert section.index("verified</span>") < section.index("void</span>")
    assert section.count(">failed<") == 1
    assert "it fails t" in section


def test_without_relaxed_tests_there_is_no_section(tmp_path: Path) -> None:
    assert 'id="relaxed"' not in page(tmp_path)


def test_the_document_gives_each_pin_its_step() -> None:
    made = audits.audit([replace(audits.constructed(), relaxed=(relaxed(),))])
    (entry,) = report_document(made)["tasks"][0]["relaxed"]
    assert entry["verified"] is True
    assert [(pin["detail"], pin["step"]) for pin in entry["pins"]] == [
        ("no <such> tally 7", "values")
    ]
    assert entry["admitted"] == ["one", "two"]
    assert entry["diff"] == DIFF
