"""Opens tickets, changes their state, and writes their journal."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge import database, utc
from bridge.tickets.journal import Actor, Event
from bridge.tickets.lifecycle import TicketState, must_follow
from bridge.tickets.models import JournalEntry, JournalText, NumberRange, Ticket

RANGE = "tickets"
TITLE_LIMIT = 300


@dataclass(frozen=True)
class NewTicket:
    """What a ticket is opened with; `opened_at` is when its clocks begin."""

    title: str
    ticket_class: str
    priority: str
    source: str
    opened_at: datetime
    customer_id: int | None = None
    contract_id: int | None = None
    address: str | None = None
    follows_number: int | None = None


def number_range(session: Session) -> NumberRange:
    """Return the tickets' numbers, locked until the transaction ends."""
    return session.get_one(NumberRange, RANGE, with_for_update=True)


def next_number(numbers: NumberRange, first: int) -> int:
    """Return a ticket number nobody else has, and none below `first`."""
    number = max(numbers.next_number, first)
    numbers.next_number = number + 1
    return number


def open_ticket(session: Session, number: int, new: NewTicket, now: datetime) -> Ticket:
    """Add an open ticket with this number; the caller writes the journal."""
    ticket = Ticket(
        number=number,
        title=new.title[:TITLE_LIMIT],
        state=TicketState.OPEN.value,
        ticket_class=new.ticket_class,
        priority=new.priority,
        customer_id=new.customer_id,
        contract_id=new.contract_id,
        address=new.address,
        source=new.source,
        follows_number=new.follows_number,
        created_at=now,
        opened_at=new.opened_at,
        updated_at=now,
    )
    session.add(ticket)
    return ticket


def plain(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return an entry's data as the journal keeps it, moments as texts."""
    return {k: utc.iso(v) if isinstance(v, datetime) else v for k, v in data.items()}


def write(
    session: Session,
    ticket: Ticket,
    event: Event,
    actor: Actor,
    at: datetime,
    now: datetime,
    data: Mapping[str, Any] | None = None,
    text: str = "",
) -> None:
    """Add an entry to the ticket's journal: `event` happened at `at`, and is recorded `now`.

    data: what the clocks and ladders can be computed from again; moments as `utc.iso` texts.
    text: what somebody wrote; kept apart, so that it can be erased.
    """
    entry = JournalEntry(
        ticket_number=ticket.number,
        at=at,
        recorded_at=now,
        kind=event.value,
        actor=actor.key,
        data=plain(data or {}),
    )
    if text or actor.name:
        entry.words = JournalText(author=actor.name, text=text)
    session.add(entry)
    ticket.updated_at = now


def change_state(ticket: Ticket, state: TicketState, at: datetime) -> None:
    """Move the ticket to `state`; raises WrongState where that may not follow."""
    must_follow(TicketState(ticket.state), state, ticket.reference)
    ticket.state = state.value
    match state:
        case TicketState.RESOLVED:
            ticket.resolved_at = at
        case TicketState.CLOSED | TicketState.MERGED:
            ticket.closed_at, ticket.close_due_at = at, None
        case TicketState.OPEN | TicketState.WAITING:
            ticket.resolved_at = ticket.closed_at = ticket.close_due_at = None
    if state is not TicketState.WAITING:
        ticket.waiting_for = ticket.waiting_until = None


def acknowledge(ticket: Ticket, by: str, owner_id: int | None, at: datetime) -> None:
    """Write down on the ticket who has it; `by` is the name people are shown."""
    ticket.acknowledged_at, ticket.acknowledged_by = at, by
    if owner_id is not None:
        ticket.owner_id = owner_id


def unacknowledge(ticket: Ticket) -> None:
    """Take back that somebody has the ticket; the owner stays, as the one who knows most."""
    ticket.acknowledged_at = ticket.acknowledged_by = None


def due_to_close(session: Session, now: datetime, limit: int) -> list[Ticket]:
    """Return resolved tickets whose quiet time is over, locked, the longest due first.

    One that somebody else has is left for the next time: others lock tickets by their numbers.
    """
    statement = (
        select(Ticket)
        .where(Ticket.close_due_at <= now, Ticket.state == TicketState.RESOLVED.value)
        .order_by(Ticket.close_due_at)
        .limit(limit)
        .with_for_update(**database.skip_locked(session))
    )
    return list(session.scalars(statement))


def due_to_go_on(session: Session, now: datetime, limit: int) -> list[Ticket]:
    """Return the tickets that waited until a moment that has come, locked, the longest due first.

    One that somebody else has is left for the next time, as in `due_to_close`.
    """
    statement = (
        select(Ticket)
        .where(Ticket.waiting_until <= now, Ticket.state == TicketState.WAITING.value)
        .order_by(Ticket.waiting_until)
        .limit(limit)
        .with_for_update(**database.skip_locked(session))
    )
    return list(session.scalars(statement))
