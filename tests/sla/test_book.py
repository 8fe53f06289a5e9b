"""Which version of a contract counts, at a moment and as it was known."""

from datetime import timedelta

import pytest

from bridge.sla.book import known_by
from tests.sla.courses import SHORT, at, book, calendar, terms

SECOND = timedelta(seconds=1)
MONDAY, TUESDAY = at("mon 00:00"), at("tue 00:00")
FIRST = terms(version=1, revision=1, effective_from=MONDAY)
SECONDLY = terms(version=2, revision=2, effective_from=TUESDAY)
INSTEAD = terms(version=3, revision=3, effective_from=TUESDAY, replaces=2)
SAME_MOMENT = terms(version=4, revision=4, effective_from=TUESDAY)
EARLIER = terms(version=5, revision=5, effective_from=MONDAY + SECOND)


@pytest.mark.parametrize(
    ("versions", "moment", "revision", "expected"),
    [
        pytest.param([FIRST], MONDAY, 1, 1, id="from its first moment on"),
        pytest.param([FIRST], MONDAY - SECOND, 1, None, id="not before"),
        pytest.param([FIRST, SECONDLY], TUESDAY - SECOND, 2, 1, id="before the next one"),
        pytest.param([FIRST, SECONDLY], TUESDAY, 2, 2, id="the next one"),
        pytest.param([FIRST, SECONDLY], TUESDAY, 1, 1, id="the next one is not known yet"),
        pytest.param([FIRST, SECONDLY], TUESDAY, None, 2, id="all is known"),
        pytest.param([FIRST, SECONDLY, INSTEAD], TUESDAY, 2, 2, id="not replaced yet"),
        pytest.param([FIRST, SECONDLY, INSTEAD], TUESDAY, 3, 3, id="replaced"),
        pytest.param([FIRST, SECONDLY, SAME_MOMENT], TUESDAY, 4, 4, id="of two the later made"),
        pytest.param([FIRST, SECONDLY, EARLIER], TUESDAY, 5, 2, id="made later, begun earlier"),
        pytest.param([], MONDAY, 1, None, id="none"),
    ],
)
def test_version_at(
    versions: list[object], moment: object, revision: int | None, expected: int | None
) -> None:
    found = book(*versions, terms(9)).version_at(1, moment, revision)  # type: ignore[arg-type]

    assert (found and found.version_id) == expected


def test_a_contract_that_is_over_promises_nothing_and_still_has_a_version() -> None:
    over = book(terms(valid_from=MONDAY, valid_to=TUESDAY))

    assert over.terms_at(1, MONDAY - SECOND) is None
    assert over.terms_at(1, MONDAY) is not None
    assert over.terms_at(1, TUESDAY) is None
    assert over.version_at(1, TUESDAY) is not None


def test_replaced_versions_are_known_to_nobody_who_knows_what_replaced_them() -> None:
    assert known_by([FIRST, SECONDLY, INSTEAD], 3) == (FIRST, INSTEAD)
    assert known_by([FIRST, SECONDLY, INSTEAD], 2) == (FIRST, SECONDLY)


def test_hours_are_made_once_for_what_is_known() -> None:
    one = book(off=[calendar(9, SHORT, begins=TUESDAY, revision=2)])

    assert one.hours("off", 1) is one.hours("off", 1)
    assert one.hours("off", 2) is one.hours("off", 3)
    assert one.hours("off", 1) != one.hours("off", 2)
    assert one.hours("nowhere").next_opening(MONDAY) is None
