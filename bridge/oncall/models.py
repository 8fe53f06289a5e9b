"""The tables of schedules, policies, and the escalations that run."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bridge.outbox.models import OutboxEntry
from bridge.tables import Base, Id, Reference
from bridge.tickets.models import Ticket

LIVE = text("state = 'live'")


class Schedule(Base):
    """Who is on call when; `document` is the entry of the desk file."""

    __tablename__ = "schedules"

    id: Mapped[Id]
    label: Mapped[str] = mapped_column(unique=True)
    document: Mapped[dict[str, Any]]
    retired_at: Mapped[datetime | None]


class Policy(Base):
    """A named way to escalate; what it says stands in its versions."""

    __tablename__ = "policies"

    id: Mapped[Id]
    label: Mapped[str] = mapped_column(unique=True)
    retired_at: Mapped[datetime | None]
    versions: Mapped[list["PolicyVersion"]] = relationship(
        order_by="PolicyVersion.id", back_populates="policy"
    )


class PolicyVersion(Base):
    """What a policy says; never changed. A run keeps to the version it began with."""

    __tablename__ = "policy_versions"

    id: Mapped[Id]
    policy_id: Mapped[int] = mapped_column(ForeignKey("policies.id"))
    document: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    policy: Mapped[Policy] = relationship(back_populates="versions")


class Run(Base):
    """One execution of one policy version for one ticket.

    generation: rises whenever everything scheduled so far is void.
    round, step: the last that fired, counted from 1; 0 before the first.
    next_due_at: when the next step fires; None while nothing is scheduled.
    """

    __tablename__ = "runs"
    __table_args__ = (
        CheckConstraint("state IN ('live', 'acknowledged', 'held', 'ended')", name="state"),
        Index(
            "uq_runs_unended",
            "ticket_number",
            unique=True,
            sqlite_where=text("state <> 'ended'"),
            postgresql_where=text("state <> 'ended'"),
        ),
        Index("ix_runs_due", "next_due_at", sqlite_where=LIVE, postgresql_where=LIVE),
    )

    id: Mapped[Id]
    ticket_number: Mapped[int] = mapped_column(ForeignKey("tickets.number"))
    policy_version_id: Mapped[int] = mapped_column(ForeignKey("policy_versions.id"))
    generation: Mapped[int] = mapped_column(SmallInteger, default=1)
    state: Mapped[str] = mapped_column(String(12))
    started_at: Mapped[datetime]
    round: Mapped[int] = mapped_column(SmallInteger, default=0)
    step: Mapped[int] = mapped_column(SmallInteger, default=0)
    next_due_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None]
    version: Mapped[PolicyVersion] = relationship()
    ticket: Mapped[Ticket] = relationship()


class Page(Base):
    """One person told once about one step of a run."""

    __tablename__ = "pages"
    __table_args__ = (UniqueConstraint("run_id", "generation", "round", "step", "staff_id"),)

    id: Mapped[Id]
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"))
    generation: Mapped[int] = mapped_column(SmallInteger)
    round: Mapped[int] = mapped_column(SmallInteger)
    step: Mapped[int] = mapped_column(SmallInteger)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    urgency: Mapped[str] = mapped_column(String(4))
    created_at: Mapped[datetime]
    run: Mapped[Run] = relationship()


class Delivery(Base):
    """One rule of a person applied to one page: this channel, at that time.

    outbox_id: the entry that carries it. state: its last known outcome.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("page_id", "rule"),
        CheckConstraint(
            "state IN ('scheduled', 'attempted', 'accepted', 'delivered', 'seen', 'failed',"
            " 'failed_for_now', 'maybe', 'cancelled')",
            name="state",
        ),
        Index("ix_deliveries_channel_id", "channel_id", "finished_at"),
    )

    id: Mapped[Id]
    page_id: Mapped[int] = mapped_column(ForeignKey("pages.id"))
    rule: Mapped[int] = mapped_column(SmallInteger)
    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id"))
    outbox_id: Mapped[int | None] = mapped_column(
        Reference, ForeignKey("outbox.id", ondelete="SET NULL"), index=True
    )
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str | None]
    finished_at: Mapped[datetime | None]
    page: Mapped[Page] = relationship()
    entry: Mapped[OutboxEntry | None] = relationship()
