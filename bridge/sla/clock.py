"""When a promise is due, how much of it is used up, and the sum that shows why."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from bridge.calendars.open_time import DatedDefinition, NeverDue, OpenTime
from bridge.calendars.spans import Span, merged
from bridge.errors import Refused

# While a clock is paused it does not run; `end` is None as long as the pause lasts.
Pause = Span


class StillPaused(Refused):
    """The clock stands in a pause that has no end yet, so that nobody knows when it is due."""


class ClockKind(StrEnum):
    """What a clock measures."""

    RESPONSE = "response"
    UPDATE = "update"
    SOLUTION = "solution"

    @property
    def pauses_count(self) -> bool:
        """Say whether waiting for somebody stops this clock. Source: docs/sla.md, "R9", "R11"."""
        match self:
            case ClockKind.SOLUTION:
                return True
            case ClockKind.RESPONSE | ClockKind.UPDATE:
                return False


class Verdict(StrEnum):
    """How a promise ended."""

    KEPT = "kept"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of open time that counts; in UTC."""

    begin: datetime
    end: datetime

    @property
    def seconds(self) -> int | float:
        """How long it lasts; whole where it is whole."""
        length = (self.end - self.begin).total_seconds()
        return int(length) if length.is_integer() else length


@dataclass(frozen=True, slots=True)
class AppliedPause:
    """A pause that a clock met, in UTC, and the open time it took out."""

    begin: datetime
    end: datetime | None
    taken: timedelta


@dataclass(frozen=True, slots=True)
class Explanation:
    """The sum behind a due time; all in UTC.

    due: None while a pause without end leaves it open.
    pieces: the open time that counts, in order; up to `due` it adds up to the allowance.
    pauses: those the clock met on the way, merged, in order.
    versions: what the calendar said between start and due.
    """

    start: datetime
    due: datetime | None
    pieces: tuple[Piece, ...]
    pauses: tuple[AppliedPause, ...]
    versions: tuple[DatedDefinition, ...]


def deadline(
    start: datetime, allowance: timedelta, hours: OpenTime, pauses: Iterable[Pause] = ()
) -> datetime:
    """Return the moment at which `allowance` of open time has passed since `start`.

    start: aware, in any zone.
    allowance: open time, more than zero.
    pauses: what does not count, in any order; they may overlap.
    Returns a time in UTC. An allowance that ends exactly at closing time is due then.
    Raises StillPaused if a pause without end begins before that, NeverDue if a year of openings
    does not use the allowance up.
    Source: docs/sla.md, "R1" to "R5", "R15".
    """
    known = tuple(pauses)
    try:
        return hours.add(start, allowance, known)
    except NeverDue:
        if any(pause.end is None for pause in known):
            raise StillPaused("the clock is paused; it is due some time after the pause") from None
        raise


def consumed(
    start: datetime, until: datetime, hours: OpenTime, pauses: Iterable[Pause] = ()
) -> timedelta:
    """Return the open time between `start` and `until` outside the pauses; 0 if reversed."""
    return hours.open_between(start, until, pauses)


def verdict(due: datetime, stop: datetime) -> Verdict:
    """Return how a clock that stops at `stop` ends; exactly at `due` is kept.

    Source: docs/sla.md, "R4".
    """
    return Verdict.KEPT if stop <= due else Verdict.MISSED


def explain(
    start: datetime, allowance: timedelta, hours: OpenTime, pauses: Iterable[Pause] = ()
) -> Explanation:
    """Return the sum behind `deadline`, piece by piece.

    Where a pause without end keeps the due time open, the pieces go up to that pause.
    Raises NeverDue as `deadline` does.
    Source: docs/sla.md, "R20".
    """
    known = merged(pauses)
    due: datetime | None
    try:
        due = until = deadline(start, allowance, hours, known)
    except StillPaused:
        due, until = None, max(start, known[-1].begin)
    return Explanation(
        start=start.astimezone(UTC),
        due=due,
        pieces=tuple(Piece(*span) for span in hours.intervals(start, until, known)),
        pauses=tuple(_applied(start, until, hours, known)),
        versions=hours.versions_between(start, until),
    )


def _applied(
    start: datetime, until: datetime, hours: OpenTime, pauses: list[Pause]
) -> Iterator[AppliedPause]:
    for pause in pauses:
        if pause.end is None:
            if pause.begin <= until:
                yield AppliedPause(pause.begin, None, timedelta(0))
        elif pause.end > start and pause.begin < until:
            taken = hours.open_between(max(pause.begin, start), pause.end)
            yield AppliedPause(pause.begin, pause.end, taken)
