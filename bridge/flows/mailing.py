"""Mails that the desk wants to send: kept in the transaction that wants them, sent after it."""

from datetime import datetime

from sqlalchemy.orm import Session

from bridge.errors import Refused
from bridge.flows.directory import Directory
from bridge.mail import actions, subject
from bridge.mail.outgoing import OutgoingMail
from bridge.mail.queries import DOOR
from bridge.outbox import actions as outbox
from bridge.outbox import queries
from bridge.outbox.models import OutboxEntry


class NotOurAddress(Refused):
    """The desk cannot write under this address: neither it nor a contract has it."""


def queue(
    session: Session,
    directory: Directory,
    mail: OutgoingMail,
    now: datetime,
    *,
    key: str,
    ticket_number: int | None = None,
    answer: int | None = None,
) -> OutboxEntry:
    """Keep a mail that leaves once this transaction has been committed.

    key: names this one mail for ever; the second time the first mail is returned, unchanged.
    ticket_number: its tag goes into the subject, and what becomes of the mail into its journal.
    answer: what the mail is a public answer to, for `deliver_mail.answer_accepted`.
    A desk without an address or a mail server keeps its mails: they wait, and the board and
    `bridge check` say so. Raises NotOurAddress. Source: docs/mail.md, "How a mail leaves".
    """
    before = queries.by_key(session, key)
    if before is not None:
        return before
    _must_be_ours(directory, mail.sender)
    answers = bool(mail.in_reply_to)
    payload = {
        **mail.as_payload(),
        "subject": subject.tagged(mail.subject, ticket_number, answers=answers),
        "attachments": actions.keep_attachments(session, mail.attachments, now),
        "answer": answer,
    }
    entry = outbox.queue(session, DOOR, key, payload, ticket_number, now)
    session.flush()  # the recipients name the entry by its id
    actions.keep_recipients(session, entry, mail.recipients)
    return entry


def _must_be_ours(directory: Directory, sender: str) -> None:
    ours = {directory.desk.address.lower(), *directory.contract_by_address}
    if sender and sender.lower() not in ours:
        raise NotOurAddress(f"{sender} is neither the desk's address nor one of a contract")
