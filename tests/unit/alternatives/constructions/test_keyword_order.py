"""Swapped keywords, tried on tests that really run: counted positions are proven, names are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from swe_audit.model.audit import SiteOutcome
from swe_audit.model.candidate import Control
from swe_audit.model.construction import ConstructionKind
from swe_audit.model.finding import Confidence, Defect
from swe_audit.model.trial import Verdict
from tests.unit.inquiries.test_relaxed import F2P, audited

GOLD = "def total(prices, levy=0, gratuity=0):\n    return sum(prices) + 10 * levy + gratuity\n"
TESTED = """\
from shop.cart import total


def test_empty():
    assert total([]) == 0


def test_total():
    assert total([1], {arguments}) == 24


def test_refused():
    assert total([1, 2]) == 3
"""


@pytest.mark.parametrize(
    ("arguments", "outcome"),
    [("2, 3", SiteOutcome.PINNED), ("levy=2, gratuity=3", SiteOutcome.CLEARED)],
)
def test_only_tests_that_count_positions_pin_the_order(
    tmp_path: Path, arguments: str, outcome: SiteOutcome
) -> None:
    (result,) = audited(
        tmp_path / "run",
        "A cart's sum is always 0; it should add what comes on top.",
        sources=("constructions",),
        tested=TESTED.format(arguments=arguments),
        gold=GOLD,
    ).tasks
    (tried,) = [o for o in result.sites if o.site.kind is ConstructionKind.KEYWORD_ORDER]
    assert tried.site.detail == "levy, gratuity"
    assert tried.outcome is outcome, tried.reason
    found = [one for one in result.findings if one.detail == tried.site.detail]
    if outcome is SiteOutcome.CLEARED:
        assert found == []
        return
    (finding,) = found
    assert (finding.defect, finding.confidence) == (Defect.NARROW, Confidence.PROVEN)
    assert finding.tests == F2P[:1]
    verdicts = {
        candidate.control: trial.verdict
        for candidate in result.candidates
        for trial in result.trials
        if trial.candidate == candidate.name and tried.site.id in candidate.sites
    }
    assert verdicts[Control.MIRROR] is Verdict.RESOLVED
    assert verdicts[Control.MIRROR_EMPTY] is Verdict.UNRESOLVED
