"""The screen on published rows, where the development data lies beside the checkout."""

from __future__ import annotations

from pathlib import Path

import pytest

from swe_audit.formats import load
from swe_audit.screening import Screened, SignalKind, screen

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not DATA.is_dir(), reason="the development data is not there"),
]


@pytest.fixture(scope="module")
def verified() -> dict[str, Screened]:
    screened, skipped = screen(load(DATA / "verified_dev.jsonl.gz").tasks)
    assert skipped == ()
    assert len(screened) == 248
    return {each.instance_id: each for each in screened}


@pytest.mark.parametrize(
    ("task", "kind", "detail"),
    [
        ("pylint-dev__pylint-4604", SignalKind.UNSTATED_NAME, "IS_PYPY"),
        ("django__django-12406", SignalKind.SIGNATURE, "blank"),
        ("django__django-13513", SignalKind.STATEMENT_CODE, "exc_value.__cause__ or"),
        (
            "django__django-10999",
            SignalKind.STATEMENT_CODE,
            r"r'((?:(?P<hours>-?\d+):)(?=-?\d+:-?\d+))?'",
        ),
        ("sympy__sympy-16597", SignalKind.CHANGED_ASSERTION, "assert oo.is_even is False"),
        (
            "django__django-11477",
            SignalKind.NO_COMMON_SUBJECT,
            "test_re_path_with_optional_parameter",
        ),
    ],
)
def test_what_a_reader_finds_is_seen(
    verified: dict[str, Screened], task: str, kind: SignalKind, detail: str
) -> None:
    found = {(signal.kind, signal.detail) for signal in verified[task].signals}
    assert (kind, detail) in found
    assert verified[task].score > 0.3


@pytest.mark.parametrize(
    "task", ["django__django-13821", "astropy__astropy-8872", "django__django-16569"]
)
def test_what_once_misled_the_screen_no_longer_does(
    verified: dict[str, Screened], task: str
) -> None:
    assert verified[task].score < 0.2


def test_every_pro_row_is_screened() -> None:
    screened, skipped = screen(load(DATA / "pro_dev.jsonl.gz").tasks)
    assert (len(screened), skipped) == (100, ())
    assert {each.score for each in screened} - {0.0}
