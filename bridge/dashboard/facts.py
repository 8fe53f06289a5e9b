"""What the board knows of tickets, their clocks and their pages, as values."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ClockFact:
    """A clock of a ticket, as it is stored."""

    kind: str
    state: str
    calendar_id: int
    guaranteed: bool
    counted_minutes: int
    due_at: datetime
    stopped_at: datetime | None


@dataclass(frozen=True, slots=True)
class TicketFact:
    """An open ticket and what other rooms know of it; `output` is the beginning of it."""

    number: int
    title: str
    state: str
    priority: str
    opened_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    owner_id: int | None
    owner_name: str | None
    contract_id: int | None
    customer_number: str | None
    customer_name: str | None
    zone: str | None
    problem_state: str | None
    in_downtime: bool
    flapping: bool
    output: str
    clocks: tuple[ClockFact, ...] = ()


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
