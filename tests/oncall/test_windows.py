"""When the hours of a week are open."""

from zoneinfo import ZoneInfo

import pytest

from bridge.oncall.layer_form import hours_from_plain
from bridge.oncall.windows import openings
from bridge.utc import from_iso, iso

WEEK = ("2026-01-05T00:00Z", "2026-01-12T00:00Z")

OPENINGS = [
    pytest.param({"mon": ["08:00-10:00", "10:00-12:00"]}, ["05 08:00 05 12:00"], id="that touch"),
    pytest.param({"mon": ["08:00-10:00", "09:00-12:00"]}, ["05 08:00 05 12:00"], id="that overlap"),
    pytest.param({"mon": ["08:00-18:00", "09:00-10:00"]}, ["05 08:00 05 18:00"], id="one in one"),
    pytest.param(
        {"mon": ["20:00-06:00"], "tue": ["06:00-08:00"]}, ["05 20:00 06 08:00"], id="days"
    ),
    pytest.param(
        {"mon": ["10:00-12:00", "08:00-09:00"]},
        ["05 08:00 05 09:00", "05 10:00 05 12:00"],
        id="apart, the later first",
    ),
    pytest.param(
        {"sun": ["20:00-06:00"]},
        ["05 00:00 05 06:00", "11 20:00 12 00:00"],
        id="cut at both ends of the week",
    ),
    pytest.param({"mon-sun": ["00:00-24:00"]}, ["05 00:00 12 00:00"], id="always"),
]


@pytest.mark.parametrize(("hours", "expected"), OPENINGS)
def test_windows_become_one_where_they_meet(hours: object, expected: list[str]) -> None:
    begin, end = (from_iso(text) for text in WEEK)

    found = openings(hours_from_plain(hours), ZoneInfo("UTC"), begin, end)

    assert [f"{since:%d %H:%M} {until:%d %H:%M}" for since, until, _ in found] == expected


@pytest.mark.parametrize(
    ("hours", "begin", "end", "expected"),
    [
        pytest.param(
            {"fri": ["23:59-23:58"]},
            "2010-11-07T02:30:30Z",
            "2010-11-07T12:00Z",
            "2010-11-07T02:30:30Z 2010-11-07T03:28:00Z",
            id="still open after the first midnight",
        ),
        pytest.param(
            {"sun": ["00:00-08:00"]},
            "2010-11-07T00:00Z",
            "2010-11-07T03:00Z",
            "2010-11-07T02:30:00Z 2010-11-07T03:00:00Z",
            id="opened before the date went back",
        ),
    ],
)
def test_clocks_may_go_back_over_midnight(
    hours: object, begin: str, end: str, expected: str
) -> None:
    # In St. John's of 2010 it was 00:01 on Sunday, and then 23:01 on Saturday.
    found = list(
        openings(
            hours_from_plain(hours), ZoneInfo("America/St_Johns"), from_iso(begin), from_iso(end)
        )
    )

    assert [f"{iso(since)} {iso(until)}" for since, until, _ in found] == [expected]
