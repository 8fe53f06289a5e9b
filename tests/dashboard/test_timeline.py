"""What a clock's time line draws where."""

from datetime import UTC, datetime, timedelta

import pytest

from bridge.calendars.desk_form import calendar_from_plain
from bridge.calendars.open_time import OpenTime
from bridge.dashboard.timeline import MOST_TICKS, timeline

BERLIN = "Europe/Berlin"
OFFICE = OpenTime.of(
    calendar_from_plain({"timezone": BERLIN, "hours": {"mon-fri": ["08:00-17:00"]}})
)
ALWAYS = OpenTime.of(
    calendar_from_plain({"timezone": BERLIN, "hours": {"mon-sun": ["00:00-24:00"]}})
)
MONDAY = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)
TUESDAY = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)


def test_over_night_there_are_two_openings_and_what_counts_lies_in_them() -> None:
    line = timeline(MONDAY, TUESDAY, TUESDAY - timedelta(minutes=15), OFFICE, BERLIN)

    assert len(line.open) == 2
    assert [bar.left for bar in line.counted] == [line.start.left, line.open[1].left]
    assert line.counted[0].left + line.counted[0].width == pytest.approx(
        line.open[0].left + line.open[0].width
    )
    assert line.counted[1].left + line.counted[1].width == pytest.approx(line.end.left)


def test_start_end_and_due_stand_in_order_inside_the_picture() -> None:
    line = timeline(MONDAY, TUESDAY, MONDAY + timedelta(hours=1), OFFICE, BERLIN)

    assert 0 < line.start.left < line.end.left < line.due.left < 100
    assert (line.start.side, line.due.side) == ("start", "end")


def test_what_counts_ends_at_the_due_time_however_late_it_is() -> None:
    line = timeline(MONDAY, TUESDAY, TUESDAY + timedelta(hours=2), ALWAYS, BERLIN)

    (counted,) = line.counted
    assert counted.left + counted.width == pytest.approx(line.due.left)
    assert line.due.left < line.end.left


def test_what_is_overdue_for_weeks_does_not_squeeze_the_rest() -> None:
    line = timeline(MONDAY, TUESDAY, TUESDAY + timedelta(days=30), ALWAYS, BERLIN)

    assert line.due.left > 40
    assert line.end.left == 100


def test_a_clock_that_stopped_at_once_has_counted_nothing() -> None:
    line = timeline(MONDAY, TUESDAY, MONDAY - timedelta(minutes=5), ALWAYS, BERLIN)

    assert line.counted == ()
    assert 0 <= line.end.left <= 100


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
def test_the_scale_has_a_few_round_times(lasts: timedelta) -> None:
    line = timeline(MONDAY, MONDAY + lasts, MONDAY, ALWAYS, "Asia/Kolkata")

    assert 1 <= len(line.ticks) <= MOST_TICKS + 1
    assert all(tick.at.minute % 5 == 0 and tick.at.second == 0 for tick in line.ticks)
    assert [tick.left for tick in line.ticks] == sorted(tick.left for tick in line.ticks)


def test_days_are_midnights_of_the_customers_zone() -> None:
    line = timeline(MONDAY, MONDAY + timedelta(days=4), MONDAY, ALWAYS, BERLIN)

    assert {tick.at.hour for tick in line.ticks} == {23}
    assert all(tick.is_day for tick in line.ticks)


def test_a_day_without_its_hour_is_as_wide_as_it_is_long() -> None:
    begin = datetime(2026, 3, 28, 23, tzinfo=UTC)
    line = timeline(begin, begin + timedelta(hours=23), begin, ALWAYS, BERLIN)

    midnights = [tick for tick in line.ticks if tick.is_day]
    assert [tick.at for tick in midnights] == [datetime(2026, 3, 29, 22, tzinfo=UTC)]
    assert midnights[0].left == pytest.approx(line.due.left)
