"""How a promise stands, and what comes first."""

from datetime import UTC, datetime, timedelta

import pytest

from bridge.calendars.desk_form import calendar_from_plain
from bridge.calendars.open_time import OpenTime
from bridge.dashboard.urgency import (
    HoursNow,
    Risk,
    Section,
    Standing,
    chosen,
    place,
    section,
    standing,
)

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
OFFICE = OpenTime.of(
    calendar_from_plain({"timezone": "UTC", "hours": {"mon-fri": ["08:00-17:00"]}})
)
ALWAYS = OpenTime.of(
    calendar_from_plain({"timezone": "UTC", "hours": {"mon-sun": ["00:00-24:00"]}})
)
NEVER = OpenTime(())
HOUR = timedelta(hours=1)


def at(hours: float) -> datetime:
    return MONDAY + timedelta(hours=hours)


@pytest.mark.parametrize(
    ("hours", "due", "now", "risk", "left"),
    [
        pytest.param(ALWAYS, 10, 7, Risk.ON_TIME, 3, id="a quarter used is on time"),
        pytest.param(ALWAYS, 10, 8.99, Risk.ON_TIME, 1.01, id="just before three quarters"),
        pytest.param(ALWAYS, 10, 9.75, Risk.AT_RISK, 0.25, id="less than a quarter left"),
        pytest.param(ALWAYS, 10, 10, Risk.AT_RISK, 0, id="at its due it is not missed"),
        pytest.param(ALWAYS, 10, 10.001, Risk.MISSED, -0.001, id="after its due it is"),
        pytest.param(OFFICE, 24 + 8.5, 16, Risk.ON_TIME, 1.5, id="over night"),
        pytest.param(OFFICE, 24 + 8.5, 20, Risk.REST, 0.5, id="outside service hours it rests"),
        pytest.param(OFFICE, 24 + 8.5, 24 + 9, Risk.MISSED, -0.5, id="overdue in service hours"),
        pytest.param(OFFICE, 16, 20, Risk.MISSED, -4, id="overdue counts in all hours"),
        pytest.param(OFFICE, 17, 17, Risk.AT_RISK, 0, id="due when it closes, and closed"),
        pytest.param(OFFICE, 22, 19, Risk.AT_RISK, 0, id="no service hours before its due"),
        pytest.param(NEVER, 22, 19, Risk.AT_RISK, 0, id="a calendar that is never open"),
    ],
)
def test_a_promise_of_four_hours_stands(
    hours: OpenTime, due: float, now: float, risk: Risk, left: float
) -> None:
    found = standing(at(due), 4 * HOUR, hours, at(now))

    assert found.risk is risk
    assert found.left == pytest.approx(timedelta(hours=left), abs=timedelta(seconds=1))


def test_exactly_three_quarters_used_is_at_risk() -> None:
    assert standing(at(10), 4 * HOUR, ALWAYS, at(9)).risk is Risk.AT_RISK
    assert standing(at(10), 4 * HOUR, ALWAYS, at(9) - timedelta(seconds=1)).risk is Risk.ON_TIME


def test_one_that_rests_says_whether_it_will_be_at_risk() -> None:
    assert standing(at(24 + 8.5), 4 * HOUR, OFFICE, at(20)).is_near
    assert not standing(at(24 + 10), 4 * HOUR, OFFICE, at(20)).is_near


def test_it_is_known_when_a_clock_stops_and_when_it_runs_again() -> None:
    running = standing(at(24 + 8.5), HOUR, OFFICE, at(16.5))
    resting = standing(at(24 + 8.5), HOUR, OFFICE, at(17))
    straight = standing(at(10), HOUR, OFFICE, at(9))

    assert (running.stops_at, running.resumes_at) == (at(17), None)
    assert (resting.stops_at, resting.resumes_at) == (None, at(24 + 8))
    assert (straight.stops_at, straight.resumes_at) == (None, None)


def test_a_calendar_that_never_closes_stops_no_clock_however_far_its_due() -> None:
    found = standing(at(24 * 30), 24 * 40 * HOUR, ALWAYS, at(9))

    assert (found.stops_at, found.left) == (None, timedelta(hours=24 * 30 - 9))


def test_a_paused_promise_is_paused_whatever_the_hour() -> None:
    found = HoursNow(OFFICE, at(20)).paused(HOUR / 2, 4 * HOUR)

    assert (found.risk, found.left, found.is_near) == (Risk.PAUSED, HOUR / 2, True)


MISSED = Standing(Risk.MISSED, -HOUR)
MORE_MISSED = Standing(Risk.MISSED, -2 * HOUR)
AT_RISK = Standing(Risk.AT_RISK, HOUR / 4)
ON_TIME = Standing(Risk.ON_TIME, HOUR / 8)
RESTING = Standing(Risk.REST, HOUR / 10)
PAUSED = Standing(Risk.PAUSED, HOUR / 20)


def test_what_to_look_at_first_comes_first() -> None:
    in_order = [
        place(MORE_MISSED, waits=True, priority="P4", number=9),
        place(MISSED, waits=True, priority="P1", number=9),
        place(MORE_MISSED, waits=False, priority="P1", number=1),
        place(None, waits=True, priority="P1", number=9),
        place(None, waits=True, priority="P2", number=8),
        place(AT_RISK, waits=True, priority="P4", number=9),
        place(AT_RISK, waits=False, priority="P1", number=1),
        place(ON_TIME, waits=True, priority="P1", number=9),
        place(RESTING, waits=True, priority="P1", number=9),
        place(PAUSED, waits=True, priority="P1", number=1),
        place(None, waits=True, priority="P3", number=9),
        place(ON_TIME, waits=False, priority="P1", number=1),
        place(None, waits=False, priority="P1", number=8),
        place(None, waits=False, priority="P1", number=9),
        place(None, waits=False, priority="P2", number=7),
    ]

    assert sorted(in_order) == in_order


@pytest.mark.parametrize(
    ("found", "waits", "priority", "where"),
    [
        (MISSED, False, "P4", Section.FIRST),
        (AT_RISK, False, "P4", Section.FIRST),
        (None, True, "P2", Section.FIRST),
        (None, True, "P3", Section.WAITING),
        (None, False, "P1", Section.IN_WORK),
        (RESTING, True, "P1", Section.WAITING),
        (PAUSED, False, "P1", Section.IN_WORK),
    ],
)
def test_a_ticket_stands_in_one_part_of_the_board(
    found: Standing | None, waits: bool, priority: str, where: Section
) -> None:
    assert section(found, waits=waits, priority=priority) is where


@pytest.mark.parametrize(
    ("standings", "index"),
    [
        pytest.param([("solution", ON_TIME), ("response", AT_RISK)], 1, id="at risk"),
        pytest.param([("response", ON_TIME), ("solution", MISSED)], 1, id="a missed solution"),
        pytest.param([("solution", AT_RISK), ("response", AT_RISK)], 1, id="the response of two"),
        pytest.param([("solution", PAUSED), ("update", RESTING)], 1, id="one that is not paused"),
        pytest.param([("solution", PAUSED)], 0, id="the only one"),
    ],
)
def test_the_most_urgent_clock_is_shown(standings: list[tuple[str, Standing]], index: int) -> None:
    assert chosen(standings) == index
