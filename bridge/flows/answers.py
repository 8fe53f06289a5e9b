"""What people do with a ticket: acknowledge it, note something, resolve or close it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bridge.errors import Refused
from bridge.flows import endings, paging, to_icinga
from bridge.flows.directory import Directory
from bridge.icinga import queries as icinga
from bridge.oncall import queries as oncall
from bridge.sla import actions as sla
from bridge.staff.models import StaffMember
from bridge.tickets import actions as tickets
from bridge.tickets import queries
from bridge.tickets.journal import BRIDGE, Event, staff
from bridge.tickets.lifecycle import TicketState, WrongState, is_unfinished
from bridge.tickets.models import Ticket


class EmptyText(Refused):
    """A note or a solution needs some words."""


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
    person: StaffMember,
    via: str,
    now: datetime,
) -> Acknowledged:
    """Give the ticket to `person`: the clock and the pages stop, and Icinga is told.

    via: page, link or api. A second one changes nothing and says who has it.
    Raises UnknownTicket; WrongState when nothing is left to do. Source: docs/oncall.md, "R6".
    """
    ticket = queries.ticket(session, number, lock=True)
    if ticket.acknowledged_by is not None:
        return Acknowledged(ticket, ticket.acknowledged_by, is_new=False)
    if not is_unfinished(TicketState(ticket.state)):
        raise WrongState(f"{ticket.reference} is {ticket.state}: nothing is left to acknowledge")
    tickets.acknowledge(ticket, person.name, person.id, now)
    tickets.write(session, ticket, Event.ACKNOWLEDGED, staff(person.id), now, now, {"via": via})
    clocks = sla.running_clocks(session, [number]).get(number, ())
    endings.answered_by_acknowledging(session, directory, ticket, clocks, now, now)
    run = oncall.unended_runs(session, [number]).get(number)
    if run is not None:
        paging.acknowledge(session, run, now)
    about = icinga.problem_of(session, number)
    if about is not None:
        to_icinga.acknowledge(session, directory, ticket, about[0], now)
    return Acknowledged(ticket, person.name, is_new=True)


def note(session: Session, number: int, person: StaffMember, text: str, now: datetime) -> Ticket:
    """Write what `person` noted into the ticket's journal; raises EmptyText, UnknownTicket."""
    if not text.strip():
        raise EmptyText("write a few words: an empty note helps nobody")
    ticket = queries.ticket(session, number, lock=True)
    tickets.write(session, ticket, Event.NOTE, staff(person.id), now, now, text=text.strip())
    return ticket


def resolve(
    session: Session,
    directory: Directory,
    number: int,
    person: StaffMember,
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
    tickets.write(session, ticket, Event.RESOLVED, staff(person.id), now, now, text=text.strip())
    clocks = sla.running_clocks(session, [number]).get(number, ())
    endings.stop_clocks(session, directory, ticket, clocks, now, now)
    run = oncall.unended_runs(session, [number]).get(number)
    endings.end_escalation(session, ticket, run, "resolved", now)
    return ticket


def close(session: Session, number: int, person: StaffMember, now: datetime) -> Ticket:
    """Close a resolved ticket before its quiet time is over."""
    ticket = queries.ticket(session, number, lock=True)
    tickets.change_state(ticket, TicketState.CLOSED, now)
    tickets.write(session, ticket, Event.CLOSED, staff(person.id), now, now)
    return ticket


def close_quiet(session: Session, now: datetime, limit: int) -> int:
    """Close the resolved tickets whose quiet time is over; return how many."""
    due = tickets.due_to_close(session, now, limit)
    for ticket in due:
        tickets.change_state(ticket, TicketState.CLOSED, now)
        tickets.write(session, ticket, Event.CLOSED, BRIDGE, now, now, {"after": "quiet_time"})
    return len(due)
