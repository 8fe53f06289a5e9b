"""Reads what waits in the inbox, and what failed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bridge.inbox.models import FAILED, WAITING, InboxEntry


def oldest_waiting(session: Session) -> datetime | None:
    """Return when the longest waiting entry came in, or None when nothing waits."""
    first: datetime | None = session.scalar(
        select(func.min(InboxEntry.received_at)).where(InboxEntry.state == WAITING)
    )
    return first


def failed(session: Session, limit: int = 200) -> Sequence[InboxEntry]:
    """Return entries that could not be processed, the oldest first."""
    statement = select(InboxEntry).where(InboxEntry.state == FAILED).order_by(InboxEntry.id)
    return session.scalars(statement.limit(limit)).all()


def failed_count(session: Session) -> int:
    """Return how many entries could not be processed."""
    statement = select(func.count()).where(InboxEntry.state == FAILED)
    return session.scalar(statement) or 0
