"""Public answers: given at once, accepted by a mail server later, or returned for good."""

from datetime import datetime
from hashlib import sha256

from sqlalchemy.orm import Session

from bridge import utc
from bridge.errors import Refused
from bridge.flows import paging, survivors, waiting_ends
from bridge.flows.acting import Acting, actor, some_words
from bridge.flows.courses import Courses
from bridge.flows.directory import Directory
from bridge.sla.facts import FactKind
from bridge.tickets import queries
from bridge.tickets.journal import BRIDGE, Event
from bridge.tickets.lifecycle import TicketState, WrongState
from bridge.tickets.models import Ticket

# What an answer is known by for ever: a number for those by mail, else a text.
AnswerId = int | str
# How a public answer reaches the customer without mail.
WAYS = ("phone", "portal")
OVER = frozenset({TicketState.CLOSED, TicketState.MERGED})


class UnknownWay(Refused):
    """An answer goes by phone or through the portal."""


class NotThen(Refused):
    """It cannot have been at that moment."""


def answer(
    session: Session,
    directory: Directory,
    number: int,
    who: Acting,
    text: str,
    via: str,
    now: datetime,
    *,
    at: datetime | None = None,
) -> Ticket:
    """Write down a public answer that has reached the customer: a call, or one in the portal.

    via: phone or portal. at: when it was, for a call that is logged later; the same once more
    changes nothing. Raises EmptyText, UnknownWay, NotThen, UnknownTicket, and WrongState for a
    ticket that is over. Source: docs/sla.md, "Which event does what".
    """
    ticket = queries.ticket(session, number, lock=True)
    courses = Courses.of(session, directory, number, now)
    give(courses, ticket, who, text, via, at or now, now)
    paging.sign_of_life(session, directory, ticket, now)
    return ticket


def give(
    courses: Courses,
    ticket: Ticket,
    who: Acting,
    text: str,
    via: str,
    at: datetime,
    now: datetime,
) -> AnswerId:
    """Write the answer down on a ticket that is locked, and return what it is known by."""
    said = some_words(text, "write what the customer was told: it is the answer that counts")
    if via not in WAYS:
        raise UnknownWay(f"an answer goes by {' or '.join(WAYS)}, not {via!r}")
    if at > now:
        raise NotThen("an answer cannot have been given in the future")
    if at < ticket.opened_at:
        raise NotThen(f"{ticket.reference} was opened at {utc.iso(ticket.opened_at)}, after that")
    must_not_be_over(ticket, "reopen it to answer")
    # Two people may write down two calls of one minute; the same words once more are the same call.
    digest = sha256(said.encode()).hexdigest()[:16]
    answer_id = f"{via}:{utc.iso(at)}:{digest}"
    if not _is_known(courses, ticket.number, FactKind.ANSWERED, "answer", answer_id):
        data = {"answer": answer_id, "via": via}
        courses.happened(ticket, Event.ANSWERED, actor(who), at, data, said)
    return answer_id


def must_not_be_over(ticket: Ticket, hint: str) -> None:
    """Raise WrongState for a ticket that is closed, or went into another one."""
    if TicketState(ticket.state) in OVER:
        raise WrongState(f"{ticket.reference} is {ticket.state}: {hint}")


def _is_known(
    courses: Courses, number: int, kind: FactKind, key: str, value: AnswerId | None
) -> bool:
    return any(f.kind is kind and f.data.get(key) == value for f in courses.facts(number))


def answer_accepted(
    session: Session,
    directory: Directory,
    number: int,
    answer_id: AnswerId,
    at: datetime,
    now: datetime,
) -> Ticket:
    """Count a public answer by mail, which the mail server has taken at `at`.

    Twice is once. The answer of a ticket that went into another one counts there.
    Raises UnknownTicket.
    """
    ticket = survivors.locked(session, number)
    courses = Courses.of(session, directory, ticket.number, now)
    known = (FactKind.ANSWERED, FactKind.ANSWER_WITHDRAWN)
    if not any(_is_known(courses, ticket.number, kind, "answer", answer_id) for kind in known):
        data = {"answer": answer_id, "via": "mail"}
        courses.happened(ticket, Event.ANSWERED, BRIDGE, at, data)
    return ticket


def answer_undeliverable(
    session: Session,
    directory: Directory,
    number: int,
    answer_id: AnswerId,
    reason: str,
    now: datetime,
) -> Ticket:
    """Take a public answer back, because it came back for good: what it stopped runs on.

    A ticket that waits for a reply to it waits no longer. Twice is once. Raises UnknownTicket.
    Source: docs/sla.md, "R18".
    """
    ticket = survivors.locked(session, number)
    courses = Courses.of(session, directory, ticket.number, now)
    if _is_known(courses, ticket.number, FactKind.ANSWER_WITHDRAWN, "answer", answer_id):
        return ticket
    waits = waiting_ends.waits_for_reply_to(courses, ticket, answer_id)
    data = {"answer": answer_id, "reason": reason}
    courses.happened(ticket, Event.ANSWER_WITHDRAWN, BRIDGE, now, data)
    if waits:
        waiting_ends.end(courses, ticket, BRIDGE, "answer_undeliverable", now)
    return ticket
