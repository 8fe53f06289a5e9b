"""Mails on their way: what they need to leave, and what became of them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bridge.errors import Permanent
from bridge.flows import conversation
from bridge.flows.directory import Directory
from bridge.flows.ready import Ready
from bridge.keys import Keys
from bridge.mail import actions, addresses, identity, queries, smtp
from bridge.mail.access import Access
from bridge.mail.addresses import BadAddress
from bridge.mail.identity import Identity
from bridge.mail.message import Letter
from bridge.mail.outgoing import Attachment, Written
from bridge.mail.standing import Standing
from bridge.outbox import actions as outbox
from bridge.outbox.actions import Claim
from bridge.outbox.models import OutboxEntry
from bridge.outbox.outcome import Delivered, Outcome
from bridge.tickets import actions as tickets
from bridge.tickets.journal import BRIDGE, Event
from bridge.tickets.models import Ticket

NO_SERVER = "no mail server is configured: set BRIDGE_SMTP_URL"
NO_ADDRESS = "the desk has no address to write from: give it one in the desk file, desk.address"
NOT_CONFIGURED = frozenset({NO_SERVER, NO_ADDRESS})
# So long after it was configured a mail may still wait.
LOOK_AGAIN = timedelta(seconds=30)


class AttachmentGone(Permanent):
    """What is attached to a mail is not there any more."""


def make_ready(
    session: Session,
    directory: Directory,
    keys: Keys,
    access: Access | None,
    claim: Claim,
    now: datetime,
) -> Ready | None:
    """Return the mail as it leaves, or None where it goes on waiting to be configured.

    Raises AttachmentGone.
    """
    payload = claim.payload
    sender = _sender(directory, payload)
    if access is None or not sender:
        reason = NO_ADDRESS if access is not None else NO_SERVER
        outbox.postpone(session, claim, reason, now, LOOK_AGAIN)
        return None
    entry = session.get_one(OutboxEntry, claim.entry_id)
    recipients = queries.recipients(session, entry.id)
    taken = sum(one.state == Standing.ACCEPTED.value for one in recipients)
    open_to = [one.address for one in recipients if queries.is_open(one)]
    letter = _letter(session, directory, keys, entry, sender)
    ready = smtp.mail_payload(access, letter, open_to, taken)
    return Ready(claim, ready, smtp.BUDGET_SECONDS, f"mail:{access.place}")


def _sender(directory: Directory, payload: Mapping[str, Any]) -> str:
    try:
        return addresses.on_the_wire(payload["sender"] or directory.desk.address)
    except BadAddress:
        return ""


def _letter(
    session: Session, directory: Directory, keys: Keys, entry: OutboxEntry, sender: str
) -> Letter:
    payload = entry.payload
    if "message_id" not in payload:
        made = identity.message_id(keys, Identity(entry.id, entry.ticket_number), sender)
        payload = entry.payload = {**payload, "message_id": made}
    return Letter(
        message_id=payload["message_id"],
        date=entry.created_at,
        sender=sender,
        sender_name=directory.desk.name,
        to=tuple(payload["to"]),
        subject=payload["subject"],
        text=payload["text"],
        html=payload["html"],
        language=payload["language"],
        written=Written(payload["written"]),
        in_reply_to=payload["in_reply_to"],
        references=tuple(payload["references"]),
        attachments=_attachments(session, payload),
    )


def _attachments(session: Session, payload: Mapping[str, Any]) -> tuple[Attachment, ...]:
    named = payload["attachments"]
    contents = queries.contents(session, [one["sha256"] for one in named])
    try:
        return tuple(
            Attachment(one["name"], one["media_type"], contents[one["sha256"]]) for one in named
        )
    except KeyError as error:
        raise AttachmentGone("an attachment of this mail is not there any more") from error


def record(
    session: Session,
    directory: Directory,
    ticket: Ticket | None,
    entry: OutboxEntry,
    delivered: Delivered,
    now: datetime,
) -> None:
    """Write down, on its ticket too where it has one, how far a mail got with its recipients."""
    before = queries.recipients(session, entry.id)
    had = sum(one.state == Standing.ACCEPTED.value for one in before)
    has = actions.record(session, entry, delivered, now)
    if ticket is None:
        return
    data = {
        "entry": entry.id,
        "recipients": len(before),
        "accepted": has,
        "outcome": delivered.outcome.value,
        "reason": delivered.reason,
        "again_at": None if entry.finished_at else entry.due_at,
    }
    if has and not had:
        tickets.write(session, ticket, Event.MAIL_ACCEPTED, BRIDGE, now, now, data)
        if entry.payload["answer"] is not None:
            answer_accepted(session, directory, ticket, entry.payload["answer"], now)
    over = entry.finished_at is not None
    missing = has < len(before)
    first_trouble = entry.attempts == 1 and delivered.outcome is not Outcome.ACCEPTED
    if missing and (over or first_trouble):
        tickets.write(session, ticket, Event.MAIL_FAILED, BRIDGE, now, now, data)


def answer_accepted(
    session: Session,
    directory: Directory,
    ticket: Ticket,
    answer: int,
    now: datetime,
) -> None:
    """Act on a public answer that the mail server has taken for its first recipient.

    Called once for each answer, with the ticket locked: this is the moment at which its promise
    is kept. Source: docs/sla.md, "Which event does what".
    """
    conversation.answer_accepted(session, directory, ticket.number, answer, now, now)
