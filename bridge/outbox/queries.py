"""Reads what waits in the outbox."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from bridge.outbox.models import CLAIMED, OPEN, PATIENT, WAITING, OutboxEntry


def is_free(now: datetime, doors: Sequence[str] | None = None) -> ColumnElement[bool]:
    """Return the condition for entries that may be claimed: due, and waiting.

    doors: of these only, or of all.
    """
    of_doors = () if doors is None else (OutboxEntry.door.in_(doors),)
    return and_(*of_doors, OPEN, OutboxEntry.due_at <= now, OutboxEntry.state == WAITING)


def is_left(now: datetime) -> ColumnElement[bool]:
    """Return the condition for entries that were claimed, and whose lease ran out."""
    return and_(
        OPEN,
        # Of what is claimed too, so that the index leads to it.
        OutboxEntry.due_at <= now,
        OutboxEntry.state == CLAIMED,
        OutboxEntry.lease_until < now,
    )


def anything_left(session: Session, now: datetime) -> bool:
    """Return whether there is anything to take over."""
    return session.scalar(select(OutboxEntry.id).where(is_left(now)).limit(1)) is not None


def anything_free(session: Session, now: datetime, doors: Sequence[str] | None = None) -> bool:
    """Return whether there is anything to claim, of these doors or of all."""
    found = select(OutboxEntry.id).where(is_free(now, doors)).limit(1)
    return session.scalar(found) is not None


def claimed(session: Session) -> Mapping[str, Sequence[int]]:
    """Return the ids of the entries that couriers have in hand, by the courier's name."""
    statement = select(OutboxEntry.claimed_by, OutboxEntry.id).where(
        OPEN, OutboxEntry.state == CLAIMED
    )
    found: dict[str, list[int]] = {}
    for courier, entry_id in session.execute(statement):
        found.setdefault(courier or "", []).append(entry_id)
    return found


def oldest_due(session: Session, now: datetime) -> datetime | None:
    """Return since when the longest due page or call has been due, or None when none is.

    An entry that was tried and waits for its next try is due only then. What may be late is not
    counted.
    """
    first: datetime | None = session.scalar(
        select(func.min(OutboxEntry.due_at)).where(
            OPEN, OutboxEntry.due_at <= now, OutboxEntry.door.not_in(PATIENT)
        )
    )
    return first


def by_key(session: Session, key: str) -> OutboxEntry | None:
    """Return the entry with this key, whatever has become of it."""
    return session.scalar(select(OutboxEntry).where(OutboxEntry.key == key))
