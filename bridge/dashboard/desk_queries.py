"""Reads how the desk is doing, and who may look at it: one statement for each thing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, literal_column, select
from sqlalchemy.orm import Session

from bridge.customers.models import Customer
from bridge.dashboard.trouble import Pulse, SourceFact
from bridge.heartbeats.models import Heartbeat
from bridge.icinga import queries as icinga
from bridge.inbox.models import FAILED, WAITING, InboxEntry
from bridge.outbox.models import OutboxEntry
from bridge.sla.models import Clock
from bridge.staff.models import Credential, StaffMember
from bridge.tickets.models import JournalEntry, Ticket


@dataclass(frozen=True)
class PersonRow:
    """A person of ours who can log in."""

    id: int
    label: str
    name: str
    language: str
    roles: list[str]
    changed_at: datetime


def person(session: Session, staff_id: int) -> PersonRow | None:
    """Return the person with this id, or None where they cannot log in (any more)."""
    row = session.execute(
        select(
            StaffMember.id,
            StaffMember.label,
            StaffMember.name,
            StaffMember.language,
            StaffMember.roles,
            Credential.changed_at,
        )
        .join(Credential, Credential.staff_id == StaffMember.id)
        .where(StaffMember.id == staff_id, StaffMember.retired_at.is_(None))
    ).first()
    return PersonRow(*row) if row else None


@dataclass(frozen=True, slots=True)
class MonthFact:
    """How many guaranteed promises of the month were kept, and how many missed."""

    kept: int
    missed: int


def zones_of_customers(session: Session) -> list[str]:
    """Return the zones that customers have, each once."""
    return list(session.scalars(select(Customer.timezone).distinct().order_by(Customer.timezone)))


def month(session: Session, begins: Mapping[str, datetime], now: datetime) -> MonthFact:
    """Return how the guaranteed clocks of this month ended; one past its due is missed already.

    begins: when the month began in each customer's zone. A clock belongs to the month in which
    it stopped or was due, whichever is earlier. Source: docs/sla.md, "The SLA pages and report".
    """
    if not begins:
        return MonthFact(0, 0)
    ended = case(
        (Clock.stopped_at.is_(None) | (Clock.stopped_at > Clock.due_at), Clock.due_at),
        else_=Clock.stopped_at,
    )
    began = case(*((Customer.timezone == zone, at) for zone, at in begins.items()))
    overdue = (Clock.state == "running") & (Clock.due_at < now)
    kept = func.coalesce(func.sum(case((Clock.state == "kept", 1), else_=0)), 0)
    missed = func.coalesce(func.sum(case(((Clock.state == "missed") | overdue, 1), else_=0)), 0)
    statement = (
        select(kept, missed)
        .select_from(Clock)
        .join(Ticket, Ticket.number == Clock.ticket_number)
        .join(Customer, Customer.id == Ticket.customer_id)
        # The due time is never before the earlier of the two, and may be looked up in an index.
        .where(Clock.due_at >= min(begins.values()), Clock.guaranteed, ended >= began)
    )
    return MonthFact(*session.execute(statement).one())


def pulse(session: Session, now: datetime) -> Pulse:
    """Return the desk's pulse; each part of it comes out of an index."""

    def beat(kind: str) -> Any:
        newest = select(func.max(Heartbeat.beat_at)).where(Heartbeat.kind == kind)
        return newest.scalar_subquery()

    failed = select(func.count(InboxEntry.id)).where(InboxEntry.state == FAILED)
    waiting = select(func.min(InboxEntry.received_at)).where(InboxEntry.state == WAITING)
    due = select(func.min(OutboxEntry.due_at)).where(
        literal_column("outbox.state IN ('waiting', 'claimed')"), OutboxEntry.due_at <= now
    )
    row = session.execute(
        select(
            select(func.max(JournalEntry.id)).scalar_subquery(),
            beat("worker"),
            beat("courier"),
            failed.scalar_subquery(),
            waiting.scalar_subquery(),
            due.scalar_subquery(),
        )
    ).one()
    return Pulse(*row)


def sources(session: Session) -> list[SourceFact]:
    """Return the Icingas that can be asked, by label."""
    return [
        SourceFact(one.label, one.reconciled_at, one.reconcile_error)
        for one in icinga.sources(session)
        if one.document.get("api")
    ]
