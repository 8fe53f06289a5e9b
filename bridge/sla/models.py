"""The table of clocks: a cache that the journal can rebuild."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bridge.tables import Base, Id
from bridge.tickets.models import Ticket

RUNNING = text("state IN ('running', 'paused')")


class Clock(Base):
    """One promise about one ticket.

    due_at: `counted_minutes` of open time after `counted_from`; those are the target and the
    start, except after an upgrade, which counts the new target from the moment of the change.
    frozen: what the verdict was given by, once the clock has stopped (contract and calendar
    versions, seconds consumed); reports read only this.
    flagged: why the start is not the one that was reported.
    """

    __tablename__ = "clocks"
    __table_args__ = (
        UniqueConstraint("ticket_number", "kind", "started_at"),
        CheckConstraint("kind IN ('response', 'update', 'solution')", name="kind"),
        CheckConstraint(
            "state IN ('running', 'paused', 'kept', 'missed', 'cancelled', 'merged')", name="state"
        ),
        Index("ix_clocks_running", "due_at", sqlite_where=RUNNING, postgresql_where=RUNNING),
    )

    id: Mapped[Id]
    ticket_number: Mapped[int] = mapped_column(ForeignKey("tickets.number"))
    kind: Mapped[str] = mapped_column(String(8))
    calendar_id: Mapped[int] = mapped_column(ForeignKey("calendars.id"))
    contract_version_id: Mapped[int] = mapped_column(ForeignKey("contract_versions.id"))
    target_minutes: Mapped[int]
    guaranteed: Mapped[bool]
    started_at: Mapped[datetime]
    counted_from: Mapped[datetime]
    counted_minutes: Mapped[int]
    due_at: Mapped[datetime]
    stopped_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(9))
    flagged: Mapped[str | None]
    frozen: Mapped[dict[str, Any] | None]
    # SQLAlchemy writes a row after those it refers to only where a relationship says so.
    ticket: Mapped[Ticket] = relationship()
