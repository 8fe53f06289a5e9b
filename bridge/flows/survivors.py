"""Tickets that went into others: what is said about them is about the one that is left."""

from sqlalchemy.orm import Session

from bridge.tickets import queries
from bridge.tickets.models import Ticket


def locked(session: Session, number: int) -> Ticket:
    """Return the ticket, or the one it went into, locked; raises UnknownTicket."""
    while True:
        # Only the last one is locked, so that nobody holds two who waits for a third.
        ticket = queries.ticket(session, queries.survivor(session, number), lock=True)
        if ticket.merged_into is None:
            return ticket
        number = ticket.merged_into
