"""When the clocks of a zone are changed, and by how much."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ClockChange:
    """A moment, in UTC, at which local clocks jump; `by` is more than zero if it is forward."""

    at: datetime
    by: timedelta


def clock_changes(zone: str, begin: datetime, end: datetime) -> Iterator[ClockChange]:
    """Yield the changes after `begin` and before `end`, both in UTC, in order.

    Two that cancel each other within a day are none.
    """
    local = ZoneInfo(zone)
    while begin < end:
        until = min(begin + ONE_DAY, end)
        by = _offset(local, until) - _offset(local, begin)
        at = _moment(local, begin, until) if by else None
        if at is not None and at < end:
            yield ClockChange(at, by)
        begin = until


def _moment(zone: ZoneInfo, begin: datetime, end: datetime) -> datetime:
    """Return the first whole second with the offset of `end`; that of `begin` is another."""
    before = _offset(zone, begin)
    left, right = int(begin.timestamp()), math.ceil(end.timestamp())
    while right - left > 1:
        middle = (left + right) // 2
        if _offset(zone, datetime.fromtimestamp(middle, UTC)) == before:
            left = middle
        else:
            right = middle
    return datetime.fromtimestamp(right, UTC)


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta(0)
