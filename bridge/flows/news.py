"""News of an escalation, queued to be told once and quietly, and alarms about it."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bridge.flows.directory import Directory
from bridge.oncall import quiet
from bridge.oncall.loudness import loudness
from bridge.oncall.models import Run
from bridge.oncall.moves import News, Tell
from bridge.outbox.models import WAITING, OutboxEntry
from bridge.staff.models import Channel, StaffMember
from bridge.tickets.models import Ticket
from bridge.tickets.priority import Priority

NOTICE = "notice"
ROOM = "room"
ADMIN = "admin"
ALARMS = frozenset({"missing_schedule", "fallback"})
# What is handed over at one moment is one summary, though several escalations tell it.
SAME_MOMENT_MINUTES = 15


def queue(
    session: Session, directory: Directory, ticket: Ticket, run: Run, tell: Tell, now: datetime
) -> list[int]:
    """Queue what is told, and return whom; nobody is told the same twice in one generation.

    A summary is one for each person and moment, whatever it is about. What is of low urgency
    waits for the end of a person's quiet hours. Source: docs/oncall.md, "R6", "R11" and "R16".
    """
    people = [directory.people[one] for one in tell.people if one in directory.people]
    keys = f"news:{run.id}:{run.generation}:{tell.news.value}"
    if tell.news is News.REMINDER and run.expires_at is not None:
        # Whoever says that they work on it is reminded anew of the new end.
        keys += f":{run.expires_at:%Y%m%dT%H%M%S}"
    if tell.news is News.SUMMARY:
        quarter = now.minute - now.minute % SAME_MOMENT_MINUTES
        keys = f"news:summary:{now:%Y%m%dT%H}{quarter:02}"
    return _queue_all(session, ticket, run, people, tell.news.value, keys, now)


def alarm_administrators(
    session: Session, directory: Directory, ticket: Ticket, run: Run, reason: str, now: datetime
) -> None:
    """Queue an alarm about the escalation itself, once for each run and reason.

    Source: docs/oncall.md, "R22".
    """
    admins = [one for one in directory.people.values() if ADMIN in one.roles]
    _queue_all(session, ticket, run, admins, reason, f"alarm:{run.id}:{reason}", now)


def queue_room(
    session: Session, ticket: Ticket, run: Run, address: str, round_: int, step: int, now: datetime
) -> None:
    """Queue for a room that a step fires, once for each firing.

    address: a reference to the room's secret address, as the policy has it. A room is told, not
    called: its message has no link that acts.
    """
    room = hashlib.sha256(address.encode()).hexdigest()[:16]
    key = f"room:{run.id}:{run.generation}:{round_}:{step}:{room}"
    payload = {"room": address, "news": ROOM, "run": run.id, "generation": run.generation}
    _queue(session, key, payload, ticket.number, now, now)


def _queue_all(
    session: Session,
    ticket: Ticket,
    run: Run,
    people: Iterable[StaffMember],
    what: str,
    keys: str,
    now: datetime,
) -> list[int]:
    waits = what not in ALARMS and not Priority(ticket.priority).is_high_urgency
    told = []
    for person in sorted(people, key=lambda one: one.id):
        channel = quietest(person)
        if channel is None:
            continue
        payload = {"staff": person.id, "channel": channel.id, "news": what, "run": run.id}
        due_at = quiet.deferred(person.document, now) if waits else now
        if _queue(session, f"{keys}:{person.id}", payload, ticket.number, now, due_at):
            told.append(person.id)
    return told


def _queue(
    session: Session,
    key: str,
    payload: dict[str, Any],
    ticket_number: int,
    now: datetime,
    due_at: datetime,
) -> bool:
    """Add an entry; return whether there was none with its key, here or in another transaction."""
    session.flush()  # the ticket may be new
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = {
        "door": NOTICE, "key": key, "payload": payload, "ticket_number": ticket_number,
        "created_at": now, "due_at": due_at, "state": WAITING,
        "attempts": 0, "maybes": 0, "generation": 0,
    }  # fmt: skip
    statement = insert(OutboxEntry).values(row).on_conflict_do_nothing(index_elements=["key"])
    return session.scalar(statement.returning(OutboxEntry.id)) is not None


def quietest(person: StaffMember) -> Channel | None:
    """Return the channel that disturbs least, or None for a person without any.

    Told by its name, where its address is a secret. Source: docs/oncall.md, "R6".
    """
    channels = [one for one in person.channels if one.retired_at is None]
    return min(channels, key=lambda one: loudness(one.label), default=None)


def is_news(payload: dict[str, Any]) -> bool:
    """Return whether a notice is news of an escalation."""
    return "news" in payload
