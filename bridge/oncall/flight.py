"""What happens if nobody answers: who is paged through which channel, and when."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bridge.oncall import ladder as ladders
from bridge.oncall.ladder_state import Ladder, LadderDelivery, PageKey, Sent
from bridge.oncall.moves import Decision, Drop, Fire
from bridge.oncall.policy import EscalationPolicy
from bridge.oncall.roster import Roster

FALLBACK = "fallback"


@dataclass(frozen=True)
class PlannedPage:
    """One channel of one person. minute: from the moment asked about; rule: counted from 1.

    round: None, and step: `fallback`, where it is the fallback that is paged.
    """

    minute: float
    round: int | None
    step: int | str
    person: str
    channel: str
    rule: int

    def as_json(self) -> Mapping[str, object]:
        """Return it as the command, the API and the page show it."""
        return {
            "minute": self.minute,
            "round": self.round,
            "step": self.step,
            "person": self.person,
            "channel": self.channel,
        }


def flight_plan(
    policy: EscalationPolicy,
    priority: str,
    roster: Roster,
    at: datetime,
    deadline: datetime | None = None,
    begins: datetime | None = None,
) -> tuple[PlannedPage, ...]:
    """Return what is sent for a ticket of `at` if everything arrives and nobody answers.

    deadline: of the response, if one is promised. begins: when it is paged for, if later than
    `at`; the start delay counts from then.
    Up to and including the first firing of the fallback, by minute, step and rule.
    Source: docs/oncall.md, "D6".
    """
    due_at = (begins or at) + policy.delay(priority)
    flight = _Flight(roster)
    flight.take(ladders.start(policy, priority, 0, roster, at, due_at=due_at, deadline=deadline))
    planned = (_planned(key, delivery, at) for key, delivery in flight.flown())
    return tuple(sorted(planned, key=_order))


@dataclass
class _Flight:
    """An escalation in virtual time; `waiting`: what is going to leave."""

    roster: Roster
    waiting: dict[tuple[PageKey, int], LadderDelivery] = field(default_factory=dict)
    ladder: Ladder = field(init=False)

    def take(self, decision: Decision) -> None:
        """Carry out what was decided."""
        self.ladder = decision.ladder
        for move in decision.moves:
            if isinstance(move, Fire):
                for page in move.pages:
                    self.waiting |= {(page.key, one.rule): one for one in page.deliveries}
            elif isinstance(move, Drop):
                dropped = set(move.pages)
                kept = ((key, one) for key, one in self.waiting.items() if key[0] not in dropped)
                self.waiting = dict(kept)

    def flown(self) -> Iterator[tuple[PageKey, LadderDelivery]]:
        """Yield what leaves, and let time pass, until the fallback has fired."""
        while not self.ladder.fallbacks:
            due_at = self.ladder.next_due_at
            if due_at is None:
                break
            yield from self._leaving(due_at)
            self.take(ladders.tick(self.ladder, self.roster, due_at))
        yield from self._leaving(None)

    def _leaving(self, until: datetime | None) -> Iterator[tuple[PageKey, LadderDelivery]]:
        """Yield what is due by `until`, or all that is left, the earliest first; it arrives."""
        while self.waiting:
            found, delivery = min(self.waiting.items(), key=lambda one: (one[1].due_at, one[0]))
            if until is not None and delivery.due_at > until:
                return
            del self.waiting[found]
            key, rule = found
            yield key, delivery
            now = delivery.due_at
            self.take(
                ladders.delivery_ended(self.ladder, key, rule, Sent.ACCEPTED, self.roster, now)
            )


def _planned(key: PageKey, delivery: LadderDelivery, at: datetime) -> PlannedPage:
    minute = (delivery.due_at - at) / timedelta(minutes=1)
    if key.is_fallback:
        return PlannedPage(minute, None, FALLBACK, key.person, delivery.channel, delivery.rule)
    return PlannedPage(minute, key.round, key.step, key.person, delivery.channel, delivery.rule)


def _order(planned: PlannedPage) -> tuple[float, float, int]:
    step = planned.step if isinstance(planned.step, int) else float("inf")
    return planned.minute, step, planned.rule
