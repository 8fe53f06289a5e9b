"""The course of a ticket's clocks: what its journal says, as promises that began, changed, ended."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bridge.sla.book import PromiseBook
from bridge.sla.clock import ClockKind, Explanation, Pause
from bridge.sla.facts import Fact
from bridge.sla.promise import Promise


@dataclass(frozen=True)
class ClockCourse:
    """One clock as the journal gives it; every field of the table of clocks follows from it.

    nth: 1 for the ticket's first clock of its kind. rule: `message`, `status` or None.
    due: None while a pause without end leaves it open. stop: None while it runs.
    state: running, paused, kept, missed, cancelled or merged.
    frozen: what the verdict was given by, once it has stopped; plain JSON.
    warn_at, warn_percent: the next warning that is still to be sent; None: no more.
    """

    kind: ClockKind
    nth: int
    rule: str | None
    customer_id: int
    contract_id: int
    contract_version_id: int
    calendar: str
    calendar_id: int
    ticket_class: str
    priority: str
    guaranteed: bool
    promise: Promise
    pauses: tuple[Pause, ...]
    due: datetime | None
    stop: datetime | None
    state: str
    flagged: str | None
    frozen: dict[str, Any] | None
    warn_at: datetime | None
    warn_percent: int | None
    revision: int

    @property
    def falls_at(self) -> datetime | None:
        """Return the moment that decides into which month it falls: the earlier of due and stop."""
        known = [one for one in (self.due, self.stop) if one is not None]
        return min(known, default=None)

    def explain(self) -> Explanation:
        """Return the sum behind its due time."""
        return self.promise.explain(self.pauses)


def course(facts: Iterable[Fact], book: PromiseBook) -> tuple[ClockCourse, ...]:
    """Return a ticket's clocks, in the order they began, from the facts in the journal's order.

    Source: docs/sla.md, "R6" to "R18", and "Which event does what".
    """
    raise NotImplementedError
