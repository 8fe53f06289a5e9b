"""What the API answers with; the names are fixed, programs build on them."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Shape(BaseModel):
    """An object in an answer; moments are UTC and end in `Z`."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, validate_by_name=True, serialize_by_alias=True
    )


class CustomerReference(Shape):
    """Which customer something is for."""

    number: str
    name: str


class Problem(Shape):
    """What a ticket is about in Icinga: a service, or the host where there is none."""

    host: str
    service: str | None
    state: str = Field(description="UP, DOWN, OK, WARNING, CRITICAL or UNKNOWN, as last heard.")
    in_downtime: bool
    acknowledged: bool = Field(description="Icinga itself holds an acknowledgement.")
    flapping: bool


class Clock(Shape):
    """One promise about a ticket."""

    kind: Literal["response", "update", "solution"]
    target_minutes: int
    started_at: datetime
    due_at: datetime | None = Field(description="Null while a pause leaves it open.")
    stopped_at: datetime | None
    state: Literal["running", "paused", "kept", "missed", "cancelled", "merged"]
    guaranteed: bool = Field(description="False: a target, which no report counts.")


class Ticket(Shape):
    """One matter at the desk."""

    number: int
    reference: str
    title: str
    state: Literal["open", "waiting", "resolved", "closed", "merged"]
    ticket_class: Literal["fault", "request"] = Field(serialization_alias="class")
    priority: Literal["P1", "P2", "P3", "P4"]
    customer: CustomerReference | None
    contract: str | None = Field(description="Its id in the desk file.")
    address: str | None = Field(description="The contract address it came through.")
    owner: str | None = Field(description="The id of one of our people.")
    source: str
    problem: Problem | None
    parent: int | None
    children: list[int]
    linked: list[int] = Field(description="Tickets it follows, or that follow it.")
    merged_into: int | None
    acknowledged_at: datetime | None
    acknowledged_by: str | None = Field(description="The name of whoever has it.")
    created_at: datetime
    updated_at: datetime
    resolved_at: datetime | None
    clocks: list[Clock] = Field(description="In the order in which they began.")


class Actor(Shape):
    """Who did something: one of our people (with an id), a program, Icinga, or Bridge itself."""

    kind: str = Field(description="staff, token, icinga or bridge.")
    id: str | None
    name: str | None


class JournalEntry(Shape):
    """One thing that happened to a ticket; never changed."""

    id: int
    at: datetime
    recorded_at: datetime
    event: str
    actor: Actor
    data: dict[str, Any] = Field(description="What the event is about; people by their ids.")
    text: str


class TicketWithJournal(Ticket):
    """A ticket, and what happened to it in the order in which we learned it."""

    journal: list[JournalEntry]


class Customer(Shape):
    """A customer."""

    number: str
    name: str
    language: str
    timezone: str
    domains: list[str]
    manager: str | None
    team: str | None
    contracts: list[str] = Field(description="Their ids; the first counts where none is named.")


class Promise(Shape):
    """What a contract promises for faults, or for requests; all by priority."""

    calendar: str
    response_minutes: dict[str, int]
    solution_minutes: dict[str, int]
    update_minutes: dict[str, int]
    page: dict[str, str] = Field(description="now or service-hours; not there: nobody is paged.")


class Contract(Shape):
    """A support contract as it stands now."""

    id: str
    customer: CustomerReference
    addresses: list[str] = Field(description="What comes through one of these is guaranteed.")
    valid_from: date | None
    valid_to: date | None = Field(description="The first day on which it is not valid.")
    policy: str | None
    fault: Promise | None
    request: Promise | None


class OnCall(Shape):
    """Who is on call at a moment, and until when."""

    at: datetime
    on_call: list[str] = Field(description="The ids of our people; empty: nobody.")
    until: datetime | None = Field(description="Null: it never changes.")


class TicketList(Shape):
    """Tickets, the newest first."""

    items: list[Ticket]
    next: str | None


class JournalList(Shape):
    """What happened to a ticket, in the order in which we learned it."""

    items: list[JournalEntry]
    next: str | None


class CustomerList(Shape):
    """Customers, in the order of the desk file."""

    items: list[Customer]
    next: str | None


class ContractList(Shape):
    """Contracts, in the order of the desk file."""

    items: list[Contract]
    next: str | None


class Mistake(Shape):
    """A field or parameter that is wrong; an empty name means the whole."""

    field: str
    message: str


class Refusal(Shape):
    """Why something is refused, and what to do (RFC 9457); `errors` only with 400."""

    status: int
    title: str
    errors: list[Mistake] | None = None
