"""Reads what the forms for work on tickets offer."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bridge.customers.models import Contract, ContractAddress, Customer
from bridge.tickets.journal import Event
from bridge.tickets.models import JournalEntry, Ticket
from bridge.tickets.queries import UnknownTicket

# A form that was sent twice is looked for among so many of the latest tickets.
LATELY = 500


@dataclass(frozen=True)
class ContractChoice:
    """A contract in use, whose it is, and the addresses that belong to it."""

    label: str
    customer: str
    customer_number: str
    addresses: tuple[str, ...]


def contracts(session: Session) -> Sequence[ContractChoice]:
    """Return the contracts that are in use, by customer."""
    found: dict[str, ContractChoice] = {}
    statement = (
        select(Contract.label, Customer.name, Customer.number, ContractAddress.address)
        .join(Customer, Customer.id == Contract.customer_id)
        .outerjoin(ContractAddress, ContractAddress.contract_id == Contract.id)
        .where(Contract.retired_at.is_(None), Customer.retired_at.is_(None))
        .order_by(func.lower(Customer.name), Contract.id, ContractAddress.address)
    )
    for label, name, number, address in session.execute(statement):
        known = found[label].addresses if label in found else ()
        more = (address,) if address else ()
        found[label] = ContractChoice(label, name, number, (*known, *more))
    return list(found.values())


def zone_of_ticket(session: Session, number: int) -> str:
    """Return the zone of the ticket's customer, UTC where it is nobody's; raises UnknownTicket."""
    statement = select(Ticket.number, Customer.timezone).outerjoin(
        Customer, Customer.id == Ticket.customer_id
    )
    row = session.execute(statement.where(Ticket.number == number)).first()
    if row is None:
        raise UnknownTicket(f"there is no ticket {number}")
    return row[1] or "UTC"


def opened_by(session: Session, message: str) -> int | None:
    """Return the ticket that this message, or sent form, has opened lately; None: none has."""
    newest = select(func.max(Ticket.number)).scalar_subquery()
    statement = select(JournalEntry.ticket_number).where(
        JournalEntry.ticket_number > newest - LATELY,
        JournalEntry.kind == Event.OPENED.value,
        JournalEntry.data["message"].as_string() == message,
    )
    return session.scalar(statement.limit(1))
