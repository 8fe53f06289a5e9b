"""A ticket that was over begins again: by hand, or because the customer wrote."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bridge.flows import paging
from bridge.flows.courses import Courses
from bridge.flows.directory import Directory
from bridge.icinga import queries as icinga
from bridge.oncall.ladder_state import Held
from bridge.tickets import actions as tickets
from bridge.tickets.journal import Actor, Event
from bridge.tickets.lifecycle import TicketState
from bridge.tickets.models import Ticket


def other_ticket_of_problem(session: Session, number: int) -> int | None:
    """Return the ticket that is open for the same problem of Icinga, where it is another one."""
    about = icinga.problem_of(session, number)
    theirs = about[0].open_ticket if about else None
    return theirs if theirs != number else None


def begin_again(
    session: Session,
    directory: Directory,
    courses: Courses,
    ticket: Ticket,
    by: Actor,
    at: datetime,
    now: datetime,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Open a resolved or closed ticket: nobody has it, and people are paged as for a new one."""
    said = {"after": ticket.resolved_at, **(data or {})}
    tickets.change_state(ticket, TicketState.OPEN, at)
    tickets.unacknowledge(ticket)
    courses.happened(ticket, Event.REOPENED, by, at, said)
    about = icinga.problem_of(session, ticket.number)
    down = about is not None and about[0].open_ticket == ticket.number and about[0].in_downtime
    paging.begin(session, directory, ticket, now, held=Held.DOWNTIME if down else None)
