"""The ticks of a time line: round local times, as many as there is room for."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bridge.dashboard.timeline_scale import Scale
from bridge.moments import is_twofold

MOST_TICKS = 7
MINUTES = (5, 15, 30, 60, 120, 180, 360, 720)
# A line of more days than this has no times on it.
MOST_DAYS_WITH_TIMES = 4
# How wide labels are at most, in percent of a line on a screen that is not narrow.
DAY_WIDTH, TIME_WIDTH, ZONED_WIDTH = 12.0, 6.5, 12.0
# So much narrower is the line on a phone.
NARROW = 2.4
EDGE = 102.0
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
    """Return the ticks of a scale in order; no label meets another, nor what is `taken`."""
    days = list(_midnights(scale, zone))
    times = [] if len(days) > MOST_DAYS_WITH_TIMES else _times(scale, zone)
    wanted = [_label(scale, zone, at, is_day=True) for at in days]
    wanted += [_label(scale, zone, at, is_day=False) for at in times]
    marks = list(taken)
    wide, narrow = (_with_room(wanted, marks, factor) for factor in (1.0, NARROW))
    return tuple(
        Tick(one.at, one.left, one.is_day, one in narrow)
        for one in sorted(wide, key=lambda one: one.at)
    )


@dataclass(frozen=True, slots=True)
class _Label:
    at: datetime
    left: float
    is_day: bool
    before: float
    behind: float

    def reach(self, factor: float) -> tuple[float, float]:
        return self.left - self.before * factor, self.left + self.behind * factor


def _label(scale: Scale, zone: ZoneInfo, at: datetime, *, is_day: bool) -> _Label:
    left = scale.percent(at)
    if is_day:
        # It stands behind its tick, where the day is.
        return _Label(at, left, is_day, 0.5, DAY_WIDTH)
    half = (ZONED_WIDTH if is_twofold(at.astimezone(zone)) else TIME_WIDTH) / 2
    return _Label(at, left, is_day, half, half)


def _with_room(wanted: Sequence[_Label], marks: Sequence[float], factor: float) -> Sequence[_Label]:
    """Return those of the labels that meet none before them, on a screen `factor` narrower."""
    found: list[_Label] = []
    for label in wanted:
        begin, end = label.reach(factor)
        reaches = [one.reach(factor) for one in found]
        meets = any(begin < other_end and other < end for other, other_end in reaches)
        meets = meets or any(begin - 1 < mark < end + 1 for mark in marks)
        if not meets and end <= EDGE:
            found.append(label)
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
