"""How waiting ends: by a person, by its time, or because the customer never got our answer."""

from datetime import datetime

from sqlalchemy.orm import Session

from bridge.flows.courses import Courses
from bridge.flows.directory import Directory
from bridge.sla.facts import FactKind
from bridge.tickets import actions as tickets
from bridge.tickets.journal import BRIDGE, Actor, Event
from bridge.tickets.lifecycle import TicketState
from bridge.tickets.models import Ticket


def waits_for_reply_to(courses: Courses, ticket: Ticket, answer_id: int | str) -> bool:
    """Return whether the ticket waits for the customer's reply to this answer of ours."""
    if ticket.state != TicketState.WAITING.value:
        return False
    facts = [one for one in courses.facts(ticket.number) if one.kind is FactKind.WAITING]
    return bool(facts) and facts[-1].data.get("answer") == answer_id


def end(courses: Courses, ticket: Ticket, by: Actor, why: str, at: datetime) -> None:
    """Go on with a ticket that waits.

    why: person, until or answer_undeliverable.
    """
    tickets.change_state(ticket, TicketState.OPEN, at)
    courses.happened(ticket, Event.WAITING_ENDED, by, at, {"why": why})


def end_due(session: Session, directory: Directory, now: datetime, limit: int) -> int:
    """Go on with the tickets that have waited until their time; return how many.

    Each counts from the moment it was to wait until, whenever this looks.
    """
    due = tickets.due_to_go_on(session, now, limit)
    courses = Courses(session, directory, now)
    courses.load([ticket.number for ticket in due])
    for ticket in due:
        end(courses, ticket, BRIDGE, "until", ticket.waiting_until or now)
    return len(due)
