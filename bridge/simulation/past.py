"""What really happened in this installation: what came in, what people did, and what came of it."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bridge.api.forms import Form, Nothing, Owner, Text
from bridge.flows.problems import Heard
from bridge.icinga import notification
from bridge.icinga.models import Problem, TicketProblem
from bridge.inbox.models import DONE, InboxEntry
from bridge.simulation.events import Done, Event, OfObject, Said
from bridge.staff.models import StaffMember
from bridge.tickets.journal import Actor
from bridge.tickets.journal import Event as JournalEvent
from bridge.tickets.models import JournalEntry, JournalText, Ticket

KIND = "icinga"
ERASED = "(erased)"
PEOPLE, PROGRAMS = "staff:%", "token"
# Whoever acted through a notification of Icinga acts again when that is played.
BY_NOTIFICATION = "icinga"


@dataclass(frozen=True)
class Written:
    """An entry of the journal, as far as it says what somebody did.

    people: the ids of the desk file by the number of the row.
    """

    data: Mapping[str, Any]
    text: str
    people: Mapping[int, str]


def _nothing(_entry: Written) -> Form:
    return Nothing()


def _text(entry: Written) -> Form:
    return Text(text=entry.text or ERASED)


def _owner(entry: Written) -> Form:
    return Owner(owner=entry.people.get(entry.data["owner"], ""))


# What people do, by what the journal calls it: the action, and its fields.
ACTIONS: Mapping[JournalEvent, tuple[str, Callable[[Written], Form]]] = {
    JournalEvent.ACKNOWLEDGED: ("acknowledge", _nothing),
    JournalEvent.NOTE: ("note", _text),
    JournalEvent.ASSIGNED: ("assign", _owner),
    JournalEvent.RESOLVED: ("resolve", _text),
    JournalEvent.CLOSED: ("close", _nothing),
    JournalEvent.REOPENED: ("reopen", _nothing),
}


@dataclass(frozen=True)
class Matter:
    """Which ticket is about which object, and since when; `object_of` is source, host, service."""

    number: int
    object_of: tuple[str, str, str]
    opened_at: datetime
    created_at: datetime
    over_at: datetime | None


def events(session: Session, begin: datetime, end: datetime) -> list[Event]:
    """Return what came in and what people did from `begin` to `end`, in order of time.

    Of notifications those that are kept and were processed; of actions those on tickets that
    are about a host or service.
    """
    found: list[Event] = [*_notifications(session, begin, end)]
    found += _actions(session, begin, end)
    return sorted(found, key=lambda event: event.at)


def _notifications(session: Session, begin: datetime, end: datetime) -> Iterator[Said]:
    statement = (
        select(InboxEntry.id, InboxEntry.source, InboxEntry.payload, InboxEntry.received_at)
        .where(
            InboxEntry.state == DONE,
            InboxEntry.kind == KIND,
            InboxEntry.received_at >= begin,
            InboxEntry.received_at < end,
        )
        .order_by(InboxEntry.received_at, InboxEntry.id)
    )
    for row in session.execute(statement):
        said = notification.parse(json.loads(row.payload))
        heard = Heard(row.source, said, row.received_at)
        yield Said(row.received_at, f"inbox entry {row.id}", heard)


def _actions(session: Session, begin: datetime, end: datetime) -> Iterator[Done]:
    people = _people(session)
    statement = (
        select(JournalEntry, JournalText, Problem)
        .join(TicketProblem, TicketProblem.ticket_number == JournalEntry.ticket_number)
        .join(Problem, Problem.id == TicketProblem.problem_id)
        .outerjoin(JournalText, JournalText.entry_id == JournalEntry.id)
        .where(
            JournalEntry.kind.in_([kind.value for kind in ACTIONS]),
            JournalEntry.actor.like(PEOPLE) | (JournalEntry.actor == PROGRAMS),
            JournalEntry.recorded_at >= begin,
            JournalEntry.recorded_at < end,
        )
        .order_by(JournalEntry.id)
    )
    for entry, words, problem in session.execute(statement):
        if entry.data.get("via") == BY_NOTIFICATION:
            continue
        name, fields = ACTIONS[JournalEvent(entry.kind)]
        written = Written(entry.data, words.text if words else "", people)
        person = people.get(Actor(entry.actor).staff_id or 0)
        yield Done(
            at=entry.recorded_at,
            where=f"ticket {entry.ticket_number}",
            action=name,
            ticket=OfObject(problem.host, problem.service, problem.source),
            actor=person or (words.author if words else None) or "a program",
            form=fields(written),
            may_be_a_program=True,
        )


def _people(session: Session) -> Mapping[int, str]:
    rows = session.execute(select(StaffMember.id, StaffMember.label))
    return {number: label for number, label in rows}  # noqa: C416 - rows are not pairs


def matters(session: Session, since: datetime) -> Sequence[Matter]:
    """Return which ticket is about which object, by number; without what was over at `since`."""
    statement = (
        select(
            Ticket.number,
            Problem.source,
            Problem.host,
            Problem.service,
            Ticket.opened_at,
            Ticket.created_at,
            Ticket.resolved_at,
        )
        .join(TicketProblem, TicketProblem.ticket_number == Ticket.number)
        .join(Problem, Problem.id == TicketProblem.problem_id)
        .where(or_(Ticket.resolved_at.is_(None), Ticket.resolved_at >= since))
        .order_by(Ticket.number)
    )
    return [
        Matter(
            number=row.number,
            object_of=(row.source, row.host, row.service),
            opened_at=row.opened_at,
            created_at=row.created_at,
            over_at=row.resolved_at,
        )
        for row in session.execute(statement)
    ]
