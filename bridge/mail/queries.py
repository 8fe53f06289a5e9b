"""Reads who outgoing mails go to, what is attached, and what of it did not arrive."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, literal_column, or_, select
from sqlalchemy.orm import Session

from bridge.mail.models import MailAttachment, MailRecipient
from bridge.mail.standing import Standing
from bridge.outbox.models import OPEN, OutboxEntry

DOOR = "mail"
LATE = timedelta(minutes=15)
UNTRIED = "not tried yet: others are before it"
# Literal, because only then can the partial index with the same condition answer.
LOST: ColumnElement[bool] = literal_column("mail_recipients.state IN ('failed', 'maybe')")


def recipients(session: Session, entry_id: int) -> Sequence[MailRecipient]:
    """Return the recipients of a mail in the outbox, in the order in which it names them."""
    statement = (
        select(MailRecipient).where(MailRecipient.entry_id == entry_id).order_by(MailRecipient.id)
    )
    return session.scalars(statement).all()


def is_open(recipient: MailRecipient) -> bool:
    """Return whether the mail may still have to be sent to this recipient."""
    return Standing(recipient.state) in {Standing.WAITING, Standing.MAYBE}


def contents(session: Session, hashes: Sequence[str]) -> dict[str, bytes]:
    """Return what is attached, by its SHA-256."""
    if not hashes:
        return {}
    statement = select(MailAttachment.sha256, MailAttachment.content).where(
        MailAttachment.sha256.in_(hashes)
    )
    return {row[0]: row[1] for row in session.execute(statement)}


@dataclass(frozen=True, slots=True)
class Held:
    """Mails that were to have left: how many, since when, and why the oldest has not."""

    count: int
    since: datetime
    reason: str


def held(session: Session, now: datetime) -> Held | None:
    """Return the mails that wait after a try or a look at the settings, or late for the first."""
    is_late = or_(OutboxEntry.reason.is_not(None), OutboxEntry.due_at < now - LATE)
    is_held = (OPEN, OutboxEntry.door == DOOR, is_late)
    first = select(OutboxEntry.created_at, OutboxEntry.reason).where(*is_held)
    row = session.execute(first.order_by(OutboxEntry.created_at, OutboxEntry.id).limit(1)).first()
    if row is None:
        return None
    count = session.scalar(select(func.count()).select_from(OutboxEntry).where(*is_held))
    return Held(count or 0, row[0], row[1] or UNTRIED)


@dataclass(frozen=True, slots=True)
class Lost:
    """A recipient whom a mail has not reached, or perhaps not; `reply` is the server's."""

    address: str
    subject: str
    state: str
    reply: str


def _lost(since: datetime) -> tuple[ColumnElement[bool], ...]:
    # Only of mails that are over: what is tried again is not lost yet.
    return (LOST, MailRecipient.changed_at >= since, OutboxEntry.finished_at.is_not(None))


def lost_count(session: Session, since: datetime) -> int:
    """Return how many recipients a mail has not reached, or perhaps not, from `since` on."""
    statement = (
        select(func.count())
        .select_from(MailRecipient)
        .join(OutboxEntry, OutboxEntry.id == MailRecipient.entry_id)
        .where(*_lost(since))
    )
    return session.scalar(statement) or 0


def lost(session: Session, since: datetime, limit: int) -> list[Lost]:
    """Return the latest of them, the last one first; without a reply, why the mail ended."""
    statement = (
        select(MailRecipient, OutboxEntry)
        .join(OutboxEntry, OutboxEntry.id == MailRecipient.entry_id)
        .where(*_lost(since))
        .order_by(MailRecipient.changed_at.desc(), MailRecipient.id.desc())
        .limit(limit)
    )
    return [
        Lost(to.address, entry.payload["subject"], to.state, to.reply or entry.reason or "")
        for to, entry in session.execute(statement)
    ]
