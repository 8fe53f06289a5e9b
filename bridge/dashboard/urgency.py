"""How urgent a promise is now, and in which order people should look at tickets."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import Enum
from typing import NamedTuple

from bridge.calendars.open_time import OpenTime

# From this share of the promised time on, a promise is at risk. Source: docs/sla.md, "R17".
AT_RISK_PERCENT = 75
KINDS = ("response", "update", "solution")
NO_TIME = timedelta(0)
# So far ahead it is looked up once for all clocks of a calendar when it closes.
AHEAD = timedelta(days=8)


class Risk(Enum):
    """How an unfinished promise stands.

    REST: it stands still, because it is outside service hours; PAUSED: because we wait for
    somebody. rank: the order in which people should look at them.
    """

    rank: int

    def __new__(cls, value: str, rank: int) -> "Risk":
        """Make the member of this value."""
        # Because a mapping by members would have to hash each of thousands of rows in Python.
        member = object.__new__(cls)
        member._value_, member.rank = value, rank
        return member

    MISSED = "missed", 0
    AT_RISK = "at_risk", 2
    ON_TIME = "on_time", 3
    REST = "rest", 4
    PAUSED = "paused", 5


class Standing(NamedTuple):
    """How a promise stands at a moment.

    left: open time until it is due; less than zero is how long it is overdue, in all hours.
    stops_at: when service hours, and with them the clock, stop before it is due.
    resumes_at: where the clock stands still, when it runs again.
    is_near: so little is left that it is at risk, or will be as soon as it runs again.
    """

    risk: Risk
    left: timedelta
    stops_at: datetime | None = None
    resumes_at: datetime | None = None
    is_near: bool = False


def at_risk_from(target: timedelta) -> timedelta:
    """Return how much of `target` is left when a promise begins to be at risk."""
    return target * (100 - AT_RISK_PERCENT) / 100


class HoursNow:
    """The service hours of a calendar at one moment, looked up once for all clocks in them."""

    def __init__(self, hours: OpenTime, now: datetime) -> None:
        self._hours, self._now = hours, now
        begins, ends = next(hours.intervals(now, now + AHEAD), (None, None))
        self._closes_at = ends if begins == now else None
        self._resumes_at = None if self._closes_at else begins or hours.next_opening(now)

    def standing(self, due_at: datetime, target: timedelta) -> Standing:
        """Return how a promise of `target` open time, due at `due_at`, stands now.

        Exactly at its due it is not missed yet.
        """
        now, closes_at = self._now, self._closes_at
        if now > due_at:
            return Standing(Risk.MISSED, due_at - now, is_near=True)
        if closes_at is not None and due_at <= closes_at:
            left, stops_at = due_at - now, None
        else:
            left = self._hours.open_between(now, due_at)
            stops_at = self._stops_at(due_at)
        is_near = left <= at_risk_from(target)
        # With no service hours left before its due it does not rest: it is over when it is due.
        if closes_at is None and left > NO_TIME:
            return Standing(Risk.REST, left, None, self._resumes_at, is_near)
        return Standing(Risk.AT_RISK if is_near else Risk.ON_TIME, left, stops_at, is_near=is_near)

    def paused(self, left: timedelta, target: timedelta) -> Standing:
        """Return how a promise stands of which `left` remains when its pause ends."""
        return Standing(Risk.PAUSED, left, is_near=left <= at_risk_from(target))

    def _stops_at(self, due_at: datetime) -> datetime | None:
        closes_at = self._closes_at
        if closes_at is not None and closes_at >= self._now + AHEAD:
            # It is only the end of what was looked up.
            closes_at = next(closes for _, closes in self._hours.intervals(self._now, due_at))
        return closes_at if closes_at is not None and closes_at < due_at else None


def standing(due_at: datetime, target: timedelta, hours: OpenTime, now: datetime) -> Standing:
    """Return how a promise of `target` open time stands at `now`; see `HoursNow.standing`."""
    return HoursNow(hours, now).standing(due_at, target)


class Section(Enum):
    """The parts of the board, in order."""

    FIRST = 0
    WAITING = 1
    IN_WORK = 2


Place = tuple[int, int, bool, timedelta, str, int]
# Nothing was promised for it, and it is urgent all the same: right after what is overdue.
URGENT_RANK, NO_CLOCK_RANK = 1, 6


def section(found: Standing | None, *, waits: bool, priority: str) -> Section:
    """Return where on the board a ticket stands.

    First what is overdue or at risk, whoever has it, and what is urgent without any promise; then
    what waits for an answer; then what somebody has. waits: nobody has answered.
    """
    if found is not None and found.risk.rank <= Risk.AT_RISK.rank:
        return Section.FIRST
    if not waits:
        return Section.IN_WORK
    is_urgent = found is None and priority in {"P1", "P2"}
    return Section.FIRST if is_urgent else Section.WAITING


def place(found: Standing | None, *, waits: bool, priority: str, number: int) -> Place:
    """Return what sorts tickets: the one to look at first comes first.

    By section; within each: overdue before at risk before on time, then what stands still outside
    service hours, what is paused, and what has no clock. Of equal ones those that wait for an
    answer come first, then by the open time left, by priority, by number.
    """
    where = section(found, waits=waits, priority=priority)
    if found is not None:
        rank, left = found.risk.rank, found.left
    else:
        rank, left = URGENT_RANK if where is Section.FIRST else NO_CLOCK_RANK, NO_TIME
    return (where.value, rank, not waits, left, priority, number)


def chosen(standings: Sequence[tuple[str, Standing]]) -> int:
    """Return which of a ticket's unfinished clocks, by kind and standing, its row shows.

    The most urgent one; of equal ones the response before the update before the solution.
    """
    return min(range(len(standings)), key=lambda index: _urgency(*standings[index]))


def _urgency(kind: str, found: Standing) -> tuple[int, timedelta, int]:
    return found.risk.rank, found.left, KINDS.index(kind)
