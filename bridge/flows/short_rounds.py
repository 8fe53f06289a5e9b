"""Policies whose rounds last too long for what is guaranteed to those they serve."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bridge.customers.terms import Terms
from bridge.flows.directory import Directory
from bridge.oncall.policy import EscalationPolicy

# Source: docs/oncall.md, "R27".
MOST_OF_RESPONSE = 0.6


@dataclass(frozen=True)
class LongRound:
    """A policy that cannot finish a round in 60 % of a response time that it serves.

    lasts: from the first moment until the next round, or the fallback, is due.
    contract, priority, response: the promise that leaves the least time.
    """

    policy: str
    lasts: timedelta
    contract: str
    priority: str
    response: timedelta

    @property
    def allowed(self) -> timedelta:
        """Return how long the round may last."""
        return self.response * MOST_OF_RESPONSE


def round_lasts(policy: EscalationPolicy, priority: str) -> timedelta:
    """Return how long a round lasts in which nobody answers, its start delay included."""
    return policy.delay(priority) + sum((step.then for step in policy.steps), timedelta())


def long_rounds(directory: Directory, now: datetime) -> list[LongRound]:
    """Return the policies that cannot finish a round in time, in the order of the desk file.

    Contracts that are over are left out, and priorities for which nobody is paged.
    Source: docs/oncall.md, "R27".
    """
    served = [
        terms[-1]
        for terms in directory.terms.values()
        if terms[-1].valid_to is None or terms[-1].valid_to > now
    ]
    addressed = set(directory.contract_by_address.values())
    found = []
    for label, (_, policy) in directory.policies.items():
        ours = [one for one in served if one.policy == label and one.contract_id in addressed]
        promises = sorted(
            (one for terms in ours for one in _promises(label, policy, terms)),
            key=lambda one: (one.response - one.lasts, one.priority, one.contract),
        )
        found += [one for one in promises if one.lasts > one.allowed][:1]
    return found


def _promises(label: str, policy: EscalationPolicy, terms: Terms) -> Iterator[LongRound]:
    for kind in (terms.fault, terms.request):
        for priority in kind.page if kind else ():
            minutes = kind.response_minutes.get(priority) if kind else None
            if minutes is not None:
                lasts = round_lasts(policy, priority)
                response = timedelta(minutes=minutes)
                yield LongRound(label, lasts, terms.label, priority, response)
