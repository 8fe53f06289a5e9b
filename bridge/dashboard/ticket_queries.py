"""Reads what the page of one ticket shows, and what lies in the inbox: one statement each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from bridge.customers.models import Contract, Customer
from bridge.icinga.models import Problem, TicketProblem
from bridge.inbox.models import DONE, InboxEntry
from bridge.sla.models import Clock
from bridge.staff.models import StaffMember
from bridge.tickets.models import JournalEntry, JournalText, Ticket
from bridge.tickets.queries import UnknownTicket


@dataclass(frozen=True, slots=True)
class TicketHead:
    """A ticket and what other rooms know of it, whole.

    is_still_there: the problem has not recovered, as far as we have heard.
    """

    number: int
    title: str
    state: str
    ticket_class: str
    priority: str
    source: str
    address: str | None
    owner_id: int | None
    owner_name: str | None
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    opened_at: datetime
    created_at: datetime
    resolved_at: datetime | None
    closed_at: datetime | None
    close_due_at: datetime | None
    follows_number: int | None
    parent_number: int | None
    merged_into: int | None
    contract_id: int | None
    contract_label: str | None
    customer_number: str | None
    customer_name: str | None
    zone: str | None
    host: str | None
    service: str | None
    problem_state: str | None
    output: str
    in_icinga: str | None
    in_downtime: bool
    flapping: bool
    is_still_there: bool
    clocks: tuple[Clock, ...]


HEAD = (
    Ticket.number,
    Ticket.title,
    Ticket.state,
    Ticket.ticket_class,
    Ticket.priority,
    Ticket.source,
    Ticket.address,
    Ticket.owner_id,
    StaffMember.name,
    Ticket.acknowledged_at,
    Ticket.acknowledged_by,
    Ticket.opened_at,
    Ticket.created_at,
    Ticket.resolved_at,
    Ticket.closed_at,
    Ticket.close_due_at,
    Ticket.follows_number,
    Ticket.parent_number,
    Ticket.merged_into,
    Ticket.contract_id,
    Contract.label,
    Customer.number,
    Customer.name,
    Customer.timezone,
    Problem.host,
    Problem.service,
    TicketProblem.state,
    func.coalesce(TicketProblem.output, ""),
    TicketProblem.acknowledgement,
    func.coalesce(Problem.in_downtime, False),
    func.coalesce(Problem.flapping, False),
    func.coalesce(Problem.open_ticket == Ticket.number, False),
)


def _head(number: int) -> Select[*tuple[Any, ...]]:
    return (
        select(*HEAD, Clock)
        .outerjoin(StaffMember, StaffMember.id == Ticket.owner_id)
        .outerjoin(Contract, Contract.id == Ticket.contract_id)
        .outerjoin(Customer, Customer.id == Ticket.customer_id)
        .outerjoin(TicketProblem, TicketProblem.ticket_number == Ticket.number)
        .outerjoin(Problem, Problem.id == TicketProblem.problem_id)
        .outerjoin(Clock, Clock.ticket_number == Ticket.number)
        .where(Ticket.number == number)
        .order_by(Clock.started_at, Clock.id)
    )


def head(session: Session, number: int) -> TicketHead:
    """Return the ticket with its clocks in the order in which they began; raises UnknownTicket."""
    rows = session.execute(_head(number)).all()
    if not rows:
        raise UnknownTicket(f"there is no ticket {number}")
    clocks = tuple(row[len(HEAD)] for row in rows if row[len(HEAD)] is not None)
    values = rows[0][: len(HEAD)]
    return TicketHead(*values, clocks)  # type: ignore[call-arg]


@dataclass(frozen=True, slots=True)
class JournalFact:
    """One thing that happened to a ticket; `author` is set where it was none of ours."""

    id: int
    at: datetime
    recorded_at: datetime
    kind: str
    actor: str
    data: Mapping[str, Any]
    author: str | None
    text: str


def journal(session: Session, number: int) -> Sequence[JournalFact]:
    """Return what happened to the ticket, the latest first."""
    statement = (
        select(
            JournalEntry.id,
            JournalEntry.at,
            JournalEntry.recorded_at,
            JournalEntry.kind,
            JournalEntry.actor,
            JournalEntry.data,
            JournalText.author,
            func.coalesce(JournalText.text, ""),
        )
        .outerjoin(JournalText, JournalText.entry_id == JournalEntry.id)
        .where(JournalEntry.ticket_number == number)
        .order_by(JournalEntry.id.desc())
    )
    return [JournalFact(*row) for row in session.execute(statement)]


def last_journal_id(session: Session, number: int) -> int | None:
    """Return the newest entry of the ticket's journal; it changes with everything that happens."""
    statement = select(func.max(JournalEntry.id)).where(JournalEntry.ticket_number == number)
    return session.scalar(statement)


def names(session: Session) -> Mapping[int, str]:
    """Return the names of our people by their ids, of those who have left too."""
    return {row.id: row.name for row in session.execute(select(StaffMember.id, StaffMember.name))}


def newest_done(session: Session, limit: int) -> Sequence[InboxEntry]:
    """Return the entries of the inbox that were processed last, the latest first."""
    statement = (
        select(InboxEntry)
        .where(InboxEntry.state == DONE)
        .order_by(InboxEntry.id.desc())
        .limit(limit)
    )
    return session.scalars(statement).all()
