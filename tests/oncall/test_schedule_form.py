"""Schedules as the desk file writes them: what is read, and what is refused in which words."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bridge.errors import Refused
from bridge.oncall.layer_form import hours_from_plain, rotation_from_plain
from bridge.oncall.local_form import moment_from_plain, wall_from_plain
from bridge.oncall.rotation import on_call
from bridge.oncall.schedule import OverrideKind, Rotation, Unit, Window
from bridge.oncall.schedule_form import override_from_plain, schedule_from_plain
from bridge.utc import from_iso, iso

BERLIN = ZoneInfo("Europe/Berlin")
PRIMARY: Mapping[str, Any] = {
    "timezone": "Europe/Berlin",
    "layers": [
        {
            "rotation": "weekly",
            "handover": "mon 09:00",
            "starts": "2026-01-05",
            "people": ["anna", "ben"],
        },
        {
            "rotation": "daily",
            "handover": "18:00",
            "starts": "2026-01-05",
            "people": ["lead"],
            "only": {"mon-fri": ["18:00-24:00"]},
        },
    ],
    "overrides": [
        {"from": "2026-12-24T09:00", "to": "2026-12-27T09:00", "replace": "anna", "with": "ben"}
    ],
}


def test_the_example_of_the_desk_file_says_who_is_on_call() -> None:
    schedule = schedule_from_plain(PRIMARY)

    assert on_call(schedule, from_iso("2026-01-06T12:00Z")) == ("anna",)
    assert on_call(schedule, from_iso("2026-01-06T17:00Z")) == ("lead",)
    assert on_call(schedule, from_iso("2026-12-25T12:00Z")) == ("ben",)
    assert on_call(schedule, from_iso("2026-12-25T17:00Z")) == ("lead",)


def test_a_schedule_needs_neither_layers_nor_overrides() -> None:
    schedule = schedule_from_plain({"timezone": "Europe/Berlin"})

    assert (schedule.layers, schedule.overrides) == ((), ())


@pytest.mark.parametrize(
    ("rotation", "handover", "expected"),
    [
        pytest.param("hourly", None, Rotation(Unit.HOURS, hour=None), id="on the hour"),
        pytest.param("hourly", ":30", Rotation(Unit.HOURS, hour=None, minute=30), id="past it"),
        pytest.param("hourly", "08:00", Rotation(Unit.HOURS, hour=8), id="from eight on"),
        pytest.param("daily", "02:30", Rotation(Unit.DAYS, hour=2, minute=30), id="daily"),
        pytest.param("daily", " 9:05 ", Rotation(Unit.DAYS, hour=9, minute=5), id="one digit"),
        pytest.param("weekly", "Sun 09:00", Rotation(Unit.WEEKS, day=6, hour=9), id="weekly"),
        pytest.param("monthly", "31 09:00", Rotation(Unit.MONTHS, day=31, hour=9), id="monthly"),
        pytest.param(
            {"every": 2, "unit": "weeks"},
            "mon 09:00",
            Rotation(Unit.WEEKS, every=2, hour=9),
            id="every other week",
        ),
    ],
)
def test_a_rotation_is_read_with_its_handover(
    rotation: object, handover: object, expected: Rotation
) -> None:
    assert rotation_from_plain(rotation, handover) == expected


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        pytest.param({"mon": ["08:00-17:00"]}, [(0, 480, 1020)], id="a day"),
        pytest.param({"sat,sun": ["00:00-24:00"]}, [(5, 0, 1440), (6, 0, 1440)], id="whole days"),
        pytest.param({"sun": ["22:00-06:00"]}, [(6, 1320, 1800)], id="over midnight"),
        pytest.param({"sun": ["22:00-00:00"]}, [(6, 1320, 1440)], id="to midnight"),
        pytest.param(
            {"fri-sat": ["08:00-09:00", "10:00 - 11:00"]},
            [(4, 480, 540), (4, 600, 660), (5, 480, 540), (5, 600, 660)],
            id="two a day",
        ),
    ],
)
def test_hours_are_windows_of_weekdays(hours: object, expected: list[tuple[int, int, int]]) -> None:
    assert hours_from_plain(hours) == tuple(Window(*window) for window in expected)


@pytest.mark.parametrize(
    ("change", "kind", "people", "replaced"),
    [
        ({"replace": "anna", "with": "ben"}, OverrideKind.REPLACE, ("ben",), "anna"),
        (
            {"replace": "anna", "with": ["ben", "carl"]},
            OverrideKind.REPLACE,
            ("ben", "carl"),
            "anna",
        ),
        ({"add": "ben"}, OverrideKind.ADD, ("ben",), None),
        ({"add": ["ben", "carl"]}, OverrideKind.ADD, ("ben", "carl"), None),
        ({"remove": "ben"}, OverrideKind.REMOVE, ("ben",), None),
        ({"cover": "ben"}, OverrideKind.COVER, ("ben",), None),
    ],
)
def test_an_override_does_one_of_four_things(
    change: Mapping[str, object], kind: OverrideKind, people: tuple[str, ...], replaced: str | None
) -> None:
    found = override_from_plain({"from": "2026-12-24", "to": "2026-12-25", **change}, BERLIN)

    assert (found.kind, found.people, found.replaced) == (kind, people, replaced)
    assert [iso(found.starts_at), iso(found.ends_at)] == [
        "2026-12-23T23:00:00Z",
        "2026-12-24T23:00:00Z",
    ]


@pytest.mark.parametrize(
    ("plain", "expected"),
    [
        pytest.param("2026-12-24T09:00", "2026-12-24T08:00:00Z", id="local"),
        pytest.param("2026-12-24 09:00:30", "2026-12-24T08:00:30Z", id="with seconds"),
        pytest.param("2026-12-24T09:00Z", "2026-12-24T09:00:00Z", id="in UTC"),
        pytest.param("2026-12-24T09:00-05:00", "2026-12-24T14:00:00Z", id="with an offset"),
        pytest.param("2026-12-24", "2026-12-23T23:00:00Z", id="a day"),
        pytest.param(date(2026, 12, 24), "2026-12-23T23:00:00Z", id="a date"),
        pytest.param(
            datetime(2026, 12, 24, 9, tzinfo=UTC), "2026-12-24T09:00:00Z", id="an aware datetime"
        ),
        pytest.param(
            datetime.combine(date(2026, 12, 24), time(9)),
            "2026-12-24T08:00:00Z",
            id="a naive datetime",
        ),
        pytest.param("2026-10-25T02:30", "2026-10-25T00:30:00Z", id="a repeated hour: the first"),
    ],
)
def test_a_moment_without_an_offset_is_local(plain: object, expected: str) -> None:
    assert iso(moment_from_plain(plain, BERLIN)) == expected


def test_a_day_begins_after_a_midnight_that_is_skipped() -> None:
    cairo = ZoneInfo("Africa/Cairo")

    assert iso(moment_from_plain("2026-04-24", cairo)) == "2026-04-23T22:00:00Z"
    assert wall_from_plain("2026-04-24", cairo).isoformat() == "2026-04-24T00:00:00"


@pytest.mark.parametrize(
    ("plain", "expected"),
    [
        pytest.param("2026-01-05T09:00", "2026-01-05T09:00:00", id="local"),
        pytest.param("2026-01-05T08:00Z", "2026-01-05T09:00:00", id="in UTC"),
        pytest.param("2026-10-25T00:30Z", "2026-10-25T02:30:00", id="first pass"),
        pytest.param("2026-10-25T01:30Z", "2026-10-25T03:00:00", id="second pass: after the hour"),
        pytest.param("2026-10-25T02:00Z", "2026-10-25T03:00:00", id="its end"),
    ],
)
def test_what_starts_at_a_wall_time_is_never_before_it_was_said(
    plain: object, expected: str
) -> None:
    assert wall_from_plain(plain, BERLIN).isoformat() == expected


REFUSED = [
    pytest.param([], (), "a schedule is a mapping", id="no mapping"),
    pytest.param({}, ("timezone",), "the timezone is missing", id="no zone"),
    pytest.param(
        {"timezone": "Europe/Berln"}, ("timezone",), "did you mean Europe/Berlin?", id="zone"
    ),
    pytest.param({"layers": {}}, ("layers",), "layers are a list", id="layers no list"),
    pytest.param({"layers": ["anna"]}, ("layers", 0), "a layer is a mapping", id="no layer"),
    pytest.param({"overrides": ["x"]}, ("overrides", 0), "an override is a", id="no override"),
]
REFUSED_LAYERS = [
    pytest.param({"starts": None}, (), "write starts:", id="no start"),
    pytest.param({"starts": "soon"}, ("starts",), "'soon' is no moment", id="no day"),
    pytest.param({"starts": "2026-13-01"}, ("starts",), "is no moment", id="no such day"),
    pytest.param({"starts": "0026-01-01"}, ("starts",), "1970 to 2199", id="a typing error"),
    pytest.param({"starts": 20260105}, ("starts",), "is no moment", id="a number"),
    pytest.param({"starts": "2026-03-29T02:30"}, ("starts",), "2026-03-29 03:00", id="skipped"),
    pytest.param({"people": []}, ("people",), "there is nobody", id="nobody"),
    pytest.param({"people": None}, ("people",), "there is nobody", id="no people"),
    pytest.param({"people": "anna"}, ("people",), "write a list", id="people no list"),
    pytest.param({"people": ["anna", ""]}, ("people", 1), "'' is no id", id="an empty id"),
    pytest.param({"people": ["anna", 7]}, ("people", 1), "7 is no id", id="a number as id"),
    pytest.param({"rotation": None}, ("rotation",), "None is no rotation", id="no rotation"),
    pytest.param({"rotation": "weekle"}, ("rotation",), "did you mean weekly?", id="weekle"),
    pytest.param(
        {"rotation": {"every": 2, "unit": "week"}}, ("rotation",), "did you mean weeks?", id="unit"
    ),
    pytest.param(
        {"rotation": {"every": 0, "unit": "weeks"}}, ("rotation",), "1 to 1000, not 0", id="every 0"
    ),
    pytest.param(
        {"rotation": {"every": True, "unit": "weeks"}}, ("rotation",), "not True", id="every true"
    ),
    pytest.param({"rotation": {"unit": "weeks"}}, ("rotation",), "not None", id="every missing"),
    pytest.param({"handover": None}, (), 'write handover: "mon 09:00"', id="no handover"),
    pytest.param({"handover": "09:00"}, ("handover",), '"mon 09:00"', id="weekly without a day"),
    pytest.param({"handover": "mo 09:00"}, ("handover",), "'mo 09:00' is no", id="no weekday"),
    pytest.param({"handover": "mon :30"}, ("handover",), "is no handover", id="no hour"),
    pytest.param({"handover": "mon 24:00"}, ("handover",), "is no handover", id="24 o'clock"),
    pytest.param({"handover": "mon 09:60"}, ("handover",), "is no handover", id="minute 60"),
    pytest.param({"handover": 900}, ("handover",), "900 is no handover", id="a number"),
    pytest.param({"rotation": "daily"}, ("handover",), "rotation in days", id="daily on a weekday"),
    pytest.param(
        {"rotation": "monthly", "handover": "32 09:00"}, ("handover",), "is no", id="32nd"
    ),
    pytest.param({"rotation": "monthly", "handover": "0 09:00"}, ("handover",), "is no", id="0th"),
    pytest.param({"only": {}}, ("only",), "hours are a mapping", id="no hours"),
    pytest.param({"only": {"mon": []}}, ("only", "mon"), "windows are a list", id="no windows"),
    pytest.param(
        {"only": {"mon": "18:00-24:00"}}, ("only", "mon"), "windows are a list", id="a text"
    ),
    pytest.param({"only": {"mo": ["18:00-24:00"]}}, ("only", "mo"), "no weekday", id="weekday"),
    pytest.param(
        {"only": {"mon": ["18-24"]}}, ("only", "mon", 0), "'18-24' is no window", id="no window"
    ),
    pytest.param(
        {"only": {"mon": ["18:00-24:01"]}}, ("only", "mon", 0), "24:01 is no time", id="24:01"
    ),
    pytest.param(
        {"only": {"mon": ["08:00-08:00"]}}, ("only", "mon", 0), "00:00-24:00", id="empty window"
    ),
    pytest.param(
        {"only": {"mon": ["24:00-08:00"]}}, ("only", "mon", 0), "the next day", id="from 24:00"
    ),
]
REFUSED_OVERRIDES = [
    pytest.param({"from": None}, (), "the override has no from", id="no begin"),
    pytest.param({"to": None}, (), "the override has no to", id="no end"),
    pytest.param({"to": "2026-12-24T09:00"}, ("to",), "is not after its begin", id="empty"),
    pytest.param({"to": "2026-12-23"}, ("to",), "is not after its begin", id="backward"),
    pytest.param({"from": "2026-03-29T02:30"}, ("from",), "does not exist", id="skipped"),
    pytest.param({"replace": None, "with": None}, (), "this one has 0", id="nothing changes"),
    pytest.param({"add": "carl"}, (), "this one has 2", id="two changes"),
    pytest.param({"with": None}, (), "replace needs with", id="replace without with"),
    pytest.param({"with": []}, ("with",), "there is nobody", id="with nobody"),
    pytest.param({"replace": ["anna"]}, ("replace",), "is no id", id="replace a list"),
    pytest.param(
        {"replace": None, "cover": "ben"}, ("with",), "cover has no with", id="cover with"
    ),
    pytest.param(
        {"replace": None, "with": None, "add": ["ben", " "]}, ("add", 1), "is no id", id="a blank"
    ),
]


@pytest.mark.parametrize(("plain", "path", "words"), REFUSED)
def test_a_broken_schedule_is_refused_with_its_place(
    plain: object, path: tuple[str | int, ...], words: str
) -> None:
    if isinstance(plain, dict) and plain:
        plain = {"timezone": "Europe/Berlin"} | plain

    assert_refused(plain, path, words)


@pytest.mark.parametrize(("change", "path", "words"), REFUSED_LAYERS)
def test_a_broken_layer_is_refused_with_its_place(
    change: Mapping[str, object], path: tuple[str | int, ...], words: str
) -> None:
    good, broken = PRIMARY["layers"][1], {**PRIMARY["layers"][0], **change}

    assert_refused({**PRIMARY, "layers": [good, broken]}, ("layers", 1, *path), words)


@pytest.mark.parametrize(("change", "path", "words"), REFUSED_OVERRIDES)
def test_a_broken_override_is_refused_with_its_place(
    change: Mapping[str, object], path: tuple[str | int, ...], words: str
) -> None:
    broken = {**PRIMARY["overrides"][0], **change}

    assert_refused({**PRIMARY, "overrides": [broken]}, ("overrides", 0, *path), words)


def test_an_end_in_local_time_is_compared_as_a_moment() -> None:
    # 02:30 local is 00:30 in UTC, and 02:00+01:00 is 01:00: the clock alone would say backward.
    in_the_repeated_hour = {"from": "2026-10-25T02:30", "to": "2026-10-25T02:00+01:00"}

    found = override_from_plain({**in_the_repeated_hour, "add": "ben"}, BERLIN)

    assert found.ends_at - found.starts_at == timedelta(minutes=30)
    assert found.ends_at.astimezone(timezone(timedelta(hours=1))).hour == 2


def assert_refused(plain: object, path: tuple[str | int, ...], words: str) -> None:
    with pytest.raises(Refused) as refusal:
        schedule_from_plain(plain)

    assert words in str(refusal.value)
    assert getattr(refusal.value, "path", None) == path
