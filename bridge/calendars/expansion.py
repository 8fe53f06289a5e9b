"""The local windows of a calendar as stretches of UTC, clock changes included."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from bridge.calendars.definition import CalendarDefinition

DAY_SECONDS = 24 * 60 * 60
EPOCH_DAY = date(1970, 1, 1).toordinal()

Seconds = tuple[int, int]


@lru_cache(maxsize=512)
def open_seconds(definition: CalendarDefinition, year: int) -> tuple[Seconds, ...]:
    """Return when it is open in the UTC year `year`, in seconds since the epoch and in order.

    An instant is open if its local wall time is in a window: of an hour that the clocks repeat
    both passes are, of one that they skip nothing is. Neighbours may touch.
    Source: docs/sla.md, "R1", "R2".
    """
    begin, end = (int(datetime(y, 1, 1, tzinfo=UTC).timestamp()) for y in (year, year + 1))
    zone = ZoneInfo(definition.timezone)
    return tuple(
        (left - offset, right - offset)
        for since, until, offset in _offsets(zone, begin, end)
        for left, right in _local_windows(definition, since + offset, until + offset)
    )


def _local_windows(definition: CalendarDefinition, begin: int, end: int) -> Iterator[Seconds]:
    """Yield the windows between two wall times, these in seconds as if the zone were UTC."""
    for day in range(begin // DAY_SECONDS, -(-end // DAY_SECONDS)):
        for window in definition.windows_on(date.fromordinal(EPOCH_DAY + day)):
            left = max(begin, day * DAY_SECONDS + window.opens * 60)
            right = min(end, day * DAY_SECONDS + window.closes * 60)
            if left < right:
                yield left, right


def _offsets(zone: ZoneInfo, begin: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Yield (since, until, seconds ahead of UTC) for each stretch without a clock change."""
    since = begin
    for day in range(begin, end, DAY_SECONDS):
        for change in _clock_changes(zone, day, min(day + DAY_SECONDS, end)):
            yield since, change, _offset(zone, since)
            since = change
    yield since, end, _offset(zone, since)


def _clock_changes(zone: ZoneInfo, begin: int, end: int) -> Iterator[int]:
    """Yield the seconds in (begin, end] at which the offset changes; no day has two that cancel."""
    if _offset(zone, begin) == _offset(zone, end):
        return
    if end - begin == 1:
        yield end
        return
    middle = (begin + end) // 2
    yield from _clock_changes(zone, begin, middle)
    yield from _clock_changes(zone, middle, end)


def _offset(zone: ZoneInfo, second: int) -> int:
    """Return how many seconds local time is ahead of UTC."""
    wall = datetime.fromtimestamp(second, zone).replace(tzinfo=UTC)
    return int(wall.timestamp()) - second
