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

SCHEDULED = text("next_due_at IS NOT NULL")
AWAITED = text("receipt_due_at IS NOT NULL")
UNDER_WAY = text("ended_at IS NULL")


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
    exhausted: nobody answered, and it is the fallback that fires next; fallbacks: how often it
    has fired in this generation.
    step_due_at: when the next step or the fallback fires. owner_until: until then the owner alone
    is called. remind_at, expires_at: of an acknowledgement. handover_at: when who is on call
    changes for what has fired. held_because: downtime, snooze, parent or storm; held_until: the
    end of a snooze.
    next_due_at: the earliest of these moments; None while nothing is scheduled.
    worst_rank, worst_priority: the worst since it began, or was acknowledged last.
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
        CheckConstraint(
            "held_because IN ('downtime', 'snooze', 'parent', 'storm')", name="held_because"
        ),
        Index("ix_runs_due", "next_due_at", sqlite_where=SCHEDULED, postgresql_where=SCHEDULED),
        Index("ix_runs_started_at", "started_at"),
    )

    id: Mapped[Id]
    ticket_number: Mapped[int] = mapped_column(ForeignKey("tickets.number"))
    policy_version_id: Mapped[int] = mapped_column(ForeignKey("policy_versions.id"))
    generation: Mapped[int] = mapped_column(SmallInteger, default=1)
    state: Mapped[str] = mapped_column(String(12))
    started_at: Mapped[datetime]
    round: Mapped[int] = mapped_column(SmallInteger, default=0)
    step: Mapped[int] = mapped_column(SmallInteger, default=0)
    exhausted: Mapped[bool] = mapped_column(default=False)
    fallbacks: Mapped[int] = mapped_column(SmallInteger, default=0)
    step_due_at: Mapped[datetime | None]
    owner_until: Mapped[datetime | None]
    remind_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    handover_at: Mapped[datetime | None]
    held_because: Mapped[str | None] = mapped_column(String(8))
    held_until: Mapped[datetime | None]
    next_due_at: Mapped[datetime | None]
    worst_rank: Mapped[int] = mapped_column(SmallInteger, default=0)
    worst_priority: Mapped[str] = mapped_column(String(2), default="P4")
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None]
    version: Mapped[PolicyVersion] = relationship()
    ticket: Mapped[Ticket] = relationship()


class Page(Base):
    """One person told once about one step of a run.

    step: 0 where it is none of the policy's: the fallback's (its `round` counts how often that
    has fired, from 1), or the owner's, who is called alone (`round` is 0).
    """

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

    outbox_id: the entry that carries it; one entry carries several when they are bundled.
    state: its last known outcome. sent_at: when it was last handed to a delivery process.
    receipt_id: what the provider calls it; receipt_due_at: when a receipt is missing.
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
        Index("ix_deliveries_receipt", "receipt_id"),
        Index(
            "ix_deliveries_awaited",
            "receipt_due_at",
            sqlite_where=AWAITED,
            postgresql_where=AWAITED,
        ),
    )

    id: Mapped[Id]
    page_id: Mapped[int] = mapped_column(ForeignKey("pages.id"))
    rule: Mapped[int] = mapped_column(SmallInteger)
    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id"))
    outbox_id: Mapped[int | None] = mapped_column(
        Reference, ForeignKey("outbox.id", ondelete="SET NULL"), index=True
    )
    due_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str | None]
    receipt_id: Mapped[str | None]
    receipt_due_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    page: Mapped[Page] = relationship()
    entry: Mapped[OutboxEntry | None] = relationship()


class ChannelHealth(Base):
    """How a channel fares, over all couriers; made when it is first used.

    paged_at: when a page that counts for bundling last left. failures: in a row; open_until: it is
    not tried before, because it failed too often.
    """

    __tablename__ = "channel_health"

    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id"), primary_key=True)
    paged_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    open_until: Mapped[datetime | None]
    worked_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    reason: Mapped[str | None]


class ChannelTest(Base):
    """One test of a channel over the real path: asked for by a person, or the weekly drill.

    week: of the drill, as `2026-W48`; None for one that a person asked for.
    """

    __tablename__ = "channel_tests"
    __table_args__ = (
        UniqueConstraint("channel_id", "week"),
        Index("ix_channel_tests_channel_id", "channel_id", "asked_at"),
    )

    id: Mapped[Id]
    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id"))
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    week: Mapped[str | None] = mapped_column(String(8))
    asked_at: Mapped[datetime]
    outbox_id: Mapped[int | None] = mapped_column(
        Reference, ForeignKey("outbox.id", ondelete="SET NULL"), index=True
    )
    state: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str | None]
    receipt_id: Mapped[str | None]
    finished_at: Mapped[datetime | None]


class ScheduleOverride(Base):
    """A change to who is on call that was made at a page, by a program or by an imported absence.

    kind, people, replaced: as in the desk file, people by their labels. uid: of the calendar event
    it was imported from. withdrawn_at: from then on it is as if it had never been.
    """

    __tablename__ = "schedule_overrides"
    __table_args__ = (
        CheckConstraint("kind IN ('replace', 'add', 'remove', 'cover')", name="kind"),
        CheckConstraint("starts_at < ends_at", name="order"),
        Index("ix_schedule_overrides_schedule_id", "schedule_id", "ends_at"),
        Index("ix_schedule_overrides_uid", "uid"),
    )

    id: Mapped[Id]
    schedule_id: Mapped[int] = mapped_column(ForeignKey("schedules.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(8))
    people: Mapped[list[str]]
    replaced: Mapped[str | None]
    uid: Mapped[str | None]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    schedule: Mapped[Schedule] = relationship()


class CalendarFeed(Base):
    """A secret address under which a person's or a schedule's shifts can be subscribed to.

    token_hash: the SHA-256 of the secret part. schedule_id: None for all shifts of the person.
    """

    __tablename__ = "calendar_feeds"

    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(unique=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    schedule_id: Mapped[int | None] = mapped_column(ForeignKey("schedules.id"))
    created_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class Storm(Base):
    """Many new runs at once, paged as one ticket.

    scope: `all`, or `customer:` and its id; of each only one is under way. ticket_number: the
    umbrella. calm_since: when the rate fell; None while it lasts.
    """

    __tablename__ = "storms"
    __table_args__ = (
        Index(
            "uq_storms_under_way",
            "scope",
            unique=True,
            sqlite_where=UNDER_WAY,
            postgresql_where=UNDER_WAY,
        ),
    )

    id: Mapped[Id]
    scope: Mapped[str] = mapped_column(String(32))
    ticket_number: Mapped[int] = mapped_column(ForeignKey("tickets.number"), unique=True)
    started_at: Mapped[datetime]
    calm_since: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class Finding(Base):
    """Something that the auditor found wrong with the pager itself.

    key: what it is about, as `run_without_future:17`; one that is not over has it alone.
    """

    __tablename__ = "findings"
    __table_args__ = (
        Index(
            "uq_findings_unended",
            "key",
            unique=True,
            sqlite_where=UNDER_WAY,
            postgresql_where=UNDER_WAY,
        ),
    )

    id: Mapped[Id]
    key: Mapped[str]
    kind: Mapped[str] = mapped_column(String(32))
    ticket_number: Mapped[int | None] = mapped_column(Reference)
    text: Mapped[str]
    found_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
