"""Which contract a problem falls under, and what is promised for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bridge.calendars.open_time import OpenTime
from bridge.customers.terms import ClassTerms, PageWhen, Terms
from bridge.flows.directory import Directory
from bridge.sla import actions as sla
from bridge.sla.actions import NewClock
from bridge.sla.clock import ClockKind
from bridge.sla.models import Clock
from bridge.tickets import actions as tickets
from bridge.tickets.journal import BRIDGE, Event
from bridge.tickets.models import Ticket

NONE_OPEN = OpenTime(())


@dataclass(frozen=True)
class Belonging:
    """Whose a ticket is: without terms it is nobody's, and stands among the unassigned.

    address: the contract address it came through, which alone makes its promises guaranteed.
    reason: why it belongs to nobody, for the journal.
    """

    terms: Terms | None
    customer_id: int | None
    address: str | None
    reason: str | None = None


def belonging(directory: Directory, address: str, customer: str, at: datetime) -> Belonging:
    """Return whose a problem of the time `at` is, by its contract address, else its customer.

    Source: docs/icinga.md, "I6"; docs/sla.md, "R7".
    """
    contract_id = directory.contract_by_address.get(address.strip().lower()) if address else None
    if contract_id is not None:
        terms = directory.terms_at(contract_id, at)
        if terms is not None:
            return Belonging(terms, terms.customer_id, address)
    customer_id = directory.customer_id_of.get(customer) if customer else None
    valid = (directory.terms_at(one, at) for one in directory.contracts_of.get(customer, ()))
    terms = next((one for one in valid if one is not None), None)
    return Belonging(terms, customer_id, None, _why(address, contract_id, customer, customer_id))


def _why(
    address: str, contract_id: int | None, customer: str, customer_id: int | None
) -> str | None:
    if contract_id is not None:
        return "contract_not_valid"
    if customer_id is not None:
        return "unknown_address" if address else None
    if customer:
        return "unknown_customer"
    return "unknown_address" if address else "no_address"


def hours_of(directory: Directory, clock: Clock) -> OpenTime:
    """Return the open time that a clock runs in."""
    for label, calendar_id in directory.calendar_ids.items():
        if calendar_id == clock.calendar_id:
            return directory.hours[label]
    return NONE_OPEN


def start_response(
    session: Session,
    directory: Directory,
    ticket: Ticket,
    terms: Terms,
    started_at: datetime,
    flagged: str | None,
    now: datetime,
) -> Clock | None:
    """Start the ticket's response clock, if its contract promises a response; journal it."""
    promised = terms.of_class(ticket.ticket_class)
    minutes = promised.response_minutes.get(ticket.priority) if promised else None
    if promised is None or minutes is None or promised.calendar not in directory.hours:
        return None
    new = NewClock(
        kind=ClockKind.RESPONSE,
        target_minutes=minutes,
        calendar_id=directory.calendar_ids[promised.calendar],
        contract_version_id=terms.version_id,
        guaranteed=ticket.address is not None,
    )
    hours = directory.hours[promised.calendar]
    clock = sla.start_clock(session, ticket.number, new, hours, started_at, flagged)
    if clock is not None:
        data = {
            "clock": clock.kind,
            "target_minutes": minutes,
            "calendar": promised.calendar,
            "contract_version": terms.version_id,
            "guaranteed": clock.guaranteed,
            "due_at": clock.due_at,
            "flagged": flagged,
        }
        tickets.write(session, ticket, Event.CLOCK_STARTED, BRIDGE, started_at, now, data)
    return clock


def change_targets(
    session: Session,
    directory: Directory,
    ticket: Ticket,
    terms: Terms | None,
    running: Sequence[Clock],
    at: datetime,
    now: datetime,
) -> None:
    """Give the ticket's running clocks the targets of its new priority; journal what changed."""
    promised = terms.of_class(ticket.ticket_class) if terms else None
    for clock in running if promised else ():
        minutes = _target(promised, ClockKind(clock.kind), ticket.priority)
        if minutes is None:
            continue
        if sla.change_target(clock, minutes, hours_of(directory, clock), at):
            data = {"clock": clock.kind, "target_minutes": minutes, "due_at": clock.due_at}
            tickets.write(session, ticket, Event.CLOCK_CHANGED, BRIDGE, at, now, data)


def _target(promised: ClassTerms | None, kind: ClockKind, priority: str) -> int | None:
    if promised is None:
        return None
    match kind:
        case ClockKind.RESPONSE:
            return promised.response_minutes.get(priority)
        case ClockKind.UPDATE:
            return promised.update_minutes.get(priority)
        case ClockKind.SOLUTION:
            return promised.solution_minutes.get(priority)


def first_page_at(
    directory: Directory, terms: Terms | None, ticket: Ticket, now: datetime
) -> tuple[int, datetime] | None:
    """Return the policy version and the moment at which the ticket's first step fires.

    None: nobody is paged for it. Source: docs/oncall.md, "R1" and "R17".
    """
    promised = terms.of_class(ticket.ticket_class) if terms else None
    when = promised.page.get(ticket.priority) if promised else None
    chosen = directory.policies.get(terms.policy or "") if terms else None
    if terms is None or when is None or chosen is None:
        return None
    version_id, policy = chosen
    begins = now
    if when is PageWhen.SERVICE_HOURS:
        hours = directory.hours.get(terms.service_calendar or "", NONE_OPEN)
        begins = hours.next_opening(now) or now
    return version_id, begins + policy.delay(ticket.priority)
