"""Ids of required tests follow what a mirror changes in the tests."""

from __future__ import annotations

import fakes
import pytest

from swe_audit.alternatives.mirroring import renamed_tests
from swe_audit.model.construction import ConstructionKind, Site


def site(kind, detail, replacement):
    return Site(
        kind=kind,
        symbol="",
        detail=detail,
        replacement=replacement,
        scope="",
        path="shop.py",
        line=1,
        edits=(),
    )


MESSAGE, NAME = ConstructionKind.MESSAGE, ConstructionKind.NAME


@pytest.mark.parametrize(
    ("made", "required", "reported"),
    [
        (site(NAME, "total", "amount"), "t.py::test_x[total-1]", "t.py::test_x[amount-1]"),
        (site(NAME, "total", "amount"), "t.py::test_totals[1]", None),
        (
            site(MESSAGE, "the price is missing", "there is no price"),
            "t.py::test_x[-1-the price is missing]",
            "t.py::test_x[-1-there is no price]",
        ),
        (
            site(MESSAGE, "cannot add {item!r} to cart %s", "unable to add {item!r} to cart %s"),
            "t.py::test_x[cannot add 'tea' to cart 3]",
            "t.py::test_x[unable to add 'tea' to cart 3]",
        ),
        (site(MESSAGE, "missing {x}", "absent {x}"), "t.py::test_missing[missing 3]", None),
    ],
)
def test_an_id_that_holds_the_detail_is_paired_with_the_id_under_the_mirror(
    made, required, reported
):
    task = fakes.make_task(fail_to_pass=(required,), pass_to_pass=())
    pairs = renamed_tests(task, [made])
    assert pairs == (() if reported is None else ((reported, required),))
