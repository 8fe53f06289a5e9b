"""The rows of the board: how each ticket stands, which are shown, and in which order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from bridge.calendars.open_time import OpenTime
from bridge.dashboard.facts import ClockFact, PageFact, TicketFact
from bridge.dashboard.page_outs import PageOut, page_out
from bridge.dashboard.urgency import Place, Risk, Standing, chosen_kind, place, standing

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


@dataclass(frozen=True, slots=True)
class Row:
    """One ticket on the board.

    clock: the running clock that the row shows, else the response clock that has ended.
    standing: None where that clock does not run.
    waits: nobody has answered yet.
    """

    ticket: TicketFact
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
    def is_on_time(self) -> bool:
        """Return whether a clock runs, or rests, without danger."""
        return self.standing is not None and self.standing.risk in {Risk.ON_TIME, Risk.REST}


def _shown_clock(clocks: Sequence[ClockFact]) -> ClockFact | None:
    running = {clock.kind: clock for clock in clocks if clock.stopped_at is None}
    kind = chosen_kind(list(running))
    if kind is not None:
        return running[kind]
    return next((clock for clock in reversed(clocks) if clock.kind == "response"), None)


def _guarantee(ticket: TicketFact, clock: ClockFact | None) -> Guarantee:
    if clock is not None:
        return Guarantee.GUARANTEED if clock.guaranteed else Guarantee.TARGET_ONLY
    return Guarantee.NOBODYS if ticket.contract_id is None else Guarantee.NO_TARGET


def row(ticket: TicketFact, hours: Mapping[int, OpenTime], now: datetime) -> Row:
    """Return a ticket's row at `now`; `hours` are the calendars' open times by their id."""
    clock = _shown_clock(ticket.clocks)
    found = None
    if clock is not None and clock.stopped_at is None:
        target = timedelta(minutes=clock.counted_minutes)
        found = standing(clock.due_at, target, hours.get(clock.calendar_id, NEVER_OPEN), now)
    responds = clock is not None and clock.kind == "response" and found is not None
    waits = ticket.acknowledged_at is None or responds
    return Row(
        ticket=ticket,
        clock=clock,
        standing=found,
        guarantee=_guarantee(ticket, clock),
        waits=waits,
        place=place(found, waits=waits, priority=ticket.priority, since=ticket.opened_at),
    )


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
    """Return how many rows there are of each sort; the first four only of those that wait."""
    known = list(rows)
    waiting = [one for one in known if one.waits]

    def of(risk: Risk) -> int:
        return sum(one.risk == risk.value for one in waiting)

    return Counts(
        missed=of(Risk.MISSED),
        at_risk=of(Risk.AT_RISK),
        on_time=of(Risk.ON_TIME) + of(Risk.REST),
        without_clock=sum(one.standing is None for one in waiting),
        in_work=len(known) - len(waiting),
        by_show={show: sum(is_shown(one, show, staff_id) for one in known) for show in Show},
    )


def page_outs(pages: Mapping[int, Sequence[PageFact]]) -> Mapping[int, PageOut]:
    """Return how the page-outs of each ticket stand, by number."""
    return {number: page_out(facts) for number, facts in pages.items()}
