"""Weekdays and windows in the desk file: what is read, written and refused."""

import json

import pytest

from bridge.calendars.weekly_form import (
    BadCalendar,
    BadWindow,
    OverlappingWindows,
    UnknownWeekday,
    days_from_plain,
    hours_from_plain,
    hours_to_plain,
)
from tests.calendars.naive import Plain


@pytest.mark.parametrize(
    ("hours", "written"),
    [
        pytest.param(
            {"tue": ["8:00-9:00"], "mon": ["08:00 - 09:00"]},
            {"mon,tue": ["08:00-09:00"]}, id="two days are a list",
        ),
        pytest.param(
            {"sat,sun": ["10:00-12:00"], "mon-fri": ["08:00-17:00"]},
            {"mon-fri": ["08:00-17:00"], "sat,sun": ["10:00-12:00"]}, id="the earliest day first",
        ),
        pytest.param(
            {"mon-wed,fri": ["08:00-17:00"]},
            {"mon,tue,wed,fri": ["08:00-17:00"]}, id="with a gap: a list",
        ),
        pytest.param(
            {"fri-mon": ["08:00-17:00"]},
            {"mon,fri,sat,sun": ["08:00-17:00"]}, id="over the weekend",
        ),
        pytest.param(
            {"Wed": ["13:00-17:00", "08:00-12:00"]},
            {"wed": ["08:00-12:00", "13:00-17:00"]}, id="windows in order",
        ),
        pytest.param({"mon-sun": ["00:00-24:00"]}, {"mon-sun": ["00:00-24:00"]}, id="always"),
        pytest.param({"mon": ["08:00-09:00"], "tue": []}, {"mon": ["08:00-09:00"]}, id="closed"),
        pytest.param(
            {"mon": ["08:00-12:00", "12:00-13:00"]},
            {"mon": ["08:00-12:00", "12:00-13:00"]}, id="neighbours are no overlap",
        ),
    ],
)  # fmt: skip
def test_weekly_hours_have_one_written_form(hours: Plain, written: Plain) -> None:
    assert json.dumps(hours_to_plain(hours_from_plain(hours))) == json.dumps(written)


def test_a_range_of_days_may_go_over_the_weekend() -> None:
    assert days_from_plain("sat-mon") == (5, 6, 0)


@pytest.mark.parametrize(
    ("plain", "error", "path", "says"),
    [
        pytest.param(
            {"mon": ["08:00-12:00", "11:59-13:00"]}, OverlappingWindows, ("mon", 1),
            "08:00-12:00 and 11:59-13:00 overlap", id="overlap",
        ),
        pytest.param(
            {"mon": ["08:00-12:00", "08:00-12:00"]}, OverlappingWindows, ("mon", 1),
            "overlap", id="twice the same",
        ),
        pytest.param(
            {"mon": ["22:00-06:00"]}, BadWindow, ("mon", 0),
            "write it as two, 22:00-24:00 and 00:00-06:00", id="over midnight",
        ),
        pytest.param(
            {"mon": ["18:00-00:00"]}, BadWindow, ("mon", 0),
            "write 18:00-24:00", id="midnight is 24:00",
        ),
        pytest.param(
            {"mon": ["08:00-08:00"]}, BadWindow, ("mon", 0), "empty", id="start = end",
        ),
        pytest.param(
            {"mon": ["08:00-25:00"]}, BadWindow, ("mon", 0),
            "25:00 is no time of day", id="25:00",
        ),
        pytest.param(
            {"mon": ["08:00-24:01"]}, BadWindow, ("mon", 0),
            "24:01 is no time of day", id="24:01",
        ),
        pytest.param(
            {"mon": ["08:60-10:00"]}, BadWindow, ("mon", 0),
            "08:60 is no time of day", id="08:60",
        ),
        pytest.param(
            {"mon": ["08:00-12:00", "13-17"]}, BadWindow, ("mon", 1),
            "'13-17' is no window", id="no minutes",
        ),
        pytest.param({"mon": [480]}, BadWindow, ("mon", 0), "no window", id="a number"),
        pytest.param(
            {"mon": "08:00-17:00"}, BadWindow, ("mon",), "a list", id="no list",
        ),
        pytest.param(
            {"monday": ["08:00-17:00"]}, UnknownWeekday, ("monday",),
            "did you mean mon?", id="monday",
        ),
        pytest.param(
            {"mi": ["08:00-17:00"]}, UnknownWeekday, ("mi",),
            "mon, tue, wed, thu, fri, sat, sun", id="a German day",
        ),
        pytest.param(
            {"mon-fri": ["08:00-17:00"], "fri": ["08:00-12:00"]},
            UnknownWeekday, ("fri",), "fri stands in two entries", id="a day twice",
        ),
        pytest.param(
            {"mon,mon": ["08:00-17:00"]}, UnknownWeekday, ("mon,mon",),
            "a day twice", id="a day twice in a list",
        ),
    ],
)  # fmt: skip
def test_what_breaks_a_rule_is_refused(
    plain: Plain, error: type[BadCalendar], path: tuple[str | int, ...], says: str
) -> None:
    with pytest.raises(BadCalendar) as refused:
        hours_from_plain(plain)

    assert type(refused.value) is error
    assert refused.value.path == path
    assert says in str(refused.value)


def test_the_path_begins_where_the_caller_says() -> None:
    with pytest.raises(UnknownWeekday) as refused:
        hours_from_plain({"mo": []}, ("layers", 1, "only"))

    assert refused.value.path == ("layers", 1, "only", "mo")
