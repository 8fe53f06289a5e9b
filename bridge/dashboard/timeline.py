"""The time line of a clock: what to draw where, in percent of its width."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bridge.calendars.open_time import OpenTime

MARGIN = 0.04
MOST_TICKS = 7
TICK_ROOM = 4.5
MINUTES = (5, 15, 30, 60, 120, 180, 360, 720)
DAYS = (1, 2, 7, 14, 28, 56)
SHORTEST = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of the line: where it begins and how long it is, in percent."""

    left: float
    width: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment on the line; `side` is where its label has room: start, middle or end."""

    at: datetime
    left: float
    side: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A moment of the scale; `is_day`: it is labelled with its day, not its time."""

    at: datetime
    left: float
    is_day: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """What the line shows: service hours, what of them counts, and four moments.

    end: where the clock stopped, or now while it runs; None if that lies before the line.
    """

    open: tuple[Bar, ...]
    counted: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    start: Mark
    due: Mark
    end: Mark


@dataclass(frozen=True, slots=True)
class _Scale:
    begin: datetime
    end: datetime

    def percent(self, moment: datetime) -> float:
        share = (moment - self.begin) / (self.end - self.begin)
        return round(100 * min(1.0, max(0.0, share)), 3)

    def bar(self, begin: datetime, end: datetime) -> Bar:
        left = self.percent(begin)
        return Bar(left, round(self.percent(end) - left, 3))

    def mark(self, moment: datetime) -> Mark:
        left = self.percent(moment)
        side = "start" if left < 33 else "end" if left > 67 else "middle"  # noqa: PLR2004 - thirds
        return Mark(moment, left, side)


def timeline(start: datetime, due: datetime, end: datetime, hours: OpenTime, zone: str) -> Timeline:
    """Return the line of a clock from `start` to `due` that stopped, or is looked at, at `end`.

    What lies further behind the due time than that is from the start is not drawn to scale: its
    mark stands at the edge. Ticks are at round wall times of `zone`.
    """
    span = max(due - start, SHORTEST)
    last = max(min(max(due, end), due + span), start + SHORTEST)
    margin = (last - start) * MARGIN
    scale = _Scale(start - margin, last + margin)
    counted_until = max(start, min(due, end))
    return Timeline(
        open=tuple(scale.bar(*span) for span in hours.intervals(scale.begin, scale.end)),
        counted=tuple(scale.bar(*span) for span in hours.intervals(start, counted_until)),
        ticks=tuple(
            tick
            for tick in _ticks(scale, ZoneInfo(zone))
            # The start's own line needs the room.
            if abs(tick.left - scale.percent(start)) > TICK_ROOM
        ),
        start=scale.mark(start),
        due=scale.mark(due),
        end=scale.mark(end),
    )


def _ticks(scale: _Scale, zone: ZoneInfo) -> Iterator[Tick]:
    length = scale.end - scale.begin
    for minutes in MINUTES:
        if length <= timedelta(minutes=minutes) * MOST_TICKS:
            yield from _by_minutes(scale, zone, minutes)
            return
    step = next((one for one in DAYS if length <= timedelta(days=one) * MOST_TICKS), DAYS[-1])
    yield from _by_days(scale, zone, step)


def _by_minutes(scale: _Scale, zone: ZoneInfo, minutes: int) -> Iterator[Tick]:
    pace = min(minutes, 15)
    moment = scale.begin.astimezone(UTC).replace(second=0, microsecond=0)
    moment -= timedelta(minutes=moment.minute % pace)
    while moment < scale.end:
        local = moment.astimezone(zone)
        of_day = local.hour * 60 + local.minute
        if moment > scale.begin and of_day % minutes == 0:
            yield Tick(moment, scale.percent(moment), of_day == 0)
        moment += timedelta(minutes=pace)


def _by_days(scale: _Scale, zone: ZoneInfo, step: int) -> Iterator[Tick]:
    day = scale.begin.astimezone(zone).date()
    last = scale.end.astimezone(zone).date()
    while day <= last:
        moment = datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
        if scale.begin < moment < scale.end and day.toordinal() % step == 0:
            yield Tick(moment, scale.percent(moment), True)
        day += timedelta(days=1)
