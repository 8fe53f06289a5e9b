"""Months: written, counted, and cut in the zone of whoever is told of them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bridge.sla.month import BadMonth, Month

BERLIN, AUCKLAND = ZoneInfo("Europe/Berlin"), ZoneInfo("Pacific/Auckland")


@pytest.mark.parametrize(
    ("text", "zone", "begin", "end"),
    [
        pytest.param("2026-11", BERLIN, "2026-10-31T23:00", "2026-11-30T23:00", id="winter"),
        pytest.param("2026-03", BERLIN, "2026-02-28T23:00", "2026-03-31T22:00", id="spring"),
        pytest.param("2026-10", BERLIN, "2026-09-30T22:00", "2026-10-31T23:00", id="autumn"),
        pytest.param("2026-12", AUCKLAND, "2026-11-30T11:00", "2026-12-31T11:00", id="far east"),
    ],
)
def test_a_month_is_that_of_its_zone(text: str, zone: ZoneInfo, begin: str, end: str) -> None:
    month = Month.of_text(text)

    assert month.begin(zone) == datetime.fromisoformat(begin).replace(tzinfo=UTC)
    assert month.end(zone) == datetime.fromisoformat(end).replace(tzinfo=UTC)
    assert Month.at(month.begin(zone), zone) == month
    assert Month.at(month.end(zone), zone) == month.later(1)


@pytest.mark.parametrize(
    ("text", "months", "found"),
    [("2026-12", 1, "2027-01"), ("2026-01", -1, "2025-12"), ("2026-05", -17, "2024-12")],
)
def test_months_are_counted_over_the_years(text: str, months: int, found: str) -> None:
    assert str(Month.of_text(text).later(months)) == found


@pytest.mark.parametrize("text", ["2026-13", "2026-1", "1969-12", "", "26-11", "2026-11-01", "x"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(BadMonth, match="write year and month, such as 2026-11"):
        Month.of_text(text)
