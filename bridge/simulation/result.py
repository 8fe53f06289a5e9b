"""What a desk has to show after some time: its tickets, who was paged, and what was broken."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from bridge import utc
from bridge.api import shapes, ticket_queries
from bridge.api.forms import TicketFilter
from bridge.oncall.models import Delivery, Page, Run
from bridge.staff.models import Channel, StaffMember

AT_ONCE = 200
NEVER_LEFT = ("scheduled", "attempted", "cancelled")


@dataclass(frozen=True)
class Told:
    """One person who was paged through one channel; `at` is when it ended, or the last try."""

    at: datetime
    ticket: int
    person: str
    channel: str
    round: int | None
    step: int | None
    urgency: str
    outcome: str

    def plain(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "at": utc.iso(self.at),
            "ticket": self.ticket,
            "person": self.person,
            "channel": self.channel,
            "round": self.round,
            "step": self.step,
            "urgency": self.urgency,
            "outcome": self.outcome,
        }


@dataclass(frozen=True)
class Breach:
    """A promise that was not kept; `stopped_at` is None where it is still open."""

    ticket: int
    clock: str
    target_minutes: int
    guaranteed: bool
    due_at: datetime
    stopped_at: datetime | None

    @property
    def missed_by_seconds(self) -> float | None:
        """Return how much too late it was, by the wall clock; None where it is still open."""
        return (self.stopped_at - self.due_at).total_seconds() if self.stopped_at else None

    def plain(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "ticket": self.ticket,
            "clock": self.clock,
            "target_minutes": self.target_minutes,
            "guaranteed": self.guaranteed,
            "due_at": utc.iso(self.due_at),
            "stopped_at": utc.iso(self.stopped_at) if self.stopped_at else None,
            "missed_by": self.missed_by_seconds,
            "still_open": self.stopped_at is None,
        }


def tickets(session: Session, lowest: int = 0) -> Iterator[shapes.Ticket]:
    """Yield the tickets from the number `lowest` on as the API shows them, the newest first."""
    cursor: int | None = None
    more = True
    while more:
        found, more = ticket_queries.tickets(session, TicketFilter(cursor=cursor, limit=AT_ONCE))
        yield from (one for one in found if one.number >= lowest)
        cursor = found[-1].number if found else None
        more = more and cursor is not None and cursor > lowest


def is_missed(clock: shapes.Clock, at: datetime) -> bool:
    """Return whether the promise is broken at `at`, also where the clock still runs."""
    if clock.state == "missed":
        return True
    return clock.state == "running" and clock.due_at is not None and clock.due_at <= at


def breaches(found: Sequence[shapes.Ticket], at: datetime) -> list[Breach]:
    """Return the promises of these tickets that are broken at `at`, the earliest due first."""
    broken = [
        Breach(
            ticket=ticket.number,
            clock=clock.kind,
            target_minutes=clock.target_minutes,
            guaranteed=clock.guaranteed,
            due_at=clock.due_at,
            stopped_at=clock.stopped_at,
        )
        for ticket in found
        for clock in ticket.clocks
        if clock.due_at is not None and is_missed(clock, at)
    ]
    return sorted(broken, key=lambda one: (one.due_at, one.ticket))


def pages(session: Session, lowest: int = 0) -> list[Told]:
    """Return what left the house to page somebody, in order of time.

    lowest: only about tickets from this number on.
    """
    rows = session.execute(_pages().where(Run.ticket_number >= lowest))
    return sorted((Told(**row) for row in rows.mappings()), key=lambda one: (one.at, one.ticket))


def _pages() -> Select[*tuple[Any, ...]]:
    return (
        select(
            func.coalesce(Delivery.finished_at, Delivery.due_at).label("at"),
            Run.ticket_number.label("ticket"),
            StaffMember.label.label("person"),
            Channel.label.label("channel"),
            Page.round,
            Page.step,
            Page.urgency,
            Delivery.state.label("outcome"),
        )
        .join(Page, Delivery.page_id == Page.id)
        .join(Run, Page.run_id == Run.id)
        .join(StaffMember, Page.staff_id == StaffMember.id)
        .join(Channel, Delivery.channel_id == Channel.id)
        .where(Delivery.state.not_in(NEVER_LEFT))
        .order_by(Delivery.id)
    )
