"""The tables of what came in."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, SmallInteger, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bridge.tables import Base, Id

WAITING, DONE, FAILED = "waiting", "done", "failed"
# So many entries of different objects can be processed at once by different workers.
LANES = 64


class InboxEntry(Base):
    """One notification (or mail) as it came; `lane` keeps the entries of one object together."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("source", "event_id"),
        CheckConstraint("state IN ('waiting', 'done', 'failed')", name="state"),
        Index(
            "ix_inbox_waiting",
            "lane",
            "event_at",
            "id",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "ix_inbox_done",
            "received_at",
            sqlite_where=text("state = 'done'"),
            postgresql_where=text("state = 'done'"),
        ),
        Index(
            "ix_inbox_failed",
            "id",
            sqlite_where=text("state = 'failed'"),
            postgresql_where=text("state = 'failed'"),
        ),
    )

    id: Mapped[Id]
    source: Mapped[str] = mapped_column(String(128))
    kind: Mapped[str] = mapped_column(String(32))
    event_id: Mapped[str] = mapped_column(String(192))
    lane: Mapped[int] = mapped_column(SmallInteger)
    event_at: Mapped[datetime]
    received_at: Mapped[datetime]
    payload: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(8), default=WAITING)
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    reason: Mapped[str | None]
    finished_at: Mapped[datetime | None]


class InboxLane(Base):
    """One lane; its row's lock is the right to process the lane's entries."""

    __tablename__ = "inbox_lanes"

    lane: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
