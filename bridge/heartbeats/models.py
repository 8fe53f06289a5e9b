"""The table of living processes."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from bridge.tables import Base


class Heartbeat(Base):
    """One process of ours: `kind` is worker, courier or watcher."""

    __tablename__ = "heartbeats"

    name: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    started_at: Mapped[datetime]
    beat_at: Mapped[datetime]
