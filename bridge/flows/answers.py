"""What people and programs do with a ticket: take it, note something, end it, begin it again."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bridge.calendars.suggestions import did_you_mean
from bridge.errors import Refused
from bridge.flows import paging, reopening, to_icinga
from bridge.flows.acting import Acting, EmptyText, Program, actor, some_words
from bridge.flows.courses import Courses
from bridge.flows.directory import Directory
from bridge.icinga import queries as icinga
from bridge.oncall import queries as oncall
from bridge.staff.models import StaffMember
from bridge.tickets import actions as tickets
from bridge.tickets import queries
from bridge.tickets.journal import BRIDGE, Event
from bridge.tickets.lifecycle import TicketState, WrongState, is_unfinished
from bridge.tickets.models import Ticket

__all__ = [
    "Acknowledged",
    "Acting",
    "EmptyText",
    "Program",
    "UnknownOwner",
    "acknowledge",
    "assign",
    "close",
    "close_quiet",
    "note",
    "person_of",
    "reopen",
    "resolve",
]


class UnknownOwner(Refused):
    """Nobody of ours has this id."""


@dataclass(frozen=True)
class Acknowledged:
    """Who has the ticket now, and whether it was this call that made it so."""

    ticket: Ticket
    by: str
    is_new: bool


def acknowledge(
    session: Session,
    directory: Directory,
    number: int,
    who: Acting,
    via: str,
    now: datetime,
) -> Acknowledged:
    """Give the ticket to `who`: the clock and the pages stop, and Icinga is told.

    via: page, link or api. A second one changes nothing and says who has it. A program that has
    it leaves the ticket to the owner it had.
    Raises UnknownTicket; WrongState when nothing is left to do. Source: docs/oncall.md, "R6".
    """
    ticket = queries.ticket(session, number, lock=True)
    run = oncall.unended_runs(session, [number]).get(number)
    if ticket.acknowledged_by is not None and (run is None or run.owner_until is None):
        return Acknowledged(ticket, ticket.acknowledged_by, is_new=False)
    if not is_unfinished(TicketState(ticket.state)):
        raise WrongState(f"{ticket.reference} is {ticket.state}: nothing is left to acknowledge")
    person = who if isinstance(who, StaffMember) else None
    is_first = ticket.acknowledged_by is None
    if run is not None:
        paging.acknowledge(session, directory, ticket, run, person, now)
    tickets.acknowledge(ticket, who.name, person.id if person else None, now)
    if not is_first:
        tickets.write(session, ticket, Event.CONFIRMED, actor(who), now, now, {"via": via})
        return Acknowledged(ticket, who.name, is_new=True)
    courses = Courses.of(session, directory, number, now)
    courses.happened(ticket, Event.ACKNOWLEDGED, actor(who), now, {"via": via})
    about = icinga.problem_of(session, number)
    if about is not None:
        to_icinga.acknowledge(session, directory, ticket, about[0], now)
    return Acknowledged(ticket, who.name, is_new=True)


def note(
    session: Session, directory: Directory, number: int, who: Acting, text: str, now: datetime
) -> Ticket:
    """Write what `who` noted into the ticket's journal; raises EmptyText, UnknownTicket."""
    noted = some_words(text, "write a few words: an empty note helps nobody")
    ticket = queries.ticket(session, number, lock=True)
    tickets.write(session, ticket, Event.NOTE, actor(who), now, now, text=noted)
    paging.sign_of_life(session, directory, ticket, now)
    return ticket


def resolve(
    session: Session,
    directory: Directory,
    number: int,
    who: Acting,
    text: str,
    now: datetime,
) -> Ticket:
    """End the work on a ticket: its clocks and pages stop; it closes after the quiet time.

    A problem that is still there in Icinga keeps its ticket, so that it is not opened twice.
    Raises EmptyText, UnknownTicket and WrongState.
    """
    solved = some_words(text, "write what solved it: the next one to have the problem will read it")
    ticket = queries.ticket(session, number, lock=True)
    tickets.change_state(ticket, TicketState.RESOLVED, now)
    ticket.close_due_at = now + directory.desk.quiet_time
    courses = Courses.of(session, directory, number, now)
    courses.happened(ticket, Event.RESOLVED, actor(who), now, text=solved)
    run = oncall.unended_runs(session, [number]).get(number)
    paging.end(session, directory, ticket, run, "resolved", now)
    return ticket


def close(session: Session, number: int, who: Acting, now: datetime) -> Ticket:
    """Close a resolved ticket before its quiet time is over."""
    ticket = queries.ticket(session, number, lock=True)
    tickets.change_state(ticket, TicketState.CLOSED, now)
    tickets.write(session, ticket, Event.CLOSED, actor(who), now, now)
    return ticket


def reopen(
    session: Session, directory: Directory, number: int, who: Acting, now: datetime
) -> Ticket:
    """Begin the work on a ticket again: nobody has it, and people are paged as for a new one.

    A response that was kept or missed stays so; one that a recovery cancelled is promised anew.
    Raises UnknownTicket; WrongState where it is not over, or its problem has a newer ticket.
    """
    ticket = queries.ticket(session, number, lock=True)
    if is_unfinished(TicketState(ticket.state)):
        raise WrongState(f"{ticket.reference} is {ticket.state}: it need not be reopened")
    theirs = reopening.other_ticket_of_problem(session, number)
    if theirs is not None:
        raise WrongState(f"[Ticket #{theirs}] is there for the same problem: go on with that one")
    courses = Courses.of(session, directory, number, now)
    reopening.begin_again(session, directory, courses, ticket, actor(who), now, now)
    return ticket


def assign(
    session: Session, directory: Directory, number: int, who: Acting, owner: str, now: datetime
) -> Ticket:
    """Make one of our people the owner of the ticket.

    owner: the person's id in the desk file. It is still theirs to acknowledge: until somebody
    does, clock and pages go on. Twice is once.
    Raises UnknownTicket, UnknownOwner; WrongState for a ticket that is closed or merged.
    """
    person = person_of(directory, owner)
    ticket = queries.ticket(session, number, lock=True)
    if TicketState(ticket.state) in {TicketState.CLOSED, TicketState.MERGED}:
        raise WrongState(f"{ticket.reference} is {ticket.state}: nobody has work with it")
    if ticket.owner_id != person.id:
        data = {"owner": person.id, "before": ticket.owner_id}
        ticket.owner_id = person.id
        tickets.write(session, ticket, Event.ASSIGNED, actor(who), now, now, data)
        paging.sign_of_life(session, directory, ticket, now)
    return ticket


def person_of(directory: Directory, label: str) -> StaffMember:
    """Return the person of ours with this id in the desk file; raises UnknownOwner."""
    person = directory.people.get(label)
    if person is None:
        hint = did_you_mean(label, directory.people)
        raise UnknownOwner(f"nobody of ours has the id {label!r}{hint}: see the desk file's staff")
    return person


def close_quiet(session: Session, now: datetime, limit: int) -> int:
    """Close the resolved tickets whose quiet time is over; return how many."""
    due = tickets.due_to_close(session, now, limit)
    for ticket in due:
        tickets.change_state(ticket, TicketState.CLOSED, now)
        tickets.write(session, ticket, Event.CLOSED, BRIDGE, now, now, {"after": "quiet_time"})
    return len(due)
