"""What the board knows of tickets, their clocks and their pages, as values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple


class ClockFact(NamedTuple):
    """A clock of a ticket, as it is stored.

    due_at: None while a pause has no end. counted_from, pauses: of a clock that is paused.
    """

    kind: str
    state: str
    calendar_id: int
    guaranteed: bool
    counted_minutes: int
    due_at: datetime | None
    counted_from: datetime | None = None
    pauses: Sequence[Any] | None = None

    @property
    def is_unfinished(self) -> bool:
        """Return whether it runs or is paused."""
        return self.state in {"running", "paused"}


class OpenTicket(NamedTuple):
    """What decides whether and where an open ticket stands on the board.

    clocks: the unfinished ones and the response, in the order in which they began.
    """

    number: int
    state: str
    priority: str
    is_acknowledged: bool
    owner_id: int | None
    contract_id: int | None
    customer_id: int | None
    waiting_for: str | None
    clocks: tuple[ClockFact, ...] = ()


@dataclass(frozen=True, slots=True)
class TicketFact:
    """What a row says of a ticket besides; `output` is the beginning of it."""

    number: int
    title: str
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    owner_name: str | None
    problem_state: str | None
    in_downtime: bool
    flapping: bool
    output: str


class CustomerFact(NamedTuple):
    """A customer, and the label of the team that looks after it."""

    id: int
    number: str
    name: str
    zone: str
    team: str | None


@dataclass(frozen=True, slots=True)
class PageFact:
    """An escalation that has not ended, and one delivery of it; None where nobody is paged yet."""

    ticket_number: int
    run_state: str
    next_due_at: datetime | None
    step: int
    page_id: int | None
    staff_name: str | None
    paged_at: datetime | None
    channel: str | None
    delivery_state: str | None


@dataclass(frozen=True, slots=True)
class ResolvedFact:
    """A ticket that was resolved lately, and how its response clock ended."""

    number: int
    title: str
    resolved_at: datetime
    acknowledged_by: str | None
    zone: str | None
    verdict: str | None
