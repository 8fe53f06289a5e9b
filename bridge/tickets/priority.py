"""How urgent a problem is."""

from collections.abc import Mapping
from enum import Enum

from bridge.errors import Refused


class UnknownPriority(Refused):
    """A priority is P1, P2, P3 or P4."""


class Priority(Enum):
    """How urgent a ticket is; P1 is the most urgent."""

    P1 = "P1"
    P2 = "P2"
    P3 = "P3"
    P4 = "P4"

    @property
    def rank(self) -> int:
        """Return 1 for the most urgent to 4."""
        return int(self.value[1])

    @property
    def is_high_urgency(self) -> bool:
        """Return whether people are paged loudly for it."""
        return self.rank <= 2  # noqa: PLR2004 - P1 and P2, see docs/oncall.md, "Words"

    def shifted(self, by: int) -> "Priority":
        """Return the priority `by` ranks less urgent (negative: more urgent), within P1 to P4."""
        return Priority(f"P{min(4, max(1, self.rank + by))}")


BY_STATE: Mapping[str, Priority] = {
    "DOWN": Priority.P1,
    "CRITICAL": Priority.P2,
    "UNKNOWN": Priority.P3,
    "WARNING": Priority.P4,
}
SHIFT_BY_IMPACT: Mapping[str, int] = {"low": 1, "high": -1}


def priority_of(
    state: str,
    table: Mapping[str, str],
    wished: str | None = None,
    impact: str | None = None,
) -> Priority:
    """Return the priority of a problem.

    table: the contract's own priorities by state; what it lacks is as by default.
    wished: what the object itself says; it beats everything else.
    impact: low or high; shifts the priority by one where the object wishes none.
    Source: docs/icinga.md, "I5".
    """
    if wished is not None:
        return Priority(wished)
    by_state = Priority(table[state]) if state in table else BY_STATE.get(state, Priority.P3)
    return by_state.shifted(SHIFT_BY_IMPACT.get(impact or "", 0))


def promised(now: Priority, before: Priority) -> Priority:
    """Return the priority to keep: worsening raises it, improvement does not lower a promise."""
    return now if now.rank < before.rank else before
