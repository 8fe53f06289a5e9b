"""Reads what waits in the outbox."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bridge.outbox.models import OPEN, OutboxEntry


def oldest_due(session: Session, now: datetime) -> datetime | None:
    """Return since when the longest due entry has been due, or None when none is.

    An entry that was tried and waits for its next try is due only then.
    """
    first: datetime | None = session.scalar(
        select(func.min(OutboxEntry.due_at)).where(OPEN, OutboxEntry.due_at <= now)
    )
    return first
