"""Stretches of time: from one moment up to, but without, another."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bridge.errors import Refused

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
# Later than every moment, in microseconds since the epoch.
ENDLESS = 1 << 62


class BackwardSpan(Refused):
    """A span ends before it begins."""


def ticks(moment: datetime) -> int:
    """Return the microseconds since the epoch; `moment` is aware, in any zone."""
    # Whole numbers, because a float of this size has no room for every microsecond.
    return (moment - EPOCH) // MICROSECOND


def moment_at(tick: int) -> datetime:
    """Return the moment, in UTC, that is `tick` microseconds after the epoch."""
    return EPOCH + MICROSECOND * tick


@dataclass(frozen=True, slots=True)
class Span:
    """The moments from `begin` up to, but without, `end`; both aware; None: without end.

    ticks: the two in ticks; worked out once, because a span is asked for many deadlines.
    """

    begin: datetime
    end: datetime | None
    ticks: tuple[int, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        in_ticks = ticks(self.begin), ENDLESS if self.end is None else ticks(self.end)
        if in_ticks[1] < in_ticks[0]:
            raise BackwardSpan(f"it ends at {self.end}, before it begins at {self.begin}")
        object.__setattr__(self, "ticks", in_ticks)


def merged_ticks(spans: Iterable[Span]) -> list[tuple[int, int]]:
    """Return the spans in ticks and in order; those that overlap or touch become one."""
    merged: list[tuple[int, int]] = []
    last_end = -ENDLESS
    for begin, end in sorted([span.ticks for span in spans]):
        if begin > last_end:
            merged.append((begin, end))
            last_end = end
        elif end > last_end:
            merged[-1] = (merged[-1][0], end)
            last_end = end
    return merged


def merged(spans: Iterable[Span]) -> list[Span]:
    """Return the spans in UTC and in order; those that overlap or touch become one."""
    return [
        Span(moment_at(begin), None if end == ENDLESS else moment_at(end))
        for begin, end in merged_ticks(spans)
    ]


def gaps_in_ticks(begin: int, end: int, spans: Iterable[Span]) -> Iterator[tuple[int, int]]:
    """Yield what `spans` leave free between two ticks, in order."""
    for left, right in merged_ticks(spans):
        if begin < left:
            yield begin, min(left, end)
        begin = max(begin, right)
        if begin >= end:
            return
    yield begin, end
