"""What a page-out says, in the language of the person it is for."""

from datetime import datetime

from bridge.icinga.models import Problem, TicketProblem
from bridge.language import date_and_time, say
from bridge.oncall.message import PageMessage, Urgency
from bridge.sla.models import Clock
from bridge.staff.models import StaffMember
from bridge.tickets.models import Ticket

# A phone shows a few lines; the rest is on the page behind the link.
OUTPUT_SHOWN = 500


def _due(clock: Clock | None, person: StaffMember, timezone: str) -> str:
    if clock is None or clock.due_at is None:
        return ""
    moment = date_and_time(clock.due_at, person.language, timezone)
    words = say(person.language)("Respond by {moment}")
    return words.format(moment=moment)


def page(
    ticket: Ticket,
    about: tuple[Problem, TicketProblem] | None,
    clock: Clock | None,
    person: StaffMember,
    link: str,
    urgency: Urgency,
    *,
    repeat: bool,
    opened_at: datetime,
) -> PageMessage:
    """Return the page for `person`: what it is, whose it is and until when, then the output."""
    words = say(person.language)
    customer = ticket.customer.name if ticket.customer else words("no customer")
    timezone = ticket.customer.timezone if ticket.customer else "UTC"
    state = about[1].state if about else ""
    since = words("since {moment}").format(
        moment=date_and_time(opened_at, person.language, timezone)
    )
    first = [f"{ticket.reference} {customer}", f"{state} {since}".strip()]
    due = _due(clock, person, timezone)
    if due:
        first.append(due)
    output = about[1].output[:OUTPUT_SHOWN] if about else ""
    return PageMessage(
        title=f"{ticket.priority} {state} {ticket.title}".replace("  ", " "),
        body="\n".join(first) + (f"\n\n{output}" if output else ""),
        link=link,
        urgency=urgency,
        repeat=repeat,
    )
