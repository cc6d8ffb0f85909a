from __future__ import annotations

import re

import pytest

from swe_audit.model.audit import Rate, TaskStatus
from swe_audit.model.tags import DIFFICULTIES
from swe_audit.report.plots import Point, difficulty_plot, rate_plot
from tests.unit.report.pages_of import Page

POINTS = tuple(
    Point(row=DIFFICULTIES[nth % 4], lines=nth * nth, status=list(TaskStatus)[nth % 6])
    for nth in range(40)
)
RATE = Rate(k=2, n=25, low=0.02, high=0.25, level=0.95, method="Wilson")


def plots() -> list[str]:
    return [difficulty_plot(DIFFICULTIES, POINTS), rate_plot(RATE, (0.07, 0.15))]


@pytest.mark.parametrize("nth", [0, 1])
def test_a_plot_needs_no_style_of_its_own_and_names_no_colour(nth: int) -> None:
    svg = plots()[nth]
    assert "style" not in svg
    assert not re.search(r"#[0-9a-f]{6}\b", svg)
    assert "http" not in svg


def test_a_plot_says_what_it_is() -> None:
    svg, rate = plots()
    assert 'role="img"' in svg
    assert "<title" in svg
    assert "40 tasks" in svg
    assert "8.0\u00a0%, from 2.0\u00a0% to 25.0\u00a0%" in rate


def test_every_status_has_marks_of_its_own_colour() -> None:
    svg = plots()[0]
    for status in TaskStatus:
        assert len(re.findall(rf'class="[^"]*stroke-{status.value}"', svg)) >= 6


def test_the_same_data_gives_the_same_picture() -> None:
    assert plots() == plots()


def test_two_plots_on_one_page_share_no_identifier() -> None:
    page = Page("".join(plots()))
    assert len(page.ids) == len(set(page.ids))
    links = {link[1:] for link in page.links}
    assert links <= set(page.ids)


def test_a_task_without_lines_and_no_task_at_all_can_be_drawn() -> None:
    assert "<svg" in difficulty_plot(
        ("other",), [Point(row="other", lines=0, status=TaskStatus.CLEARED)]
    )
    nothing = Rate(k=0, n=0, low=None, high=None, level=0.95, method="Wilson")
    assert "no rate" in rate_plot(nothing, None)
