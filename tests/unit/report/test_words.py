from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swe_audit.model.audit import SiteOutcome, TaskStatus
from swe_audit.model.candidate import CandidateKind, Control, DropReason, Provenance
from swe_audit.model.construction import ConstructionKind, RefusalReason
from swe_audit.model.finding import Cause, Confidence, Defect, Determinant
from swe_audit.model.task import SkipReason
from swe_audit.model.trial import RunState, Verdict
from swe_audit.report import words


@pytest.mark.parametrize(
    ("meanings", "kind"),
    [
        (words.STATUS, TaskStatus),
        (words.DEFECT, Defect),
        (words.CONFIDENCE, Confidence),
        (words.CAUSE, Cause),
        (words.DETERMINANT, Determinant),
        (words.KIND, CandidateKind),
        (words.CONTROL, Control),
        (words.PROVENANCE, Provenance),
        (words.CONSTRUCTION, ConstructionKind),
        (words.OUTCOME, SiteOutcome),
        (words.REFUSAL, RefusalReason),
        (words.DROPPED, DropReason),
        (words.STATE, RunState),
        (words.SKIP, SkipReason),
        (words.VERDICT, Verdict),
    ],
)
def test_every_word_of_the_model_has_a_meaning(
    meanings: Mapping[Enum, str], kind: type[Enum]
) -> None:
    assert set(meanings) == set(kind)
    assert all(meanings.values())


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.0, "0 %"),
        (1e-17, "0 %"),
        (0.0004, "<0.1 %"),
        (0.0006, "0.1 %"),
        (0.15, "15.0 %"),
        (0.9994, "99.9 %"),
        (0.9997, ">99.9 %"),
        (1.0, "100 %"),
    ],
)
def test_a_share_reads_as(share: float, text: str) -> None:
    assert words.percent(share).replace("\u00a0", " ") == text


@given(k=st.integers(1, 10**6), n=st.integers(2, 10**6))
def test_only_none_reads_as_0_and_only_all_reads_as_100_per_cent(k: int, n: int) -> None:
    text = words.percent(min(k, n) / n)
    assert text != "0\u00a0%"
    assert (text == "100\u00a0%") == (k >= n)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0, "0.0 s"),
        (9.94, "9.9 s"),
        (9.96, "10 s"),
        (59.6, "1 min 00 s"),
        (185, "3 min 05 s"),
        (3599.7, "1 h 00 min"),
        (7620, "2 h 07 min"),
    ],
)
def test_a_duration_reads_as(seconds: float, text: str) -> None:
    assert words.duration(seconds).replace("\u00a0", " ") == text


def test_nouns_agree_with_their_numbers() -> None:
    assert words.count(0, "task") == "0 tasks"
    assert words.count(1, "task") == "1 task"
    assert words.count(1234, "family", "families") == "1\u202f234 families"


def test_a_list_reads_as_prose() -> None:
    assert words.listing([]) == ""
    assert words.listing(["a"]) == "a"
    assert words.listing(["a", "b", "c"]) == "a, b and c"


def test_a_sentence_starts_with_a_capital_and_ends_in_one_stop() -> None:
    assert words.sentence(" gold fails") == "Gold fails."
    assert words.sentence("Why?") == "Why?"
    assert (
        words.sentence("own-words, as-stated are rejected") == "own-words, as-stated are rejected."
    )
    assert words.sentence("one, two: three") == "One, two: three."
    assert words.sentence("  ") == ""
