"""What really happened in this installation: what came in, what people did, and what came of it."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bridge.customers.models import Contract
from bridge.flows.problems import Heard
from bridge.icinga import notification
from bridge.icinga.models import Problem, TicketProblem
from bridge.inbox.models import DONE, InboxEntry
from bridge.simulation.deeds_of_journal import DEEDS, ERASED, Labels, Written
from bridge.simulation.events import Done, Number, OfObject, Said, TicketWish
from bridge.simulation.events import Event as Happening
from bridge.staff.models import StaffMember
from bridge.tickets.journal import CUSTOMER, Actor, Event
from bridge.tickets.models import JournalEntry, JournalText, Ticket

KIND = "icinga"
PEOPLE, PROGRAM = "staff:%", "token"
SOMEBODY = "a program"
# Whoever acted through a notification of Icinga acts again when that is played.
BY_NOTIFICATION = "icinga"


@dataclass(frozen=True)
class Matter:
    """Which ticket is about which object, and since when; `object_of` is source, host, service."""

    number: int
    object_of: tuple[str, str, str]
    opened_at: datetime
    created_at: datetime
    over_at: datetime | None


def events(session: Session, begin: datetime, end: datetime) -> list[Happening]:
    """Return what came in and what people did from `begin` to `end`, in order of time.

    Of notifications those that are kept and were processed; of actions those on tickets that
    are about a host or service.
    """
    found: list[Happening] = [*_notifications(session, begin, end)]
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
    labels = _labels(session)
    statement = (
        select(JournalEntry, JournalText, Problem)
        .join(TicketProblem, TicketProblem.ticket_number == JournalEntry.ticket_number)
        .join(Problem, Problem.id == TicketProblem.problem_id)
        .outerjoin(JournalText, JournalText.entry_id == JournalEntry.id)
        .where(
            JournalEntry.kind.in_([kind.value for kind in DEEDS]),
            JournalEntry.actor.like(PEOPLE) | JournalEntry.actor.in_((PROGRAM, CUSTOMER)),
            JournalEntry.recorded_at >= begin,
            JournalEntry.recorded_at < end,
        )
        .order_by(JournalEntry.id)
    )
    for entry, words, problem in session.execute(statement):
        if entry.data.get("via") != BY_NOTIFICATION:
            yield _done(session, entry, words, problem, labels)


def _done(
    session: Session,
    entry: JournalEntry,
    words: JournalText | None,
    problem: Problem,
    labels: Labels,
) -> Done:
    name, fields = DEEDS[Event(entry.kind)]
    written = Written(entry.data, (words.text if words else "") or ERASED, entry.at, labels)
    person = labels.people.get(Actor(entry.actor).staff_id or 0)
    into = entry.data.get("into")
    return Done(
        at=entry.recorded_at,
        where=f"ticket {entry.ticket_number}",
        action=name,
        ticket=_object(problem),
        actor=person or (words.author if words else None) or SOMEBODY,
        form=fields(written),
        may_be_a_program=True,
        into=_object_of(session, into) if into is not None else None,
    )


def _object(problem: Problem) -> OfObject:
    return OfObject(problem.host, problem.service, problem.source)


def _object_of(session: Session, number: int) -> TicketWish:
    """Return what the ticket is about; its number, which may lead nowhere, where it is nothing."""
    statement = (
        select(Problem)
        .join(TicketProblem, TicketProblem.problem_id == Problem.id)
        .where(TicketProblem.ticket_number == number)
    )
    problem = session.scalar(statement)
    return _object(problem) if problem is not None else Number(number)


def _labels(session: Session) -> Labels:
    people = session.execute(select(StaffMember.id, StaffMember.label))
    contracts = session.execute(select(Contract.id, Contract.label))
    return Labels({row[0]: row[1] for row in people}, {row[0]: row[1] for row in contracts})


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
