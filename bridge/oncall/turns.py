"""Whose turn it is in one layer, counted from its first handover."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from math import lcm
from zoneinfo import ZoneInfo

from bridge.oncall.schedule import Layer, Rotation, Unit
from bridge.oncall.spans import Span
from bridge.oncall.walltime import first_instant, local

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WEEK = timedelta(days=7)
LONGEST_MONTH = timedelta(days=31)
MONTHS_A_YEAR = 12
# Months have no fixed length and are counted by number.
LENGTHS = {Unit.HOURS: HOUR, Unit.DAYS: DAY, Unit.WEEKS: WEEK}


def turns(layer: Layer, zone: ZoneInfo, begin: datetime, end: datetime) -> Iterator[Span[str]]:
    """Yield who has their turn between `begin` and `end`, in order; nobody before the anchor.

    A turn whose two handovers fall on one instant, as in a skipped hour, is left out.
    Source: docs/oncall.md, "D2".
    """
    anchor = first_handover(layer.rotation, layer.starts)
    if len(set(layer.people)) == 1:
        starts_at = max(first_instant(anchor, zone), begin)
        if starts_at < end:
            yield starts_at, end, layer.people[0]
        return
    index = _index_at(layer.rotation, anchor, zone, begin)
    starts_at = first_instant(handover(layer.rotation, anchor, index), zone)
    while starts_at < end:
        index += 1
        ends_at = first_instant(handover(layer.rotation, anchor, index), zone)
        if starts_at < ends_at and begin < ends_at:
            person = layer.people[(index - 1) % len(layer.people)]
            yield max(starts_at, begin), min(ends_at, end), person
        starts_at = ends_at


def first_handover(rotation: Rotation, starts: datetime) -> datetime:
    """Return the wall time of the anchor: the first handover at or after the wall time `starts`.

    A rotation by the month hands over once in every month, also in one that is too short for its
    day: "31 09:00" from 10 February on begins on the last of February.
    """
    match rotation.unit:
        case Unit.HOURS:
            hour = starts.hour if rotation.hour is None else rotation.hour
            candidate = datetime.combine(starts.date(), time(hour, rotation.minute))
            following = candidate + (HOUR if rotation.hour is None else DAY)
        case Unit.DAYS:
            candidate = _on(starts.date(), rotation)
            following = candidate + DAY
        case Unit.WEEKS:
            days_ahead = (rotation.day - starts.weekday()) % 7
            candidate = _on(starts.date() + days_ahead * DAY, rotation)
            following = candidate + WEEK
        case Unit.MONTHS:
            candidate = _in_month(rotation, _month_number(starts))
            following = _in_month(rotation, _month_number(starts) + 1)
    return candidate if candidate >= starts else following


def handover(rotation: Rotation, anchor: datetime, index: int) -> datetime:
    """Return the wall time of the handover `index` times after the anchor.

    Counted from the anchor each time, so that a short month shortens only itself.
    """
    if rotation.unit is Unit.MONTHS:
        return _in_month(rotation, _month_number(anchor) + index * rotation.every)
    return anchor + index * rotation.every * LENGTHS[rotation.unit]


def full_turn(layer: Layer) -> timedelta:
    """Return how long it takes at most until a layer repeats itself, weekday by weekday."""
    count = layer.rotation.every * len(layer.people)
    match layer.rotation.unit:
        case Unit.HOURS:
            return lcm(count, WEEK // HOUR) * HOUR
        case Unit.DAYS:
            return lcm(count, WEEK // DAY) * DAY
        case Unit.WEEKS:
            return count * WEEK
        case Unit.MONTHS:
            # Each month holds every weekday, so that nobody's windows fall out of their month.
            return count * LONGEST_MONTH


def _index_at(rotation: Rotation, anchor: datetime, zone: ZoneInfo, moment: datetime) -> int:
    """Return the index of the last handover at or before `moment`; 0 before the anchor."""
    wall = local(moment, zone)
    if rotation.unit is Unit.MONTHS:
        index = (_month_number(wall) - _month_number(anchor)) // rotation.every
    else:
        index = (wall - anchor) // (rotation.every * LENGTHS[rotation.unit])
    # Where the clocks have just changed, the wall clock is near the answer, not at it.
    index = max(index, 0)
    while index > 0 and first_instant(handover(rotation, anchor, index), zone) > moment:
        index -= 1
    while first_instant(handover(rotation, anchor, index + 1), zone) <= moment:
        index += 1
    return index


def _month_number(wall: datetime) -> int:
    return wall.year * MONTHS_A_YEAR + wall.month - 1


def _in_month(rotation: Rotation, number: int) -> datetime:
    year, month = divmod(number, MONTHS_A_YEAR)
    month += 1
    return _on(date(year, month, min(rotation.day, monthrange(year, month)[1])), rotation)


def _on(day: date, rotation: Rotation) -> datetime:
    return datetime.combine(day, time(rotation.hour or 0, rotation.minute))
