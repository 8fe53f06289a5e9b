"""What a clock's time line draws where."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bridge.calendars.desk_form import calendar_from_plain
from bridge.calendars.open_time import OpenTime
from bridge.calendars.spans import Span
from bridge.dashboard.timeline import MOST_CUTS, Drawn, Timeline, timeline
from bridge.dashboard.timeline_scale import FIRST, LAST
from bridge.dashboard.timeline_ticks import MOST_TICKS
from bridge.sla.promise import DueWarning

BERLIN = "Europe/Berlin"
OFFICE = OpenTime.of(
    calendar_from_plain({"timezone": BERLIN, "hours": {"mon-fri": ["08:00-17:00"]}})
)
ALWAYS = OpenTime.of(
    calendar_from_plain({"timezone": BERLIN, "hours": {"mon-sun": ["00:00-24:00"]}})
)
MONDAY = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)
TUESDAY = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)


FRIDAY = datetime(2026, 11, 20, 15, tzinfo=UTC)


def line_of(
    start: datetime,
    due: datetime | None,
    end: datetime,
    hours: OpenTime,
    zone: str = BERLIN,
    **more: Any,
) -> Timeline:
    return timeline(Drawn(start, due, end, hours, **more), zone)


def walls(line: Timeline, zone: str = BERLIN) -> list[str]:
    """Return what the ticks say: days by their dates, times by the clock."""
    local = [(one, one.at.astimezone(ZoneInfo(zone))) for one in line.ticks]
    return [f"{at:%d.%m.}" if one.is_day else f"{at:%H:%M %Z}" for one, at in local]


def test_over_night_there_are_two_openings_and_what_counts_lies_in_them() -> None:
    line = line_of(MONDAY, TUESDAY, TUESDAY - timedelta(minutes=15), OFFICE)

    assert len(line.open) == 2
    assert [bar.left for bar in line.counted] == [line.start.left, line.open[1].left]
    assert line.counted[0].left + line.counted[0].width == pytest.approx(
        line.open[0].left + line.open[0].width
    )
    assert line.counted[1].left + line.counted[1].width == pytest.approx(line.end.left)


def test_start_end_and_due_stand_in_order_inside_the_picture() -> None:
    line = line_of(MONDAY, TUESDAY, MONDAY + timedelta(hours=1), OFFICE)

    assert line.due
    assert 0 < line.start.left < line.end.left < line.due.left < 100
    assert (line.start.side, line.due.side) == ("start", "end")


def test_a_weekend_is_drawn_shorter_and_a_sign_says_so() -> None:
    monday = FRIDAY + timedelta(days=2, hours=17)
    line = line_of(FRIDAY, monday, monday, OFFICE)

    friday_open, monday_open = line.open
    weekend = monday_open.left - friday_open.left - friday_open.width
    assert friday_open.width == pytest.approx(monday_open.width)
    assert 10 < weekend < 30
    assert len(line.cuts) == 1
    assert friday_open.left + friday_open.width < line.cuts[0] < monday_open.left


def test_a_rest_that_is_short_anyway_is_drawn_to_scale() -> None:
    lunch = OpenTime.of(
        calendar_from_plain(
            {"timezone": BERLIN, "hours": {"mon-fri": ["08:00-12:00", "13:00-17:00"]}}
        )
    )
    start = datetime(2026, 11, 23, 7, tzinfo=UTC)
    line = line_of(start, start + timedelta(hours=9), start, lunch)

    rest = line.open[1].left - line.open[0].left - line.open[0].width
    assert rest == pytest.approx((LAST - FIRST) / 9, abs=0.01)
    assert not line.is_shortened


def test_of_very_many_rests_none_has_a_sign() -> None:
    line = line_of(FRIDAY, FRIDAY + timedelta(days=60), FRIDAY, OFFICE)

    assert len(line.open) > MOST_CUTS
    assert line.cuts == ()
    assert line.is_shortened


def test_a_pause_is_hatched_counts_nothing_and_is_drawn_shorter_too() -> None:
    start = datetime(2026, 11, 23, 7, tzinfo=UTC)
    pause = Span(start + timedelta(hours=1), start + timedelta(days=14))
    due = start + timedelta(days=14, hours=3)
    line = line_of(start, due, due, ALWAYS, pauses=(pause,))

    (hatched,) = line.pauses
    assert len(line.counted) == 2
    assert line.counted[0].left + line.counted[0].width == pytest.approx(hatched.bar.left)
    assert line.counted[1].left == pytest.approx(hatched.bar.left + hatched.bar.width)
    assert hatched.bar.width < 40


def test_a_pause_without_end_lasts_to_the_edge_and_there_is_no_due_time() -> None:
    pause = Span(MONDAY + timedelta(minutes=20), None)
    line = line_of(MONDAY, None, MONDAY + timedelta(days=3), OFFICE, pauses=(pause,))

    assert line.due is None
    assert line.pauses[0].bar.left + line.pauses[0].bar.width == pytest.approx(line.end.left)
    assert line.counted[-1].left + line.counted[-1].width == pytest.approx(line.pauses[0].bar.left)


def test_what_counts_ends_at_the_due_time_however_late_it_is() -> None:
    line = line_of(MONDAY, TUESDAY, TUESDAY + timedelta(hours=2), ALWAYS)

    (counted,) = line.counted
    assert line.due
    assert counted.left + counted.width == pytest.approx(line.due.left)
    assert line.due.left < line.end.left


def test_what_is_overdue_for_weeks_does_not_squeeze_the_rest() -> None:
    line = line_of(MONDAY, TUESDAY, TUESDAY + timedelta(days=30), ALWAYS)

    assert line.due
    assert line.due.left > 40
    assert line.end.left == LAST


def test_a_clock_that_stopped_at_once_has_counted_nothing() -> None:
    line = line_of(MONDAY, TUESDAY, MONDAY, ALWAYS)

    assert line.counted == ()
    assert 0 <= line.end.left <= 100


def test_events_that_stand_near_to_each_other_share_a_sign() -> None:
    moments = [MONDAY, MONDAY + timedelta(minutes=1), MONDAY + timedelta(hours=8), TUESDAY]
    line = line_of(MONDAY, TUESDAY, TUESDAY, ALWAYS, events=moments)

    assert [sign.label for sign in line.signs] == ["1–2", "3", "4"]
    assert line.signs[-1].left == line.end.left


def test_percents_of_warnings_are_marked_except_the_last_which_is_the_due_time() -> None:
    share = (TUESDAY - MONDAY) / 100
    warnings = [DueWarning(percent, MONDAY + share * percent) for percent in (50, 52, 75, 100)]
    line = line_of(MONDAY, TUESDAY, MONDAY, ALWAYS, warnings=warnings)

    assert [one.percent for one in line.percents] == [50, 75]
    assert line.percents[0].left == pytest.approx(50)


@pytest.mark.parametrize(
    "lasts",
    [
        timedelta(seconds=30),
        timedelta(minutes=30),
        timedelta(hours=1),
        timedelta(hours=8),
        timedelta(days=1),
        timedelta(days=3),
        timedelta(days=20),
        timedelta(days=360),
    ],
    ids=str,
)
@pytest.mark.parametrize("hours", [ALWAYS, OFFICE], ids=["always", "office"])
def test_the_scale_has_a_few_round_times(lasts: timedelta, hours: OpenTime) -> None:
    line = line_of(MONDAY, MONDAY + lasts, MONDAY, hours, "Asia/Kolkata")

    assert 1 <= len(line.ticks) <= MOST_TICKS + 4
    assert all(tick.at.minute % 5 == 0 and tick.at.second == 0 for tick in line.ticks)
    assert [tick.left for tick in line.ticks] == sorted(tick.left for tick in line.ticks)
    assert len([tick for tick in line.ticks if tick.is_first]) <= MOST_TICKS


def test_days_are_midnights_of_the_customers_zone() -> None:
    line = line_of(MONDAY, MONDAY + timedelta(days=6), MONDAY, ALWAYS)

    assert {tick.at.hour for tick in line.ticks} == {23}
    assert all(tick.is_day for tick in line.ticks)


def test_a_time_that_comes_twice_is_there_twice() -> None:
    begin = datetime(2026, 10, 24, 22, 30, tzinfo=UTC)
    line = line_of(begin, begin + timedelta(hours=5), begin, ALWAYS)

    assert walls(line) == ["01:00 CEST", "02:00 CEST", "02:00 CET", "03:00 CET", "04:00 CET"]


def test_a_time_that_is_skipped_is_not_there() -> None:
    begin = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)
    line = line_of(begin, begin + timedelta(hours=5), begin, ALWAYS)

    assert walls(line) == ["01:00 CET", "03:00 CEST", "04:00 CEST", "05:00 CEST", "06:00 CEST"]


def test_a_day_without_its_hour_is_as_wide_as_it_is_long() -> None:
    begin = datetime(2026, 3, 27, 23, tzinfo=UTC)
    line = line_of(begin, begin + timedelta(hours=47), begin, ALWAYS)

    (midnight,) = [tick for tick in line.ticks if tick.is_day]
    assert midnight.at == datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert midnight.left == pytest.approx(FIRST + (LAST - FIRST) * 24 / 47, abs=0.01)
