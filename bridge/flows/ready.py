"""A claimed delivery with everything that a delivery process needs."""

from dataclasses import dataclass, field
from typing import Any

from bridge.errors import Permanent
from bridge.outbox.actions import Claim


class ChannelGone(Permanent):
    """What it was to leave through was taken out of the desk file."""


@dataclass(frozen=True)
class Ready:
    """A claimed delivery, ready for a delivery process.

    payload: holds secrets. destination: deliveries with the same one may hang together.
    """

    claim: Claim
    payload: dict[str, Any] = field(repr=False)
    budget_seconds: float
    destination: str
