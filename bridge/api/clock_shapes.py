"""What the API answers about clocks with the sums behind them."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from bridge.api.forms import Form
from bridge.api.shapes import Clock, Shape


class ClockQuestion(Form):
    """How the clocks of a ticket are wanted."""

    language: Literal["de", "en"] = Field(default="en", description="Of the sentences.")


class Piece(Shape):
    """A stretch of open time that counts."""

    begin: datetime = Field(serialization_alias="from")
    end: datetime = Field(serialization_alias="to")
    seconds: int | float


class Pause(Shape):
    """A time in which the clock did not run, why, and the open time that this took out."""

    begin: datetime = Field(serialization_alias="from")
    end: datetime | None = Field(serialization_alias="to")
    taken_seconds: int | float
    why: str | None


class CalendarVersion(Shape):
    """A version of a calendar that the sum is by."""

    calendar: str
    valid_from: datetime | None = Field(description="Null: ever since.")
    counts_from: datetime | None = Field(description="Where the class changed: since then.")


class ContractVersion(Shape):
    """A version of the contract that the promise is, or was, by."""

    contract: str
    valid_from: datetime | None = Field(description="Null: ever since.")


class Explanation(Shape):
    """Why a clock is due when it is: open time from a moment on, piece by piece.

    Where the pieces are empty although it is due, the calendar of today no longer gives them.
    """

    sentences: list[str] = Field(description="The sum in words, as the ticket's page tells it.")
    counted_from: datetime
    counted_minutes: int
    pieces: list[Piece]
    pauses: list[Pause]
    calendar_versions: list[CalendarVersion]
    contract_versions: list[ContractVersion]


class ExplainedClock(Clock):
    """A clock with the sum behind it."""

    nth: int = Field(description="1 for the ticket's first clock of its kind.")
    rule: Literal["message", "status"] | None = Field(description="Of an update clock.")
    ticket_class: Literal["fault", "request"] = Field(serialization_alias="class")
    priority: Literal["P1", "P2", "P3", "P4"]
    calendar: str
    used_seconds: int | float = Field(description="Open time up to the stop, or up to now.")
    flagged: str | None = Field(description="Why the start is not the one that was reported.")
    explanation: Explanation


class ClockList(Shape):
    """The clocks of a ticket."""

    items: list[ExplainedClock]
    next: str | None
