"""When a promise is due: the worked tables, pauses, verdicts, and the sum behind a due time."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bridge.calendars.desk_form import calendar_from_plain
from bridge.calendars.open_time import DatedDefinition, NeverDue, OpenTime
from bridge.sla.clock import (
    ClockKind,
    Pause,
    StillPaused,
    Verdict,
    consumed,
    deadline,
    explain,
    verdict,
)


def berlin(hours: dict[str, list[str]], **rest: Any) -> OpenTime:
    plain = {"timezone": "Europe/Berlin", "hours": hours, "holidays": "DE-NW"} | rest
    return OpenTime.of(calendar_from_plain(plain))


OFF = berlin(
    {"mon-fri": ["08:00-17:00"]},
    special={"12-24": ["08:00-12:00"], "12-31": ["08:00-12:00"]},
)
LUNCH = berlin({"mon-fri": ["08:00-12:00", "13:00-17:00"]})
NIGHT = berlin({"mon-sun": ["00:00-06:00", "20:00-24:00"]}, holidays=None)
ALW = berlin({"mon-sun": ["00:00-24:00"]}, holidays=None)

OFFSETS = {"CET": "+01:00", "CEST": "+02:00"}


def at(text: str) -> datetime:
    """Read `2026-11-23 09:00`, in CET unless `CEST` follows."""
    day, clock, *zone = text.split()
    return datetime.fromisoformat(f"{day} {clock}{OFFSETS[zone[0] if zone else 'CET']}")


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def paused(*pauses: str) -> list[Pause]:
    """Read `2026-11-23 10:00 / 2026-11-23 12:00`."""
    pairs = (text.split(" / ") for text in pauses)
    return [Pause(at(begin), at(end)) for begin, end in pairs]


@pytest.mark.parametrize(
    ("hours", "start", "target", "due"),
    [
        pytest.param(OFF, "2026-11-23 09:00", 240, "2026-11-23 13:00", id="S1 same day"),
        pytest.param(OFF, "2026-11-23 08:00", 540, "2026-11-23 17:00", id="S2 closing time"),
        pytest.param(OFF, "2026-11-23 16:30", 60, "2026-11-24 08:30", id="S3 over the night"),
        pytest.param(OFF, "2026-11-27 18:12", 240, "2026-11-30 12:00", id="S4 Friday evening"),
        pytest.param(
            OFF, "2026-06-03 16:00 CEST", 120, "2026-06-05 09:00 CEST", id="S5 Corpus Christi"
        ),
        pytest.param(OFF, "2026-04-02 16:00 CEST", 240, "2026-04-07 11:00 CEST", id="S6 Easter"),
        pytest.param(OFF, "2026-12-24 10:00", 240, "2026-12-28 10:00", id="S7 Christmas Eve"),
        pytest.param(LUNCH, "2026-11-23 11:30", 60, "2026-11-23 13:30", id="S8 over lunch"),
        pytest.param(LUNCH, "2026-11-23 12:15", 30, "2026-11-23 13:30", id="S9 starts at lunch"),
        pytest.param(
            OFF, "2026-03-27 16:00", 120, "2026-03-30 09:00 CEST", id="S10 spring weekend"
        ),
        pytest.param(ALW, "2026-03-29 00:30", 240, "2026-03-29 05:30 CEST", id="S11 spring"),
        pytest.param(ALW, "2026-10-25 00:30 CEST", 240, "2026-10-25 03:30", id="S12 autumn"),
        pytest.param(
            NIGHT, "2026-03-28 23:00", 360, "2026-03-29 06:00 CEST", id="S13 spring night"
        ),
        pytest.param(
            NIGHT, "2026-10-24 23:00 CEST", 360, "2026-10-25 04:00", id="S14 autumn night"
        ),
        pytest.param(OFF, "2026-11-23 16:59", 1, "2026-11-23 17:00", id="the last minute"),
        pytest.param(OFF, "2026-11-23 17:00", 1, "2026-11-24 08:01", id="at closing time"),
        pytest.param(OFF, "2026-11-23 09:00:17", 1 / 60, "2026-11-23 09:00:18", id="R5 seconds"),
    ],
)
def test_due(hours: OpenTime, start: str, target: float, due: str) -> None:
    assert deadline(at(start), minutes(target), hours) == at(due)


@pytest.mark.parametrize(
    ("hours", "start", "target", "pauses", "due"),
    [
        pytest.param(
            OFF, "2026-11-23 09:00", 480,
            paused("2026-11-23 10:00 / 2026-11-23 12:00"),
            "2026-11-24 10:00", id="P1 inside a day",
        ),
        pytest.param(
            OFF, "2026-11-23 09:00", 480,
            paused("2026-11-23 16:00 / 2026-11-24 09:00"),
            "2026-11-24 10:00", id="P2 over the night",
        ),
        pytest.param(
            OFF, "2026-11-23 09:00", 480,
            paused("2026-11-23 18:00 / 2026-11-24 07:00"),
            "2026-11-23 17:00", id="P3 while it is closed",
        ),
        pytest.param(
            OFF, "2026-11-27 15:00", 240,
            paused("2026-11-27 16:00 / 2026-11-30 08:30"),
            "2026-11-30 11:30", id="P4 over the weekend",
        ),
        pytest.param(
            OFF, "2026-11-23 09:00", 480,
            paused("2026-11-23 10:00 / 2026-11-23 12:00", "2026-11-23 11:00 / 2026-11-23 13:00"),
            "2026-11-24 11:00", id="P5 overlapping",
        ),
        pytest.param(
            ALW, "2026-03-28 23:00", 240,
            paused("2026-03-29 01:00 / 2026-03-29 04:00 CEST"),
            "2026-03-29 06:00 CEST", id="P6 over the spring change",
        ),
        pytest.param(
            OFF, "2026-11-23 09:00", 60,
            paused("2026-11-23 10:00 / 2026-11-23 12:00"),
            "2026-11-23 10:00", id="begins when it is due",
        ),
        pytest.param(
            OFF, "2026-11-23 09:00", 60,
            paused("2026-11-23 07:00 / 2026-11-23 09:00"),
            "2026-11-23 10:00", id="ends at the start",
        ),
        pytest.param(
            OFF, "2026-11-23 09:00", 60,
            paused("2026-11-23 07:00 / 2026-11-23 09:30"),
            "2026-11-23 10:30", id="has begun before the start",
        ),
        pytest.param(
            OFF, "2026-11-23 09:00", 60,
            paused("2026-11-23 09:20 / 2026-11-23 09:20"),
            "2026-11-23 10:00", id="of no length",
        ),
        pytest.param(
            OFF, "2026-11-23 09:00", 480,
            paused("2026-11-23 10:00 / 2026-11-24 09:00"),
            "2026-11-24 16:00", id="C7 reopened: the gap is a pause",
        ),
    ],
)  # fmt: skip
def test_due_with_pauses(
    hours: OpenTime, start: str, target: int, pauses: list[Pause], due: str
) -> None:
    assert deadline(at(start), minutes(target), hours, pauses) == at(due)
    assert deadline(at(start), minutes(target), hours, reversed(pauses)) == at(due)
    assert consumed(at(start), at(due), hours, pauses) == minutes(target)


def test_what_was_consumed_before_a_reopening_stays() -> None:
    gap = paused("2026-11-23 10:00 / 2026-11-24 09:00")

    assert consumed(at("2026-11-23 09:00"), at("2026-11-24 09:00"), OFF, gap) == minutes(60)


def test_nothing_is_consumed_before_the_start() -> None:
    assert consumed(at("2026-11-23 09:00"), at("2026-11-23 08:30"), OFF) == minutes(0)


@pytest.mark.parametrize(
    ("stop", "expected"),
    [
        pytest.param("2026-11-23 12:59:59", Verdict.KEPT, id="before"),
        pytest.param("2026-11-23 13:00:00", Verdict.KEPT, id="C5 exactly at due"),
        pytest.param("2026-11-23 13:00:00.000001", Verdict.MISSED, id="a microsecond late"),
        pytest.param("2026-11-23 13:00:01", Verdict.MISSED, id="C5 a second late"),
        pytest.param("2026-11-23 14:00:00 CEST", Verdict.KEPT, id="told in another zone"),
    ],
)
def test_exactly_at_due_is_kept(stop: str, expected: Verdict) -> None:
    assert verdict(at("2026-11-23 13:00"), at(stop)) == expected


def test_only_the_solution_clock_has_pauses() -> None:
    assert [kind for kind in ClockKind if kind.pauses_count] == [ClockKind.SOLUTION]


def test_while_a_pause_lasts_nobody_knows_when_it_is_due() -> None:
    waiting = [Pause(at("2026-11-23 10:00"), None)]

    with pytest.raises(StillPaused):
        deadline(at("2026-11-23 09:00"), minutes(61), OFF, waiting)
    assert deadline(at("2026-11-23 09:00"), minutes(60), OFF, waiting) == at("2026-11-23 10:00")
    assert consumed(at("2026-11-23 09:00"), at("2026-11-24 09:00"), OFF, waiting) == minutes(60)


def test_a_target_no_year_holds_is_refused() -> None:
    pause = paused("2026-11-23 10:00 / 2026-11-23 12:00")

    with pytest.raises(NeverDue):
        deadline(at("2026-11-23 09:00"), timedelta(days=366), OFF, pause)


def test_a_holiday_entered_today_leaves_last_week_alone() -> None:
    monday, today = at("2026-11-16 09:00"), at("2026-11-24 00:00")
    with_holiday = berlin({"mon-fri": ["08:00-17:00"]}, special={"2026-11-17": "closed"})
    hours = OFF.until(today, with_holiday)

    assert deadline(monday, minutes(600), hours) == deadline(monday, minutes(600), OFF)
    # The same holiday would have counted if it had been known.
    assert deadline(monday, minutes(600), with_holiday) != deadline(monday, minutes(600), OFF)


class TestExplanation:
    """The sum behind a due time."""

    def test_each_open_piece_and_each_pause_is_there(self) -> None:
        pauses = paused(
            "2026-11-23 11:00 / 2026-11-23 13:00",
            "2026-11-23 10:00 / 2026-11-23 12:00",
            "2026-11-23 18:00 / 2026-11-23 19:00",
            "2026-11-26 08:00 / 2026-11-26 09:00",
        )

        found = explain(at("2026-11-23 09:00"), minutes(480), OFF, pauses)

        assert found.due == at("2026-11-24 11:00")
        assert [(p.begin, p.end, p.seconds) for p in found.pieces] == [
            (at("2026-11-23 09:00"), at("2026-11-23 10:00"), 3600),
            (at("2026-11-23 13:00"), at("2026-11-23 17:00"), 4 * 3600),
            (at("2026-11-24 08:00"), at("2026-11-24 11:00"), 3 * 3600),
        ]
        assert [(p.begin, p.end, p.taken) for p in found.pauses] == [
            (at("2026-11-23 10:00"), at("2026-11-23 13:00"), minutes(180)),
            (at("2026-11-23 18:00"), at("2026-11-23 19:00"), minutes(0)),
        ]

    def test_a_pause_counts_only_what_it_takes_after_the_start(self) -> None:
        pauses = paused(
            "2026-11-23 06:00 / 2026-11-23 07:00", "2026-11-23 08:00 / 2026-11-23 09:30"
        )

        found = explain(at("2026-11-23 09:00"), minutes(60), OFF, pauses)

        assert [p.taken for p in found.pauses] == [minutes(30)]

    def test_all_is_told_in_utc(self) -> None:
        found = explain(at("2026-11-23 09:00"), minutes(60), OFF)

        assert found.due is not None
        times = [found.start, found.due, found.pieces[0].begin, found.pieces[0].end]
        assert {time.tzinfo for time in times} == {UTC}

    def test_seconds_are_whole_where_they_are(self) -> None:
        whole = explain(at("2026-11-23 09:00"), minutes(60), OFF).pieces[0].seconds
        broken = (
            explain(at("2026-11-23 09:00:00.5"), timedelta(seconds=1.25), OFF).pieces[0].seconds
        )

        assert (repr(whole), repr(broken)) == ("3600", "1.25")

    def test_it_goes_up_to_a_pause_without_end(self) -> None:
        pauses = [
            *paused("2026-11-23 09:10 / 2026-11-23 09:20"),
            Pause(at("2026-11-23 10:00"), None),
        ]

        found = explain(at("2026-11-23 09:00"), minutes(480), OFF, pauses)

        assert found.due is None
        assert [p.seconds for p in found.pieces] == [600, 2400]
        assert [(p.end, p.taken) for p in found.pauses] == [
            (at("2026-11-23 09:20"), minutes(10)),
            (None, minutes(0)),
        ]

    def test_it_names_the_versions_that_were_used(self) -> None:
        tuesday = at("2026-11-24 00:00")
        hours = OFF.until(tuesday, LUNCH)

        first = explain(at("2026-11-23 09:00"), minutes(60), hours)
        both = explain(at("2026-11-23 09:00"), minutes(600), hours)

        assert first.versions == OFF.versions
        assert both.versions == (
            OFF.versions[0],
            DatedDefinition(tuesday, LUNCH.versions[0].definition),
        )
