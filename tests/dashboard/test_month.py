"""How a month is counted."""

from datetime import UTC, datetime

import pytest

from bridge.dashboard.month import Tally, month_begin, month_name, total


@pytest.mark.parametrize(
    ("tally", "permille"),
    [
        (Tally(0, 0), None),
        (Tally(3, 0), 1000),
        (Tally(0, 3), 0),
        (Tally(2, 1), 666),
        pytest.param(Tally(99_999, 1), 999, id="one missed among many is not all kept"),
    ],
)
def test_the_share_of_kept_ones_is_cut_off(tally: Tally, permille: int | None) -> None:
    assert tally.kept_permille == permille


def test_customers_are_added_up() -> None:
    assert total({1: Tally(2, 1), 2: Tally(3, 0)}) == Tally(5, 1)
    assert total({}) == Tally(0, 0)


def test_a_month_begins_in_the_zone_of_the_customer() -> None:
    now = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)

    assert month_begin("Europe/Berlin", now) == datetime(2026, 11, 30, 23, tzinfo=UTC)
    assert month_begin("UTC", now) == datetime(2026, 11, 1, tzinfo=UTC)
    assert month_name("Europe/Berlin", now) == "2026-12"
    assert month_name("America/New_York", now) == "2026-11"
