"""Writes down that a process is alive, and forgets those long gone."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from bridge.heartbeats.models import Heartbeat

FORGOTTEN_AFTER = timedelta(days=1)


def beat(session: Session, name: str, kind: str, now: datetime) -> None:
    """Write down that the process `name` is alive at `now`."""
    row = session.get(Heartbeat, name)
    if row is None:
        session.add(Heartbeat(name=name, kind=kind, started_at=now, beat_at=now))
        session.execute(delete(Heartbeat).where(Heartbeat.beat_at < now - FORGOTTEN_AFTER))
    else:
        row.beat_at = now
