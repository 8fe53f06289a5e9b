"""What a browser is told of the service hours ahead."""

from datetime import UTC, datetime, timedelta

from bridge.calendars.desk_form import calendar_from_plain
from bridge.calendars.open_time import OpenTime
from bridge.dashboard.ahead import STRETCHES, ahead

OFFICE = OpenTime.of(
    calendar_from_plain({"timezone": "UTC", "hours": {"mon-fri": ["08:00-17:00"]}})
)
HOUR = timedelta(hours=1)


def at(day: int, hour: float) -> datetime:
    return datetime(2026, 11, day, tzinfo=UTC) + hour * HOUR


def test_the_stretches_until_the_due_time_are_told_and_what_lies_beyond_them() -> None:
    found = ahead(at(30, 10), 50 * HOUR, OFFICE, at(23, 15))

    assert found.stretches[0] == (at(23, 15), at(23, 17))
    assert found.stretches[1] == (at(24, 8), at(24, 17))
    assert len(found.stretches) == STRETCHES
    assert found.beyond == 9 * HOUR + 2 * HOUR
    assert found.near == 12.5 * HOUR


def test_the_last_stretch_ends_with_the_due_time() -> None:
    found = ahead(at(24, 9), 4 * HOUR, OFFICE, at(23, 20))

    assert found.stretches == ((at(24, 8), at(24, 9)),)
    assert found.beyond == timedelta(0)


def test_of_an_overdue_promise_nothing_lies_ahead() -> None:
    found = ahead(at(23, 9), 4 * HOUR, OFFICE, at(23, 10))

    assert (found.stretches, found.beyond, found.due_at) == ((), timedelta(0), at(23, 9))
