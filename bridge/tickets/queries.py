"""Reads tickets and their journal."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from bridge.errors import NotFound
from bridge.tickets.models import JournalEntry, Ticket


class UnknownTicket(NotFound):
    """No ticket has this number."""


def ticket(session: Session, number: int, *, lock: bool = False) -> Ticket:
    """Return the ticket, locked until the transaction ends if asked; raises UnknownTicket."""
    found = session.get(Ticket, number, with_for_update=lock or None)
    if found is None:
        raise UnknownTicket(f"there is no ticket {number}")
    return found


def locked(session: Session, numbers: Sequence[int]) -> dict[int, Ticket]:
    """Return these tickets by number, locked in the order of their numbers."""
    chosen = select(Ticket).where(Ticket.number.in_(numbers)).order_by(Ticket.number)
    return {one.number: one for one in session.scalars(chosen.with_for_update())}


def journal(session: Session, number: int) -> Sequence[JournalEntry]:
    """Return what happened to the ticket, with its texts, in the order in which we learned it."""
    statement = (
        select(JournalEntry)
        .where(JournalEntry.ticket_number == number)
        .options(joinedload(JournalEntry.words))
        .order_by(JournalEntry.id)
    )
    return session.scalars(statement).all()
