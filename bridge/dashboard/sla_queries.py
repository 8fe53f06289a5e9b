"""Reads what the morning page shows besides the open tickets: one statement for each thing."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from bridge.dashboard.missed import TELLING, Happening, MissedFact
from bridge.sla.models import Clock, Verification
from bridge.tickets.models import JournalEntry, JournalText, Ticket


class VerificationFact(NamedTuple):
    """The last comparison of all clocks with the journal."""

    began_at: datetime
    ended_at: datetime
    tickets: int
    clocks: int
    differences: int


def _missed(since: datetime, now: datetime) -> ColumnElement[bool]:
    """Return the condition of clocks that became missed from `since` on."""
    overdue = Clock.state.in_(("running", "paused")) & (Clock.due_at < now)
    # A missed clock falls on its due time, which is in an index of all clocks under this name.
    return (
        (Clock.falls_at >= since) & (Clock.falls_at < now) & ((Clock.state == "missed") | overdue)
    )


def missed(session: Session, since: datetime, limit: int, now: datetime) -> list[MissedFact]:
    """Return the clocks that became missed from `since` on: guaranteed first, the latest first."""
    statement = (
        select(
            Ticket.number,
            Ticket.title,
            Clock.customer_id,
            Clock.priority,
            Clock.kind,
            Clock.nth,
            Clock.rule,
            Clock.guaranteed,
            Clock.due_at,
            Clock.stopped_at,
            Clock.frozen["ended_by"].as_string(),
        )
        .join(Ticket, Ticket.number == Clock.ticket_number)
        .where(_missed(since, now))
        .order_by(Clock.guaranteed.desc(), Clock.due_at.desc(), Clock.id)
        .limit(limit)
    )
    return [MissedFact._make(row) for row in session.execute(statement)]


def count_missed(session: Session, since: datetime, now: datetime) -> int:
    """Return how many clocks became missed from `since` on."""
    return session.scalar(select(func.count(Clock.id)).where(_missed(since, now))) or 0


def happenings(session: Session, numbers: Iterable[int]) -> Mapping[int, Sequence[Happening]]:
    """Return what may tell why a promise was missed, by ticket number, in order."""
    statement = (
        select(
            JournalEntry.ticket_number,
            JournalEntry.at,
            JournalEntry.kind,
            JournalEntry.actor,
            JournalEntry.data,
            JournalText.author,
        )
        .outerjoin(JournalText, JournalText.entry_id == JournalEntry.id)
        .where(JournalEntry.ticket_number.in_(list(numbers)), JournalEntry.kind.in_(TELLING))
        .order_by(JournalEntry.ticket_number, JournalEntry.id)
    )
    found = (Happening(*row) for row in session.execute(statement))
    return {number: list(same) for number, same in groupby(found, key=lambda one: one.number)}


def last_verification(session: Session) -> VerificationFact | None:
    """Return the last finished comparison of all clocks with the journal; None before any."""
    row = session.execute(
        select(
            Verification.began_at,
            Verification.ended_at,
            Verification.tickets,
            Verification.clocks,
            Verification.differences,
        )
        .where(Verification.ended_at.is_not(None))
        .order_by(Verification.ended_at.desc(), Verification.id.desc())
        .limit(1)
    ).first()
    return VerificationFact._make(row) if row else None
