"""Reads how the desk is doing, and who may look at it: one statement for each thing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, literal_column, select
from sqlalchemy.orm import Session

from bridge.customers.models import Customer
from bridge.dashboard.month import Tally
from bridge.dashboard.trouble import LOST_LATELY, MailFact, Pulse, SourceFact
from bridge.flows.deliver_mail import NOT_CONFIGURED
from bridge.heartbeats.models import Heartbeat
from bridge.icinga import queries as icinga
from bridge.inbox.models import FAILED, WAITING, InboxEntry
from bridge.mail import queries as mails
from bridge.outbox.models import PATIENT, OutboxEntry
from bridge.sla.models import Clock, Verification
from bridge.staff.models import Credential, StaffMember
from bridge.tickets.models import JournalEntry


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


def month(session: Session, begins: Mapping[str, datetime], now: datetime) -> Mapping[int, Tally]:
    """Return how the guaranteed clocks of this month ended, by customer id.

    One past its due is missed already. begins: when the month began in each customer's zone. A
    clock belongs to the month in which it stopped or was due, whichever is earlier.
    Source: docs/sla.md, "The SLA pages and report".
    """
    if not begins:
        return {}
    began = case(*((Customer.timezone == zone, at) for zone, at in begins.items()))
    overdue = Clock.state.in_(("running", "paused")) & (Clock.due_at < now)
    kept = func.sum(case((Clock.state == "kept", 1), else_=0))
    missed = func.sum(case(((Clock.state == "missed") | overdue, 1), else_=0))
    statement = (
        select(Clock.customer_id, kept, missed)
        .join(Customer, Customer.id == Clock.customer_id)
        .where(
            Clock.falls_at >= min(begins.values()),
            Clock.falls_at <= now,
            Clock.guaranteed,
            Clock.falls_at >= began,
        )
        .group_by(Clock.customer_id)
    )
    return {row[0]: Tally(row[1], row[2]) for row in session.execute(statement)}


def pulse(session: Session, now: datetime) -> Pulse:
    """Return the desk's pulse; each part of it comes out of an index."""

    def beat(kind: str) -> Any:
        newest = select(func.max(Heartbeat.beat_at)).where(Heartbeat.kind == kind)
        return newest.scalar_subquery()

    def proved(what: Any) -> Any:
        ended = select(what).where(Verification.ended_at.is_not(None))
        return ended.order_by(Verification.id.desc()).limit(1).scalar_subquery()

    failed = select(func.count(InboxEntry.id)).where(InboxEntry.state == FAILED)
    waiting = select(func.min(InboxEntry.received_at)).where(InboxEntry.state == WAITING)
    due = select(func.min(OutboxEntry.due_at)).where(
        literal_column("outbox.state IN ('waiting', 'claimed')"),
        OutboxEntry.due_at <= now,
        OutboxEntry.door.not_in(PATIENT),
    )
    row = session.execute(
        select(
            select(func.max(JournalEntry.id)).scalar_subquery(),
            beat("worker"),
            beat("courier"),
            failed.scalar_subquery(),
            waiting.scalar_subquery(),
            due.scalar_subquery(),
            proved(Verification.differences),
            proved(Verification.ended_at),
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


def mail(session: Session, now: datetime) -> MailFact:
    """Return what of our mails has not arrived, for now or for good."""
    lost = mails.lost_count(session, now - LOST_LATELY)
    held = mails.held(session, now)
    if held is None:
        return MailFact(lost=lost)
    is_configured = held.reason not in NOT_CONFIGURED
    return MailFact(held.count, held.since, held.reason, is_configured, lost)
