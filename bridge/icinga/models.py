"""The tables of Icinga sources and the problems they know."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bridge.tables import Base, Id, Reference
from bridge.tickets.models import Ticket


class Source(Base):
    """One Icinga instance; `document` is the entry of the desk file, without its secret.

    tried_at, reconciled_at: when it was last asked, and when it last answered.
    reconcile_asked_at: somebody wants a reconcile sooner than the interval.
    gap_total: how many differences a reconcile has found that notifications had lost.
    lease_*: which watcher asks it now, so that several nodes do not ask at once.
    """

    __tablename__ = "sources"

    id: Mapped[Id]
    label: Mapped[str] = mapped_column(String(128), unique=True)
    document: Mapped[dict[str, Any]]
    retired_at: Mapped[datetime | None]
    program_start: Mapped[float | None]
    tried_at: Mapped[datetime | None]
    reconciled_at: Mapped[datetime | None]
    reconcile_asked_at: Mapped[datetime | None]
    reconcile_error: Mapped[str | None]
    gap_total: Mapped[int] = mapped_column(default=0)
    leased_by: Mapped[str | None]
    lease_until: Mapped[datetime | None]


class Problem(Base):
    """One host (service is '') or service of one source, as we last heard of it.

    state_at, downtime_at, flapping_at: Icinga's time of the newest change we heard of.
    open_ticket: at most one ticket is open for a problem, and at most one problem has it.
    last_ticket: for reopening and linking.
    """

    __tablename__ = "problems"
    __table_args__ = (UniqueConstraint("source", "host", "service"),)

    id: Mapped[Id]
    source: Mapped[str] = mapped_column(String(128))
    host: Mapped[str] = mapped_column(String(255))
    service: Mapped[str] = mapped_column(String(255))
    state: Mapped[str | None] = mapped_column(String(16))
    state_at: Mapped[datetime | None]
    recovered_at: Mapped[datetime | None]
    seen_at: Mapped[datetime]
    in_downtime: Mapped[bool] = mapped_column(default=False)
    downtime_at: Mapped[datetime | None]
    flapping: Mapped[bool] = mapped_column(default=False)
    flapping_at: Mapped[datetime | None]
    open_ticket: Mapped[int | None] = mapped_column(
        Reference, ForeignKey("tickets.number"), unique=True
    )
    last_ticket: Mapped[int | None] = mapped_column(
        Reference, ForeignKey("tickets.number"), index=True
    )
    # SQLAlchemy writes a row after those it refers to only where a relationship says so.
    ticket: Mapped[Ticket | None] = relationship(foreign_keys=open_ticket)


class TicketProblem(Base):
    """Which problem a ticket is about, and what Icinga last said of it.

    acknowledgement: whose Icinga holds: nobodys, ours (it has confirmed it) or foreign.
    acknowledged_at: when it confirmed ours, in seconds since 1970; 0 where not known.
    """

    __tablename__ = "ticket_problems"
    __table_args__ = (
        CheckConstraint(
            "acknowledgement IN ('nobodys', 'ours', 'foreign')", name="acknowledgement"
        ),
    )

    ticket_number: Mapped[int] = mapped_column(ForeignKey("tickets.number"), primary_key=True)
    problem_id: Mapped[int] = mapped_column(ForeignKey("problems.id"), index=True)
    state: Mapped[str] = mapped_column(String(16))
    worst_state: Mapped[str] = mapped_column(String(16))
    output: Mapped[str]
    acknowledgement: Mapped[str] = mapped_column(String(8), default="nobodys")
    acknowledged_at: Mapped[float] = mapped_column(default=0.0)
    ticket: Mapped[Ticket] = relationship()
    problem: Mapped[Problem] = relationship()
