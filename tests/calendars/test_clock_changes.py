"""When clocks are changed."""

from datetime import UTC, datetime, timedelta

import pytest

from bridge.calendars.clock_changes import ClockChange, clock_changes

HOUR = timedelta(hours=1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


SPRING = ClockChange(utc("2026-03-29T01:00"), HOUR)
AUTUMN = ClockChange(utc("2026-10-25T01:00"), -HOUR)


@pytest.mark.parametrize(
    ("zone", "begin", "end", "found"),
    [
        ("Europe/Berlin", "2026-01-01T00:00", "2027-01-01T00:00", [SPRING, AUTUMN]),
        ("Europe/Berlin", "2026-03-29T00:59:59", "2026-03-29T01:00:01", [SPRING]),
        ("Europe/Berlin", "2026-03-29T00:30:00.5", "2026-03-29T05:00", [SPRING]),
        ("Europe/Berlin", "2026-03-29T00:00", "2026-03-29T01:00", []),
        ("Europe/Berlin", "2026-03-29T01:00", "2026-03-30T01:00", []),
        (
            "Australia/Lord_Howe",
            "2026-04-01T00:00",
            "2026-05-01T00:00",
            [ClockChange(utc("2026-04-04T15:00"), -HOUR / 2)],
        ),
        ("Asia/Kolkata", "2026-01-01T00:00", "2027-01-01T00:00", []),
    ],
)
def test_changes_are_found_to_the_second(
    zone: str, begin: str, end: str, found: list[ClockChange]
) -> None:
    assert list(clock_changes(zone, utc(begin), utc(end))) == found
