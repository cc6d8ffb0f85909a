from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swe_audit.report.names import page_names
from tests.unit.report import audits


def test_an_ordinary_id_is_its_own_page() -> None:
    assert page_names(["django__django-11099", "acme__x.y-1"]) == (
        "django__django-11099.html",
        "acme__x.y-1.html",
    )


@pytest.mark.parametrize("bad", ["", "..", "../../etc/passwd", "a/b", "con", "NUL.x", "x" * 400])
def test_an_odd_id_becomes_a_safe_name(bad: str) -> None:
    (name,) = page_names([bad])
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,140}\.html", name)
    assert name.split(".")[0].lower() not in ("con", "nul")


@given(st.lists(st.one_of(audits.texts, st.sampled_from(["a", "A", "a", "a-2"]))))
def test_names_are_safe_and_differ_even_without_regard_to_case(ids: list[str]) -> None:
    names = page_names(ids)
    assert len({name.lower() for name in names}) == len(ids)
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+\.html", name) for name in names)
    assert all(not name.startswith(".") for name in names)
