"""The scale of a time line: what counts is drawn to scale, long rests are drawn shorter."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bridge.calendars.open_time import OpenTime
from bridge.calendars.spans import Span

# In percent of the width; so that a mark at the very end has room for its label.
FIRST, LAST = 3.0, 97.0
# All rests together take at most this share of what the rest of the line takes.
RESTS_SHARE = 0.6
# One rest alone takes no more than this share of it.
REST_SHARE = 0.3
SHORTEST = timedelta(minutes=10)
NO_TIME = timedelta(0)


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of the line: where it begins and how long it is, in percent."""

    left: float
    width: float


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of time that is drawn evenly; `is_cut`: shorter than its neighbours."""

    begin: datetime
    end: datetime
    is_cut: bool


@dataclass(frozen=True)
class Scale:
    """Where moments stand on the line: sections one after the other, each as wide as it says."""

    sections: tuple[Section, ...]
    widths: tuple[float, ...]

    @property
    def begin(self) -> datetime:
        """Return the first moment."""
        return self.sections[0].begin

    @property
    def end(self) -> datetime:
        """Return the last moment."""
        return self.sections[-1].end

    @property
    def cuts(self) -> tuple[Bar, ...]:
        """Return where rests are drawn shorter than they are."""
        return tuple(self.bar(one.begin, one.end) for one in self.sections if one.is_cut)

    def percent(self, moment: datetime) -> float:
        """Return where a moment stands; what lies outside stands at the edge."""
        moment = min(max(moment, self.begin), self.end)
        place = max(0, bisect_right(self.sections, moment, key=lambda one: one.begin) - 1)
        section = self.sections[place]
        share = (moment - section.begin) / (section.end - section.begin)
        return round(FIRST + sum(self.widths[:place]) + share * self.widths[place], 3)

    def bar(self, begin: datetime, end: datetime) -> Bar:
        """Return the stretch between two moments."""
        left = self.percent(begin)
        return Bar(left, round(self.percent(end) - left, 3))


def scale(
    start: datetime, due: datetime | None, end: datetime, hours: OpenTime, pauses: Iterable[Span]
) -> Scale:
    """Return the scale from `start` to the later of `due` and `end`.

    A rest, in which it is closed or the clock is paused, is drawn shorter where it is much longer
    than what counts; so is all that lies behind the due time, if that is longer than the promise.
    """
    last = max(due or end, end, start + SHORTEST)
    parts = list(_parts(start, last, due, list(hours.intervals(start, last, pauses))))
    counts = sum((end - begin for begin, end, is_rest in parts if not is_rest), NO_TIME)
    rests = sum(is_rest for _, _, is_rest in parts)
    most = counts * min(REST_SHARE, RESTS_SHARE / rests) if rests and counts else last - start
    lengths = [min(b - a, most) if is_rest else b - a for a, b, is_rest in parts]
    widths = _widths(parts, lengths, due)
    return Scale(
        tuple(
            Section(a, b, length < b - a) for (a, b, _), length in zip(parts, lengths, strict=True)
        ),
        tuple(widths),
    )


_Part = tuple[datetime, datetime, bool]


def _parts(
    start: datetime,
    last: datetime,
    due: datetime | None,
    counting: Iterable[tuple[datetime, datetime]],
) -> Iterator[_Part]:
    """Yield stretches that count or rest, one after the other; none reaches over the due time."""
    at = start
    for opens, closes in [*counting, (last, last)]:
        yield from _split(at, opens, due, is_rest=True)
        yield from _split(opens, closes, due, is_rest=False)
        at = closes


def _split(
    begin: datetime, end: datetime, due: datetime | None, *, is_rest: bool
) -> Iterator[_Part]:
    if due is not None and begin < due < end:
        yield begin, due, is_rest
        yield due, end, is_rest
    elif begin < end:
        yield begin, end, is_rest


def _widths(parts: list[_Part], lengths: list[timedelta], due: datetime | None) -> Iterator[float]:
    """Yield each part's share of the width, in percent."""
    before = sum(
        (one for (begin, _, _), one in zip(parts, lengths, strict=True) if not due or begin < due),
        NO_TIME,
    )
    behind = sum(lengths, NO_TIME) - before
    # What is overdue for weeks does not squeeze the promise itself.
    factor = before / behind if before and behind > before else 1.0
    drawn = [
        one if not due or begin < due else one * factor
        for (begin, _, _), one in zip(parts, lengths, strict=True)
    ]
    whole = sum(drawn, NO_TIME)
    yield from (one / whole * (LAST - FIRST) for one in drawn)
