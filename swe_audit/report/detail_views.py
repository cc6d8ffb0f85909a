"""The detail that nobody could know, in the three places where it stands or is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from swe_audit.model.audit import TaskResult
from swe_audit.model.construction import Site
from swe_audit.model.finding import Defect, Finding
from swe_audit.model.task import Task
from swe_audit.report import words
from swe_audit.report.excerpts import Excerpt, at_line, holding
from swe_audit.report.id_lists import place
from swe_audit.report.marks import first_needle, needles

_PINNING = (Defect.NARROW, Defect.WIDE, Defect.CONTRADICTORY)
"""Defects whose detail is a piece of text that the tests hold a patch to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DetailView:
    """Where a finding's detail stands: in the tests, in gold, and in the statement or not.

    ``assertion`` is the demanding line by itself, where the test patch does not show it.
    """

    tests: tuple[Excerpt, ...]
    assertion: str
    assertion_place: str
    gold: tuple[Excerpt, ...]
    in_statement: int
    statement: str


def sites_of(finding: Finding, result: TaskResult) -> tuple[Site, ...]:
    """Give the construction sites that a finding's candidates change."""
    wanted = {
        site for one in result.candidates if one.name in finding.candidates for site in one.sites
    }
    found = result.survey.sites if result.survey else ()
    return tuple(site for site in found if site.id in wanted)


def wanted_in(finding: Finding, sites: Sequence[Site]) -> tuple[str, ...]:
    """Give what to look for: the details of the sites, else the finding's own."""
    details = [site.detail for site in sites] or [finding.detail]
    return tuple(needle for detail in details for needle in needles(detail))


def is_pinning(finding: Finding) -> bool:
    """Say whether a finding's detail is a piece of text that tests hold a patch to."""
    return finding.defect in _PINNING and bool(finding.detail.strip())


def shown_detail(finding: Finding) -> str:
    """Give a finding's detail where it is a text; that of ``broken`` names the control."""
    return "" if finding.defect is Defect.BROKEN else finding.detail


def detail_view(finding: Finding, result: TaskResult) -> DetailView | None:
    """Look a finding's detail up; None for findings that pin no text, or without a task."""
    task = result.task
    if task is None or not is_pinning(finding):
        return None
    wanted = wanted_in(finding, sites_of(finding, result))
    demanding = _demanding(finding, result)
    times = len(first_needle(task.statement, wanted))
    shown = _demand(task, demanding, wanted)
    return DetailView(
        tests=shown or holding(task.test_patch, wanted)[:1],
        assertion="" if shown else demanding[2],
        assertion_place=place(demanding[0], demanding[1]),
        gold=holding(task.gold_patch, wanted),
        in_statement=times,
        statement=_statement(times),
    )


def _statement(times: int) -> str:
    if not times:
        return "It stands nowhere in the statement."
    return f"The statement holds it {words.count(times, 'time')}; it is marked there."


def _demanding(finding: Finding, result: TaskResult) -> tuple[str | None, int | None, str]:
    """Give the demanding line: where it stands, and its text."""
    for one in finding.evidence:
        if one.kind == "assertion":
            return one.path, one.line, one.text
    for rejection in result.rejections:
        if rejection.candidate in finding.candidates:
            for why in rejection.explanations:
                if why.assertion:
                    return why.path, why.line, why.assertion
    return None, None, ""


def _demand(
    task: Task, demanding: tuple[str | None, int | None, str], wanted: Sequence[str]
) -> tuple[Excerpt, ...]:
    """Give the demanding line with its neighbours, where the test patch shows it."""
    path, line, _ = demanding
    if path is None or line is None:
        return ()
    return at_line(task.test_patch, path, line, wanted)
