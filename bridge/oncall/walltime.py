"""Wall times of a zone as instants, also in the nights in which its clocks change."""

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
FIRST_PASS = time(fold=0)
LAST_PASS = time(fold=1)
# The days ahead in which gaps are looked for, in twenty zones.
REMEMBERED_DAYS = 8192


def first_instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment at which a shift or a window that starts at `wall` starts.

    wall: naive, as the clocks in `zone` show it.
    Returns UTC: the first of two where the clocks show `wall` twice, and the first instant
    after the gap where they skip it.
    Source: docs/oncall.md, "D1".
    """
    once, again = _both_passes(wall, zone)
    return once if once <= again else _end_of_gap(again, once, zone)


def last_instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment at which a window that ends at `wall` ends.

    As `first_instant`, but the last of two where the clocks show `wall` twice: two windows that
    meet there overlap, and never leave a gap.
    Source: docs/oncall.md, "D1".
    """
    once, again = _both_passes(wall, zone)
    return again if once <= again else _end_of_gap(again, once, zone)


def is_skipped(wall: datetime, zone: ZoneInfo) -> bool:
    """Return whether the clocks in `zone` never show `wall`."""
    once, again = _both_passes(wall, zone)
    return once > again


def local(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return what the clocks in `zone` show at `moment`, naive."""
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)


def _both_passes(wall: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return `wall` read with the offset before and after a change; in a gap the first is later."""
    midnights = _steady_day(wall.date(), zone)
    if midnights is not None:
        moment = midnights[1] + (wall - midnights[0])
        return moment, moment
    return (
        wall.replace(tzinfo=zone, fold=0).astimezone(UTC),
        wall.replace(tzinfo=zone, fold=1).astimezone(UTC),
    )


@lru_cache(maxsize=REMEMBERED_DAYS)
def _steady_day(day: date, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    """Return the midnight `day` begins with, as wall time and as instant; None if clocks change.

    Most days are steady, and a sum is several times faster than asking the zone. No zone
    changes its clocks forth and back in one day.
    """
    begin = datetime.combine(day, FIRST_PASS, zone)
    end = datetime.combine(day + DAY, LAST_PASS, zone)
    if begin.utcoffset() != end.utcoffset():
        return None
    return datetime.combine(day, FIRST_PASS), begin.astimezone(UTC)


def _end_of_gap(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant after `before`, and not after `after`, at which the clocks jump."""
    # Zones change their clocks on whole seconds.
    before = before.replace(microsecond=0)
    offset = before.astimezone(zone).utcoffset()

    def has_jumped(seconds: int) -> bool:
        return (before + seconds * SECOND).astimezone(zone).utcoffset() != offset

    candidates = range((after - before) // SECOND)
    return before + bisect_left(candidates, True, key=has_jumped) * SECOND
