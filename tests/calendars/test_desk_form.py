"""A calendar in the desk file: what is read, what is written, what is refused in which words."""

import json
from datetime import date, datetime

import pytest
from hypothesis import given

from bridge.calendars.desk_form import (
    BadHolidays,
    BadValidFrom,
    EmptyCalendar,
    UnknownZone,
    calendar_from_plain,
    calendar_to_plain,
    valid_from,
)
from bridge.calendars.weekly_form import BadCalendar, BadWindow
from tests.calendars.naive import Plain, against_the_model, calendars

OFFICE: Plain = {
    "timezone": "Europe/Berlin",
    "hours": {"mon-fri": ["08:00-17:00"]},
    "holidays": "DE-NW",
    "special": {
        "12-24": ["08:00-12:00"],
        "12-31": ["08:00-12:00"],
        "2027-02-08": "closed",
        "2027-08-02/2027-08-13": "closed",
    },
}


def test_the_written_form_is_read_and_written_byte_for_byte() -> None:
    assert json.dumps(calendar_to_plain(calendar_from_plain(OFFICE))) == json.dumps(OFFICE)


@against_the_model
@given(plain=calendars())
def test_what_is_written_reads_as_the_same_calendar(plain: Plain) -> None:
    definition = calendar_from_plain(plain)
    written = calendar_to_plain(definition)

    assert calendar_from_plain(written) == definition
    assert json.dumps(calendar_to_plain(calendar_from_plain(written))) == json.dumps(written)


@pytest.mark.parametrize(
    ("holidays", "written"),
    [
        pytest.param({"of": "DE-NW"}, "DE-NW", id="short where it can be"),
        pytest.param({"of": "NO", "categories": ["public"]}, "NO", id="Norway"),
        pytest.param(
            {"of": "DE-BY", "categories": ["catholic", "public", "catholic"]},
            {"of": "DE-BY", "categories": ["public", "catholic"]}, id="public first",
        ),
    ],
)  # fmt: skip
def test_holidays_have_one_written_form(holidays: object, written: object) -> None:
    plain = calendar_to_plain(calendar_from_plain(OFFICE | {"holidays": holidays}))

    assert plain["holidays"] == written


def test_a_calendar_without_holidays_and_special_days_is_short() -> None:
    always = {"timezone": "UTC", "hours": {"mon-sun": ["00:00-24:00"]}}

    assert calendar_to_plain(calendar_from_plain(always | {"holidays": None})) == always


def test_a_calendar_of_single_days_is_a_calendar() -> None:
    plain = {"timezone": "UTC", "special": {"2026-11-28": ["10:00-12:00"]}}

    assert calendar_to_plain(calendar_from_plain(plain)) == {"hours": {}} | plain


