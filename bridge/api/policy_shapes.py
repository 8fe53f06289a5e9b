"""What a program asks about policies, and what it is answered."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from bridge.api.forms import Form, Priority, Wanted
from bridge.api.shapes import Shape


class FlightQuestion(Form):
    """Which flight is wanted."""

    at: str | None = Field(
        default=None,
        max_length=64,
        description="When the ticket opens, ISO 8601; without an offset it is local to the"
        " customer, else to the policy's first schedule; without it: now.",
    )
    priority: Priority = Field(default="P1", description="Of the ticket.")
    address: Wanted | None = Field(
        default=None, description="Count with what the contract with this address promises."
    )


class Policy(Shape):
    """Who is paged in which order until somebody answers."""

    id: str
    steps: int = Field(description="How many it has.")
    rounds: int
    fallback: list[str] = Field(description="The ids of our people.")


class PolicyList(Shape):
    """Policies in the order of the desk file."""

    items: list[Policy]
    next: str | None


class PlannedStep(Shape):
    """One channel of one person."""

    minute: float = Field(description="From `at`, the start delay included.")
    round: int | None = Field(description="Null for the fallback.")
    step: int | Literal["fallback"]
    person: str
    channel: str


class FlightPlan(Shape):
    """What happens if nobody answers, up to the first firing of the fallback."""

    at: datetime
    deadline: datetime | None = Field(description="Of the response, where one is promised.")
    steps: list[PlannedStep] = Field(description="By minute, step and rule.")
