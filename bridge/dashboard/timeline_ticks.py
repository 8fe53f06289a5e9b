"""The ticks of a time line: round local times, as many as there is room for."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bridge.dashboard.timeline_scale import Scale

MOST_TICKS = 7
MINUTES = (5, 15, 30, 60, 120, 180, 360, 720)
# A line of more days than this has no times on it.
MOST_DAYS_WITH_TIMES = 4
# How far labels have to stand apart, in percent: a day's and a time's, and on a narrow screen.
DAY_ROOM, TIME_ROOM = 10.0, 6.0
NARROW = 2.4
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Tick:
    """A moment of the scale; `is_day`: it is labelled with its day, which begins there.

    is_first: there is room for it on a narrow screen too.
    """

    at: datetime
    left: float
    is_day: bool
    is_first: bool


def ticks(scale: Scale, zone: ZoneInfo, taken: Iterable[float]) -> tuple[Tick, ...]:
    """Return the ticks of a scale in order; none stands too near to what is `taken`."""
    days = list(_midnights(scale, zone))
    times = [] if len(days) > MOST_DAYS_WITH_TIMES else _times(scale, zone)
    wide = _with_room(scale, days, times, list(taken), 1.0)
    narrow = {at for at, _ in _with_room(scale, days, times, list(taken), NARROW)}
    return tuple(Tick(at, scale.percent(at), is_day, at in narrow) for at, is_day in sorted(wide))


def _with_room(
    scale: Scale,
    days: Sequence[datetime],
    times: Sequence[datetime],
    taken: list[float],
    factor: float,
) -> list[tuple[datetime, bool]]:
    found: list[tuple[datetime, bool]] = []
    places = list(taken)
    for moments, room, is_day in ((days, DAY_ROOM, True), (times, TIME_ROOM, False)):
        for moment in moments:
            left = scale.percent(moment)
            # A day's label stands behind its tick, so that it needs the room there.
            if all(
                abs(left - other) > (DAY_ROOM if left < other and is_day else room) * factor
                for other in places
            ):
                found.append((moment, is_day))
                places.append(left)
    return found


def _midnights(scale: Scale, zone: ZoneInfo) -> Iterator[datetime]:
    """Yield where days begin; of those in one shortened stretch only the last."""
    for section in scale.sections:
        found = list(_days_between(section.begin, section.end, zone))
        yield from found[-1:] if section.is_cut else found


def _days_between(begin: datetime, end: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    on = begin.astimezone(zone).date()
    while on <= end.astimezone(zone).date():
        moment = datetime(on.year, on.month, on.day, tzinfo=zone).astimezone(UTC)
        if begin <= moment < end:
            yield moment
        on += ONE_DAY


def _times(scale: Scale, zone: ZoneInfo) -> list[datetime]:
    """Return round wall times, at the smallest distance that gives few enough."""
    drawn = [one for one in scale.sections if not one.is_cut]
    lasts = sum((one.end - one.begin for one in drawn), timedelta(0))
    for minutes in MINUTES:
        if lasts <= timedelta(minutes=minutes) * (MOST_TICKS + 1):
            found = [at for one in drawn for at in _round_times(one.begin, one.end, zone, minutes)]
            if len(found) <= MOST_TICKS:
                return found
    return []


def _round_times(
    begin: datetime, end: datetime, zone: ZoneInfo, minutes: int
) -> Iterator[datetime]:
    """Yield moments whose wall time is a multiple of `minutes`, midnight left out.

    In steps of real time, so that what comes twice is there twice and what is skipped is not.
    """
    pace = timedelta(minutes=min(minutes, 15))
    moment = begin.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    while moment < end:
        local = moment.astimezone(zone)
        of_day = local.hour * 60 + local.minute
        if begin < moment and of_day and of_day % minutes == 0:
            yield moment
        moment += pace
