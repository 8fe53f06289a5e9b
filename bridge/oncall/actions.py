"""Begins escalations, and claims those in which something is due."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge import database
from bridge.oncall.models import Run
from bridge.tickets.models import Ticket

LIVE, ACKNOWLEDGED, HELD, ENDED = "live", "acknowledged", "held", "ended"


def begin_run(session: Session, ticket_number: int, policy_version_id: int, now: datetime) -> Run:
    """Add an escalation; what it waits for is decided next."""
    run = Run(
        ticket_number=ticket_number,
        policy_version_id=policy_version_id,
        generation=1,
        state=LIVE,
        started_at=now,
        round=0,
        step=0,
    )
    session.add(run)
    return run


def due_runs(session: Session, now: datetime, limit: int) -> Sequence[Run]:
    """Return the runs in which something is due, locked with their tickets, the longest due first.

    One that somebody else works on, or whose ticket somebody else has, is left for the next time.
    """
    # With their tickets, which everybody else locks before the runs: who did it the other way
    # round would wait for somebody who waits for him.
    statement = (
        select(Run)
        .join(Ticket, Ticket.number == Run.ticket_number)
        .where(Run.next_due_at <= now)
        .order_by(Run.next_due_at, Run.id)
        .limit(limit)
        .with_for_update(**database.skip_locked(session))
    )
    return session.scalars(statement).all()
