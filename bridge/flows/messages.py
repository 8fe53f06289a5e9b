"""What a page-out says, in the language of the person it is for."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bridge.icinga.models import Problem, TicketProblem
from bridge.language import Say, date_and_time, say
from bridge.oncall.message import PageMessage, Urgency
from bridge.oncall.models import Page
from bridge.sla.models import Clock
from bridge.staff.models import StaffMember
from bridge.tickets.models import Ticket

# A phone shows a few lines; the rest is on the page behind the link.
OUTPUT_SHOWN = 500

About = tuple[Problem, TicketProblem]


def page(
    ticket: Ticket,
    about: About | None,
    clock: Clock | None,
    person: StaffMember,
    link: str,
    urgency: Urgency,
    *,
    repeat: bool,
    opened_at: datetime,
    why: str = "",
) -> PageMessage:
    """Return the page for `person`: what it is, whose it is and until when, then the output.

    why: the person is asked, where that is not what a first page is for; see `reason`.
    """
    words = say(person.language)
    customer = ticket.customer.name if ticket.customer else words("no customer")
    timezone = ticket.customer.timezone if ticket.customer else "UTC"
    state = about[1].state if about else ""
    since = words("since {moment}").format(
        moment=date_and_time(opened_at, person.language, timezone)
    )
    first = [f"{ticket.reference} {customer}", f"{state} {since}".strip()]
    if about and about[0].host not in ticket.title:
        first.insert(1, about[0].host)
    due = _due(clock, person, timezone)
    output = about[1].output[:OUTPUT_SHOWN] if about else ""
    flapping = words("flapping") if about and about[0].flapping else ""
    title = " ".join(one for one in (ticket.priority, state, flapping, ticket.title) if one)
    return PageMessage(
        title=f"{why}: {title}" if why else title,
        body="\n".join([*first, *([due] if due else [])]) + (f"\n\n{output}" if output else ""),
        link=link,
        urgency=urgency,
        repeat=repeat,
        open_label=words("Open"),
        acknowledge_label=words("I have it"),
    )


def _due(clock: Clock | None, person: StaffMember, timezone: str) -> str:
    if clock is None or clock.due_at is None:
        return ""
    moment = date_and_time(clock.due_at, person.language, timezone)
    words = say(person.language)("Respond by {moment}")
    return words.format(moment=moment)


def reason(ticket: Ticket, page: Page, person: StaffMember, now: datetime) -> str:
    """Return why a page asks `person`, where it is not one of a policy's steps; else nothing."""
    words = say(person.language)
    if page.step > 0:
        return ""
    if page.round > 0:
        minutes = int((now - page.run.started_at).total_seconds() // 60)
        return words("Unanswered for {minutes} min").format(minutes=minutes)
    if ticket.acknowledged_at is None:
        mine = ticket.owner_id == person.id
        return words("It is back, and was yours") if mine else words("You are asked to take over")
    if ticket.owner_id == person.id:
        return words("It got worse: still yours?")
    return words("{who} asks you to take over").format(who=ticket.acknowledged_by or "–")


def bundle(
    tickets: Sequence[Ticket],
    about: Mapping[int, About],
    person: StaffMember,
    link: str,
    urgency: Urgency,
    *,
    repeat: bool,
) -> PageMessage:
    """Return one message for several tickets, a line for each, the most urgent first.

    Source: docs/oncall.md, "R18".
    """
    words = say(person.language)
    return PageMessage(
        title=words("{count} tickets need an answer, the worst {priority}").format(
            count=len(tickets), priority=tickets[0].priority
        ),
        body="",
        link=link,
        urgency=urgency,
        repeat=repeat,
        open_label=words("Open"),
        acknowledge_label=words("I have it"),
        listed=tuple(_line(one, about.get(one.number), words) for one in tickets),
        more=words("and {count} more"),
    )


def _line(ticket: Ticket, about: About | None, words: Say) -> str:
    customer = ticket.customer.name if ticket.customer else words("no customer")
    state = about[1].state if about else ""
    parts = (f"#{ticket.number}", ticket.priority, state, customer, ticket.title)
    return " ".join(part for part in parts if part)
