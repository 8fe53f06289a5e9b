"""What a notification means for what we know about its object.

Icinga's notifications are hints: late, doubled, out of order, with a state read when the command
ran. Source: docs/icinga.md, "I3" and "I4".
"""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from bridge.icinga.notification import NotificationType
from bridge.icinga.states import State


class Meaning(Enum):
    """What follows for the ticket.

    OPENS: a problem without an open ticket. CHANGES: another state of an open one. RECOVERS: the
    problem is over, with or without a ticket. CONTRADICTS: only a look at Icinga can tell.
    """

    NOTHING = "nothing"
    OPENS = "opens"
    CHANGES = "changes"
    RECOVERS = "recovers"
    CONTRADICTS = "contradicts"


@dataclass(frozen=True)
class Known:
    """What we know about an object; state_at is Icinga's time of its newest state."""

    state: str | None
    state_at: datetime | None
    has_ticket: bool


# These come with a state, and may be the first that we hear of a problem: one that starts while
# its object flaps is never announced as PROBLEM.
TELL_OF_PROBLEMS = frozenset(
    {
        NotificationType.PROBLEM,
        NotificationType.ACKNOWLEDGEMENT,
        NotificationType.FLAPPINGSTART,
        NotificationType.FLAPPINGEND,
    }
)


def meaning(known: Known, kind: NotificationType, state: State | None, at: datetime) -> Meaning:
    """Return what a notification of `kind` that says `state`, of the time `at`, means.

    An older one never overwrites a newer one; of one and the same second the later arrival counts.
    """
    if known.state_at is not None and at < known.state_at:
        return Meaning.NOTHING
    if kind is NotificationType.RECOVERY:
        return Meaning.RECOVERS
    if kind not in TELL_OF_PROBLEMS or state is None:
        return Meaning.NOTHING
    return _of_problem(known, kind, state) if state.is_problem else _of_well(known, kind)


def _of_problem(known: Known, kind: NotificationType, state: State) -> Meaning:
    if not known.has_ticket:
        return Meaning.OPENS
    changed = kind is NotificationType.PROBLEM and state.value != known.state
    return Meaning.CHANGES if changed else Meaning.NOTHING


def _of_well(known: Known, kind: NotificationType) -> Meaning:
    if kind is NotificationType.PROBLEM:
        return Meaning.CONTRADICTS
    is_end = kind is NotificationType.FLAPPINGEND and known.has_ticket
    return Meaning.RECOVERS if is_end else Meaning.NOTHING
