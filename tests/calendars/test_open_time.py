"""Open time: clock changes, holidays, versions, and what a year does not use up."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bridge.calendars.definition import CalendarDefinition
from bridge.calendars.desk_form import calendar_from_plain
from bridge.calendars.open_time import (
    DatedDefinition,
    NeverDue,
    NoAllowance,
    OpenTime,
    OutOfYears,
)
from bridge.calendars.spans import Span
from tests.calendars.naive import NOTHING, Plain


def definition(hours: dict[str, list[str]], **rest: Any) -> CalendarDefinition:
    return calendar_from_plain({"timezone": "Europe/Berlin", "hours": hours} | rest)


def berlin(hours: dict[str, list[str]], **rest: Any) -> OpenTime:
    return OpenTime.of(definition(hours, **rest))


def at(text: str) -> datetime:
    """Read `2026-11-23 09:00 +01`."""
    return datetime.fromisoformat(text.replace(" +", "+").replace(" -", "-"))


OFFICE_PLAIN: Plain = {
    "hours": {"mon-fri": ["08:00-17:00"]},
    "holidays": "DE-NW",
    "special": {"12-24": ["08:00-12:00"], "12-31": ["08:00-12:00"]},
}
OFFICE = berlin(**OFFICE_PLAIN)
ALWAYS = berlin({"mon-sun": ["00:00-24:00"]})
NIGHT = berlin({"mon-sun": ["00:00-06:00", "20:00-24:00"]})


@pytest.mark.parametrize(
    ("hours", "begin", "end", "minutes"),
    [
        pytest.param(OFFICE, "2026-11-27 16:30 +01", "2026-11-30 08:45 +01", 75, id="O1 weekend"),
        pytest.param(ALWAYS, "2026-10-25 01:00 +02", "2026-10-25 05:00 +01", 300, id="O2 autumn"),
        pytest.param(
            OFFICE, "2026-12-23 16:00 +01", "2026-12-28 09:00 +01", 360, id="O3 Christmas"
        ),
        pytest.param(ALWAYS, "2026-03-29 00:00 +01", "2026-03-30 00:00 +02", 1380, id="R1 spring"),
        pytest.param(ALWAYS, "2026-10-25 00:00 +02", "2026-10-26 00:00 +01", 1500, id="R1 autumn"),
        pytest.param(OFFICE, "2026-11-23 17:00 +01", "2026-11-24 08:00 +01", 0, id="a night"),
        pytest.param(OFFICE, "2026-11-23 12:00 +01", "2026-11-23 12:00 +01", 0, id="no time"),
        pytest.param(OFFICE, "2026-11-23 13:00 +01", "2026-11-23 12:00 +01", 0, id="reversed"),
        pytest.param(
            OFFICE, "2026-10-03 00:00 +02", "2026-10-05 00:00 +02", 0, id="holiday, Sunday"
        ),
        pytest.param(
            OFFICE, "2027-12-24 00:00 +01", "2027-12-27 00:00 +01", 240, id="24th on Friday"
        ),
        pytest.param(
            OFFICE, "2028-12-24 00:00 +01", "2028-12-25 00:00 +01", 0, id="24th on Sunday"
        ),
    ],
)
def test_open_time_between_two_moments(hours: OpenTime, begin: str, end: str, minutes: int) -> None:
    assert hours.open_between(at(begin), at(end)) == timedelta(minutes=minutes)


def test_both_passes_of_the_repeated_hour_are_judged_by_wall_time() -> None:
    hours = berlin({"sun": ["01:00-02:30"]})

    found = list(hours.intervals(at("2026-10-25 00:00 +02"), at("2026-10-26 00:00 +01")))

    assert found == [
        (at("2026-10-25 01:00 +02"), at("2026-10-25 02:30 +02")),
        (at("2026-10-25 02:00 +01"), at("2026-10-25 02:30 +01")),
    ]


def test_a_window_inside_the_skipped_hour_is_empty_that_day() -> None:
    hours = berlin({"sun": ["02:00-03:00"]})

    assert hours.open_between(at("2026-03-29 00:00 +01"), at("2026-03-30 00:00 +02")) == NOTHING
    assert not hours.is_open(at("2026-03-29 03:00 +02"))


def test_a_day_that_a_zone_leaves_out_has_no_hours() -> None:
    plain = {"timezone": "Pacific/Apia", "hours": {"mon-fri": ["08:00-17:00"]}}
    hours = OpenTime.of(calendar_from_plain(plain))

    # Friday, 30 December 2011 never was; Thursday is followed by Saturday.
    due = hours.add(at("2011-12-29 16:00 -10"), timedelta(hours=2))

    assert due == at("2012-01-02 09:00 +14")


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        pytest.param("2026-11-23 07:59:59.999999 +01", False, id="just before opening"),
        pytest.param("2026-11-23 08:00 +01", True, id="opening"),
        pytest.param("2026-11-23 16:59:59.999999 +01", True, id="just before closing"),
        pytest.param("2026-11-23 17:00 +01", False, id="closing"),
        pytest.param("2026-11-23 02:30 -05", True, id="asked from New York"),
        pytest.param("2026-06-04 09:00 +02", False, id="Corpus Christi"),
        pytest.param("2026-12-24 11:59 +01", True, id="special hours"),
        pytest.param("2026-12-24 12:00 +01", False, id="after special hours"),
    ],
)
def test_a_window_is_half_open(moment: str, is_open: bool) -> None:
    assert OFFICE.is_open(at(moment)) == is_open


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        pytest.param("2026-11-27 17:00 +01", "2026-11-30 08:00 +01", id="over the weekend"),
        pytest.param("2026-11-27 16:59 +01", "2026-11-27 16:59 +01", id="open already"),
        pytest.param("2026-12-31 12:00 +01", "2027-01-04 08:00 +01", id="over the year"),
    ],
)
def test_the_next_opening(moment: str, opening: str) -> None:
    assert OFFICE.next_opening(at(moment)) == at(opening)


def test_a_calendar_that_does_not_open_any_more_has_no_next_opening() -> None:
    hours = berlin({}, special={"2026-11-28": ["10:00-12:00"]})

    assert hours.next_opening(at("2026-11-28 11:59 +01")) == at("2026-11-28 11:59 +01")
    assert hours.next_opening(at("2026-11-28 12:00 +01")) is None


def test_results_are_in_utc() -> None:
    due = OFFICE.add(at("2026-11-23 09:00 +01"), timedelta(hours=1))

    assert due.tzinfo is UTC


def test_open_days_around_midnight_are_one_interval() -> None:
    found = list(NIGHT.intervals(at("2026-11-23 12:00 +01"), at("2026-11-24 12:00 +01")))

    assert found == [(at("2026-11-23 20:00 +01"), at("2026-11-24 06:00 +01"))]


def test_what_is_left_out_cuts_intervals() -> None:
    pause = Span(at("2026-11-23 10:00 +01"), at("2026-11-23 12:00 +01"))

    found = list(OFFICE.intervals(at("2026-11-23 09:00 +01"), at("2026-11-23 18:00 +01"), [pause]))

    assert found == [
        (at("2026-11-23 09:00 +01"), at("2026-11-23 10:00 +01")),
        (at("2026-11-23 12:00 +01"), at("2026-11-23 17:00 +01")),
    ]


class TestVersions:
    """Each instant is judged by the version valid then."""

    JANUARY = at("2027-01-01 00:00 +01")
    LONGER = definition({"mon-fri": ["08:00-20:00"]})

    def test_a_new_version_counts_from_its_first_moment(self) -> None:
        office = definition(**OFFICE_PLAIN)
        hours = OpenTime(
            (DatedDefinition(None, office), DatedDefinition(self.JANUARY, self.LONGER))
        )

        due = hours.add(at("2026-12-31 11:00 +01"), timedelta(hours=13))

        # One hour on the 31st; 1 January is a holiday only in the older version.
        assert due == at("2027-01-01 20:00 +01")
        assert hours.versions_between(at("2026-12-31 11:00 +01"), due) == hours.versions
        assert hours.versions_between(self.JANUARY, due) == hours.versions[1:]

    def test_a_version_may_begin_within_a_window(self) -> None:
        noon = at("2026-11-23 12:00 +01")
        hours = OFFICE.until(noon, berlin({"mon": ["14:00-15:00"]}))

        found = list(hours.intervals(at("2026-11-23 00:00 +01"), at("2026-11-24 00:00 +01")))

        assert found == [
            (at("2026-11-23 08:00 +01"), noon),
            (at("2026-11-23 14:00 +01"), at("2026-11-23 15:00 +01")),
        ]

    def test_before_the_first_version_it_is_closed(self) -> None:
        hours = OpenTime((DatedDefinition(self.JANUARY, self.LONGER),))

        assert hours.add(at("2026-11-23 09:00 +01"), timedelta(hours=1)) == at(
            "2027-01-01 09:00 +01"
        )

    def test_versions_may_be_told_in_any_order(self) -> None:
        versions = (
            DatedDefinition(self.JANUARY, self.LONGER, "later"),
            DatedDefinition(None, definition(**OFFICE_PLAIN), "first"),
            DatedDefinition(None, definition({"mon": ["06:00-07:00"]}), "first, corrected"),
        )
        hours = OpenTime(versions)

        assert hours.next_opening(at("2026-11-23 00:00 +01")) == at("2026-11-23 06:00 +01")
        assert [
            version.name
            for version in hours.versions_between(
                at("2026-11-23 00:00 +01"), at("2027-02-01 00:00 +01")
            )
        ] == ["first, corrected", "later"]

    def test_another_calendar_that_begins_later_leaves_a_gap(self) -> None:
        later = OpenTime((DatedDefinition(self.JANUARY, self.LONGER),))
        hours = OFFICE.until(at("2026-12-30 12:00 +01"), later)

        assert not hours.is_open(at("2026-12-30 13:00 +01"))
        assert hours.next_opening(at("2026-12-30 13:00 +01")) == at("2027-01-01 08:00 +01")

    def test_a_change_that_changes_nothing_leaves_no_trace(self) -> None:
        later = OpenTime((DatedDefinition(self.JANUARY, self.LONGER),))
        changed = OFFICE.until(self.JANUARY, later)

        assert changed.versions == (*OFFICE.versions, *later.versions)
        assert changed.until(self.JANUARY, changed) == changed

    def test_versions_yet_to_come_of_another_calendar_come(self) -> None:
        other = OpenTime(
            (
                DatedDefinition(None, definition({"mon-fri": ["06:00-07:00"]})),
                DatedDefinition(self.JANUARY, self.LONGER),
            )
        )
        hours = OFFICE.until(at("2026-12-30 12:00 +01"), other)

        assert hours.next_opening(at("2026-12-30 13:00 +01")) == at("2026-12-31 06:00 +01")
        assert hours.is_open(at("2027-01-04 19:00 +01"))

    def test_a_calendar_may_move_to_another_zone(self) -> None:
        there = calendar_from_plain({"timezone": "Asia/Kolkata", "hours": {"mon": ["09:00-10:00"]}})
        hours = OFFICE.until(at("2026-11-23 00:00 +01"), OpenTime.of(there))

        assert hours.next_opening(at("2026-11-23 00:00 +01")) == at("2026-11-23 04:30 +01")


class TestNeverDue:
    """A target that a year of openings never uses up is refused."""

    MONDAYS = berlin({"mon": ["08:00-09:00"]})

    def test_what_a_year_just_holds_is_due(self) -> None:
        # From Tuesday on, 366 days hold 52 Mondays.
        due = self.MONDAYS.add(at("2026-11-24 00:00 +01"), timedelta(hours=52))

        assert due == at("2027-11-22 09:00 +01")

    def test_more_than_a_year_holds_is_refused(self) -> None:
        with pytest.raises(NeverDue, match="a year of openings does not hold"):
            self.MONDAYS.add(at("2026-11-24 00:00 +01"), timedelta(hours=52, microseconds=1))

    def test_a_calendar_that_ends_is_refused_too(self) -> None:
        hours = berlin({}, special={"2026-11-28": ["10:00-12:00"]})

        with pytest.raises(NeverDue):
            hours.add(at("2026-11-28 12:00 +01"), timedelta(minutes=1))

    def test_a_pause_of_years_is_no_reason_to_refuse(self) -> None:
        pause = Span(at("2026-11-23 09:00 +01"), at("2029-11-23 09:00 +01"))

        due = OFFICE.add(at("2026-11-23 08:00 +01"), timedelta(hours=2), [pause])

        assert due == at("2029-11-23 10:00 +01")

    def test_a_pause_without_end_is_no_reason_if_the_time_is_used_up_before(self) -> None:
        pause = Span(at("2026-11-23 10:00 +01"), None)

        assert OFFICE.add(at("2026-11-23 08:00 +01"), timedelta(hours=2), [pause]) == at(
            "2026-11-23 10:00 +01"
        )
        with pytest.raises(NeverDue, match="pause without end"):
            OFFICE.add(at("2026-11-23 08:00 +01"), timedelta(hours=2, microseconds=1), [pause])

    @pytest.mark.parametrize("minutes", [0, -5])
    def test_nothing_is_no_target(self, minutes: int) -> None:
        with pytest.raises(NoAllowance, match="more than zero"):
            OFFICE.add(at("2026-11-23 08:00 +01"), timedelta(minutes=minutes))

    @pytest.mark.parametrize("year", [1969, 2101])
    def test_other_centuries_are_refused(self, year: int) -> None:
        with pytest.raises(OutOfYears, match="1970 to 2100"):
            OFFICE.add(datetime(year, 6, 1, tzinfo=UTC), timedelta(minutes=1))


def test_questions_about_years_far_apart_do_not_disturb_each_other() -> None:
    hours = berlin(**OFFICE_PLAIN)
    one, hour = timedelta(days=1), timedelta(hours=1)
    days = [datetime(year, 3, 5, 7, tzinfo=UTC) for year in (2026, 2027, 2025, 2090, 2026, 1975)]

    found = [hours.open_between(day, day + 7 * one) for day in days]

    assert found == [45 * hour] * len(days)
