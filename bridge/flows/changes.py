"""What people change about a ticket: its priority, its class, whose contract it is under."""

from datetime import datetime

from sqlalchemy.orm import Session

from bridge.errors import Refused
from bridge.flows import conversation, paging
from bridge.flows.acting import Acting, actor, some_words
from bridge.flows.courses import Courses
from bridge.flows.directory import Directory
from bridge.flows.requests import known_class, known_contract, known_priority
from bridge.tickets import queries
from bridge.tickets.journal import Event
from bridge.tickets.lifecycle import TicketState, WrongState, is_unfinished
from bridge.tickets.models import Ticket


class ContractNotValid(Refused):
    """The contract promises nothing now: it has not begun, or is over."""


class NoContractAddress(Refused):
    """A contract without an address guarantees nothing: nothing can have come through it."""


def _unfinished(session: Session, number: int) -> Ticket:
    ticket = queries.ticket(session, number, lock=True)
    if not is_unfinished(TicketState(ticket.state)):
        raise WrongState(f"{ticket.reference} is {ticket.state}: reopen it to change it")
    return ticket


def change_priority(
    session: Session,
    directory: Directory,
    number: int,
    who: Acting,
    priority: str,
    reason: str,
    now: datetime,
) -> Ticket:
    """Give the ticket another priority; clocks and escalation follow. The same changes nothing.

    Raises UnknownPriority, EmptyText without a reason, UnknownTicket, and WrongState for a ticket
    that is over. Source: docs/sla.md, "R12".
    """
    wanted = known_priority(priority).value
    why = some_words(reason, "write why: whoever was promised something else will ask")
    ticket = _unfinished(session, number)
    if ticket.priority != wanted:
        data = {"from": ticket.priority, "to": wanted}
        ticket.priority = wanted
        courses = Courses.of(session, directory, number, now)
        courses.happened(ticket, Event.PRIORITY_CHANGED, actor(who), now, data, why)
        paging.adapt(session, directory, ticket, "priority_changed", now)
        paging.sign_of_life(session, directory, ticket, now)
    return ticket


def change_class(
    session: Session,
    directory: Directory,
    number: int,
    who: Acting,
    ticket_class: str,
    now: datetime,
    *,
    priority: str | None = None,
) -> Ticket:
    """Make a fault a request, or the other way round; its calendar and targets follow.

    priority: what it has then; None: as before. The same again changes nothing.
    Raises UnknownClass, UnknownPriority, UnknownTicket, and WrongState for a ticket that is over.
    Source: docs/sla.md, "R8".
    """
    known_class(ticket_class)
    ticket = _unfinished(session, number)
    after = known_priority(priority).value if priority else ticket.priority
    if (ticket.ticket_class, ticket.priority) != (ticket_class, after):
        data = {
            "from": ticket.ticket_class,
            "to": ticket_class,
            "priority": after,
            "priority_before": ticket.priority,
        }
        ticket.ticket_class, ticket.priority = ticket_class, after
        courses = Courses.of(session, directory, number, now)
        courses.happened(ticket, Event.CLASS_CHANGED, actor(who), now, data)
        paging.adapt(session, directory, ticket, "class_changed", now)
        paging.sign_of_life(session, directory, ticket, now)
    return ticket


def change_contract(
    session: Session,
    directory: Directory,
    number: int,
    who: Acting,
    contract_label: str,
    now: datetime,
    *,
    guaranteed: bool = False,
) -> Ticket:
    """Put the ticket under another contract, whose customer's it is then.

    guaranteed: it reached us through an address of that contract after all. A ticket that came
    through one stays guaranteed. The same again changes nothing.
    Raises UnknownContract, ContractNotValid, NoContractAddress, UnknownTicket, and WrongState for
    a ticket that is closed or merged. Source: docs/sla.md, "R7" and "R12".
    """
    contract_id = known_contract(directory, contract_label)
    terms = directory.terms_at(contract_id, now)
    if terms is None:
        raise ContractNotValid(f"the contract {contract_label} promises nothing at this moment")
    ticket = queries.ticket(session, number, lock=True)
    conversation.must_not_be_over(ticket, "reopen it to give it another contract")
    address = _address(directory, ticket, contract_id, guaranteed=guaranteed)
    if (ticket.contract_id, ticket.address) != (contract_id, address):
        data = {
            "contract": contract_id,
            "customer": terms.customer_id,
            "guaranteed": address is not None,
            "address": address,
            "before": ticket.contract_id,
        }
        ticket.contract_id, ticket.customer_id = contract_id, terms.customer_id
        ticket.address = address
        courses = Courses.of(session, directory, number, now)
        courses.happened(ticket, Event.CONTRACT_CHANGED, actor(who), now, data)
        paging.adapt(session, directory, ticket, "contract_changed", now)
        paging.sign_of_life(session, directory, ticket, now)
    return ticket


def _address(
    directory: Directory, ticket: Ticket, contract_id: int, *, guaranteed: bool
) -> str | None:
    """Return the address that the ticket counts as having come through; None: not guaranteed."""
    theirs = [a for a, one in directory.contract_by_address.items() if one == contract_id]
    if ticket.address is not None and ticket.address.lower() in theirs:
        return ticket.address
    if not guaranteed:
        return None
    if not theirs:
        raise NoContractAddress("the contract has no address that anything could come through")
    return theirs[0]
