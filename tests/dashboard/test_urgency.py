"""How a promise stands, and what comes first."""

from datetime import UTC, datetime, timedelta

import pytest

from bridge.calendars.desk_form import calendar_from_plain
from bridge.calendars.open_time import OpenTime
from bridge.dashboard.urgency import Risk, Standing, chosen_kind, place, standing

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
OFFICE = OpenTime.of(
    calendar_from_plain({"timezone": "UTC", "hours": {"mon-fri": ["08:00-17:00"]}})
)
ALWAYS = OpenTime.of(
    calendar_from_plain({"timezone": "UTC", "hours": {"mon-sun": ["00:00-24:00"]}})
)
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


def test_it_is_known_when_a_clock_stops_and_when_it_runs_again() -> None:
    running = standing(at(24 + 8.5), HOUR, OFFICE, at(16.5))
    resting = standing(at(24 + 8.5), HOUR, OFFICE, at(17))
    straight = standing(at(10), HOUR, OFFICE, at(9))

    assert (running.stops_at, running.resumes_at) == (at(17), None)
    assert (resting.stops_at, resting.resumes_at) == (None, at(24 + 8))
    assert (straight.stops_at, straight.resumes_at) == (None, None)


MISSED = Standing(Risk.MISSED, -HOUR)
MORE_MISSED = Standing(Risk.MISSED, -2 * HOUR)
AT_RISK = Standing(Risk.AT_RISK, HOUR / 4)
ON_TIME = Standing(Risk.ON_TIME, 3 * HOUR)
RESTING = Standing(Risk.REST, HOUR / 10)


def test_what_to_look_at_first_comes_first() -> None:
    in_order = [
        place(MORE_MISSED, waits=True, priority="P4", since=at(9)),
        place(MISSED, waits=True, priority="P1", since=at(9)),
        place(None, waits=True, priority="P1", since=at(9)),
        place(None, waits=True, priority="P2", since=at(8)),
        place(AT_RISK, waits=True, priority="P4", since=at(9)),
        place(ON_TIME, waits=True, priority="P1", since=at(9)),
        place(RESTING, waits=True, priority="P1", since=at(9)),
        place(None, waits=True, priority="P3", since=at(9)),
        place(AT_RISK, waits=False, priority="P1", since=at(9)),
        place(None, waits=False, priority="P1", since=at(8)),
        place(None, waits=False, priority="P1", since=at(9)),
        place(None, waits=False, priority="P2", since=at(7)),
    ]

    assert sorted(in_order) == in_order


@pytest.mark.parametrize(
    ("running", "chosen"),
    [
        (["solution", "response"], "response"),
        (["solution", "update"], "update"),
        (["solution"], "solution"),
        ([], None),
    ],
)
def test_the_response_clock_is_shown_first(running: list[str], chosen: str | None) -> None:
    assert chosen_kind(running) == chosen
