"""Entries for the inbox, and what has become of them."""

from collections import defaultdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.database import Database
from bridge.inbox import actions as inbox
from bridge.inbox.actions import Incoming
from bridge.inbox.models import InboxEntry
from bridge.installation import Installation
from bridge.keys import Keys
from bridge.settings import Settings
from bridge.tickets.journal import Event
from bridge.tickets.models import JournalEntry, JournalText, Ticket
from bridge.worker.processing import Processor
from tests import builders
from tests.builders import MONDAY_9_UTC, SOURCE, later, notification

SECRET = "a-key-for-tests-only-long-enough-to-be-one"


def an_installation(url: str, opened: Database) -> Installation:
    made = Installation(Settings(database_url=url), Keys((SECRET,)), opened)
    builders.apply_desk(made)
    return made


def keep(session: Session, *said: dict[str, Any]) -> None:
    builders.keep(session, said, MONDAY_9_UTC)


def keep_payload(session: Session, event_id: str, payload: str, about: str = "web01") -> None:
    entry = Incoming(SOURCE, "icinga", event_id, about, MONDAY_9_UTC, payload)
    inbox.keep(session, [entry], MONDAY_9_UTC)


def comment(words: str, host: str = "web01", minute: float = 0) -> dict[str, Any]:
    return notification(
        "CUSTOM", later(minute), host=host, service=None, comment=words, author="anna"
    )


def down(host: str = "web01", minute: float = 0) -> dict[str, Any]:
    return notification("PROBLEM", later(minute), host=host, service=None)


def work_off(processor: Processor) -> int:
    done = 0
    while count := processor.step():
        done += count
    return done


def comments_by_host(database: Database) -> dict[str, list[str]]:
    """Return what was said about each host, as it stands in the journal."""
    statement = (
        select(Ticket.title, JournalText.text)
        .join(JournalEntry, JournalEntry.ticket_number == Ticket.number)
        .join(JournalText, JournalText.entry_id == JournalEntry.id)
        .where(JournalEntry.kind == Event.COMMENT.value)
        .order_by(JournalEntry.id)
    )
    found = defaultdict(list)
    with database.reading() as session:
        for host, words in session.execute(statement):
            found[host].append(words)
    return dict(found)


def states(database: Database) -> dict[str, str]:
    with database.reading() as session:
        rows = session.execute(select(InboxEntry.event_id, InboxEntry.state))
        return {row.event_id: row.state for row in rows}
