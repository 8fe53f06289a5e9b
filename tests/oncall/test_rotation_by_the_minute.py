"""On-call intervals equal a naive scan, minute by minute, in zones whose clocks change oddly.

A few examples by default; `HYPOTHESIS_PROFILE=proof` tries thousands, the same each time.
"""

import os
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bridge.oncall.rotation import gaps, on_call, shifts, until
from bridge.oncall.schedule import (
    Layer,
    Override,
    OverrideKind,
    Rotation,
    Schedule,
    Unit,
    Window,
)
from bridge.utc import from_iso
from tests.oncall.naive import scan

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
IS_PROOF = os.environ.get("HYPOTHESIS_PROFILE") == "proof"
thorough = settings(
    max_examples=5000 if IS_PROOF else 60,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)

pytestmark = pytest.mark.timeout(3600 if IS_PROOF else 120)

# Moments around which the clocks change, or, in Kolkata, do not.
CHANGES = [
    ("Europe/Berlin", "2026-03-29T01:00Z"),
    ("Europe/Berlin", "2026-10-25T01:00Z"),
    ("America/New_York", "2026-03-08T07:00Z"),
    ("America/New_York", "2026-11-01T06:00Z"),
    ("Australia/Lord_Howe", "2026-04-04T15:00Z"),
    ("Australia/Lord_Howe", "2026-10-03T15:30Z"),
    ("Asia/Kolkata", "2026-06-30T18:30Z"),
    ("Pacific/Apia", "2011-12-30T10:00Z"),
    ("Pacific/Apia", "2020-09-26T14:00Z"),
    ("Pacific/Apia", "2021-04-03T14:00Z"),
    ("Africa/Cairo", "2026-04-23T22:00Z"),
    ("Africa/Cairo", "2026-10-29T21:00Z"),
    ("America/St_Johns", "2010-03-14T03:31Z"),
    ("America/St_Johns", "2010-11-07T02:31Z"),
]

people = st.sampled_from(["anna", "ben", "carl", "dora", "emil"])
# Where clocks change, and anywhere.
hours = st.sampled_from([0, 1, 2, 3, 23]) | st.integers(0, 23)
minutes = st.sampled_from([0, 15, 30, 59]) | st.integers(0, 59)
minutes_of_day = st.builds(lambda hour, minute: hour * 60 + minute, hours, minutes)


@st.composite
def rotations(draw: st.DrawFn) -> Rotation:
    unit = draw(st.sampled_from(Unit))
    longest = {Unit.HOURS: 30, Unit.DAYS: 3, Unit.WEEKS: 2, Unit.MONTHS: 2}[unit]
    days = {Unit.WEEKS: st.integers(0, 6), Unit.MONTHS: st.sampled_from([1, 15, 28, 29, 30, 31])}
    any_hour = unit is Unit.HOURS and draw(st.booleans())
    return Rotation(
        unit=unit,
        every=draw(st.integers(1, longest)),
        day=draw(days.get(unit, st.just(0))),
        hour=None if any_hour else draw(hours),
        minute=draw(minutes),
    )


@st.composite
def windows(draw: st.DrawFn) -> Window:
    opens = draw(minutes_of_day)
    length = draw(st.sampled_from([15, 30, 60, 8 * 60, 24 * 60]) | st.integers(1, 24 * 60))
    return Window(draw(st.integers(0, 6)), opens, opens + length)


@st.composite
def layers(draw: st.DrawFn, around: datetime) -> Layer:
    days_ago = draw(st.integers(-2, 3) | st.integers(-2, 90))
    starts = (around - days_ago * DAY).replace(tzinfo=None)
    starts = starts.replace(hour=draw(hours), minute=draw(minutes))
    restricted = draw(st.booleans())
    return Layer(
        rotation=draw(rotations()),
        starts=starts,
        people=tuple(draw(st.lists(people, min_size=1, max_size=4))),
        only=tuple(draw(st.lists(windows(), min_size=1, max_size=8))) if restricted else None,
    )


@st.composite
def overrides(draw: st.DrawFn, around: datetime) -> Override:
    starts_at = around + draw(st.integers(-3 * 24 * 60, 2 * 24 * 60)) * MINUTE
    kind = draw(st.sampled_from(OverrideKind))
    replaces = kind is OverrideKind.REPLACE
    return Override(
        starts_at=starts_at,
        ends_at=starts_at + draw(st.integers(1, 4 * 24 * 60)) * MINUTE,
        kind=kind,
        people=tuple(draw(st.lists(people, min_size=1, max_size=1 if replaces else 2))),
        replaced=draw(people) if replaces else None,
    )


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Schedule, datetime, datetime]:
    """Draw a schedule, and a span near a change of its clocks."""
    zone, change = draw(st.sampled_from(CHANGES))
    around = from_iso(change)
    schedule = Schedule(
        timezone=ZoneInfo(zone),
        layers=tuple(draw(st.lists(layers(around), max_size=3))),
        overrides=tuple(draw(st.lists(overrides(around), max_size=4))),
    )
    begin = around + draw(st.integers(-2 * 24 * 60, 12 * 60)) * MINUTE
    return schedule, begin, begin + draw(st.integers(1, 2 * 24 * 60)) * MINUTE


@thorough
@given(worlds())
def test_shifts_equal_a_naive_scan(world: tuple[Schedule, datetime, datetime]) -> None:
    schedule, begin, end = world

    found = list(shifts(schedule, begin, end))

    by_the_minute = [
        shift.people for shift in found for _ in range((shift.ends_at - shift.starts_at) // MINUTE)
    ]
    assert by_the_minute == scan(schedule, begin, end)
    assert (found[0].starts_at, found[-1].ends_at) == (begin, end)
    for earlier, later in pairwise(found):
        assert earlier.ends_at == later.starts_at
        assert earlier.people != later.people


@thorough
@given(worlds(), st.data())
def test_one_moment_equals_a_naive_scan(
    world: tuple[Schedule, datetime, datetime], data: st.DataObject
) -> None:
    schedule, begin, end = world
    expected = scan(schedule, begin, end)
    minute = data.draw(st.integers(0, len(expected) - 1))
    seconds = data.draw(st.floats(0, 59.99))

    at = begin + minute * MINUTE + timedelta(seconds=seconds)

    assert on_call(schedule, at) == expected[minute]
    assert on_call(schedule, at.astimezone(schedule.timezone)) == expected[minute]


@thorough
@given(worlds())
def test_the_next_change_equals_a_naive_scan(world: tuple[Schedule, datetime, datetime]) -> None:
    schedule, begin, end = world
    expected = scan(schedule, begin, end)
    same = next((n for n, who in enumerate(expected) if who != expected[0]), None)

    found = until(schedule, begin)

    if same is None:
        assert found is None or found >= end
    else:
        assert found == begin + same * MINUTE


@thorough
@given(worlds())
def test_gaps_equal_a_naive_scan(world: tuple[Schedule, datetime, datetime]) -> None:
    schedule, begin, end = world

    found = gaps([schedule], begin, end)

    minutes_alone = sum((gap.ends_at - gap.starts_at) // MINUTE for gap in found)
    assert minutes_alone == scan(schedule, begin, end).count(())
