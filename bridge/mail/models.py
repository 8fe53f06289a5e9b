"""The tables of mail: mailboxes to read, and what goes out to whom."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bridge.tables import Base, Id

LOST = text("state IN ('failed', 'maybe')")


class Mailbox(Base):
    """A mailbox to read; `document` is the entry of the desk file, without its secret."""

    __tablename__ = "mailboxes"

    id: Mapped[Id]
    label: Mapped[str] = mapped_column(unique=True)
    document: Mapped[dict[str, Any]]
    retired_at: Mapped[datetime | None]


class MailRecipient(Base):
    """One recipient of a mail in the outbox, and how far the mail got with them.

    address: as it stands on the wire. reply: what the mail server said last, its number first.
    changed_at: when that was; None before the first try.
    """

    __tablename__ = "mail_recipients"
    __table_args__ = (
        UniqueConstraint("entry_id", "address"),
        CheckConstraint("state IN ('waiting', 'accepted', 'failed', 'maybe')", name="state"),
        Index("ix_mail_recipients_lost", "changed_at", sqlite_where=LOST, postgresql_where=LOST),
    )

    id: Mapped[Id]
    entry_id: Mapped[int] = mapped_column(ForeignKey("outbox.id"))
    address: Mapped[str]
    state: Mapped[str] = mapped_column(String(8))
    reply: Mapped[str | None]
    changed_at: Mapped[datetime | None]


class MailAttachment(Base):
    """The content of attachments, kept once however many mails it goes with.

    sha256: of the content, in hexadecimal digits; payloads in the outbox name it.
    """

    __tablename__ = "mail_attachments"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[bytes]
    created_at: Mapped[datetime]
