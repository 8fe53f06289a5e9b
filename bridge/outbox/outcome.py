"""How a delivery ended, as far as anyone can know."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class Outcome(Enum):
    """What is known about a delivery; the values are the states it is kept under.

    MAYBE: it left the house, and no answer came back; the receiver may have it.
    """

    ACCEPTED = "accepted"
    FAILED_FOR_NOW = "failed_for_now"
    FAILED_FOR_GOOD = "failed"
    MAYBE = "maybe"


@dataclass(frozen=True)
class Delivered:
    """The outcome of one delivery, and why.

    reason: a short phrase for people; never an address, a token, a host or a text of the
    receiver, so that it may be logged, kept and shown.
    retry_after_seconds: how long the receiver asks to be left alone, if it said so.
    told: what else the door heard, as JSON values, for its own room to keep; never logged.
    """

    outcome: Outcome
    reason: str
    retry_after_seconds: int | None = None
    told: Mapping[str, Any] = field(default_factory=dict, repr=False, hash=False)
