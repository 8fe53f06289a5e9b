"""Which days are not as their weekday is, and what holidays are called."""

from datetime import UTC, date, datetime

import pytest

from bridge.calendars.closures import holiday_name, odd_days
from bridge.calendars.desk_form import calendar_from_plain
from bridge.calendars.open_time import DatedDefinition, OpenTime
from bridge.calendars.public_holidays import holiday_rule

OFFICE = {
    "timezone": "Europe/Berlin",
    "hours": {"mon-fri": ["08:00-17:00"]},
    "holidays": "DE-NW",
    "special": {"12-24": ["08:00-12:00"], "2026-12-28/2026-12-29": "closed"},
}


def found(begin: str, end: str, hours: OpenTime | None = None) -> list[tuple[str, int, bool]]:
    moments = [datetime.fromisoformat(one).replace(tzinfo=UTC) for one in (begin, end)]
    days = odd_days(hours or OpenTime.of(calendar_from_plain(OFFICE)), *moments)
    return [(f"{one.on:%d.%m.}", len(one.windows), one.holiday is not None) for one in days]


def test_special_days_short_days_and_holidays_of_working_days_are_found() -> None:
    # The 26th is a Saturday, and closed anyway.
    assert found("2026-12-23T08:00", "2027-01-02T08:00") == [
        ("24.12.", 1, False),
        ("25.12.", 0, True),
        ("28.12.", 0, False),
        ("29.12.", 0, False),
        ("01.01.", 0, True),
    ]


def test_what_ends_at_midnight_does_not_reach_into_the_holiday() -> None:
    assert found("2026-06-03T08:00", "2026-06-03T22:00") == []
    assert found("2026-06-03T08:00", "2026-06-03T22:01") == [("04.06.", 0, True)]


def test_each_day_is_judged_by_the_version_of_its_time() -> None:
    without = OFFICE | {"holidays": None}
    since = datetime(2026, 6, 1, tzinfo=UTC)
    hours = OpenTime(
        (
            DatedDefinition(None, calendar_from_plain(OFFICE)),
            DatedDefinition(since, calendar_from_plain(without)),
        )
    )

    # Whit Monday by the first version; Corpus Christi not by the second.
    assert found("2026-05-20T08:00", "2026-06-10T08:00", hours) == [("25.05.", 0, True)]


@pytest.mark.parametrize(
    ("of", "on", "german", "english"),
    [
        ("DE-NW", date(2026, 6, 4), "Fronleichnam", "Corpus Christi"),
        ("DE", date(2026, 10, 3), "Tag der Deutschen Einheit", "German Unity Day"),
        ("US", date(2026, 11, 26), "Thanksgiving Day", "Thanksgiving Day"),
        ("DE", date(2026, 6, 4), "DE", "DE"),
    ],
)
def test_a_holiday_is_called_by_its_name(of: str, on: date, german: str, english: str) -> None:
    names = [holiday_name(holiday_rule(of), on, language) for language in ("de", "en")]

    assert names == [german, english]
