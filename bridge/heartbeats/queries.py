"""Reads which processes are alive."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bridge.heartbeats.models import Heartbeat


def last_beat(session: Session, kind: str) -> datetime | None:
    """Return when a process of this kind was last known to live, or None if there never was one."""
    moment: datetime | None = session.scalar(
        select(func.max(Heartbeat.beat_at)).where(Heartbeat.kind == kind)
    )
    return moment
