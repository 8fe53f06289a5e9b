"""What a calendar says about one local day."""

from datetime import date

import pytest

from bridge.calendars.definition import CalendarDefinition
from bridge.calendars.desk_form import calendar_from_plain
from bridge.calendars.weekly_form import windows_to_plain

WORK = ["08:00-17:00"]


def definition(**rest: object) -> CalendarDefinition:
    return calendar_from_plain(
        {"timezone": "Europe/Berlin", "hours": {"mon-fri": WORK}, "holidays": "DE-NW"} | rest
    )


def windows_on(calendar: CalendarDefinition, on: str) -> list[str]:
    return windows_to_plain(calendar.windows_on(date.fromisoformat(on)))


@pytest.mark.parametrize(
    ("special", "on", "windows"),
    [
        pytest.param({}, "2026-11-23", WORK, id="a Monday"),
        pytest.param({}, "2026-11-28", [], id="a Saturday"),
        pytest.param({}, "2026-06-04", [], id="a holiday of the state"),
        pytest.param({}, "2026-10-31", [], id="Reformation Day, a Saturday"),
        pytest.param({}, "2028-10-31", WORK, id="Reformation Day is none in NW"),
        pytest.param({}, "2026-12-24", WORK, id="24 December is no holiday"),
        pytest.param({"12-24": ["08:00-12:00"]}, "2026-12-24", ["08:00-12:00"], id="yearly"),
        pytest.param({"12-24": "closed"}, "2026-12-24", [], id="yearly closed"),
        pytest.param({"12-24": WORK}, "2028-12-24", [], id="yearly opens no Sunday"),
        pytest.param({"12-25": ["10:00-11:00"]}, "2026-12-25", ["10:00-11:00"], id="on a holiday"),
        pytest.param({"12-25": ["10:00-11:00"]}, "2027-12-25", [], id="on a holiday on Saturday"),
        pytest.param({"02-29": "closed"}, "2028-02-29", [], id="leap day"),
        pytest.param({"02-29": "closed"}, "2028-02-28", WORK, id="beside the leap day"),
        pytest.param({"2026-11-28": WORK}, "2026-11-28", WORK, id="a date opens a Saturday"),
        pytest.param({"2026-12-25": WORK}, "2026-12-25", WORK, id="a date opens a holiday"),
        pytest.param({"2026-12-25": WORK}, "2027-12-24", WORK, id="a date is of one year only"),
        pytest.param(
            {"12-24": "closed", "2026-12-24": WORK}, "2026-12-24", WORK, id="a date beats a yearly"
        ),
        pytest.param({"2027-08-02/2027-08-13": "closed"}, "2027-08-02", [], id="range, first"),
        pytest.param({"2027-08-02/2027-08-13": "closed"}, "2027-08-13", [], id="range, last"),
        pytest.param({"2027-08-03/2027-08-12": "closed"}, "2027-08-02", WORK, id="before a range"),
        pytest.param({"2027-08-03/2027-08-12": "closed"}, "2027-08-13", WORK, id="after a range"),
        pytest.param(
            {"2027-08-02/2027-08-13": "closed", "2027-08-05": ["09:00-10:00"]},
            "2027-08-05", ["09:00-10:00"], id="a date beats a range",
        ),
        pytest.param(
            {"2027-12-20/2027-12-31": WORK, "12-24": "closed"},
            "2027-12-24", WORK, id="a range beats a yearly",
        ),
    ],
)  # fmt: skip
def test_the_windows_of_a_day(special: dict[str, object], on: str, windows: list[str]) -> None:
    assert windows_on(definition(special=special), on) == windows


@pytest.mark.parametrize(
    ("holidays", "on", "windows"),
    [
        pytest.param(None, "2026-12-25", WORK, id="without holidays"),
        pytest.param("DE-BY", "2028-08-15", WORK, id="Assumption is not public in all Bavaria"),
        pytest.param(
            {"of": "DE-BY", "categories": ["public", "catholic"]},
            "2028-08-15", [], id="but in its catholic places",
        ),
        pytest.param("DE", "2026-06-04", WORK, id="Corpus Christi is not kept everywhere"),
        pytest.param("US", "2027-07-05", [], id="observed on Monday"),
        pytest.param("US", "2027-12-31", [], id="of next year, observed in this one"),
    ],
)  # fmt: skip
def test_holidays_close_the_day(holidays: object, on: str, windows: list[str]) -> None:
    assert windows_on(definition(holidays=holidays), on) == windows
