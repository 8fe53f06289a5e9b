"""The table of what still has to leave."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from bridge.tables import Base, Id, Reference

WAITING, CLAIMED, ACCEPTED, FAILED, CANCELLED = (
    "waiting",
    "claimed",
    "accepted",
    "failed",
    "cancelled",
)
# The doors through which things may leave late without anybody being called for it.
PATIENT = ("mail",)
# Written out in each query that is to use the index: SQLite does not look into parameters of IN.
OPEN = text("state IN ('waiting', 'claimed')")


class OutboxEntry(Base):
    """One thing to deliver after the commit that caused it, at least once.

    door: page, quiet_page, test, notice, icinga or mail. key: the same key is never
    queued twice. generation rises with each claim and each taking over, so that a courier which
    lost its lease cannot record an outcome. due_at: not before. lease_until: after it a
    claimed entry is taken over, as a maybe.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint(
            "state IN ('waiting', 'claimed', 'accepted', 'failed', 'cancelled')", name="state"
        ),
        Index("ix_outbox_open", "due_at", "id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_outbox_ticket", "ticket_number"),
    )

    id: Mapped[Id]
    door: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(192), unique=True)
    ticket_number: Mapped[int | None] = mapped_column(Reference)
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16), default=WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    generation: Mapped[int] = mapped_column(default=0)
    claimed_by: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    maybes: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str | None]
    finished_at: Mapped[datetime | None]
