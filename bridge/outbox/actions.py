"""Queues what has to leave, claims it for delivery, and writes down how it went."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Update, select, update
from sqlalchemy.orm import Session

from bridge import database
from bridge.outbox import backoff, queries
from bridge.outbox.models import (
    ACCEPTED,
    CANCELLED,
    CLAIMED,
    FAILED,
    WAITING,
    OutboxEntry,
)
from bridge.outbox.outcome import Delivered, Outcome

# By so much a lease is ended in the past: it is over by the clock of every node.
LONG_OVER = timedelta(minutes=1)
INTERRUPTED = Delivered(Outcome.MAYBE, "interrupted; it may have arrived")


@dataclass(frozen=True)
class Claim:
    """The right to deliver one entry until the lease ends.

    generation: outcomes are recorded only while it is still the entry's.
    repeat: an earlier try may have arrived.
    """

    entry_id: int
    generation: int
    door: str
    payload: dict[str, Any]
    repeat: bool


def queue(
    session: Session,
    door: str,
    key: str,
    payload: dict[str, Any],
    ticket_number: int | None,
    now: datetime,
    due_at: datetime | None = None,
) -> OutboxEntry:
    """Add what has to leave when this transaction has been committed, at `due_at` or at once.

    key: names this one delivery for ever; a second entry with it breaks a constraint.
    """
    entry = OutboxEntry(
        door=door,
        key=key,
        payload=payload,
        ticket_number=ticket_number,
        created_at=now,
        due_at=due_at or now,
        state=WAITING,
        attempts=0,
        maybes=0,
        generation=0,
    )
    session.add(entry)
    return entry


def claim(
    session: Session,
    courier: str,
    limit: int,
    lease: timedelta,
    now: datetime,
    doors: Sequence[str] | None = None,
) -> list[Claim]:
    """Claim up to `limit` entries that are due, the longest due first, of these doors or of all.

    What was claimed and left is not among them: it goes through `take_over` first.
    """
    entries = session.scalars(
        select(OutboxEntry)
        .where(queries.is_free(now, doors))
        .order_by(OutboxEntry.due_at, OutboxEntry.id)
        .limit(limit)
        .with_for_update(**database.skip_locked(session))
    ).all()
    for entry in entries:
        entry.state, entry.claimed_by, entry.lease_until = CLAIMED, courier, now + lease
        entry.generation += 1
        entry.attempts += 1
    return [_claim(entry) for entry in entries]


def take_over(
    session: Session, courier: str, limit: int, lease: timedelta, now: datetime
) -> list[Claim]:
    """Take up to `limit` entries whose lease ran out from couriers that are gone or stuck.

    They are to be recorded as INTERRUPTED in the same transaction, and not to be delivered: who
    had them may have delivered them and died before it could say so. From here on whatever that
    one still says about them counts no more. Source: docs/oncall.md, "R14".
    """
    entries = session.scalars(
        select(OutboxEntry)
        .where(queries.is_left(now))
        .order_by(OutboxEntry.due_at, OutboxEntry.id)
        .limit(limit)
        .with_for_update(**database.skip_locked(session))
    ).all()
    for entry in entries:
        entry.claimed_by, entry.lease_until = courier, now + lease
        entry.generation += 1
    return [_claim(entry) for entry in entries]


def _claim(entry: OutboxEntry) -> Claim:
    return Claim(entry.id, entry.generation, entry.door, entry.payload, entry.maybes > 0)


def _end(entry: OutboxEntry, state: str, reason: str, now: datetime) -> None:
    entry.state, entry.reason, entry.finished_at = state, reason[:500], now
    entry.lease_until = None


def record(
    session: Session, entry_id: int, generation: int, delivered: Delivered, now: datetime
) -> OutboxEntry | None:
    """Write down how one delivery went, as `record_all` does."""
    return record_all(session, [(entry_id, generation, delivered)], now).get(entry_id)


def record_all(
    session: Session, ended: Sequence[tuple[int, int, Delivered]], now: datetime
) -> dict[int, OutboxEntry]:
    """Write down how deliveries (id, generation, outcome) went, and plan the next tries.

    Returns their entries by id, without those whose lease has passed to somebody else or which
    are over: what this courier knows of them is no longer what counts, and changes nothing.
    """
    locked = (
        select(OutboxEntry)
        .where(OutboxEntry.id.in_([entry_id for entry_id, _, _ in ended]))
        .order_by(OutboxEntry.id)
        .with_for_update()
    )
    entries = {entry.id: entry for entry in session.scalars(locked)}
    recorded = {}
    for entry_id, generation, delivered in ended:
        entry = entries.get(entry_id)
        if entry is not None and entry.generation == generation and entry.state == CLAIMED:
            _record(entry, delivered, now)
            recorded[entry_id] = entry
    return recorded


def _record(entry: OutboxEntry, delivered: Delivered, now: datetime) -> None:
    if delivered.outcome is Outcome.ACCEPTED:
        _end(entry, ACCEPTED, delivered.reason, now)
        return
    entry.maybes += delivered.outcome is Outcome.MAYBE
    pause = backoff.next_try(
        entry.door, delivered.outcome, entry.attempts, entry.maybes, delivered.retry_after_seconds
    )
    if pause is None:
        _end(entry, FAILED, delivered.reason, now)
    else:
        entry.state, entry.due_at, entry.reason = WAITING, now + pause, delivered.reason[:500]
        entry.lease_until = entry.claimed_by = None


def renew(session: Session, courier: str, entry_ids: Sequence[int], until: datetime) -> None:
    """Keep the leases of what this courier still has in hand."""
    session.execute(_held_by(courier, entry_ids).values(lease_until=until))


def release(session: Session, courier: str, entry_ids: Sequence[int], now: datetime) -> None:
    """End the leases of what a courier is known to have no longer, so that nobody waits."""
    session.execute(_held_by(courier, entry_ids).values(lease_until=now - LONG_OVER))


def _held_by(courier: str, entry_ids: Sequence[int]) -> Update:
    return update(OutboxEntry).where(
        OutboxEntry.id.in_(entry_ids),
        OutboxEntry.state == CLAIMED,
        OutboxEntry.claimed_by == courier,
    )


def postpone(session: Session, claim: Claim, reason: str, now: datetime, pause: timedelta) -> None:
    """Give a claimed entry back that cannot be tried at all yet; this counts as no try."""
    entry = session.get_one(OutboxEntry, claim.entry_id)
    entry.state, entry.due_at, entry.reason = WAITING, now + pause, reason[:500]
    entry.lease_until = entry.claimed_by = None
    entry.attempts -= 1


def cancel(session: Session, entry_ids: Sequence[int], reason: str, now: datetime) -> list[int]:
    """Cancel those of these entries that nobody has claimed; return their ids."""
    if not entry_ids:
        return []
    result = session.execute(
        update(OutboxEntry)
        .where(OutboxEntry.id.in_(entry_ids), OutboxEntry.state == WAITING)
        .values(state=CANCELLED, reason=reason, finished_at=now)
        .returning(OutboxEntry.id)
        .execution_options(synchronize_session="fetch")
    )
    return list(result.scalars())
