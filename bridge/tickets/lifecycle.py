"""Which state of a ticket may follow which."""

from collections.abc import Mapping
from enum import Enum

from bridge.errors import Refused


class WrongState(Refused):
    """The ticket's state does not allow this; the text says what it is."""


class TicketState(Enum):
    """Where a ticket stands.

    RESOLVED: the matter is over; the ticket closes after the quiet time, and may be reopened.
    """

    OPEN = "open"
    WAITING = "waiting"
    RESOLVED = "resolved"
    CLOSED = "closed"
    MERGED = "merged"


FOLLOWS: Mapping[TicketState, frozenset[TicketState]] = {
    TicketState.OPEN: frozenset({TicketState.WAITING, TicketState.RESOLVED, TicketState.MERGED}),
    TicketState.WAITING: frozenset({TicketState.OPEN, TicketState.RESOLVED, TicketState.MERGED}),
    TicketState.RESOLVED: frozenset({TicketState.OPEN, TicketState.CLOSED, TicketState.MERGED}),
    TicketState.CLOSED: frozenset({TicketState.OPEN}),
    TicketState.MERGED: frozenset(),
}


def is_unfinished(state: TicketState) -> bool:
    """Return whether somebody still has work with the ticket."""
    return state in {TicketState.OPEN, TicketState.WAITING}


def must_follow(before: TicketState, after: TicketState, reference: str) -> None:
    """Raise WrongState unless a ticket in `before` may become `after`."""
    if after not in FOLLOWS[before]:
        raise WrongState(f"{reference} is {before.value}; it cannot become {after.value}")
