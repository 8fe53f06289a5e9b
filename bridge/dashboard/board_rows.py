"""The rows of the board: how each ticket stands, which are shown, and in which order."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import NamedTuple

from bridge import utc
from bridge.calendars.open_time import OpenTime
from bridge.calendars.spans import Span
from bridge.dashboard.facts import ClockFact, CustomerFact, OpenTicket, PageFact
from bridge.dashboard.page_outs import PageOut, page_out
from bridge.dashboard.urgency import HoursNow, Place, Risk, Section, Standing, chosen, place

NEVER_OPEN = OpenTime(())


class Guarantee(Enum):
    """What a ticket's promise is worth. Source: docs/sla.md, "R7"."""

    GUARANTEED = "guaranteed"
    TARGET_ONLY = "target_only"
    NO_TARGET = "no_target"
    NOBODYS = "nobodys"


class Show(Enum):
    """Which tickets a visitor wants to see; the value stands in the address."""

    ALL = "all"
    WAITING = "waiting"
    MINE = "mine"
    UNASSIGNED = "unassigned"


class Worth(Enum):
    """Which guarantee a visitor wants to see; the value stands in the address."""

    ANY = ""
    GUARANTEED = "guaranteed"
    TARGET_ONLY = "target"
    NONE = "none"

    def has(self, guarantee: Guarantee) -> bool:
        """Return whether tickets with this guarantee are wanted."""
        match self:
            case Worth.ANY:
                return True
            case Worth.GUARANTEED:
                return guarantee is Guarantee.GUARANTEED
            case Worth.TARGET_ONLY:
                return guarantee is Guarantee.TARGET_ONLY
            case Worth.NONE:
                return guarantee in {Guarantee.NO_TARGET, Guarantee.NOBODYS}


class Row(NamedTuple):
    """One ticket on the board.

    clock: the unfinished clock that the row shows, else the response clock that has ended.
    standing: None where there is no unfinished clock.
    waits: nobody has answered yet.
    """

    ticket: OpenTicket
    customer: CustomerFact | None
    clock: ClockFact | None
    standing: Standing | None
    guarantee: Guarantee
    waits: bool
    place: Place

    @property
    def risk(self) -> str:
        """Return how the row stands, for its colour; the words stand in the row."""
        return self.standing.risk.value if self.standing else "none"

    @property
    def section(self) -> Section:
        """Return the part of the board in which it stands."""
        return Section(self.place[0])

    @property
    def zone(self) -> str | None:
        """Return the zone of its customer."""
        return self.customer.zone if self.customer else None


class BoardNow:
    """What all rows of a board at `now` have in common.

    hours: the calendars' open times by their id.
    """

    def __init__(
        self,
        hours: Mapping[int, OpenTime],
        customers: Mapping[int, CustomerFact],
        now: datetime,
    ) -> None:
        self._hours, self._customers, self._now = hours, customers, now
        self._hours_now: dict[int, HoursNow] = {}

    def row(self, ticket: OpenTicket) -> Row:
        """Return a ticket's row."""
        unfinished = [one for one in ticket.clocks if one.is_unfinished]
        clock, found = None, None
        if unfinished:
            standings = [self._standing(one) for one in unfinished]
            at = 0
            if len(unfinished) > 1:
                kinds = [one.kind for one in unfinished]
                at = chosen(list(zip(kinds, standings, strict=True)))
            clock, found = unfinished[at], standings[at]
        elif ticket.clocks:
            clock = ticket.clocks[-1]
        responds = any(one.kind == "response" for one in unfinished)
        waits = not ticket.is_acknowledged or responds
        return Row(
            ticket=ticket,
            customer=self._customers.get(ticket.customer_id or 0),
            clock=clock,
            standing=found,
            guarantee=_guarantee(ticket, clock),
            waits=waits,
            place=place(found, waits=waits, priority=ticket.priority, number=ticket.number),
        )

    def hours(self, calendar_id: int) -> OpenTime:
        """Return the open time of a calendar; never open where it is gone."""
        return self._hours.get(calendar_id, NEVER_OPEN)

    def _standing(self, clock: ClockFact) -> Standing:
        known = self._hours_now.get(clock.calendar_id)
        if known is None:
            known = HoursNow(self.hours(clock.calendar_id), self._now)
            self._hours_now[clock.calendar_id] = known
        target = timedelta(minutes=clock.counted_minutes)
        if clock.due_at is None or clock.state == "paused":
            return known.paused(target - self._used(clock), target)
        return known.standing(clock.due_at, target)

    def _used(self, clock: ClockFact) -> timedelta:
        pauses = [
            Span(utc.from_iso(begin), utc.from_iso(end) if end else None)
            for begin, end in clock.pauses or ()
        ]
        since = clock.counted_from or self._now
        return self.hours(clock.calendar_id).open_between(since, self._now, pauses)


def _guarantee(ticket: OpenTicket, clock: ClockFact | None) -> Guarantee:
    if clock is not None:
        return Guarantee.GUARANTEED if clock.guaranteed else Guarantee.TARGET_ONLY
    return Guarantee.NOBODYS if ticket.contract_id is None else Guarantee.NO_TARGET


def is_shown(one: Row, show: Show, staff_id: int) -> bool:
    """Return whether the visitor `staff_id` wants to see the row."""
    match show:
        case Show.ALL:
            return True
        case Show.WAITING:
            return one.waits
        case Show.MINE:
            return one.ticket.owner_id == staff_id
        case Show.UNASSIGNED:
            return one.ticket.contract_id is None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many tickets there are of each sort."""

    missed: int
    at_risk: int
    on_time: int
    without_clock: int
    in_work: int
    by_show: Mapping[Show, int]


def counts(rows: Iterable[Row], staff_id: int) -> Counts:
    """Return how many rows there are of each sort: whoever is in danger, then those that wait.

    Each row is of one sort; in_work are the others.
    """
    known = list(rows)
    sorts = Counter(map(_sort, known))
    return Counts(
        missed=sorts["missed"],
        at_risk=sorts["at_risk"],
        on_time=sorts["on_time"],
        without_clock=sorts["without_clock"],
        in_work=sorts["in_work"],
        by_show={
            Show.ALL: len(known),
            Show.WAITING: sum([one.waits for one in known]),
            Show.MINE: sum([one.ticket.owner_id == staff_id for one in known]),
            Show.UNASSIGNED: sum([one.ticket.contract_id is None for one in known]),
        },
    )


def _sort(one: Row) -> str:
    risk = one.standing.risk if one.standing else None
    if risk is Risk.MISSED or risk is Risk.AT_RISK:
        return str(risk.value)
    if not one.waits:
        return "in_work"
    return "without_clock" if risk is None else "on_time"


def page_outs(pages: Mapping[int, Sequence[PageFact]]) -> Mapping[int, PageOut]:
    """Return how the page-outs of each ticket stand, by number."""
    return {number: page_out(facts) for number, facts in pages.items()}
