"""Tickets that people open: by phone, in the portal, by mail."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bridge.calendars.suggestions import did_you_mean
from bridge.errors import NotFound, Refused
from bridge.flows import paging, promises
from bridge.flows.acting import Acting, actor, some_words
from bridge.flows.courses import Courses
from bridge.flows.directory import Directory
from bridge.flows.promises import Belonging
from bridge.tickets import actions as tickets
from bridge.tickets.actions import NewTicket
from bridge.tickets.journal import CUSTOMER, Actor, Event
from bridge.tickets.models import Ticket
from bridge.tickets.priority import Priority, UnknownPriority

SOURCES = ("phone", "portal", "mail")
CLASSES = ("fault", "request")
USUAL = Priority.P3
# What arrived longer ago than this was not told at the right time. Source: docs/sla.md, "R6".
PLAUSIBLE = timedelta(days=7)
IMPLAUSIBLE = "implausible_time"


class UnknownCustomer(NotFound):
    """No customer has this number."""


class UnknownContract(NotFound):
    """No contract has this name."""


class OtherCustomer(Refused):
    """What belongs to one customer cannot be given to another."""


class UnknownClass(Refused):
    """A ticket is a fault or a request."""


class UnknownSource(Refused):
    """People open tickets by phone, in the portal or by mail."""


@dataclass(frozen=True)
class NewRequest:
    """What a ticket of a person begins with.

    customer_number: None where nobody knows whose it is. address: what it came through; a contract
    address alone makes its promises guaranteed. contract_label: chosen by hand where there is no
    address; None: the customer's first one that is valid. priority: P3 where none is given.
    author: who called or wrote. called_at: the call, or when the mail arrived; None: now.
    follows: the ticket that it goes on from. message: the id of the message that opens it.
    """

    title: str
    text: str = ""
    customer_number: str | None = None
    contract_label: str | None = None
    address: str | None = None
    ticket_class: str = "request"
    priority: str | None = None
    source: str = "phone"
    author: str | None = None
    called_at: datetime | None = None
    follows: int | None = None
    message: str | None = None


def open_request(
    session: Session, directory: Directory, new: NewRequest, who: Acting | None, now: datetime
) -> Ticket:
    """Open a ticket and return it; who: whoever took the call, None for the customer alone.

    Its clocks begin with the call, the submission or the arrival; one that is not plausible is
    replaced by now, and flagged.
    Raises EmptyText, UnknownCustomer, UnknownContract, OtherCustomer, UnknownPriority,
    UnknownClass and UnknownSource. Source: docs/sla.md, "R6" and "R7".
    """
    title = some_words(new.title, "say in a few words what it is about: everybody reads that first")
    if new.source not in SOURCES:
        raise UnknownSource(f"people open tickets by {', '.join(SOURCES)}, not {new.source!r}")
    known_class(new.ticket_class)
    priority = known_priority(new.priority) if new.priority else USUAL
    began, flagged = plausible(new.called_at or now, now)
    whose = _belonging(directory, new, began)
    number = tickets.next_number(tickets.number_range(session), directory.desk.first_number)
    opening = NewTicket(
        title=title,
        ticket_class=new.ticket_class,
        priority=priority.value,
        source=new.source,
        opened_at=began,
        customer_id=whose.customer_id,
        contract_id=whose.terms.contract_id if whose.terms else None,
        address=whose.address,
        follows_number=new.follows,
    )
    ticket = tickets.open_ticket(session, number, opening, now)
    data = promises.opening(whose, new.ticket_class, priority.value, flagged) | {
        "source": new.source,
        "follows": new.follows,
        "message": new.message,
    }
    courses = Courses(session, directory, now)
    courses.happened(ticket, Event.OPENED, _by(who, new.author), began, data, new.text.strip())
    paging.begin(session, directory, ticket, now)
    return ticket


def _by(who: Acting | None, author: str | None) -> Actor:
    """Return who opened it; whoever called or wrote stands beside the one of ours."""
    if who is None:
        return Actor(CUSTOMER, author)
    by = actor(who)
    return by if by.name else Actor(by.key, author)


def plausible(at: datetime, now: datetime) -> tuple[datetime, str | None]:
    """Return when something counts that is said to have arrived at `at`, and why not then.

    Source: docs/sla.md, "R6".
    """
    if now - PLAUSIBLE <= at <= now:
        return at, None
    return now, IMPLAUSIBLE


def known_class(name: str) -> str:
    """Return the class of this name; raises UnknownClass."""
    if name not in CLASSES:
        raise UnknownClass(f"a ticket is a {' or a '.join(CLASSES)}, not {name!r}")
    return name


def known_priority(name: str) -> Priority:
    """Return the priority of this name; raises UnknownPriority."""
    try:
        return Priority(name)
    except ValueError:
        known = ", ".join(one.value for one in Priority)
        raise UnknownPriority(f"{name!r} is no priority: there are {known}") from None


def known_contract(directory: Directory, label: str) -> int:
    """Return the id of the contract of this name; raises UnknownContract."""
    if label not in directory.contract_ids:
        hint = did_you_mean(label, directory.contract_ids)
        raise UnknownContract(f"no contract is called {label!r}{hint}: see the desk file")
    return directory.contract_ids[label]


def _belonging(directory: Directory, new: NewRequest, at: datetime) -> Belonging:
    number = new.customer_number
    if number is not None and number not in directory.customer_id_of:
        hint = did_you_mean(number, directory.customer_id_of)
        raise UnknownCustomer(f"no customer has the number {number!r}{hint}: see the desk file")
    whose = promises.belonging(directory, new.address or "", number or "", at)
    customer_id = directory.customer_id_of.get(number or "")
    if customer_id is not None and whose.customer_id != customer_id:
        raise OtherCustomer(f"{new.address} belongs to a contract of another customer")
    if whose.address is not None or new.contract_label is None:
        return whose
    contract_id = known_contract(directory, new.contract_label)
    version = directory.book.version_at(contract_id, at)
    if version is None or not version.is_valid(at):
        return Belonging(None, customer_id, None, "contract_not_valid")
    if customer_id is not None and version.customer_id != customer_id:
        raise OtherCustomer(f"the contract {new.contract_label} is another customer's")
    return Belonging(version, version.customer_id, None)