@pytest.mark.parametrize(
    ("plain", "error", "path", "says"),
    [
        pytest.param(
            OFFICE | {"hours": ["08:00-17:00"]}, BadCalendar, ("hours",), "a mapping",
            id="hours without days",
        ),
        pytest.param(OFFICE | {"hours": {}}, EmptyCalendar, ("hours",), "no window", id="empty"),
        pytest.param(
            OFFICE | {"hours": {"mon": []}}, EmptyCalendar, ("hours",), "no window", id="empty day",
        ),
        pytest.param(
            OFFICE | {"hours": {"mon": ["08:00-25:00"]}}, BadWindow, ("hours", "mon", 0),
            "no time of day", id="a bad window",
        ),
        pytest.param(
            OFFICE | {"special": {"12-24": ["8-12"]}}, BadWindow, ("special", "12-24", 0),
            "no window", id="a bad special window",
        ),
        pytest.param(
            {"timezone": "UTC", "special": {"12-24": ["08:00-12:00"]}}, EmptyCalendar, ("hours",),
            "no window", id="yearly days open nothing",
        ),
        pytest.param(
            OFFICE | {"timezone": "Europe/Berln"}, UnknownZone, ("timezone",),
            "did you mean Europe/Berlin?", id="unknown zone",
        ),
        pytest.param(
            OFFICE | {"timezone": "europe/berlin"}, UnknownZone, ("timezone",),
            "did you mean Europe/Berlin?", id="zone in small letters",
        ),
        pytest.param(
            OFFICE | {"timezone": "Europe"}, UnknownZone, ("timezone",), "no time zone",
            id="a folder of zones",
        ),
        pytest.param(
            OFFICE | {"timezone": "../etc/passwd"}, UnknownZone, ("timezone",), "no time zone",
            id="a path",
        ),
        pytest.param(OFFICE | {"timezone": ""}, UnknownZone, ("timezone",), "missing", id="no"),
        pytest.param(
            OFFICE | {"holidays": "DE-NRW"}, BadHolidays, ("holidays",),
            "did you mean DE-NW?", id="unknown state",
        ),
        pytest.param(
            OFFICE | {"holidays": "XX"}, BadHolidays, ("holidays",), "'XX'", id="unknown country",
        ),
        pytest.param(
            OFFICE | {"holidays": "de-nw"}, BadHolidays, ("holidays",),
            "did you mean DE?", id="small letters",
        ),
        pytest.param(
            OFFICE | {"holidays": "DE-"}, BadHolidays, ("holidays",), "DE-BY", id="half a code",
        ),
        pytest.param(
            OFFICE | {"holidays": {"of": "DE-BY", "categories": ["katholic"]}},
            BadHolidays, ("holidays",), "did you mean catholic?", id="unknown category",
        ),
        pytest.param(
            OFFICE | {"holidays": {"of": "DE-BY", "categories": []}},
            BadHolidays, ("holidays",), "a code such as DE-NW", id="no category",
        ),
        pytest.param(
            OFFICE | {"holidays": {"of": "DE-BY", "category": "public"}},
            BadHolidays, ("holidays",), "a code such as DE-NW", id="an unknown key in holidays",
        ),
        pytest.param(
            OFFICE | {"holidays": False}, BadHolidays, ("holidays",), "a code", id="NO in YAML 1.1",
        ),
        pytest.param(
            OFFICE | {"specials": {}}, BadCalendar, ("specials",), "did you mean special?",
            id="unknown key",
        ),
        pytest.param("office", BadCalendar, (), "a mapping", id="no mapping"),
    ],
)  # fmt: skip
def test_what_breaks_a_rule_is_refused(
    plain: object, error: type[BadCalendar], path: tuple[str | int, ...], says: str
) -> None:
    with pytest.raises(BadCalendar) as refused:
        calendar_from_plain(plain)

    assert type(refused.value) is error
    assert refused.value.path == path
    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("zone", "on", "moment"),
    [
        pytest.param("Europe/Berlin", "2026-01-01", "2025-12-31T23:00Z", id="winter"),
        pytest.param(
            "Europe/Berlin", date(2026, 7, 1), "2026-06-30T22:00Z", id="summer, as a date"
        ),
        pytest.param("America/Havana", "2026-03-08", "2026-03-08T05:00Z", id="midnight is skipped"),
        pytest.param(
            "America/Havana", "2026-11-01", "2026-11-01T04:00Z", id="midnight comes twice"
        ),
        pytest.param("Pacific/Apia", "2011-12-30", "2011-12-30T10:00Z", id="the day is skipped"),
    ],
)
def test_a_version_begins_with_its_local_day(zone: str, on: object, moment: str) -> None:
    assert valid_from({"timezone": zone, "valid_from": on}) == datetime.fromisoformat(moment)


def test_a_version_without_a_day_is_valid_since_ever() -> None:
    assert valid_from(OFFICE) is None


@pytest.mark.parametrize("on", ["2026-02-30", "soon", 2026, datetime(2026, 1, 1, 8)])  # noqa: DTZ001
def test_a_version_begins_on_a_day(on: object) -> None:
    with pytest.raises(BadValidFrom, match="a day such as 2026-01-01"):
        valid_from(OFFICE | {"valid_from": on})
