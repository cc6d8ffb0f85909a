"""What the survey of gold tells of the detail that an assertion pins."""

from __future__ import annotations

import pytest

from swe_audit.evidence.determined import with_surveyed
from swe_audit.model.construction import (
    ConstructionKind,
    LicenceCheck,
    RefusalReason,
    Refused,
    Site,
    Survey,
)
from swe_audit.model.finding import Cause, Determinant
from swe_audit.model.observation import Observation, SoftRun


def refused(reason: RefusalReason, detail: str, kind: ConstructionKind) -> Refused:
    return Refused(
        kind=kind,
        symbol="function",
        detail=detail,
        scope="shop.cart",
        path="shop/cart.py",
        line=3,
        reason=reason,
        text="why",
    )


def seen(detail: str, *determined_by: Determinant, passed: bool = False) -> Observation:
    return Observation(
        test="t",
        path="tests/test_cart.py",
        line=4,
        source="assert grand([1]) == 1",
        passed=passed,
        cause=None if passed else Cause.MISSING_NAME,
        detail=detail,
        determined_by=determined_by,
    )


def told(observation: Observation, *surveyed: Site | Refused) -> tuple[Determinant, ...]:
    survey = Survey(
        sites=tuple(one for one in surveyed if isinstance(one, Site)),
        refused=tuple(one for one in surveyed if isinstance(one, Refused)),
    )
    run = SoftRun(subject="other", trial="x/other/1", observations=(observation,))
    (found,) = with_surveyed([run], survey)
    return found.observations[0].determined_by


@pytest.mark.parametrize(
    ("reason", "determinant"),
    [
        (RefusalReason.IN_BASE, Determinant.BASE_CODE),
        (RefusalReason.INFERABLE, Determinant.CONVENTION),
        (RefusalReason.FRAMEWORK, Determinant.FRAMEWORK),
        (RefusalReason.FORWARDED, Determinant.FRAMEWORK),
    ],
)
def test_a_name_is_determined_by_what_it_was_refused_for(
    reason: RefusalReason, determinant: Determinant
) -> None:
    one = refused(reason, "grand", ConstructionKind.NAME)
    assert told(seen("grand"), one) == (determinant,)
    assert told(seen("shop.cart.grand"), one) == (determinant,)
    assert told(seen("grander"), one) == ()
    assert told(seen("grand", passed=True), one) == ()
    both = told(seen("grand", Determinant.HINT), one)
    assert both == (determinant, Determinant.HINT), "in the order of authority"


def test_a_message_is_known_by_its_template_in_whole_or_in_part() -> None:
    kind = ConstructionKind.MESSAGE
    one = refused(RefusalReason.SHARED_SKELETON, "prices must be a list, not {prices!r}", kind)
    assert told(seen("prices must be a list, not 7"), one) == (Determinant.CONVENTION,)
    assert told(seen("must be a list"), one) == (Determinant.CONVENTION,)
    assert told(seen("prices must be a tuple"), one) == ()
    percent = refused(RefusalReason.IN_BASE, "no %s of %(name)s here", kind)
    assert told(seen("no cart of Ada here"), percent) == (Determinant.BASE_CODE,)


def test_a_free_detail_is_determined_by_what_its_checks_found() -> None:
    site = Site(
        kind=ConstructionKind.NAME,
        symbol="function",
        detail="grand",
        replacement="whole",
        scope="shop.cart",
        path="shop/cart.py",
        line=3,
        edits=(),
        checks=(LicenceCheck(rule="link", text="one", determines=Determinant.LINK),),
    )
    assert told(seen("grand"), site) == (Determinant.LINK,)


def test_that_base_tests_use_a_name_does_not_say_that_this_assertion_stood_there() -> None:
    one = refused(RefusalReason.BASE_TESTS, "grand", ConstructionKind.NAME)
    assert told(seen("grand"), one) == ()


def test_a_name_that_is_left_alone_out_of_caution_is_determined_by_nothing() -> None:
    for reason in (RefusalReason.UNKNOWN_CALLER, RefusalReason.UNRESOLVED_BASE):
        assert told(seen("grand"), refused(reason, "grand", ConstructionKind.NAME)) == ()


def test_other_kinds_and_no_survey_tell_nothing() -> None:
    for kind in (ConstructionKind.MUTANT, ConstructionKind.LOCATION):
        assert told(seen("grand"), refused(RefusalReason.IN_BASE, "grand", kind)) == ()
    run = SoftRun(subject="other", trial="x/other/1", observations=(seen("grand"),))
    assert with_surveyed([run], None) == (run,)
