"""Begins, holds and ends escalations, and writes down whom they page."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge import database
from bridge.oncall.models import Delivery, Page, Run
from bridge.tickets.models import Ticket

LIVE, ACKNOWLEDGED, HELD, ENDED = "live", "acknowledged", "held", "ended"


def begin_run(
    session: Session,
    ticket_number: int,
    policy_version_id: int,
    due_at: datetime | None,
    now: datetime,
) -> Run:
    """Begin an escalation whose first step fires at `due_at`; None holds it until resumed."""
    run = Run(
        ticket_number=ticket_number,
        policy_version_id=policy_version_id,
        generation=1,
        state=LIVE if due_at else HELD,
        started_at=now,
        round=0,
        step=0,
        next_due_at=due_at,
    )
    session.add(run)
    return run


def end_run(run: Run, reason: str, now: datetime) -> None:
    """End an escalation for good."""
    run.state, run.next_due_at = ENDED, None
    run.ended_at, run.end_reason = now, reason


def acknowledge_run(run: Run) -> None:
    """Stop paging because somebody has the ticket."""
    run.state, run.next_due_at = ACKNOWLEDGED, None


def hold_run(run: Run) -> None:
    """Stop paging for as long as a downtime lasts."""
    run.state, run.next_due_at = HELD, None


def resume_run(run: Run, due_at: datetime) -> None:
    """Start from the first step again; everything scheduled before is void."""
    run.state, run.next_due_at = LIVE, due_at
    run.round = run.step = 0
    run.generation += 1


def due_runs(session: Session, now: datetime, limit: int) -> Sequence[Run]:
    """Return the runs whose next step is due, locked with their tickets, the longest due first.

    One that somebody else works on, or whose ticket somebody else has, is left for the next time.
    """
    # With their tickets, which everybody else locks before the runs: who did it the other way
    # round would wait for somebody who waits for him.
    statement = (
        select(Run)
        .join(Ticket, Ticket.number == Run.ticket_number)
        .where(Run.state == LIVE, Run.next_due_at <= now)
        .order_by(Run.next_due_at, Run.id)
        .limit(limit)
        .with_for_update(**database.skip_locked(session))
    )
    return session.scalars(statement).all()


def unclaimed(session: Session, runs: Iterable[Run]) -> list[int]:
    """Return the ids of the outbox entries that these runs have scheduled and that may wait."""
    statement = (
        select(Delivery.outbox_id)
        .join(Page, Delivery.page_id == Page.id)
        .where(
            Page.run_id.in_([run.id for run in runs]),
            Delivery.state.in_(("scheduled", "failed_for_now", "maybe")),
            Delivery.outbox_id.is_not(None),
        )
    )
    return [one for one in session.scalars(statement) if one is not None]


def cancelled(session: Session, outbox_ids: Sequence[int], now: datetime) -> None:
    """Write down that the deliveries of these outbox entries will not be made."""
    if outbox_ids:
        statement = select(Delivery).where(Delivery.outbox_id.in_(outbox_ids))
        for delivery in session.scalars(statement):
            delivery.state, delivery.finished_at = "cancelled", now
