"""The hours of a week as instants, over clock changes too."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bridge.oncall.schedule import Window
from bridge.oncall.spans import Span
from bridge.oncall.walltime import first_instant, last_instant

DAY = timedelta(days=1)
# A window may reach into the day after its own, and the clocks back from there over midnight.
REACH = 2 * DAY
DAYS_A_WEEK = 7


def openings(
    windows: Sequence[Window], zone: ZoneInfo, begin: datetime, end: datetime
) -> Iterator[Span[None]]:
    """Yield when a window is open between `begin` and `end`, in order, those that touch as one.

    A window wholly inside a skipped hour is empty that day; one that ends in a repeated hour
    lasts until the second pass.
    Source: docs/oncall.md, "D1".
    """
    open_from: datetime | None = None
    open_until = begin
    for starts_at, ends_at in _every_opening(windows, zone, begin, end):
        if open_from is not None and starts_at > open_until:
            yield open_from, open_until, None
            open_from = None
        if open_from is None:
            open_from, open_until = max(starts_at, begin), ends_at
        open_until = min(max(open_until, ends_at), end)
    if open_from is not None:
        yield open_from, open_until, None


def _every_opening(
    windows: Sequence[Window], zone: ZoneInfo, begin: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """Yield each window of each day that has a part between `begin` and `end`, by its start."""
    in_order = sorted(windows, key=lambda window: window.opens_minute)
    by_weekday = [[each for each in in_order if each.weekday == day] for day in range(DAYS_A_WEEK)]
    day = begin.astimezone(zone).date() - REACH
    last_day = end.astimezone(zone).date() + DAY
    while day <= last_day:
        for window in by_weekday[day.weekday()]:
            starts_at = first_instant(_wall(day, window.opens_minute), zone)
            ends_at = last_instant(_wall(day, window.closes_minute), zone)
            if starts_at < min(ends_at, end) and begin < ends_at:
                yield starts_at, ends_at
        day += DAY


def _wall(day: date, minute: int) -> datetime:
    return datetime.combine(day, time()) + timedelta(minutes=minute)
