"""The tables of clocks, a cache that the journal can rebuild, and of the proofs that it would."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bridge.tables import Base, Id, Reference
from bridge.tickets.models import Ticket

RUNNING = text("state IN ('running', 'paused')")
WARNS = text("warn_at IS NOT NULL")


class Clock(Base):
    """One promise about one ticket.

    nth: 1 for the ticket's first clock of its kind.
    rule: what an update clock waits for: an answer to the customer's `message`, or the next
    `status` of an open fault; None for the others.
    customer_id, contract_id, contract_version_id, ticket_class, priority, calendar_id: whose and
    by what it is, or was when it stopped.
    due_at: `counted_minutes` of open time after `counted_from`, without the pauses; those are the
    target and the start, except after an upgrade, which counts the new target from the moment of
    the change. None while a pause has no end.
    falls_at: the moment that decides into which month of a report it falls: the earlier of due
    and stop.
    pauses: pairs of texts, the second None while it lasts.
    frozen: what the verdict was given by, once the clock has stopped; reports read only this.
    flagged: why the start is not the one that was reported.
    warn_at, warn_percent: the next warning that is to be sent.
    revision: what of the configuration was known when it was last worked out.
    """

    __tablename__ = "clocks"
    __table_args__ = (
        UniqueConstraint("ticket_number", "kind", "nth"),
        CheckConstraint("kind IN ('response', 'update', 'solution')", name="kind"),
        CheckConstraint(
            "state IN ('running', 'paused', 'kept', 'missed', 'cancelled', 'merged')", name="state"
        ),
        Index("ix_clocks_running", "due_at", sqlite_where=RUNNING, postgresql_where=RUNNING),
        Index("ix_clocks_warn_at", "warn_at", sqlite_where=WARNS, postgresql_where=WARNS),
        Index("ix_clocks_falls_at", "falls_at"),
        Index("ix_clocks_customer_id_falls_at", "customer_id", "falls_at"),
    )

    id: Mapped[Id]
    ticket_number: Mapped[int] = mapped_column(ForeignKey("tickets.number"))
    kind: Mapped[str] = mapped_column(String(8))
    nth: Mapped[int]
    rule: Mapped[str | None] = mapped_column(String(8))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id"))
    contract_version_id: Mapped[int] = mapped_column(ForeignKey("contract_versions.id"))
    calendar_id: Mapped[int] = mapped_column(ForeignKey("calendars.id"))
    ticket_class: Mapped[str] = mapped_column("class", String(8))
    priority: Mapped[str] = mapped_column(String(2))
    target_minutes: Mapped[int]
    guaranteed: Mapped[bool]
    started_at: Mapped[datetime]
    counted_from: Mapped[datetime]
    counted_minutes: Mapped[int]
    due_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    falls_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(9))
    pauses: Mapped[list[Any]]
    flagged: Mapped[str | None]
    frozen: Mapped[dict[str, Any] | None]
    warn_at: Mapped[datetime | None]
    warn_percent: Mapped[int | None]
    revision: Mapped[int]
    # SQLAlchemy writes a row after those it refers to only where a relationship says so.
    ticket: Mapped[Ticket] = relationship()


class Verification(Base):
    """One comparison of all clocks with what the journal makes of them.

    night: the local day of a nightly one, such as `2026-11-23`, which there is once; None for one
    that a person asked for. ended_at: None while it goes on; last_ticket: it has come so far.
    differences: how many are left. document: the first of them, with what is stored and what was
    worked out. lease_*: which process compares now, so that another one follows if it dies.
    """

    __tablename__ = "verifications"

    id: Mapped[Id]
    night: Mapped[str | None] = mapped_column(String(10), unique=True)
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    last_ticket: Mapped[int] = mapped_column(Reference)
    tickets: Mapped[int]
    clocks: Mapped[int]
    differences: Mapped[int]
    document: Mapped[dict[str, Any]]
    leased_by: Mapped[str | None]
    lease_until: Mapped[datetime | None]


class SlaReport(Base):
    """What a customer was told of one month, frozen: it never changes.

    month: such as `2026-11`, from begins_at until ends_at, in the customer's zone of that time.
    has_corrections: whether it corrects earlier months. document: all figures and lines, in no
    language. told: what it says of each promise that counts, so that later differences are found
    without the document.
    csv, pdf: as they were sent, in `language`; with their SHA-256 in hexadecimal digits.
    frozen_by: the name of the person, or `bridge`. mailed_at: when the mail was queued, or found
    to have no recipient; None while that day has not come. recipients: whom it went to.
    """

    __tablename__ = "sla_reports"
    __table_args__ = (UniqueConstraint("customer_id", "month"),)

    id: Mapped[Id]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    month: Mapped[str] = mapped_column(String(7))
    begins_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    language: Mapped[str] = mapped_column(String(2))
    kept: Mapped[int]
    missed: Mapped[int]
    has_corrections: Mapped[bool]
    document: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    told: Mapped[list[Any]] = mapped_column(deferred=True)
    csv: Mapped[bytes] = mapped_column(deferred=True)
    csv_sha256: Mapped[str] = mapped_column(String(64))
    pdf: Mapped[bytes] = mapped_column(deferred=True)
    pdf_sha256: Mapped[str] = mapped_column(String(64))
    frozen_at: Mapped[datetime]
    frozen_by: Mapped[str]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    mailed_at: Mapped[datetime | None]
    recipients: Mapped[list[str]]
