"""The report as its readers meet it: opened from a folder, without a network."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from swe_audit.report import render
from tests.unit.report import audits

NewWindow = Callable[..., Any]
WIDTHS = [390, 1280, 1920]


def shown(page: Page) -> list[str]:
    """The ids of the tasks that the table shows, from the top."""
    return page.locator("#task-table tbody tr:visible th").all_inner_texts()


def field(page: Page, name: str) -> Locator:
    return page.locator(f"#filters [name={name}]")


def serious(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {node['html'][:160]} {node['failureSummary'][:300]}"
        for one in found
        if one["impact"] in ("serious", "critical", "moderate")
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("page_name", ["index.html", "tasks/acme__tally-77.html"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_is_accessible_and_fits_its_window(
    sample: Path, new_window: NewWindow, page_name: str, width: int, scheme: str
) -> None:
    page = new_window(width, scheme).open(sample / page_name)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("folder", ["empty", "hostile"])
def test_odd_reports_are_accessible_too(
    hostile: Path, tmp_path: Path, new_window: NewWindow, folder: str
) -> None:
    if folder == "empty":
        render(audits.empty_audit(), tmp_path)
    root = tmp_path if folder == "empty" else hostile
    for path in sorted(root.rglob("*.html")):
        page = new_window(390).open(path)
        assert serious(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_system_decides_between_light_and_dark(sample: Path, new_window: NewWindow) -> None:
    colour = "getComputedStyle(document.body).backgroundColor"
    light = new_window(scheme="light").open(sample / "index.html").evaluate(colour)
    dark = new_window(scheme="dark").open(sample / "index.html").evaluate(colour)
    assert light != dark


def test_a_chosen_theme_lasts_and_wins_over_the_system(sample: Path, new_window: NewWindow) -> None:
    window = new_window(scheme="light")
    page = window.open(sample / "index.html")
    colour = "getComputedStyle(document.body).backgroundColor"
    before = page.evaluate(colour)
    button = page.get_by_role("button", name="Theme")
    assert button.inner_text() == "Theme: auto"
    button.click()
    assert button.inner_text() == "Theme: light"
    button.click()
    assert button.inner_text() == "Theme: dark"
    dark = page.evaluate(colour)
    assert dark != before
    page = window.open(sample / "tasks/acme__tally-77.html")
    assert page.evaluate(colour) == dark
    assert page.get_by_role("button", name="Theme").inner_text() == "Theme: dark"


def test_filters_narrow_the_table_and_say_so(sample: Path, new_window: NewWindow) -> None:
    page = new_window().open(sample / "index.html")
    assert len(shown(page)) == 27
    assert page.get_by_role("status").inner_text() == "All 27 tasks"
    field(page, "status").select_option("defective")
    assert shown(page) == ["acme__tally-77", "acme__tally-91"]
    assert page.get_by_role("status").inner_text() == "2 of 27 tasks"
    field(page, "defect").select_option("narrow")
    assert shown(page) == ["acme__tally-77"]
    assert page.evaluate("location.hash") == "#status=defective&defect=narrow"
    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_role("status")).to_have_text("All 27 tasks")
    assert page.evaluate("location.hash") == ""
    field(page, "q").fill("forms CLEARED")
    assert shown(page)
    assert all(one.startswith("northwind__forms") for one in shown(page))
    field(page, "q").fill("no such thing")
    assert shown(page) == []


def test_difficulty_and_repository_filter_too(sample: Path, new_window: NewWindow) -> None:
    page = new_window().open(sample / "index.html")
    field(page, "difficulty").select_option("1-4 hours")
    field(page, "repository").select_option("acme/tally")
    rows = page.locator("#task-table tbody tr:visible").all_inner_texts()
    assert rows
    assert all("1-4 hours" in row and "acme/tally" in row for row in rows)


def test_a_link_with_filters_opens_what_it_says(sample: Path, new_window: NewWindow) -> None:
    window = new_window()
    page = window.open(sample / "index.html", "#status=cleared&sort=lines&dir=desc")
    assert field(page, "status").input_value() == "cleared"
    lines = page.locator("#task-table tbody tr:visible td:nth-child(5)").all_inner_texts()
    numbers = [int(one) for one in lines]
    assert numbers == sorted(numbers, reverse=True)
    assert len(numbers) == 16
    page.evaluate("location.hash = '#q=tally-91'")
    expect(page.get_by_role("status")).to_have_text("1 of 27 tasks")
    assert shown(page) == ["acme__tally-91"]


def test_a_link_with_nonsense_shows_everything(sample: Path, new_window: NewWindow) -> None:
    page = new_window().open(sample / "index.html", "#status=nonsense&sort=%3Cb%3E&dir=up")
    assert len(shown(page)) == 27


def test_headings_sort_by_keyboard_and_tell_how(sample: Path, new_window: NewWindow) -> None:
    page = new_window().open(sample / "index.html")
    head = page.locator("#task-table th[data-key=lines]")
    head.get_by_role("button").focus()
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"
    assert page.locator("#task-table th[aria-sort]").count() == 1
    cells = page.locator("#task-table tbody td:nth-child(5)").all_inner_texts()
    assert [int(one) for one in cells if one] == sorted(int(one) for one in cells if one)
    assert cells[-1] == "", "a task without lines stands last"
    page.keyboard.press("Space")
    assert head.get_attribute("aria-sort") == "descending"
    cells = page.locator("#task-table tbody td:nth-child(5)").all_inner_texts()
    assert cells[-1] == "", "whichever way"
    assert page.evaluate("location.hash") == "#sort=lines&dir=desc"


def test_the_keyboard_reaches_the_content_first(sample: Path, new_window: NewWindow) -> None:
    page = new_window().open(sample / "index.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_from_the_front_page_to_a_finding_and_its_trial(
    sample: Path, new_window: NewWindow
) -> None:
    page = new_window().open(sample / "index.html")
    page.locator(".findings a", has_text="acme__tally-77").click()
    assert page.locator("article.finding:target h3").inner_text().startswith("narrow")
    page.locator("article.finding .evidence a").click()
    assert "closed-ledger-name" in page.locator("tr:target").inner_text()
    page.get_by_role("link", name="All tasks").click()
    assert page.title() == "Audit of tasks/"


def test_a_link_to_a_folded_patch_unfolds_it(sample: Path, new_window: NewWindow) -> None:
    page = new_window().open(sample / "tasks/acme__tally-77.html")
    patch = page.locator("#candidate-3 details.patch")
    patch.evaluate("one => { one.open = false }")
    page.locator("article.finding").get_by_role("link", name="closed-ledger-name").first.click()
    expect(page.locator("#candidate-3 details.patch")).to_have_attribute("open", "")


def test_hostile_text_is_inert_in_every_page(hostile: Path, new_window: NewWindow) -> None:
    for path in sorted(hostile.rglob("*.html")):
        page = new_window().open(path)
        assert page.evaluate("window.broken") is None
        assert page.locator("script").count() == 2
        assert page.locator("main img").count() == 0
        assert "window.broken" in page.locator("main").inner_text()


def test_the_policy_stops_a_script_that_gets_in_all_the_same(
    sample: Path, tmp_path: Path, new_window: NewWindow
) -> None:
    html = (sample / "index.html").read_text(encoding="utf-8")
    attack = "<script>window.broken=1</script><img src=x onerror='window.broken=2'>"
    infected = tmp_path / "infected.html"
    infected.write_text(html.replace("</h1>", f"</h1>{attack}"), encoding="utf-8")
    window = new_window()
    page = window.open(infected)
    assert page.evaluate("window.broken") is None
    assert any("Content Security Policy" in one for one in window.complaints)
    window.complaints.clear()
    window.requests.clear()


def test_without_scripts_everything_can_still_be_read(sample: Path, new_window: NewWindow) -> None:
    page = new_window(java_script_enabled=False).open(sample / "index.html")
    assert page.locator("#task-table tbody tr").count() == 27
    assert not page.locator("#filters").is_visible()
    assert not page.locator("#theme").is_visible()


@pytest.mark.parametrize("page_name", ["index.html", "tasks/acme__tally-77.html"])
def test_a_page_prints_whole_and_without_controls(
    sample: Path, new_window: NewWindow, page_name: str, tmp_path: Path
) -> None:
    page = new_window(scheme="dark").open(sample / page_name)
    printed = page.pdf(format="A4")
    assert printed.startswith(b"%PDF")
    assert len(printed) > 20_000
    page.emulate_media(media="print")
    assert not page.locator("header.site").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_printing_unfolds_what_is_folded(sample: Path, new_window: NewWindow) -> None:
    page = new_window().open(sample / "tasks/acme__tally-77.html")
    folded = page.locator("details:not([open])").count()
    assert folded
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details:not([open])").count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details:not([open])").count() == folded


def test_a_thousand_tasks_sort_and_filter_without_hanging(
    tmp_path: Path, new_window: NewWindow
) -> None:
    made = audits.large_audit(1000, 1, 3)
    from swe_audit.report.pages import Pages
    from swe_audit.report.views import index_view

    html = Pages().index(index_view(made, [f"tasks/{nth}.html" for nth in range(1000)]))
    (tmp_path / "index.html").write_text(html, encoding="utf-8")
    page = new_window().open(tmp_path / "index.html")
    took = page.evaluate(
        """() => {
            const start = performance.now();
            document.querySelector('th[data-key=lines] button').click();
            const text = document.querySelector('[name=q]');
            text.value = '1042';
            text.dispatchEvent(new Event('input', {bubbles: true}));
            document.body.getBoundingClientRect();
            return performance.now() - start;
        }"""
    )
    assert len(shown(page)) == 1
    assert took < 10_000, "a bound against hanging on a busy machine, no claim of speed"
