"""Who is on call, minute by minute and by the letter: slow, and written without the real thing.

Nothing here turns wall times into instants. A zone's clocks are read once a minute, and two
readings decide: the latest time they have shown so far, which passes a handover once and for all,
and the earliest they are still to show, which ends a window only after its last pass.
"""

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bridge.oncall.schedule import Layer, Override, OverrideKind, Rotation, Schedule, Unit, Window

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
# Longer than any change of clocks, the day that Samoa left out included.
MARGIN = 2 * DAY


@dataclass(frozen=True)
class Reading:
    """A minute and what the clocks say around it."""

    at: datetime
    shown_so_far: datetime
    still_to_show: datetime


def scan(schedule: Schedule, begin: datetime, end: datetime) -> list[tuple[str, ...]]:
    """Return who is on call in each minute from `begin` to before `end`."""
    readings = _readings(schedule, begin, end)
    handovers = [_handovers(layer, end + MARGIN) for layer in schedule.layers]
    answers = []
    for reading in readings:
        people: tuple[str, ...] = ()
        for layer, walls in zip(schedule.layers, handovers, strict=True):
            passed = bisect_right(walls, reading.shown_so_far)
            if passed and _counts(layer.only, reading):
                people = (layer.people[(passed - 1) % len(layer.people)],)
        answers.append(_after_overrides(people, schedule.overrides, reading.at))
    return answers


def _readings(schedule: Schedule, begin: datetime, end: datetime) -> list[Reading]:
    first = (begin - MARGIN).astimezone(UTC)
    minutes = int((end + MARGIN - first) / MINUTE)
    moments = [first + n * MINUTE for n in range(minutes)]
    walls = [moment.astimezone(schedule.timezone).replace(tzinfo=None) for moment in moments]
    so_far, to_come = walls[:], walls[:]
    for n in range(1, minutes):
        so_far[n] = max(so_far[n], so_far[n - 1])
    for n in range(minutes - 2, -1, -1):
        to_come[n] = min(to_come[n], to_come[n + 1])
    triples = zip(moments, so_far, to_come, strict=True)
    return [Reading(*triple) for triple in triples if begin <= triple[0] < end]


def _handovers(layer: Layer, end: datetime) -> list[datetime]:
    """Return the wall times at which the layer changes hands: of all it could, every n-th."""
    last = end.replace(tzinfo=None)
    every_hour = layer.rotation.unit is Unit.HOURS
    possible = _hours(layer) if every_hour else _days(layer)
    walls = []
    for n, wall in enumerate(wall for wall in possible if wall >= layer.starts):
        if wall > last:
            break
        if n % layer.rotation.every == 0:
            walls.append(wall)
    return walls


def _hours(layer: Layer) -> Iterator[datetime]:
    rotation = layer.rotation
    wall = layer.starts.replace(hour=0, minute=rotation.minute)
    while wall < layer.starts or (rotation.hour is not None and wall.hour != rotation.hour):
        wall += 60 * MINUTE
    while True:
        yield wall
        wall += 60 * MINUTE


def _days(layer: Layer) -> Iterator[datetime]:
    rotation = layer.rotation
    assert rotation.hour is not None
    wall = layer.starts.replace(hour=rotation.hour, minute=rotation.minute)
    while True:
        if _is_day_of(rotation, wall):
            yield wall
        wall += DAY


def _is_day_of(rotation: Rotation, wall: datetime) -> bool:
    if rotation.unit is Unit.WEEKS:
        return wall.weekday() == rotation.day
    if rotation.unit is Unit.MONTHS:
        return wall.day == min(rotation.day, monthrange(wall.year, wall.month)[1])
    return True


def _counts(only: Sequence[Window] | None, reading: Reading) -> bool:
    if only is None:
        return True
    midnight = reading.shown_so_far.replace(hour=0, minute=0, second=0)
    for window in only:
        for day in (midnight - 3 * DAY + n * DAY for n in range(4)):
            opens = day + window.opens_minute * MINUTE
            closes = day + window.closes_minute * MINUTE
            is_open = opens <= reading.shown_so_far and reading.still_to_show < closes
            if day.weekday() == window.weekday and is_open:
                return True
    return False


def _after_overrides(
    people: tuple[str, ...], overrides: Sequence[Override], at: datetime
) -> tuple[str, ...]:
    """Return the answer, place by place: each override settles the places that were there before.

    A place is [whose it was, who stands in it now]; who it was never changes, so that nothing is
    applied to somebody who only stands in.
    """
    places: list[tuple[str | None, tuple[str, ...]]] = [(who, (who,)) for who in people]
    places = places or [(None, ())]
    for override in overrides:
        if not override.starts_at <= at < override.ends_at:
            continue
        settled: list[tuple[str | None, tuple[str, ...]]] = []
        for whose, standing in places:
            now = standing
            if override.kind is OverrideKind.COVER:
                now = override.people
            if override.kind is OverrideKind.REPLACE and whose == override.replaced:
                now = override.people
            if override.kind is OverrideKind.REMOVE and whose in override.people:
                now = ()
            settled.append((whose, now))
        if override.kind is OverrideKind.ADD:
            settled += [(who, (who,)) for who in override.people]
        places = settled
    answer: list[str] = []
    for _, standing in places:
        for who in standing:
            if who not in answer:
                answer.append(who)
    return tuple(answer)
