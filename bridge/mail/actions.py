"""Keeps who an outgoing mail goes to and what is attached, and how far it got."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bridge.mail import queries
from bridge.mail.models import MailAttachment, MailRecipient
from bridge.mail.outgoing import Attachment
from bridge.mail.standing import MOST_REPLY, RECIPIENTS, Standing
from bridge.outbox.models import OutboxEntry
from bridge.outbox.outcome import Delivered, Outcome

# Where the door said no more, it is true for all.
OF_ALL = {Outcome.ACCEPTED: Standing.ACCEPTED, Outcome.MAYBE: Standing.MAYBE}


def keep_attachments(
    session: Session, attachments: Sequence[Attachment], now: datetime
) -> list[dict[str, Any]]:
    """Store the contents, each once, and return what the payload says about them."""
    named = []
    for one in attachments:
        digest = hashlib.sha256(one.content).hexdigest()
        insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
        row = {"sha256": digest, "content": one.content, "created_at": now}
        session.execute(insert(MailAttachment).values(row).on_conflict_do_nothing())
        named.append({"name": one.name, "media_type": one.media_type, "sha256": digest})
    return named


def keep_recipients(session: Session, entry: OutboxEntry, addresses: Iterable[str]) -> None:
    """Write down whom the mail goes to; the entry has its id."""
    for address in addresses:
        state = Standing.WAITING.value
        session.add(MailRecipient(entry_id=entry.id, address=address, state=state))


def record(session: Session, entry: OutboxEntry, delivered: Delivered, now: datetime) -> int:
    """Write down what a try brought for each recipient; return how many have it now.

    With a delivery that is over nobody waits any more: who would have, was not reached.
    """
    recipients = queries.recipients(session, entry.id)
    told = {one["address"]: one for one in delivered.told.get(RECIPIENTS, ())}
    for one in filter(queries.is_open, recipients):
        _record(one, told.get(one.address), delivered, now)
        if entry.finished_at is not None and one.state == Standing.WAITING.value:
            one.state, one.changed_at = Standing.FAILED.value, now
    return sum(one.state == Standing.ACCEPTED.value for one in recipients)


def _record(
    recipient: MailRecipient, told: Mapping[str, Any] | None, delivered: Delivered, now: datetime
) -> None:
    if told is not None:
        standing, reply = Standing(told["standing"]), told["reply"]
    else:
        standing, reply = OF_ALL.get(delivered.outcome, Standing.WAITING), ""
    # What may have arrived stays so, until the server says more.
    if not (standing is Standing.WAITING and recipient.state == Standing.MAYBE.value):
        recipient.state = standing.value
    recipient.reply, recipient.changed_at = reply[:MOST_REPLY] or recipient.reply, now
