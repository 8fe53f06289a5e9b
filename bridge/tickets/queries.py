"""Reads tickets and their journal."""

from collections.abc import Iterable, Sequence

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


def survivor(session: Session, number: int) -> int:
    """Return the number of the ticket that this one went into, at last; its own where none."""
    while True:
        into = session.scalar(select(Ticket.merged_into).where(Ticket.number == number))
        if into is None:
            return number
        number = into


def followers(session: Session, number: int) -> Sequence[int]:
    """Return the numbers of the tickets that go on from this one."""
    chosen = select(Ticket.number).where(Ticket.follows_number == number)
    return session.scalars(chosen.order_by(Ticket.number)).all()


def survivors_of(session: Session, numbers: Iterable[int]) -> set[int]:
    """Return the numbers of the tickets that some of these went into, straight away."""
    chosen = select(Ticket.merged_into).where(Ticket.number.in_(list(numbers)))
    return {one for one in session.scalars(chosen.where(Ticket.merged_into.is_not(None))) if one}


def absorbed(session: Session, numbers: Sequence[int]) -> dict[int, list[int]]:
    """Return which tickets went into these at last, by the number of the one that is left."""
    into: dict[int, int] = {}
    new = list(numbers)
    while new:
        statement = select(Ticket.number, Ticket.merged_into).where(Ticket.merged_into.in_(new))
        rows = [(number, target) for number, target in session.execute(statement) if target]
        new = [number for number, _ in rows if number not in into]
        into |= dict(rows)
    found: dict[int, list[int]] = {}
    for number in into:
        last = number
        while last in into:
            last = into[last]
        found.setdefault(last, []).append(number)
    return found


def journal(session: Session, number: int) -> Sequence[JournalEntry]:
    """Return what happened to the ticket, with its texts, in the order in which we learned it."""
    statement = (
        select(JournalEntry)
        .where(JournalEntry.ticket_number == number)
        .options(joinedload(JournalEntry.words))
        .order_by(JournalEntry.id)
    )
    return session.scalars(statement).all()
