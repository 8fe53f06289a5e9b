"""When the last working day before today began."""

from datetime import UTC, datetime

import pytest

from bridge.calendars.desk_form import calendar_from_plain
from bridge.calendars.open_time import OpenTime
from bridge.dashboard.working_days import previous_working_day


def hours(**weekly: list[str]) -> OpenTime:
    plain = {"timezone": "Europe/Berlin", "hours": weekly, "holidays": "DE-NW"}
    return OpenTime.of(calendar_from_plain(plain))


OFFICE = hours(**{"mon-fri": ["08:00-17:00"]})
SHOP = hours(**{"mon-sat": ["10:00-18:00"]})
ALWAYS = OpenTime.of(
    calendar_from_plain({"timezone": "Europe/Berlin", "hours": {"mon-sun": ["00:00-24:00"]}})
)


@pytest.mark.parametrize(
    ("calendars", "now", "begin"),
    [
        pytest.param([OFFICE], "2026-11-24T07:00", "2026-11-22T23:00", id="on Tuesday: Monday"),
        pytest.param([OFFICE], "2026-11-23T07:00", "2026-11-19T23:00", id="on Monday: Friday"),
        pytest.param([OFFICE], "2026-11-22T12:00", "2026-11-19T23:00", id="on Sunday: Friday"),
        pytest.param(
            [OFFICE, ALWAYS], "2026-11-23T07:00", "2026-11-19T23:00", id="one never closes"
        ),
        pytest.param([OFFICE, SHOP], "2026-11-23T07:00", "2026-11-20T23:00", id="one on Saturdays"),
        pytest.param([ALWAYS], "2026-11-23T07:00", "2026-11-21T23:00", id="none ever closes"),
        pytest.param([], "2026-11-23T07:00", "2026-11-21T23:00", id="no calendar"),
        pytest.param([OFFICE], "2026-04-07T06:00", "2026-04-01T22:00", id="after Easter"),
        pytest.param([OFFICE], "2026-03-30T06:00", "2026-03-26T23:00", id="clocks changed"),
        pytest.param([OFFICE], "2026-11-23T23:30", "2026-11-22T23:00", id="after midnight there"),
    ],
)
def test_it_began_at_midnight_of_the_zone(calendars: list[OpenTime], now: str, begin: str) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)

    found = previous_working_day(calendars, "Europe/Berlin", at)

    assert found.astimezone(UTC) == datetime.fromisoformat(begin).replace(tzinfo=UTC)
