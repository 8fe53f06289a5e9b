"""The course of a ticket's clocks: what its journal says, as promises kept, missed or running."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bridge.sla.book import PromiseBook
from bridge.sla.clock import ClockKind, Explanation, Pause
from bridge.sla.facts import Fact, FactKind
from bridge.sla.matter import Matter
from bridge.sla.promise import DueWarning, Promise
from bridge.sla.rules import RULES
from bridge.sla.running import Life

# What an answer stands for that may turn out not to have reached anybody.
OF_ANSWERS = frozenset({FactKind.ANSWERED, FactKind.WAITING, FactKind.RESOLVED})


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

    A target that is never due starts no clock, so that the clock is not there.
    Source: docs/sla.md, "R6" to "R18", and "Which event does what".
    """
    matter = Matter(book)
    for fact in without_withdrawn(facts):
        matter.revision = fact.revision
        for life in matter.running:
            life.know(book, fact.revision)
        RULES[fact.kind](matter, fact)
    return tuple(_as_course(life, book) for life in matter.lives)


def without_withdrawn(facts: Iterable[Fact]) -> list[Fact]:
    """Return the facts without the answers that came back, and without waiting for a reply to them.

    What was solved stays solved; only that the customer was told of it is marked as withdrawn.
    Source: docs/sla.md, "R18".
    """
    all_facts = list(facts)
    if all(fact.kind is not FactKind.ANSWER_WITHDRAWN for fact in all_facts):
        return all_facts
    withdrawn: set[Any] = set()
    found = []
    for fact in reversed(all_facts):
        answer = fact.data.get("answer")
        if fact.kind is FactKind.ANSWER_WITHDRAWN:
            withdrawn.add(answer)
        elif answer is not None and answer in withdrawn and fact.kind in OF_ANSWERS:
            if fact.kind is FactKind.RESOLVED:
                found.append(replace(fact, data={**fact.data, "withdrawn": True}))
            continue
        found.append(fact)
    found.reverse()
    return found


def _as_course(life: Life, book: PromiseBook) -> ClockCourse:
    pending = _pending_warning(life) if life.runs else None
    return ClockCourse(
        kind=life.kind,
        nth=life.nth,
        rule=life.rule.value if life.rule else None,
        customer_id=life.terms.customer_id,
        contract_id=life.terms.contract_id,
        contract_version_id=life.terms.version_id,
        calendar=life.calendar,
        calendar_id=book.calendar_ids[life.calendar],
        ticket_class=life.ticket_class,
        priority=life.priority,
        guaranteed=life.guaranteed,
        promise=life.promise,
        pauses=life.all_pauses,
        due=life.due,
        stop=life.stop,
        state=life.state.value,
        flagged=life.flagged,
        frozen=life.frozen,
        warn_at=pending.at if pending else None,
        warn_percent=pending.percent if pending else None,
        revision=life.revision or 0,
    )


def _pending_warning(life: Life) -> DueWarning | None:
    """Return the first warning that was not sent, nor one of more percent since its moment.

    Source: docs/sla.md, "R17".
    """
    for warning in life.promise.warnings(life.terms.warn_at, life.all_pauses):
        if not any(p >= warning.percent and at >= warning.at for p, at in life.warned):
            return warning
    return None
