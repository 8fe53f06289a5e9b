"""The tables of tickets and their journal."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bridge.customers.models import Contract, Customer
from bridge.staff.models import StaffMember
from bridge.tables import Base, Id, Reference

UNFINISHED = text("state IN ('open', 'waiting', 'resolved')")


class Ticket(Base):
    """One matter at the desk. What other rooms know of it stands in tables of their own.

    source: where it came from: the label of a monitoring source, or mail, portal, phone.
    opened_at: when its clocks began, which may be before `created_at`.
    close_due_at: when a resolved ticket closes by itself.
    waiting_for: `customer` or `third_party` while the ticket waits; waiting_until: when it goes on
    by itself, if nothing happens before.
    """

    __tablename__ = "tickets"
    __table_args__ = (
        CheckConstraint(
            "state IN ('open', 'waiting', 'resolved', 'closed', 'merged')", name="state"
        ),
        CheckConstraint("waiting_for IN ('customer', 'third_party')", name="waiting_for"),
        CheckConstraint("class IN ('fault', 'request')", name="class"),
        CheckConstraint("priority IN ('P1', 'P2', 'P3', 'P4')", name="priority"),
        Index(
            "ix_tickets_unfinished", "number", sqlite_where=UNFINISHED, postgresql_where=UNFINISHED
        ),
        Index(
            "ix_tickets_close_due_at",
            "close_due_at",
            sqlite_where=text("close_due_at IS NOT NULL"),
            postgresql_where=text("close_due_at IS NOT NULL"),
        ),
        Index("ix_tickets_customer_id", "customer_id"),
        Index("ix_tickets_resolved_at", "resolved_at"),
        Index(
            "ix_tickets_waiting_until",
            "waiting_until",
            sqlite_where=text("waiting_until IS NOT NULL"),
            postgresql_where=text("waiting_until IS NOT NULL"),
        ),
        *(
            Index(
                f"ix_tickets_{column}",
                column,
                sqlite_where=text(f"{column} IS NOT NULL"),
                postgresql_where=text(f"{column} IS NOT NULL"),
            )
            for column in ("parent_number", "follows_number", "merged_into")
        ),
    )

    number: Mapped[int] = mapped_column(Reference, primary_key=True, autoincrement=False)
    title: Mapped[str] = mapped_column(String(300))
    state: Mapped[str] = mapped_column(String(8))
    ticket_class: Mapped[str] = mapped_column("class", String(8))
    priority: Mapped[str] = mapped_column(String(2))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"))
    contract_id: Mapped[int | None] = mapped_column(ForeignKey("contracts.id"))
    address: Mapped[str | None]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    source: Mapped[str] = mapped_column(String(128))
    parent_number: Mapped[int | None] = mapped_column(ForeignKey("tickets.number"))
    follows_number: Mapped[int | None] = mapped_column(ForeignKey("tickets.number"))
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("tickets.number"))
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[str | None]
    created_at: Mapped[datetime]
    opened_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    close_due_at: Mapped[datetime | None]
    waiting_for: Mapped[str | None] = mapped_column(String(16))
    waiting_until: Mapped[datetime | None]

    customer: Mapped[Customer | None] = relationship()
    contract: Mapped[Contract | None] = relationship()
    owner: Mapped[StaffMember | None] = relationship()

    @property
    def reference(self) -> str:
        """Return the tag that every mail about the ticket carries in its subject."""
        return f"[Ticket #{self.number}]"


class JournalEntry(Base):
    """One thing that happened to a ticket; never changed.

    at: when it happened, which may be before it was `recorded_at`.
    actor: `staff:ID`, `customer`, `icinga`, `token` or `bridge`; names stand in JournalText, so
    that they can be erased without touching what happened.
    """

    __tablename__ = "journal"
    __table_args__ = (Index("ix_journal_ticket_number", "ticket_number", "id"),)

    id: Mapped[Id]
    ticket_number: Mapped[int] = mapped_column(ForeignKey("tickets.number"))
    at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(32))
    actor: Mapped[str] = mapped_column(String(32))
    data: Mapped[dict[str, Any]]
    ticket: Mapped[Ticket] = relationship()
    words: Mapped["JournalText | None"] = relationship(
        back_populates="entry", cascade="all, delete-orphan", uselist=False
    )


class JournalText(Base):
    """What somebody wrote, and the name of an author who is none of ours; may be erased."""

    __tablename__ = "journal_texts"

    entry_id: Mapped[int] = mapped_column(ForeignKey("journal.id"), primary_key=True)
    author: Mapped[str | None]
    text: Mapped[str] = mapped_column(Text)
    entry: Mapped[JournalEntry] = relationship(back_populates="words")


class NumberRange(Base):
    """The next free number of a range, such as that of the tickets."""

    __tablename__ = "number_ranges"

    name: Mapped[str] = mapped_column(primary_key=True)
    next_number: Mapped[int] = mapped_column(Reference)
