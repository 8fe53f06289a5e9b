"""The time line of a clock: what to draw where, in percent of its width."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bridge.calendars.open_time import OpenTime
from bridge.calendars.spans import Span, merged
from bridge.dashboard.timeline_scale import Bar, Scale, scale
from bridge.dashboard.timeline_ticks import Tick, ticks
from bridge.sla.promise import DueWarning

# Events that stand nearer to each other than this have one sign, in percent.
SIGN_ROOM = 7.0
# A hatched stretch that is narrower than this has no room for a word.
WORD_ROOM = 26.0
# Labels of percents nearer to each other than this would meet.
PERCENT_ROOM = 9.0
# More signs than this for what is drawn shorter would only be noise.
MOST_CUTS = 8


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment on the line; `side` is where its label has room: start, middle or end."""

    at: datetime
    left: float
    side: str


@dataclass(frozen=True, slots=True)
class Sign:
    """One or more events of the list beside the line, by their numbers there."""

    left: float
    first: int
    last: int

    @property
    def label(self) -> str:
        """Return its numbers."""
        return str(self.first) if self.first == self.last else f"{self.first}–{self.last}"


@dataclass(frozen=True, slots=True)
class PauseBar:
    """A hatched stretch; `has_room`: for a word in it."""

    bar: Bar
    has_room: bool


@dataclass(frozen=True, slots=True)
class PercentMark:
    """Where so many percent of the promised time are used up."""

    percent: int
    left: float


@dataclass(frozen=True)
class Drawn:
    """What a line is drawn of; all in UTC.

    end: when the clock stopped, or now. events: in the order of their times.
    """

    start: datetime
    due: datetime | None
    end: datetime
    hours: OpenTime
    pauses: Sequence[Span] = ()
    events: Sequence[datetime] = ()
    warnings: Sequence[DueWarning] = ()


@dataclass(frozen=True)
class Timeline:
    """What the line shows.

    open: service hours; counted: what of them was used; cuts: where a sign says that a rest is
    drawn shorter than it is; is_shortened: whether any is, with a sign or without.
    """

    whole: Bar
    open: tuple[Bar, ...]
    counted: tuple[Bar, ...]
    pauses: tuple[PauseBar, ...]
    cuts: tuple[float, ...]
    is_shortened: bool
    ticks: tuple[Tick, ...]
    percents: tuple[PercentMark, ...]
    start: Mark
    due: Mark | None
    end: Mark
    signs: tuple[Sign, ...]


def timeline(drawn: Drawn, zone: str) -> Timeline:
    """Return the line of a clock. Ticks are at round wall times of `zone`."""
    line = scale(drawn.start, drawn.due, drawn.end, drawn.hours, drawn.pauses)
    until = min(drawn.due or drawn.end, drawn.end)
    hours, pauses = drawn.hours, drawn.pauses
    start = _mark(line, drawn.start)
    return Timeline(
        whole=line.bar(line.begin, line.end),
        open=_bars(line, hours.intervals(line.begin, line.end)),
        counted=_bars(line, hours.intervals(drawn.start, until, pauses)),
        pauses=tuple(_pauses(line, pauses)),
        cuts=_cuts(line),
        is_shortened=bool(line.cuts),
        ticks=ticks(line, ZoneInfo(zone), [start.left]),
        percents=tuple(_percents(line, drawn.warnings)),
        start=start,
        due=_mark(line, drawn.due) if drawn.due else None,
        end=_mark(line, drawn.end),
        signs=tuple(_signs([line.percent(one) for one in drawn.events])),
    )


def _bars(line: Scale, spans: Iterator[tuple[datetime, datetime]]) -> tuple[Bar, ...]:
    return tuple(line.bar(*span) for span in spans)


def _mark(line: Scale, moment: datetime) -> Mark:
    left = line.percent(moment)
    side = "start" if left < 33 else "end" if left > 67 else "middle"  # noqa: PLR2004 - thirds
    return Mark(moment, left, side)


def _pauses(line: Scale, pauses: Sequence[Span]) -> Iterator[PauseBar]:
    for pause in merged(pauses):
        bar = line.bar(pause.begin, pause.end or line.end)
        if bar.width:
            yield PauseBar(bar, bar.width >= WORD_ROOM)


def _cuts(line: Scale) -> tuple[float, ...]:
    # Near the beginning of the rest, where it meets no word.
    places = [round(bar.left + 0.15 * bar.width, 3) for bar in line.cuts]
    return tuple(places) if len(places) <= MOST_CUTS else ()


def _percents(line: Scale, warnings: Sequence[DueWarning]) -> Iterator[PercentMark]:
    last = -PERCENT_ROOM
    for warning in warnings:
        left = line.percent(warning.at)
        # All of it is used up when it is due, and that has a mark of its own.
        is_shown = warning.percent < 100 and line.begin <= warning.at <= line.end  # noqa: PLR2004
        if is_shown and left - last >= PERCENT_ROOM:
            yield PercentMark(warning.percent, left)
            last = left


def _signs(lefts: Sequence[float]) -> Iterator[Sign]:
    """Yield the signs for events at these places; near ones share one, where its first stands."""
    begin = 0
    for place in range(1, len(lefts) + 1):
        if place == len(lefts) or lefts[place] - lefts[begin] > SIGN_ROOM:
            left = (lefts[begin] + lefts[place - 1]) / 2
            yield Sign(round(left, 3), begin + 1, place)
            begin = place
