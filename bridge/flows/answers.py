"""What people and programs do with a ticket: take it, note something, end it, begin it again."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.calendars.suggestions import did_you_mean
from bridge.errors import Refused
from bridge.flows import endings, paging, promises, to_icinga
from bridge.flows.directory import Directory
from bridge.icinga import queries as icinga
from bridge.oncall import queries as oncall
from bridge.sla import actions as sla
from bridge.sla.clock import ClockKind, Verdict
from bridge.sla.models import Clock
from bridge.staff.models import StaffMember
from bridge.tickets import actions as tickets
from bridge.tickets import queries
from bridge.tickets.journal import BRIDGE, Actor, Event, staff, token
from bridge.tickets.lifecycle import TicketState, WrongState, is_unfinished
from bridge.tickets.models import Ticket

ANSWERED = (Verdict.KEPT.value, Verdict.MISSED.value)


class EmptyText(Refused):
    """A note or a solution needs some words."""


class UnknownOwner(Refused):
    """Nobody of ours has this id."""


@dataclass(frozen=True)
class Program:
    """A program that acts with a token, and goes by the token's name."""

    name: str


# Who does something with a ticket.
Acting = StaffMember | Program


def _actor(who: Acting) -> Actor:
    match who:
        case StaffMember():
            return staff(who.id)
        case Program():
            return token(who.name)


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
    if ticket.acknowledged_by is not None:
        return Acknowledged(ticket, ticket.acknowledged_by, is_new=False)
    if not is_unfinished(TicketState(ticket.state)):
        raise WrongState(f"{ticket.reference} is {ticket.state}: nothing is left to acknowledge")
    owner_id = who.id if isinstance(who, StaffMember) else None
    tickets.acknowledge(ticket, who.name, owner_id, now)
    tickets.write(session, ticket, Event.ACKNOWLEDGED, _actor(who), now, now, {"via": via})
    clocks = sla.running_clocks(session, [number]).get(number, ())
    endings.answered_by_acknowledging(session, directory, ticket, clocks, now, now)
    run = oncall.unended_runs(session, [number]).get(number)
    if run is not None:
        paging.acknowledge(session, run, now)
    about = icinga.problem_of(session, number)
    if about is not None:
        to_icinga.acknowledge(session, directory, ticket, about[0], now)
    return Acknowledged(ticket, who.name, is_new=True)


def note(session: Session, number: int, who: Acting, text: str, now: datetime) -> Ticket:
    """Write what `who` noted into the ticket's journal; raises EmptyText, UnknownTicket."""
    if not text.strip():
        raise EmptyText("write a few words: an empty note helps nobody")
    ticket = queries.ticket(session, number, lock=True)
    tickets.write(session, ticket, Event.NOTE, _actor(who), now, now, text=text.strip())
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
    if not text.strip():
        raise EmptyText("write what solved it: the next one to have the problem will read it")
    ticket = queries.ticket(session, number, lock=True)
    tickets.change_state(ticket, TicketState.RESOLVED, now)
    ticket.close_due_at = now + directory.desk.quiet_time
    tickets.write(session, ticket, Event.RESOLVED, _actor(who), now, now, text=text.strip())
    clocks = sla.running_clocks(session, [number]).get(number, ())
    endings.stop_clocks(session, directory, ticket, clocks, now, now)
    run = oncall.unended_runs(session, [number]).get(number)
    endings.end_escalation(session, ticket, run, "resolved", now)
    return ticket


def close(session: Session, number: int, who: Acting, now: datetime) -> Ticket:
    """Close a resolved ticket before its quiet time is over."""
    ticket = queries.ticket(session, number, lock=True)
    tickets.change_state(ticket, TicketState.CLOSED, now)
    tickets.write(session, ticket, Event.CLOSED, _actor(who), now, now)
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
    about = icinga.problem_of(session, number)
    theirs = about[0].open_ticket if about else None
    if theirs is not None and theirs != number:
        raise WrongState(f"[Ticket #{theirs}] is there for the same problem: go on with that one")
    data = {"after": ticket.resolved_at}
    tickets.change_state(ticket, TicketState.OPEN, now)
    tickets.unacknowledge(ticket)
    tickets.write(session, ticket, Event.REOPENED, _actor(who), now, now, data)
    terms = directory.terms_at(ticket.contract_id, now) if ticket.contract_id else None
    if terms is not None and not _has_verdict(session, number):
        promises.start_response(session, directory, ticket, terms, now, None, now)
    held = about is not None and theirs == number and about[0].in_downtime
    paging.begin(session, directory, ticket, now, held=held)
    return ticket


def _has_verdict(session: Session, number: int) -> bool:
    statement = select(Clock.id).where(
        Clock.ticket_number == number,
        Clock.kind == ClockKind.RESPONSE.value,
        Clock.state.in_(ANSWERED),
    )
    return session.scalar(statement.limit(1)) is not None


def assign(
    session: Session, directory: Directory, number: int, who: Acting, owner: str, now: datetime
) -> Ticket:
    """Make one of our people the owner of the ticket.

    owner: the person's id in the desk file. It is still theirs to acknowledge: until somebody
    does, clock and pages go on. Twice is once.
    Raises UnknownTicket, UnknownOwner; WrongState for a ticket that is closed or merged.
    """
    person = directory.people.get(owner)
    if person is None:
        hint = did_you_mean(owner, directory.people)
        raise UnknownOwner(f"nobody of ours has the id {owner!r}{hint}: see the desk file's staff")
    ticket = queries.ticket(session, number, lock=True)
    if TicketState(ticket.state) in {TicketState.CLOSED, TicketState.MERGED}:
        raise WrongState(f"{ticket.reference} is {ticket.state}: nobody has work with it")
    if ticket.owner_id != person.id:
        data = {"owner": person.id, "before": ticket.owner_id}
        ticket.owner_id = person.id
        tickets.write(session, ticket, Event.ASSIGNED, _actor(who), now, now, data)
    return ticket


def close_quiet(session: Session, now: datetime, limit: int) -> int:
    """Close the resolved tickets whose quiet time is over; return how many."""
    due = tickets.due_to_close(session, now, limit)
    for ticket in due:
        tickets.change_state(ticket, TicketState.CLOSED, now)
        tickets.write(session, ticket, Event.CLOSED, BRIDGE, now, now, {"after": "quiet_time"})
    return len(due)
