"""The documentation says what the code does, where a machine can tell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from urllib.parse import unquote

import pytest

from swe_audit import errors
from swe_audit.errors import AuditError, ExitCode
from swe_audit.model.finding import Cause, Defect, Determinant
from swe_audit.model.task import SkipReason
from swe_audit.model.trial import RunState

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.glob("*.md"), ROOT / "reports/README.md"])


def headings(page: Path, level: int = 2) -> list[str]:
    text = page.read_text(encoding="utf-8")
    return re.findall(rf"^{'#' * level} (.+)$", text, re.MULTILINE)


def table_below(page: Path, heading: str | None) -> list[list[str]]:
    """Return the cells of the first table below a heading, its own heading row left out."""
    text = page.read_text(encoding="utf-8")
    if heading is not None:
        text = text.split(f"# {heading}\n", 1)[1]
    rows = re.search(r"(?:^\|.*\n)+", text, re.MULTILINE)
    assert rows is not None
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[0].splitlines()]
    return cells[2:]


def all_errors(kind: type[AuditError] = AuditError) -> Iterator[type[AuditError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from all_errors(child)


def test_every_exit_code_stands_in_the_table_and_no_other() -> None:
    rows = table_below(DOCS / "exit-codes.md", None)
    assert [(int(row[0]), row[1].strip("`")) for row in rows] == [
        (code.value, code.name.lower()) for code in ExitCode
    ]


def test_every_defect_has_its_heading_most_disqualifying_first() -> None:
    assert headings(DOCS / "defects.md") == [defect.value for defect in Defect]


def test_every_kind_of_failure_has_a_heading_that_names_its_exit_code() -> None:
    page = DOCS / "troubleshooting.md"
    ours = {kind for kind in all_errors() if kind.__module__ == errors.__name__}
    assert sorted(headings(page)) == sorted({kind.slug for kind in ours})
    sections = re.split(r"^## ", page.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    text = {section.partition("\n")[0]: section for section in sections}
    for kind in ours:
        assert re.search(rf"[Ee]xit code {kind.exit_code.value}\b", text[kind.slug]), kind.slug


def test_every_expected_failure_is_declared_in_the_one_tree() -> None:
    foreign = {kind.__qualname__ for kind in all_errors() if kind.__module__ != errors.__name__}
    assert foreign == set()


@pytest.mark.parametrize(
    ("page", "heading", "words"),
    [
        ("defects.md", "Causes", Cause),
        ("troubleshooting.md", "Run states", RunState),
        ("troubleshooting.md", "Why a task was skipped", SkipReason),
    ],
)
def test_a_table_of_words_holds_every_word_once(page: str, heading: str, words: type[Enum]) -> None:
    rows = table_below(DOCS / page, heading)
    assert [row[0].strip("`") for row in rows] == [word.value for word in words]


def test_evidence_names_everything_that_may_determine_a_detail() -> None:
    text = (DOCS / "evidence.md").read_text(encoding="utf-8")
    for word in Determinant:
        assert f"`{word.value}`" in text


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_between_pages_leads_somewhere(page: Path) -> None:
    text = re.sub(
        r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL
    )
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = unquote(target).partition("#")
        goal = (page.parent / name).resolve() if name else page
        assert goal.exists(), f"{page.name} links to {target}"
        if anchor and goal.suffix == ".md":
            assert anchor in anchors(goal), f"{page.name} links to {target}"


def anchors(page: Path) -> set[str]:
    """Return the anchors that a Markdown page gets from its headings, as forges make them."""
    found = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in found}


def test_the_index_lists_every_page() -> None:
    listed = set(re.findall(r"\]\(([\w-]+\.md)\)", (DOCS / "index.md").read_text("utf-8")))
    assert listed == {page.name for page in DOCS.glob("*.md")} - {"index.md"}
