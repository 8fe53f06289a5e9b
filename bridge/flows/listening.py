"""What customers write about a ticket: it goes on, begins again, or is followed by a new one."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bridge.flows import reopening, requests, survivors, waiting
from bridge.flows.courses import Courses
from bridge.flows.directory import Directory
from bridge.flows.requests import NewRequest
from bridge.tickets import actions as tickets
from bridge.tickets import queries
from bridge.tickets.journal import CUSTOMER, Actor, Event
from bridge.tickets.lifecycle import TicketState, is_unfinished
from bridge.tickets.models import Ticket


@dataclass(frozen=True)
class _Message:
    """What came in; at: when it counts; flagged: why that is not when it is said to have come."""

    id: str
    via: str
    address: str | None
    text: str
    at: datetime
    flagged: str | None
    author: str | None


def customer_wrote(
    session: Session,
    directory: Directory,
    number: int,
    message_id: str,
    via: str,
    address: str | None,
    text: str,
    at: datetime,
    now: datetime,
    *,
    author: str | None = None,
) -> Ticket:
    """Take a message of the customer's in, and return the ticket that it is part of now.

    A human wrote it: never call this for an out-of-office reply or a bounce. address: what it
    came through. at: when it arrived. It ends the waiting for the customer; a ticket that is over
    begins again within the people's window, and is followed by a new, linked one after it. What
    is about a ticket that went into another one is about that one. Twice is once.
    Raises UnknownTicket. Source: docs/sla.md, "Which event does what".
    """
    counts_at, flagged = requests.plausible(at, now)
    message = _Message(message_id, via, address, text.strip(), counts_at, flagged, author)
    ticket = survivors.locked(session, number)
    if not is_unfinished(TicketState(ticket.state)):
        newer = reopening.other_ticket_of_problem(session, ticket.number)
        if newer is not None:
            ticket = survivors.locked(session, newer)
    courses = Courses.of(session, directory, ticket.number, now)
    known = _part_of(session, courses, ticket, message_id)
    if known is not None:
        return known
    if is_unfinished(TicketState(ticket.state)):
        _write(directory, courses, ticket, message)
        return ticket
    over_at = ticket.resolved_at or ticket.closed_at or ticket.updated_at
    if message.at - over_at > directory.desk.peoples_window:
        return _follow_up(session, directory, ticket, message, now)
    by = Actor(CUSTOMER, author)
    why = {"by": "customer"}
    reopening.begin_again(session, directory, courses, ticket, by, message.at, now, why)
    _write(directory, courses, ticket, message)
    return ticket


def _part_of(session: Session, courses: Courses, ticket: Ticket, message_id: str) -> Ticket | None:
    """Return the ticket that has the message already: this one, or one that followed it."""
    numbers = [ticket.number, *queries.followers(session, ticket.number)]
    courses.load(numbers)
    for number in numbers:
        if any(one.data.get("message") == message_id for one in courses.facts(number)):
            return queries.ticket(session, number, lock=True)
    return None


def _write(directory: Directory, courses: Courses, ticket: Ticket, message: _Message) -> None:
    contract_id = _guaranteeing(directory, ticket, message)
    if contract_id is not None and ticket.address is None:
        # The guarantee begins with this message. Source: docs/sla.md, "R7".
        terms = directory.terms_at(contract_id, message.at)
        ticket.contract_id, ticket.address = contract_id, message.address
        ticket.customer_id = terms.customer_id if terms else ticket.customer_id
    if ticket.waiting_for == waiting.CUSTOMER:
        tickets.change_state(ticket, TicketState.OPEN, message.at)
    data = {
        "message": message.id,
        "via": message.via,
        "contract": contract_id,
        "guaranteed": contract_id is not None,
        "address": message.address,
        "flagged": message.flagged,
    }
    by = Actor(CUSTOMER, message.author)
    courses.happened(ticket, Event.CUSTOMER_WROTE, by, message.at, data, message.text)


def _guaranteeing(directory: Directory, ticket: Ticket, message: _Message) -> int | None:
    """Return the contract whose address the message came through, if that is this customer's."""
    contract_id = directory.contract_by_address.get((message.address or "").strip().lower())
    terms = directory.terms_at(contract_id, message.at) if contract_id is not None else None
    if terms is None or ticket.customer_id not in {None, terms.customer_id}:
        return None
    return contract_id


def _follow_up(
    session: Session, directory: Directory, before: Ticket, message: _Message, now: datetime
) -> Ticket:
    """Open a request that goes on from a ticket which has been over for too long."""
    is_guaranteed = _guaranteeing(directory, before, message) is not None
    customer = before.customer.number if before.customer else None
    contract = before.contract.label if before.contract else None
    new = NewRequest(
        title=before.title,
        text=message.text,
        # What the desk file no longer has is nobody's.
        customer_number=customer if customer in directory.customer_id_of else None,
        contract_label=contract if contract in directory.contract_ids else None,
        address=message.address if is_guaranteed else None,
        source="mail" if message.via not in requests.SOURCES else message.via,
        author=message.author,
        called_at=message.at,
        follows=before.number,
        message=message.id,
    )
    return requests.open_request(session, directory, new, None, now)
