"""One escalation as values: where it stands, what it waits for, whom it has paged."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from bridge.oncall.policy import EscalationPolicy


class Phase(Enum):
    """How an escalation stands; the values are those of the table `runs`."""

    LIVE = "live"
    ACKNOWLEDGED = "acknowledged"
    HELD = "held"
    ENDED = "ended"


class Held(Enum):
    """Why nobody is paged for a while.

    PARENT: the host's run pages for it. STORM: the umbrella's does.
    """

    DOWNTIME = "downtime"
    SNOOZE = "snooze"
    PARENT = "parent"
    STORM = "storm"


class Sent(Enum):
    """What is known of a delivery; the values are those of the table `deliveries`."""

    SCHEDULED = "scheduled"
    ATTEMPTED = "attempted"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    SEEN = "seen"
    FAILED = "failed"
    FAILED_FOR_NOW = "failed_for_now"
    MAYBE = "maybe"
    CANCELLED = "cancelled"


@dataclass(frozen=True, order=True)
class PageKey:
    """Which page it is: a person is paged once for a key (R26).

    step: from 1; 0 for the fallback (`round` counts its firings, from 1) and for the owner, who
    is called alone (`round` is 0).
    """

    generation: int
    round: int
    step: int
    person: str

    @property
    def is_fallback(self) -> bool:
        """Return whether it is the fallback that is paged."""
        return self.step == 0 and self.round > 0

    @property
    def is_owners(self) -> bool:
        """Return whether the owner is called alone."""
        return self.step == 0 and self.round == 0


@dataclass(frozen=True)
class LadderDelivery:
    """One rule of a person applied to a page. rule: counted from 1. due_at: when it leaves."""

    rule: int
    channel: str
    due_at: datetime
    sent: Sent = Sent.SCHEDULED


@dataclass(frozen=True)
class LadderPage:
    """One person told once. is_high: as a ticket of high urgency. deliveries: by their rule."""

    key: PageKey
    is_high: bool
    created_at: datetime
    deliveries: tuple[LadderDelivery, ...]


@dataclass(frozen=True)
class Ladder:
    """One escalation. People are named by their labels.

    priority: the ticket's, now. deadline: of the running response clock, or None.
    round, step: the last that fired, from 1; 0 before the first. exhausted: the fallback is next.
    owner: who has the ticket, or had it last; None for nobody of ours.
    owner_until: the owner alone is called until then, to say so once more (or, before the first
    step, at all). The other moments are as in the table `runs`.
    pages: all of the run, of earlier generations too, in the order of their creation.
    """

    policy: EscalationPolicy
    priority: str
    phase: Phase
    started_at: datetime
    generation: int = 1
    round: int = 0
    step: int = 0
    exhausted: bool = False
    fallbacks: int = 0
    step_due_at: datetime | None = None
    owner: str | None = None
    owner_until: datetime | None = None
    remind_at: datetime | None = None
    expires_at: datetime | None = None
    handover_at: datetime | None = None
    held_because: Held | None = None
    held_until: datetime | None = None
    worst_rank: int = 0
    worst_priority: str = "P4"
    deadline: datetime | None = None
    pages: tuple[LadderPage, ...] = ()

    @property
    def next_due_at(self) -> datetime | None:
        """Return the earliest moment at which time alone brings something about."""
        moments = (
            self.step_due_at,
            self.owner_until,
            self.remind_at,
            self.expires_at,
            self.handover_at,
            self.held_until,
        )
        return min((one for one in moments if one is not None), default=None)

    @property
    def is_high(self) -> bool:
        """Return whether the ticket is of high urgency."""
        return self.priority in {"P1", "P2"}
