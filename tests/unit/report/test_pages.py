from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from swe_audit.model.audit import Audit
from swe_audit.report import render
from swe_audit.report.logs import LogFolder
from swe_audit.report.names import page_names
from swe_audit.report.pages import Pages
from swe_audit.report.task_views import task_view
from swe_audit.report.views import index_view
from tests.unit.report import audits
from tests.unit.report.pages_of import Page, dead_links

PAGES = Pages()


def rendered(made: Audit) -> list[str]:
    names = page_names(one.instance_id for one in made.tasks)
    views = [
        task_view(one, made.run.id, LogFolder(Path("none")), Path("none")) for one in made.tasks
    ]
    index = PAGES.index(index_view(made, [f"tasks/{name}" for name in names]))
    return [index, *(PAGES.task(view) for view in views)]


def assert_inert(html: str) -> None:
    """Nothing in the page but our own two scripts and one style sheet can act."""
    html.encode("utf-8")
    page = Page(html)
    assert page.count("script") == 2
    assert page.count("style") == 1
    assert page.count("img") == page.count("iframe") == page.count("object") == 0
    for tag, attributes in page.elements:
        for name, value in attributes.items():
            assert not name.startswith("on"), (tag, name)
            assert name not in ("style", "srcdoc", "formaction", "xlink:href"), (tag, name)
            if name in ("href", "src", "data-src", "action"):
                assert re.match(
                    r"(#|\.\./|tasks/|report\.json|findings\.csv|data:image/svg|[\w.-]+$)",
                    value or "",
                ), (tag, value)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(made=audits.audits())
def test_any_audit_gives_pages_in_which_nothing_acts(made: Audit) -> None:
    for html in rendered(made):
        assert_inert(html)


def test_hostile_text_is_shown_and_does_nothing() -> None:
    index, task, skipped = rendered(audits.hostile_audit())
    for html in (index, task, skipped):
        assert_inert(html)
    assert "<script>window.broken = 1</script>" in Page(task).text
    assert "{{ 7 * 7 }}" in Page(task).text
    assert "\u27e8U+202E\u27e9" in Page(task).text


def test_the_policy_names_every_script_and_style_by_its_digest_and_nothing_else() -> None:
    for html in rendered(audits.sample_audit())[:2]:
        policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)
        assert policy is not None
        rules = dict(rule.split(" ", 1) for rule in policy[1].split("; "))
        assert rules["default-src"] == "'none'"
        for tag, rule in (("script", "script-src"), ("style", "style-src")):
            digests = {
                "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"
                for text in re.findall(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
            }
            assert set(rules[rule].split()) == digests


def test_every_link_of_a_report_leads_somewhere(tmp_path: Path) -> None:
    made = audits.sample_audit()
    audits.write_logs(made, tmp_path)
    render(made, tmp_path)
    assert dead_links(tmp_path) == []
    assert len(Page((tmp_path / "index.html").read_text(encoding="utf-8")).links) > 30


def test_links_of_a_hostile_report_lead_somewhere_too(tmp_path: Path) -> None:
    render(audits.hostile_audit(), tmp_path)
    assert dead_links(tmp_path) == []


def test_no_identifier_stands_twice_on_a_page() -> None:
    for html in rendered(audits.sample_audit()):
        ids = Page(html).ids
        assert len(ids) == len(set(ids))


def test_every_label_that_is_referred_to_exists() -> None:
    for html in rendered(audits.sample_audit()):
        page = Page(html)
        for _, attributes in page.elements:
            for label in (attributes.get("aria-labelledby") or "").split():
                assert label in page.ids


def test_the_front_page_states_the_numbers_of_the_audit() -> None:
    words = Page(rendered(audits.sample_audit())[0]).words
    assert "Defect rate 11.5 %" in words
    assert "3 of the 26 tasks that could be judged are proven defective." in words
    assert "written disk is watched, not limited" in words.lower()
    assert "no fail to pass 1" in words
    assert "patch rejected 1" in words


@pytest.mark.parametrize("made", [audits.empty_audit(), audits.audit([audits.skipped()])])
def test_nothing_audited_still_gives_a_page_that_says_so(made: Audit) -> None:
    index, *_ = rendered(made)
    words = Page(index).words
    assert "there is no defect rate" in words
    nothing = "No task has a finding." if made.tasks else "no task to find anything in."
    assert nothing in words
    assert "No trial ran." in words
    assert "Difficulty by lines changed" not in words


def test_the_task_page_tells_its_story_in_order() -> None:
    page = Page(rendered(audits.sample_audit())[1])
    words = page.words
    story = [
        "A reviewed alternative is rejected, three times of three, for a name.",
        "What the statement asks",
        "Posting to a closed ledger silently works",
        "What the tests demand",
        "from tally.ledger import Ledger, LedgerClosedError",
        "The detail nobody could know",
        "It stands nowhere in the statement.",
        "The alternative beside the reference patch",
        "What ran",
        "The pin: what the runs show",
        "The judgement: what follows",
        "Repeat it swe-audit reproduce 2024-05-14-tally acme__tally-77/closed-ledger-name/1",
        "Why patches were rejected",
        "cannot import name 'LedgerClosedError'",
        "Line numbers are those of the base commit.",
        "Required tests by candidate",
        "5 PASS_TO_PASS tests pass with every candidate that has a result",
        "swe-audit reproduce 2024-05-14-tally acme__tally-77/agentless-99aa17bc/1",
    ]
    places = [words.index(sentence) for sentence in story]
    assert places == sorted(places)
