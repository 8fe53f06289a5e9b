"""Reads the journal of a ticket, and names the people in it by their ids of the desk file."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bridge.api import shapes
from bridge.staff.models import StaffMember
from bridge.tickets.journal import Actor
from bridge.tickets.models import JournalEntry, JournalText

# Where the data of an event names people of ours, by the number of their row.
PERSON_KEYS = frozenset({"person", "people", "owner", "before"})


def journal(
    session: Session, number: int, after: int | None = None, limit: int | None = None
) -> Sequence[shapes.JournalEntry]:
    """Return what happened to the ticket, in the order in which we learned it.

    after: only entries that came after the one with this id.
    """
    statement = (
        select(
            JournalEntry.id,
            JournalEntry.at,
            JournalEntry.recorded_at,
            JournalEntry.kind,
            JournalEntry.actor,
            JournalEntry.data,
            JournalText.author,
            func.coalesce(JournalText.text, "").label("text"),
        )
        .outerjoin(JournalText, JournalText.entry_id == JournalEntry.id)
        .where(JournalEntry.ticket_number == number, JournalEntry.id > (after or 0))
        .order_by(JournalEntry.id)
        .limit(limit)
    )
    people = _people(session)
    return [
        shapes.JournalEntry(
            id=row.id,
            at=row.at,
            recorded_at=row.recorded_at,
            event=row.kind,
            actor=_actor(row.actor, row.author, people),
            data={key: _named(key, value, people) for key, value in row.data.items()},
            text=row.text,
        )
        for row in session.execute(statement)
    ]


People = Mapping[int, tuple[str, str]]


def _people(session: Session) -> People:
    """Return id and name of all our people, of those who have left too, by their row's number."""
    rows = session.execute(select(StaffMember.id, StaffMember.label, StaffMember.name))
    return {number: (label, name) for number, label, name in rows}


def _actor(key: str, author: str | None, people: People) -> shapes.Actor:
    label, name = people.get(Actor(key).staff_id or 0, (None, author))
    return shapes.Actor(kind=key.partition(":")[0], id=label, name=name)


def _named(key: str, value: Any, people: People) -> Any:
    if key not in PERSON_KEYS:
        return value
    if isinstance(value, list):
        return [_named(key, one, people) for one in value]
    return people[value][0] if value in people else value
