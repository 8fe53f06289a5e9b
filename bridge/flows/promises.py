"""Which contract a problem falls under, and what is promised for it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bridge.calendars.open_time import OpenTime
from bridge.customers.terms import PageWhen, Terms
from bridge.flows.directory import Directory
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


def opening(
    whose: Belonging, ticket_class: str, priority: str, flagged: str | None
) -> dict[str, Any]:
    """Return what the journal says of a ticket's opening, for its clocks and for people."""
    return {
        "class": ticket_class,
        "priority": priority,
        "contract": whose.terms.contract_id if whose.terms else None,
        "customer": whose.customer_id,
        "guaranteed": whose.address is not None,
        "address": whose.address,
        "unassigned": whose.reason,
        "flagged": flagged,
    }


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
