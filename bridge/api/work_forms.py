"""What a program may send about the work on a ticket: answers, waiting, changes, corrections."""

from datetime import UTC, datetime
from typing import Literal

from pydantic import AwareDatetime, Field

from bridge.api.forms import HIGHEST, NOT_BLANK, Form, Priority, Wanted, Words

Class = Literal["fault", "request"]
Kind = Literal["response", "update", "solution"]


class Opening(Form):
    """A matter that somebody called or wrote about."""

    title: str = Field(
        max_length=300, description="A few words; at least one.", json_schema_extra=NOT_BLANK
    )
    text: Words = Field(default="", description="What was said; at most 64 KiB.")
    customer: Wanted | None = Field(default=None, description="The number of the customer.")
    contract: Wanted | None = Field(
        default=None, description="The id of a contract of the customer; without it: the first."
    )
    address: Wanted | None = Field(
        default=None,
        description="The address it came through: one of a contract makes its promises guaranteed.",
    )
    ticket_class: Class = Field(default="request", alias="class", description="Fault or request.")
    priority: Priority | None = Field(default=None, description="Without it: P3.")
    source: Literal["phone", "portal"] = Field(default="phone", description="How it reached us.")
    author: Wanted | None = Field(default=None, description="Who called or wrote.")
    called_at: AwareDatetime | None = Field(
        default=None, description="When that was, with an offset; without it: now."
    )


class Answer(Form):
    """What the customer was told."""

    text: Words = Field(
        description="At most 64 KiB; a few words at least.", json_schema_extra=NOT_BLANK
    )
    via: Literal["phone", "portal"] = Field(
        default="phone", description="How it reached the customer."
    )
    at: AwareDatetime | None = Field(
        default=None, description="When that was, with an offset; without it: now."
    )


class Waiting(Form):
    """Whom the ticket waits for, and until when."""

    for_: Literal["customer", "third_party"] = Field(
        default="customer", alias="for", description="Whose turn it is."
    )
    until: AwareDatetime | None = Field(
        default=None, description="When it goes on by itself, with an offset."
    )
    text: Words = Field(
        default="", description="What the customer was told: needed where the customer is to act."
    )


class Person(Form):
    """One of our people."""

    person: Wanted = Field(description="The id in the desk file.")


class Successor(Form):
    """Who is asked to take it over."""

    to: Wanted = Field(description="The id of one of our people in the desk file.")


class Snooze(Form):
    """Until when nobody is called."""

    until: AwareDatetime = Field(description="With an offset; within seven days.")


class NewPriority(Form):
    """How urgent it is now, and why."""

    priority: Priority = Field(description="P1, the most urgent, to P4.")
    reason: Words = Field(description="Why; a few words.", json_schema_extra=NOT_BLANK)


class NewClass(Form):
    """What it is after all."""

    ticket_class: Class = Field(alias="class", description="Fault or request.")
    priority: Priority | None = Field(default=None, description="Without it: as it was.")


class NewContract(Form):
    """Whose it is after all."""

    contract: Wanted = Field(description="The id of the contract in the desk file.")
    guaranteed: bool = Field(
        default=False, description="It came through an address of this contract after all."
    )


class Into(Form):
    """The ticket that goes on with the matter."""

    into: int = Field(ge=0, le=HIGHEST, description="Its number.")


class ClockCorrection(Form):
    """What was wrong about a clock, and why; one of the three is corrected."""

    clock: Kind = Field(description="Which kind of clock.")
    nth: int = Field(default=1, ge=1, description="Which of the ticket's clocks of that kind.")
    started_at: AwareDatetime | None = Field(default=None, description="When it really began.")
    stopped_at: AwareDatetime | None = Field(default=None, description="When it really stopped.")
    cancel: bool = Field(default=False, description="It does not count at all.")
    reason: Words = Field(description="Why; a few words.", json_schema_extra=NOT_BLANK)


def instant(moment: datetime) -> datetime:
    """Return what came with any offset in UTC."""
    return moment.astimezone(UTC)


def utc_of(moment: datetime | None) -> datetime | None:
    """Return what came with any offset in UTC, if anything came."""
    return None if moment is None else instant(moment)
