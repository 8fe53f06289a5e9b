"""The first handover, and the ones counted from it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bridge.oncall.layer_form import layer_from_plain, rotation_from_plain
from bridge.oncall.schedule import Layer
from bridge.oncall.turns import first_handover, full_turn, handover, turns
from bridge.utc import iso

BERLIN = ZoneInfo("Europe/Berlin")
FORTNIGHTLY = {"every": 2, "unit": "weeks"}
TWELVE_HOURS = {"every": 12, "unit": "hours"}

ANCHORS = [
    pytest.param("weekly", "mon 09:00", "2026-01-05", "2026-01-05T09:00", id="the very day"),
    pytest.param("weekly", "mon 09:00", "2026-01-06", "2026-01-12T09:00", id="the day after"),
    pytest.param("weekly", "mon 09:00", "2026-01-05T09:00", "2026-01-05T09:00", id="the minute"),
    pytest.param("weekly", "mon 09:00", "2026-01-05T09:01", "2026-01-12T09:00", id="a minute late"),
    pytest.param(FORTNIGHTLY, "sun 00:00", "2026-01-05", "2026-01-11T00:00", id="fortnightly"),
    pytest.param("daily", "02:30", "2026-01-05", "2026-01-05T02:30", id="daily"),
    pytest.param("daily", "02:30", "2026-01-05T12:00", "2026-01-06T02:30", id="daily, from noon"),
    pytest.param("hourly", None, "2026-01-05", "2026-01-05T00:00", id="hourly"),
    pytest.param("hourly", ":30", "2026-01-05T10:31", "2026-01-05T11:30", id="at half past"),
    pytest.param(TWELVE_HOURS, "08:00", "2026-01-05", "2026-01-05T08:00", id="12 h from eight"),
    pytest.param(TWELVE_HOURS, "08:00", "2026-01-05T08:01", "2026-01-06T08:00", id="12 h, late"),
    pytest.param("monthly", "31 09:00", "2026-01-01", "2026-01-31T09:00", id="last of January"),
    pytest.param("monthly", "31 09:00", "2026-02-10", "2026-02-28T09:00", id="last of February"),
    pytest.param("monthly", "31 09:00", "2028-02-10", "2028-02-29T09:00", id="of a leap year"),
    pytest.param("monthly", "1 09:00", "2026-12-02", "2027-01-01T09:00", id="over the year's end"),
]

HANDOVERS = [
    pytest.param("monthly", "31 09:00", 1, "2026-02-28T09:00", id="February is short"),
    pytest.param("monthly", "31 09:00", 2, "2026-03-31T09:00", id="and shortens only itself"),
    pytest.param("monthly", "31 09:00", 3, "2026-04-30T09:00", id="April"),
    pytest.param("monthly", "31 09:00", 4, "2026-05-31T09:00", id="May"),
    pytest.param({"every": 3, "unit": "months"}, "31 09:00", 4, "2027-01-31T09:00", id="quarters"),
    pytest.param(FORTNIGHTLY, "sat 09:00", 3, "2026-03-14T09:00", id="fortnights"),
    pytest.param("daily", "09:00", 58, "2026-03-30T09:00", id="days over the clock change"),
    pytest.param("hourly", "09:00", 58 * 24, "2026-03-30T09:00", id="hours over the clock change"),
]

FULL_TURNS = [
    pytest.param("hourly", "09:00", 35, id="5 people by the hour"),
    pytest.param("daily", "09:00", 35, id="5 people by the day"),
    pytest.param({"every": 7, "unit": "days"}, "09:00", 35, id="5 people every seven days"),
    pytest.param(FORTNIGHTLY, "mon 09:00", 70, id="5 people by the fortnight"),
    pytest.param("monthly", "1 09:00", 155, id="5 people by the month"),
]


@pytest.mark.parametrize(("rotation", "at", "starts", "anchor"), ANCHORS)
def test_the_anchor_is_the_first_handover_at_or_after_the_start(
    rotation: object, at: object, starts: str, anchor: str
) -> None:
    found = first_handover(rotation_from_plain(rotation, at), datetime.fromisoformat(starts))

    assert found == datetime.fromisoformat(anchor)


@pytest.mark.parametrize(("rotation", "at", "index", "wall"), HANDOVERS)
def test_handovers_are_counted_in_local_time_from_the_anchor(
    rotation: object, at: object, index: int, wall: str
) -> None:
    anchor = datetime.fromisoformat("2026-01-31T09:00")

    found = handover(rotation_from_plain(rotation, at), anchor, index)

    assert found == datetime.fromisoformat(wall)


@pytest.mark.parametrize(("rotation", "at", "days"), FULL_TURNS)
def test_a_full_turn_ends_where_people_and_weekdays_repeat(
    rotation: object, at: object, days: int
) -> None:
    assert full_turn(a_layer(rotation, at, list("abcde"))).days == days


def test_the_hour_that_is_skipped_leaves_out_whose_turn_it_was() -> None:
    layer = a_layer("hourly", None, ["a", "b", "c", "d"], starts="2026-03-29")

    found = list(turns(layer, BERLIN, moment(28, 23), moment(29, 3)))

    # a has 0 to 1, b has 1 to 2, c the hour that is not there, d 3 to 4.
    assert [(iso(starts_at)[11:16], who) for starts_at, _, who in found] == [
        ("23:00", "a"),
        ("00:00", "b"),
        ("01:00", "d"),
        ("02:00", "a"),
    ]


def moment(day: int, hour: int) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=UTC)


def a_layer(rotation: object, at: object, people: list[str], starts: str = "2026-01-05") -> Layer:
    plain = {"rotation": rotation, "handover": at, "starts": starts, "people": people}
    return layer_from_plain(plain, BERLIN)
