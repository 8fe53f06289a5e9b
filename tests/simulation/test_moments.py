"""Moments of events: both forms, with and without a zone."""

from zoneinfo import ZoneInfo

import pytest

from bridge import utc
from bridge.simulation.moments import BadMoment, moment, only_zone
from tests.simulation.world import desk

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("value", "zone", "found"),
    [
        pytest.param("2026-11-23T09:00:00Z", None, "2026-11-23T09:00:00Z", id="utc"),
        pytest.param("2026-11-23T10:00+01:00", None, "2026-11-23T09:00:00Z", id="with an offset"),
        pytest.param("2026-11-23T10:00", BERLIN, "2026-11-23T09:00:00Z", id="local"),
        pytest.param("2026-10-25T02:30", BERLIN, "2026-10-25T00:30:00Z", id="the first of two"),
        pytest.param("2026-11-23", BERLIN, "2026-11-22T23:00:00Z", id="a day begins"),
        pytest.param(1795424400, None, "2026-11-23T09:00:00Z", id="seconds"),
        pytest.param(1795424400.5, None, "2026-11-23T09:00:00.500000Z", id="half a second"),
    ],
)
def test_a_moment_is_read(value: object, zone: ZoneInfo | None, found: str) -> None:
    assert utc.iso(moment(value, zone)) == found


@pytest.mark.parametrize(
    ("value", "zone", "sentence"),
    [
        pytest.param("2026-11-23T10:00", None, "has no zone", id="nobody says the zone"),
        pytest.param("2026-11-23", None, "has no zone", id="a day of no zone"),
        pytest.param("2026-03-29T02:30", BERLIN, "is no moment", id="skipped"),
        pytest.param("tomorrow", BERLIN, "is no moment", id="a word"),
        pytest.param(1e30, None, "1970 to 2199", id="absurd"),
        pytest.param(-1, None, "1970 to 2199", id="before time"),
        pytest.param(float("nan"), None, "1970 to 2199", id="not a number"),
        pytest.param(True, None, "write a moment", id="a bool"),
        pytest.param(None, None, "write a moment", id="nothing"),
    ],
)
def test_what_is_no_moment_is_refused(value: object, zone: ZoneInfo | None, sentence: str) -> None:
    with pytest.raises(BadMoment, match=sentence):
        moment(value, zone)


def test_the_zone_is_the_one_that_all_customers_share() -> None:
    vienna = "timezone: Europe/Vienna"
    same = f'customers: [{{number: "1", {vienna}}}, {{number: "2", {vienna}}}]'
    different = f'customers: [{{number: "1", {vienna}}}, {{number: "2"}}]'

    assert only_zone(desk(same)) == ZoneInfo("Europe/Vienna")
    assert only_zone(desk(different)) is None
    assert only_zone(desk("desk: {name: Nobody}")) is None
