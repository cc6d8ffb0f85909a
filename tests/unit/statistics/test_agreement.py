"""Agreement of reviewers."""

from __future__ import annotations

import random
import sys

import pytest

from swe_audit.statistics import agreement


def votes(table: dict[str, str]) -> list[tuple[str, str, str]]:
    """One letter of each value is a label: ``{"item": "cc-d"}``; a dash is no judgement."""
    words = {"c": "confirm", "d": "dispute", "f": "defer"}
    return [
        (item, f"reviewer{place}", words[letter])
        for item, letters in table.items()
        for place, letter in enumerate(letters)
        if letter in words
    ]


def test_fleiss_kappa_is_that_of_the_published_example() -> None:
    # Fleiss 1971 as it is commonly shown: ten subjects, fourteen raters, five categories: 0.210.
    counts = [
        (0, 0, 0, 0, 14), (0, 2, 6, 4, 2), (0, 0, 3, 5, 6), (0, 3, 9, 2, 0), (2, 2, 8, 1, 1),
        (7, 7, 0, 0, 0), (3, 2, 6, 3, 0), (2, 5, 3, 2, 2), (6, 5, 2, 1, 0), (0, 2, 2, 3, 7),
    ]  # fmt: skip
    judgements = []
    for item, row in enumerate(counts):
        labels = [str(label) for label, count in enumerate(row) for _ in range(count)]
        judgements += [(str(item), f"r{who}", label) for who, label in enumerate(labels)]
    found = agreement(judgements)
    assert found.kappa == pytest.approx(0.210, abs=0.0005)
    assert (found.items, found.judgements, len(found.labels)) == (10, 140, 5)


def test_krippendorffs_alpha_is_that_of_the_published_example() -> None:
    # Krippendorff's "Computing Krippendorff's Alpha-Reliability": four observers, twelve units,
    # with gaps; nominal alpha 0.743.
    data = [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
        [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
    ]
    judgements = [
        (f"unit{unit}", f"observer{who}", str(value))
        for who, row in enumerate(data)
        for unit, value in enumerate(row)
        if value is not None
    ]
    found = agreement(judgements)
    assert found.alpha == pytest.approx(0.743, abs=0.0005)
    assert found.items == 11
    assert found.kappa is None
    assert "different numbers" in found.kappa_missing


def test_full_agreement_is_one() -> None:
    found = agreement(votes({"a": "cc", "b": "dd", "c": "ff"}))
    assert (found.alpha, found.kappa, found.unanimous) == (1, 1, 3)


def test_contrary_reviewers_are_below_chance() -> None:
    found = agreement(votes({"a": "cd", "b": "dc", "c": "cd", "d": "dc"}))
    assert found.alpha is not None
    assert found.kappa is not None
    assert found.alpha < 0
    assert found.kappa < 0
    assert found.unanimous == 0


def test_the_order_of_judgements_does_not_matter_and_the_last_of_one_reviewer_counts() -> None:
    judgements = votes({"a": "ccd", "b": "ddd", "c": "cfc", "d": "dd-"})
    shuffled = judgements.copy()
    random.Random(4).shuffle(shuffled)
    assert agreement(judgements) == agreement(shuffled)
    changed = agreement([("d", "reviewer0", "confirm"), *judgements])
    assert changed == agreement(judgements)


def test_what_one_person_alone_judged_says_nothing() -> None:
    found = agreement(votes({"a": "c", "b": "-d"}))
    assert (found.items, found.alpha, found.kappa) == (0, None, None)
    assert found.alpha_missing == found.kappa_missing == "no item was judged by two reviewers"


def test_one_label_everywhere_is_no_agreement_beyond_chance() -> None:
    found = agreement(votes({"a": "cc", "b": "cc"}))
    assert (found.alpha, found.unanimous) == (None, 2)
    assert "same label" in found.alpha_missing


def test_without_statsmodels_alpha_remains(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "statsmodels.stats.inter_rater", None)
    found = agreement(votes({"a": "cc", "b": "dd", "c": "cd"}))
    assert found.alpha is not None
    assert found.kappa is None
    assert "swe-audit[agreement]" in found.kappa_missing
