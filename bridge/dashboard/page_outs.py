"""How the page-outs of a ticket stand: who was paged last, and whether that page got through."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from bridge.dashboard.facts import PageFact


class Stage(Enum):
    """How far an escalation is."""

    PLANNED = "planned"
    HELD = "held"
    NOBODY = "nobody"
    PAGED = "paged"


class Reached(Enum):
    """The best that is known of the deliveries of a page, the best first."""

    ACCEPTED = "accepted"
    UNDER_WAY = "under_way"
    MAYBE = "maybe"
    FAILS = "fails"
    FAILED = "failed"
    CANCELLED = "cancelled"
    NO_CHANNEL = "no_channel"


BY_STATE = {
    "accepted": Reached.ACCEPTED,
    "delivered": Reached.ACCEPTED,
    "seen": Reached.ACCEPTED,
    "scheduled": Reached.UNDER_WAY,
    "attempted": Reached.UNDER_WAY,
    "maybe": Reached.MAYBE,
    "failed_for_now": Reached.FAILS,
    "failed": Reached.FAILED,
    "cancelled": Reached.CANCELLED,
}
ORDER = list(Reached)


@dataclass(frozen=True, slots=True)
class PageOut:
    """How an escalation stands.

    at: when the last page was made, or the first will be. people: whom it is for.
    """

    stage: Stage
    at: datetime | None = None
    people: tuple[str, ...] = ()
    reached: Reached | None = None


def page_out(facts: Sequence[PageFact]) -> PageOut:
    """Return how the escalation stands that these facts are all about, in order of its pages."""
    last = facts[-1]
    newest = [one for one in facts if one.page_id is not None and one.paged_at == last.paged_at]
    if newest:
        people = tuple(dict.fromkeys(one.staff_name or "" for one in newest))
        return PageOut(Stage.PAGED, last.paged_at, people, _best(newest))
    if last.run_state == "held":
        return PageOut(Stage.HELD)
    if last.next_due_at is not None:
        return PageOut(Stage.PLANNED, last.next_due_at)
    return PageOut(Stage.NOBODY)


def _best(facts: Sequence[PageFact]) -> Reached:
    known = [BY_STATE[one.delivery_state] for one in facts if one.delivery_state is not None]
    return min(known, key=ORDER.index, default=Reached.NO_CHANNEL)
