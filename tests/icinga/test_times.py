"""When a problem began, and in which order notifications count."""

from datetime import UTC, datetime, timedelta

import pytest

from bridge.icinga.notification import happened_at, parse, started_at
from tests.icinga.entries import ARRIVED, BEGAN, host_problem, service_problem

WHEN = [
    pytest.param(timedelta(0), timedelta(0), False, id="just now"),
    pytest.param(timedelta(minutes=-10), timedelta(minutes=-10), False, id="10 min before"),
    pytest.param(timedelta(days=-7), timedelta(days=-7), False, id="7 days before"),
    pytest.param(timedelta(days=-7, seconds=-1), timedelta(0), True, id="over 7 days before"),
    pytest.param(timedelta(minutes=5), timedelta(minutes=5), False, id="5 min after"),
    pytest.param(timedelta(minutes=5, seconds=1), timedelta(0), True, id="over 5 min after"),
]


@pytest.mark.parametrize(("offset", "begins", "flagged"), WHEN)
def test_a_problem_begins_when_icinga_says_unless_that_is_absurd(
    offset: timedelta, begins: timedelta, flagged: bool
) -> None:
    changed = (ARRIVED + offset).timestamp()
    found = parse(
        host_problem(
            host={"name": "h", "state": "DOWN", "last_hard_state_change": changed},
            time=ARRIVED.timestamp(),
        )
    )

    assert started_at(found, ARRIVED) == (ARRIVED + begins, flagged)


def test_without_a_last_change_a_problem_begins_at_its_time() -> None:
    found = parse(host_problem(host={"name": "h", "state": "DOWN"}, time=BEGAN))

    assert started_at(found, ARRIVED) == (datetime.fromtimestamp(BEGAN, UTC), False)


def test_of_a_service_its_own_last_change_counts() -> None:
    found = parse(service_problem())

    assert started_at(found, ARRIVED)[0] == datetime.fromtimestamp(BEGAN - 2, UTC)


@pytest.mark.parametrize("absurd", [0, -1e18, 4102444800, 1e18, 1e300, -1e300])
def test_an_absurd_time_begins_at_arrival_and_is_flagged(absurd: float) -> None:
    changed = {"name": "h", "state": "DOWN", "last_hard_state_change": absurd}

    unchanged = {"name": "h", "state": "DOWN"}

    assert started_at(parse(host_problem(host=changed)), ARRIVED) == (ARRIVED, True)
    assert started_at(parse(host_problem(host=unchanged, time=absurd)), ARRIVED) == (ARRIVED, True)
    assert started_at(
        parse(host_problem(host=changed | {"last_hard_state_change": None}, time=absurd)), ARRIVED
    ) == (ARRIVED, True)


def test_a_clock_far_ahead_does_not_beat_everything_that_follows() -> None:
    from_2099 = parse(host_problem(time=4070908800))
    next_day = parse(host_problem(time=BEGAN + 86400))

    assert happened_at(from_2099, ARRIVED) < happened_at(next_day, ARRIVED + timedelta(days=1))


@pytest.mark.parametrize("time", [BEGAN - 30 * 86400, BEGAN, BEGAN + 299])
def test_a_believable_time_orders_as_it_is(time: float) -> None:
    assert happened_at(parse(host_problem(time=time)), ARRIVED) == datetime.fromtimestamp(time, UTC)


@pytest.mark.parametrize("time", [-1.0, -1e18, -1e300])
def test_a_time_before_1970_counts_as_1970(time: float) -> None:
    assert happened_at(parse(host_problem(time=time)), ARRIVED) == datetime.fromtimestamp(0, UTC)
