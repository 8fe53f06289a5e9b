"""What the terms of a contract promise for one kind of clock."""

from dataclasses import dataclass
from enum import StrEnum

from bridge.customers.terms import Terms
from bridge.sla.clock import ClockKind


class Rule(StrEnum):
    """What an update clock waits for. Source: docs/sla.md, "R10"."""

    MESSAGE = "message"
    STATUS = "status"


@dataclass(frozen=True, slots=True)
class Offer:
    """What terms promise for one kind of clock: which version says so, for what, in which hours."""

    terms: Terms
    ticket_class: str
    priority: str
    minutes: int
    calendar: str


def offered(
    terms: Terms | None, ticket_class: str, priority: str, kind: ClockKind, rule: Rule | None
) -> Offer | None:
    """Return what these terms promise; None where it is nothing.

    Source: docs/sla.md, "Terms", and "R10" for the rules of an update clock.
    """
    promised = terms.of_class(ticket_class) if terms else None
    if terms is None or promised is None:
        return None
    match kind, rule:
        case ClockKind.RESPONSE, _:
            minutes = promised.response_minutes.get(priority)
        case ClockKind.SOLUTION, _:
            minutes = promised.solution_minutes.get(priority)
        case ClockKind.UPDATE, Rule.STATUS:
            of_faults = promised.status_minutes if ticket_class == "fault" else {}
            minutes = of_faults.get(priority)
        case ClockKind.UPDATE, _:
            minutes = promised.update_minutes.get(priority)
    if not minutes:
        return None
    return Offer(terms, ticket_class, priority, minutes, promised.calendar)
