"""Waiting for the customer or for a third party, begun and ended by a person."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bridge.errors import Refused
from bridge.flows import conversation, paging, waiting_ends
from bridge.flows.acting import Acting, actor
from bridge.flows.conversation import NotThen
from bridge.flows.courses import Courses
from bridge.flows.directory import Directory
from bridge.tickets import actions as tickets
from bridge.tickets import queries
from bridge.tickets.journal import Event
from bridge.tickets.lifecycle import TicketState, WrongState, is_unfinished
from bridge.tickets.models import Ticket

CUSTOMER, THIRD_PARTY = "customer", "third_party"


class UnknownWaiting(Refused):
    """A ticket waits for the customer or for a third party."""


def wait(
    session: Session,
    directory: Directory,
    number: int,
    who: Acting,
    for_: str,
    now: datetime,
    *,
    until: datetime | None = None,
    text: str = "",
    via: str = "phone",
) -> Ticket:
    """Let the ticket wait: for the customer only together with a public answer.

    for_: customer or third_party. until: when it goes on by itself; None: when somebody writes or
    goes on. text: the answer to the customer, given by `via`; for a third party a note.
    The same once more changes nothing.
    Raises UnknownWaiting, NotThen, UnknownTicket, WrongState for a ticket that is over, and
    EmptyText where the answer is missing. Source: docs/sla.md, "R11".
    """
    if for_ not in {CUSTOMER, THIRD_PARTY}:
        raise UnknownWaiting(f"a ticket waits for the {CUSTOMER} or a {THIRD_PARTY}, not {for_!r}")
    if until is not None and until <= now:
        raise NotThen("a ticket waits until a moment that is still to come")
    ticket = queries.ticket(session, number, lock=True)
    if not is_unfinished(TicketState(ticket.state)):
        raise WrongState(f"{ticket.reference} is {ticket.state}: reopen it to wait for somebody")
    if not text.strip() and (ticket.waiting_for, ticket.waiting_until) == (for_, until):
        return ticket
    courses = Courses.of(session, directory, number, now)
    data: dict[str, Any] = {"for": for_, "until": until}
    note = text.strip()
    if for_ == CUSTOMER:
        data["answer"] = conversation.give(courses, ticket, who, text, via, now, now)
        note = ""
    if ticket.state != TicketState.WAITING.value:
        tickets.change_state(ticket, TicketState.WAITING, now)
    ticket.waiting_for, ticket.waiting_until = for_, until
    courses.happened(ticket, Event.WAITING, actor(who), now, data, note)
    paging.sign_of_life(session, directory, ticket, now)
    return ticket


def go_on(
    session: Session, directory: Directory, number: int, who: Acting, now: datetime
) -> Ticket:
    """Go on with a ticket that waits; one that does not stays as it is.

    Raises UnknownTicket, and WrongState for one that is over.
    """
    ticket = queries.ticket(session, number, lock=True)
    if not is_unfinished(TicketState(ticket.state)):
        raise WrongState(f"{ticket.reference} is {ticket.state}: reopen it to go on")
    if ticket.state == TicketState.WAITING.value:
        courses = Courses.of(session, directory, number, now)
        waiting_ends.end(courses, ticket, actor(who), "person", now)
    return ticket
