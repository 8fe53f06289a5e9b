"""Who is on call: the nights in which the clocks change, layers, overrides, gaps."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from bridge.oncall.rotation import gaps, on_call, overlaps, shifts, until
from bridge.oncall.schedule import Schedule
from bridge.oncall.schedule_form import schedule_from_plain
from bridge.utc import from_iso, iso

BERLIN = "Europe/Berlin"
NEW_YORK = "America/New_York"
HOUR = timedelta(hours=1)
MICROSECOND = timedelta(microseconds=1)

ANNA_BEN_WEEKLY = {
    "rotation": "weekly",
    "handover": "mon 09:00",
    "starts": "2026-01-05",
    "people": ["anna", "ben"],
}
LEAD_IN_THE_EVENING = {
    "rotation": "daily",
    "handover": "18:00",
    "starts": "2026-01-05",
    "people": ["lead"],
    "only": {"mon-fri": ["18:00-24:00"]},
}


def schedule(
    *layers: Mapping[str, object],
    overrides: Sequence[Mapping[str, object]] = (),
    timezone: str = BERLIN,
) -> Schedule:
    plain = {"timezone": timezone, "layers": list(layers), "overrides": overrides}
    return schedule_from_plain(plain)


def rotating(rotation: object, handover: str | None, starts: str, *people: str) -> Schedule:
    return schedule(
        {"rotation": rotation, "handover": handover, "starts": starts, "people": list(people)}
    )


def restricted(hours: dict[str, list[str]], timezone: str = BERLIN, who: str = "anna") -> Schedule:
    layer = {"rotation": "daily", "handover": "00:00", "starts": "2025-01-01", "people": [who]}
    return schedule({**layer, "only": hours}, timezone=timezone)


def rows(found: Schedule, begin: str, end: str) -> list[str]:
    """Return the shifts as lines: from, to, who."""
    return [
        f"{iso(shift.starts_at)[:16]} {iso(shift.ends_at)[:16]} {' '.join(shift.people) or '-'}"
        for shift in shifts(found, from_iso(begin), from_iso(end))
    ]


# Wall times and clock changes: the worked table of docs/oncall.md.


@pytest.mark.parametrize(
    ("begin", "end", "hours"),
    [
        pytest.param("2026-03-23T08:00Z", "2026-03-30T07:00Z", 167, id="spring"),
        pytest.param("2026-10-19T07:00Z", "2026-10-26T08:00Z", 169, id="autumn"),
        pytest.param("2026-06-01T07:00Z", "2026-06-08T07:00Z", 168, id="any other week"),
    ],
)
def test_a_week_goes_from_monday_nine_to_monday_nine_by_the_clock(
    begin: str, end: str, hours: int
) -> None:
    weekly = schedule(ANNA_BEN_WEEKLY)

    found = list(shifts(weekly, from_iso(begin) - HOUR, from_iso(end) + HOUR))

    assert [shift.starts_at for shift in found[1:]] == [from_iso(begin), from_iso(end)]
    assert found[1].ends_at - found[1].starts_at == hours * HOUR
    assert found[0].people == found[2].people != found[1].people


@pytest.mark.parametrize(
    ("begin", "handovers"),
    [
        pytest.param(
            "2026-03-27T12:00Z",
            ["2026-03-28T01:30", "2026-03-29T01:00", "2026-03-30T00:30"],
            id="spring: 02:30 is skipped",
        ),
        pytest.param(
            "2026-10-23T12:00Z",
            ["2026-10-24T00:30", "2026-10-25T00:30", "2026-10-26T01:30"],
            id="autumn: 02:30 comes twice",
        ),
    ],
)
def test_a_day_hands_over_on_the_first_pass_or_after_the_gap(
    begin: str, handovers: list[str]
) -> None:
    daily = rotating("daily", "02:30", "2026-01-05", "anna", "ben", "carl")
    end = iso(from_iso(begin) + timedelta(days=3))

    found = rows(daily, begin, end)

    assert [row[:16] for row in found[1:]] == handovers


@pytest.mark.parametrize(
    ("hours", "day", "opened"),
    [
        pytest.param("22:00-06:00", "2026-03-28", "21:00 04:00 7 h", id="night, spring"),
        pytest.param("22:00-06:00", "2026-10-24", "20:00 05:00 9 h", id="night, autumn"),
        pytest.param("22:00-06:00", "2026-06-01", "20:00 04:00 8 h", id="night, summer"),
        pytest.param("02:00-03:00", "2026-03-29", "", id="the hour that is skipped"),
        pytest.param("02:00-03:00", "2026-10-25", "00:00 02:00 2 h", id="that comes twice"),
        pytest.param("01:00-02:30", "2026-03-29", "00:00 01:00 1 h", id="into the skipped hour"),
        pytest.param("01:00-02:30", "2026-10-25", "23:00 01:30 2.5 h", id="into the repeated hour"),
        pytest.param("02:30-04:00", "2026-10-25", "00:30 03:00 2.5 h", id="out of it"),
    ],
)
def test_a_window_follows_the_clock(hours: str, day: str, opened: str) -> None:
    weekday = datetime.fromisoformat(day).strftime("%a").lower()
    night = restricted({weekday: [hours]})
    noon = datetime.fromisoformat(f"{day}T12:00+00:00")

    found = [
        f"{shift.starts_at:%H:%M} {shift.ends_at:%H:%M} "
        f"{(shift.ends_at - shift.starts_at) / HOUR:g} h"
        for shift in shifts(night, noon - 24 * HOUR, noon + 24 * HOUR)
        if shift.people
    ]

    assert found == ([opened] if opened else [])


def test_windows_that_meet_in_a_changed_hour_leave_no_gap() -> None:
    day_and_night = restricted({"mon-sun": ["00:00-02:30", "02:30-24:00"]})

    found = list(
        gaps([day_and_night], from_iso("2026-01-01T00:00Z"), from_iso("2027-01-01T00:00Z"))
    )

    assert found == []


def test_a_month_clamps_to_its_end_from_the_anchors_day() -> None:
    monthly = rotating("monthly", "31 09:00", "2026-01-31", "a", "b")

    found = rows(monthly, "2026-01-01T00:00Z", "2026-07-01T00:00Z")

    assert found == [
        "2026-01-01T00:00 2026-01-31T08:00 -",
        "2026-01-31T08:00 2026-02-28T08:00 a",
        "2026-02-28T08:00 2026-03-31T07:00 b",
        "2026-03-31T07:00 2026-04-30T07:00 a",
        "2026-04-30T07:00 2026-05-31T07:00 b",
        "2026-05-31T07:00 2026-06-30T07:00 a",
        "2026-06-30T07:00 2026-07-01T00:00 b",
    ]


# Turns.


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        pytest.param("2026-01-05T07:59:59Z", "", id="before the anchor: nobody"),
        pytest.param("2026-01-05T08:00Z", "anna", id="the anchor: the first"),
        pytest.param("2026-01-12T07:59:59Z", "anna", id="the second before a handover"),
        pytest.param("2026-01-12T08:00Z", "ben", id="the handover"),
        pytest.param("2026-01-12T09:00+01:00", "ben", id="the handover, said in local time"),
        pytest.param("2026-01-19T08:00Z", "anna", id="round again"),
        pytest.param("2126-01-07T08:00Z", "anna", id="5218 weeks later"),
    ],
)
def test_people_take_turns_from_the_anchor_on(at: str, expected: str) -> None:
    weekly = schedule(ANNA_BEN_WEEKLY)

    assert on_call(weekly, datetime.fromisoformat(at)) == tuple(expected.split())


def test_a_second_pass_is_told_from_the_first() -> None:
    # Given hours that hand over at 02:30, which comes twice, and a moment in a zone.
    by_the_hour = rotating("hourly", ":30", "2026-10-25", "a", "b", "c")
    first = from_iso("2026-10-25T00:15Z").astimezone(by_the_hour.timezone)
    second = first.replace(fold=1)

    found = on_call(by_the_hour, first), on_call(by_the_hour, second)

    # 00:30 a, 01:30 b, 02:30 c, and on the second pass of 02:15 it still is c's turn.
    assert found == (("b",), ("c",))


def test_every_second_week_is_counted_from_the_anchor() -> None:
    fortnightly = rotating({"every": 2, "unit": "weeks"}, "mon 09:00", "2026-03-10", "a", "b")

    found = rows(fortnightly, "2026-03-10T00:00Z", "2026-04-20T00:00Z")

    assert found == [
        "2026-03-10T00:00 2026-03-16T08:00 -",
        "2026-03-16T08:00 2026-03-30T07:00 a",
        "2026-03-30T07:00 2026-04-13T07:00 b",
        "2026-04-13T07:00 2026-04-20T00:00 a",
    ]


def test_whose_turn_it_is_does_not_depend_on_where_the_question_begins() -> None:
    mixed = schedule(ANNA_BEN_WEEKLY, LEAD_IN_THE_EVENING)
    begin, end = from_iso("2026-03-20T03:17Z"), from_iso("2026-04-10T05:00Z")

    found = list(shifts(mixed, begin, end))

    assert len(found) > 20
    for shift in found:
        assert on_call(mixed, shift.starts_at) == shift.people
        assert on_call(mixed, shift.ends_at - MICROSECOND) == shift.people
        assert on_call(mixed, shift.ends_at) != shift.people or shift.ends_at == end


# Layers.


def test_a_higher_layer_wins_where_it_is_not_empty() -> None:
    mixed = schedule(ANNA_BEN_WEEKLY, LEAD_IN_THE_EVENING)

    found = rows(mixed, "2026-01-08T12:00Z", "2026-01-12T12:00Z")

    assert found == [
        "2026-01-08T12:00 2026-01-08T17:00 anna",
        "2026-01-08T17:00 2026-01-08T23:00 lead",
        "2026-01-08T23:00 2026-01-09T17:00 anna",
        "2026-01-09T17:00 2026-01-09T23:00 lead",
        "2026-01-09T23:00 2026-01-12T08:00 anna",
        "2026-01-12T08:00 2026-01-12T12:00 ben",
    ]


def test_a_higher_layer_is_empty_before_its_anchor() -> None:
    later = {**ANNA_BEN_WEEKLY, "starts": "2026-01-12", "people": ["carl"]}

    found = rows(schedule(ANNA_BEN_WEEKLY, later), "2026-01-05T08:00Z", "2026-01-19T08:00Z")

    assert found == [
        "2026-01-05T08:00 2026-01-12T08:00 anna",
        "2026-01-12T08:00 2026-01-19T08:00 carl",
    ]


def test_a_restriction_does_not_change_whose_turn_it_is() -> None:
    days = {"rotation": "daily", "handover": "18:00", "starts": "2026-01-05", "people": [*"abc"]}
    weekdays_only = {**days, "only": {"mon-fri": ["18:00-08:00"]}}

    found = rows(schedule(weekdays_only), "2026-01-09T12:00Z", "2026-01-13T12:00Z")

    # Friday is b, Saturday and Sunday would have been c and a: Monday is b again.
    assert [row for row in found if not row.endswith("-")] == [
        "2026-01-09T17:00 2026-01-10T07:00 b",
        "2026-01-12T17:00 2026-01-13T07:00 b",
    ]


# Overrides.


def test_an_override_counts_from_its_begin_to_before_its_end() -> None:
    at_christmas = schedule(
        ANNA_BEN_WEEKLY,
        overrides=[
            {
                "from": "2026-12-24T09:00",
                "to": "2026-12-27T09:00",
                "replace": "anna",
                "with": "ben",
            }
        ],
    )

    found = rows(at_christmas, "2026-12-21T08:00Z", "2026-12-28T08:00Z")

    assert found == [
        "2026-12-21T08:00 2026-12-24T08:00 anna",
        "2026-12-24T08:00 2026-12-27T08:00 ben",
        "2026-12-27T08:00 2026-12-28T08:00 anna",
    ]


def test_an_override_is_for_a_time_and_not_for_a_turn() -> None:
    over_a_handover = schedule(
        ANNA_BEN_WEEKLY,
        overrides=[
            {"from": "2026-01-10", "to": "2026-01-14", "replace": "anna", "with": "carl"},
            {"from": "2026-01-12T12:00", "to": "2026-01-13", "add": "lead"},
            {"from": "2026-01-16", "to": "2026-01-17", "remove": "ben"},
        ],
    )

    found = rows(over_a_handover, "2026-01-09T23:00Z", "2026-01-19T08:00Z")

    assert found == [
        "2026-01-09T23:00 2026-01-12T08:00 carl",
        "2026-01-12T08:00 2026-01-12T11:00 ben",
        "2026-01-12T11:00 2026-01-12T23:00 ben lead",
        "2026-01-12T23:00 2026-01-15T23:00 ben",
        "2026-01-15T23:00 2026-01-16T23:00 -",
        "2026-01-16T23:00 2026-01-19T08:00 ben",
    ]


def test_a_cover_takes_the_whole_schedule_also_where_nobody_is() -> None:
    covered = schedule(
        {**ANNA_BEN_WEEKLY, "starts": "2026-01-12"},
        overrides=[{"from": "2026-01-10", "to": "2026-01-13", "cover": "lead"}],
    )

    found = rows(covered, "2026-01-09T00:00Z", "2026-01-14T00:00Z")

    assert found == [
        "2026-01-09T00:00 2026-01-09T23:00 -",
        "2026-01-09T23:00 2026-01-12T23:00 lead",
        "2026-01-12T23:00 2026-01-14T00:00 anna",
    ]


# When it changes next.


@pytest.mark.parametrize(
    ("found", "at", "expected"),
    [
        pytest.param(
            schedule(ANNA_BEN_WEEKLY), "2026-01-05T08:00Z", "2026-01-12T08:00:00Z", id="handover"
        ),
        pytest.param(
            schedule(ANNA_BEN_WEEKLY), "2025-01-05T08:00Z", "2026-01-05T08:00:00Z", id="anchor"
        ),
        pytest.param(
            rotating("weekly", "mon 09:00", "2035-01-01", "anna"),
            "2026-01-05T08:00Z",
            "2035-01-01T08:00:00Z",
            id="anchor years ahead",
        ),
        pytest.param(
            rotating("weekly", "mon 09:00", "2026-01-05", "anna", "anna", "ben"),
            "2026-01-06T00:00Z",
            "2026-01-19T08:00:00Z",
            id="not between two turns of the same person",
        ),
        pytest.param(
            rotating({"every": 30, "unit": "months"}, "1 09:00", "2026-01-01", "anna", "ben"),
            "2026-01-06T00:00Z",
            "2028-07-01T07:00:00Z",
            id="two and a half years ahead",
        ),
        pytest.param(
            rotating("weekly", "mon 09:00", "2026-01-05", "anna"),
            "2026-01-06T00:00Z",
            None,
            id="one person: never",
        ),
        pytest.param(schedule(), "2026-01-06T00:00Z", None, id="no layers: never"),
        pytest.param(
            schedule(ANNA_BEN_WEEKLY, {**ANNA_BEN_WEEKLY, "people": ["lead"]}),
            "2026-01-06T00:00Z",
            None,
            id="changes below a layer that is never empty: never",
        ),
        pytest.param(
            schedule(
                {**ANNA_BEN_WEEKLY, "people": ["lead"]},
                overrides=[{"from": "2029-05-01", "to": "2029-05-02", "add": "ben"}],
            ),
            "2026-01-06T00:00Z",
            "2029-04-30T22:00:00Z",
            id="an override years ahead",
        ),
        pytest.param(
            schedule(
                {**ANNA_BEN_WEEKLY, "people": ["lead"]},
                overrides=[{"from": "2029-05-01", "to": "2029-05-02", "add": "lead"}],
            ),
            "2026-01-06T00:00Z",
            None,
            id="an override that changes nothing: never",
        ),
        pytest.param(
            schedule(
                {**ANNA_BEN_WEEKLY, "people": ["anna"]},
                {
                    "rotation": "daily",
                    "handover": "00:00",
                    "starts": "2026-01-05",
                    "people": ["anna", "anna", "anna", "anna", "anna", "ben"],
                    "only": {"mon": ["08:00-09:00"]},
                },
            ),
            "2026-01-06T00:00Z",
            "2026-02-09T07:00:00Z",
            id="ben's turn is rarely a Monday",
        ),
        pytest.param(
            schedule(
                {**ANNA_BEN_WEEKLY, "people": ["anna"]},
                {
                    "rotation": "daily",
                    "handover": "02:30",
                    "starts": "2026-01-05",
                    "people": ["ben", "carl", "carl", "carl", "carl", "carl", "anna"],
                    "only": {"sun": ["02:30-02:45"]},
                },
            ),
            "2026-01-06T00:00Z",
            None,
            id="a quarter of an hour that is always anna's: never",
        ),
        pytest.param(
            schedule(
                {**ANNA_BEN_WEEKLY, "people": ["anna"]},
                {
                    "rotation": "daily",
                    "handover": "02:30",
                    "starts": "2026-01-05",
                    "people": ["carl", "carl", "carl", "carl", "carl", "anna", "ben"],
                    "only": {"sun": ["02:00-02:30"]},
                },
            ),
            "2026-01-06T00:00Z",
            "2026-10-25T00:30:00Z",
            id="ben only between the two passes of 02:30",
        ),
    ],
)
def test_until_is_the_next_change_of_the_answer(
    found: Schedule, at: str, expected: str | None
) -> None:
    changes_at = until(found, from_iso(at))

    assert (changes_at and iso(changes_at)) == expected


# Gaps and overlaps.


def test_berlin_and_new_york_leave_27_gaps_of_an_hour_in_2026() -> None:
    berlin = restricted({"mon-sun": ["08:00-20:00"]}, BERLIN, "anna")
    new_york = restricted({"mon-sun": ["14:00-02:00"]}, NEW_YORK, "bob")
    year = from_iso("2026-01-01T00:00Z"), from_iso("2027-01-01T00:00Z")

    found = list(gaps([berlin, new_york], *year))

    assert len(found) == 27
    assert {gap.ends_at - gap.starts_at for gap in found} == {HOUR}
    # Between the Sundays on which one of the two has changed its clocks and the other has not.
    assert [iso(found[n].starts_at)[:10] for n in (0, 19, 20, 26)] == [
        "2026-03-09",
        "2026-03-28",
        "2026-10-25",
        "2026-10-31",
    ]


def test_berlin_and_new_york_cover_a_january_day_exactly() -> None:
    berlin = restricted({"mon-sun": ["08:00-20:00"]}, BERLIN, "anna")
    new_york = restricted({"mon-sun": ["14:00-02:00"]}, NEW_YORK, "bob")
    day = from_iso("2026-01-15T00:00Z"), from_iso("2026-01-16T00:00Z")

    assert list(gaps([berlin, new_york], *day)) == []
    assert list(overlaps([berlin, new_york], *day)) == []


def test_overlaps_say_who_is_on_call_together() -> None:
    berlin = restricted({"mon-sun": ["08:00-20:00"]}, BERLIN, "anna")
    new_york = restricted({"mon-sun": ["14:00-02:00"]}, NEW_YORK, "bob")
    year = from_iso("2026-01-01T00:00Z"), from_iso("2027-01-01T00:00Z")

    found = list(overlaps([berlin, new_york], *year))

    # On 8 March Berlin has not changed yet, and New York's afternoon comes an hour earlier.
    assert iso(found[0].starts_at) == "2026-03-08T18:00:00Z"
    assert {shift.ends_at - shift.starts_at for shift in found} == {HOUR}
    assert {shift.people for shift in found} == {("anna", "bob")}


def test_the_time_before_the_first_anchor_is_a_gap() -> None:
    found = list(
        gaps(
            [schedule(ANNA_BEN_WEEKLY)],
            from_iso("2026-01-01T00:00Z"),
            from_iso("2026-02-01T00:00Z"),
        )
    )

    assert [(iso(gap.starts_at), iso(gap.ends_at)) for gap in found] == [
        ("2026-01-01T00:00:00Z", "2026-01-05T08:00:00Z")
    ]


def test_without_any_schedule_everything_is_a_gap() -> None:
    begin, end = from_iso("2026-01-01T00:00Z"), from_iso("2026-02-01T00:00Z")

    assert [(gap.starts_at, gap.ends_at) for gap in gaps([], begin, end)] == [(begin, end)]


# What is asked.


@pytest.mark.parametrize("backward", [timedelta(0), HOUR])
def test_an_empty_span_has_no_shifts(backward: timedelta) -> None:
    now = from_iso("2026-01-06T00:00Z")

    assert list(shifts(schedule(ANNA_BEN_WEEKLY), now, now - backward)) == []
    assert list(gaps([schedule(ANNA_BEN_WEEKLY)], now, now - backward)) == []


def test_a_moment_without_a_zone_is_a_mistake_of_the_caller() -> None:
    naive = datetime.now(UTC).replace(tzinfo=None)

    with pytest.raises(ValueError, match="needs a zone"):
        on_call(schedule(ANNA_BEN_WEEKLY), naive)
