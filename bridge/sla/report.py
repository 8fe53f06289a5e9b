"""What became of one customer's promises in one month: the figures of the SLA report."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bridge.calendars.open_time import OpenTime
from bridge.calendars.spans import Span
from bridge.sla.response_times import Times, times_of

# What ended a clock that nobody answered; the value is that of the journal.
RECOVERED = "recovered"
PER_CENT, TENTHS = 100, 10


class Outcome(StrEnum):
    """What became of a promise, as a report tells it."""

    KEPT = "kept"
    MISSED = "missed"
    CANCELLED = "cancelled"
    MERGED = "merged"
    NOT_DUE = "not_due"


DECIDED = (Outcome.KEPT, Outcome.MISSED, Outcome.CANCELLED, Outcome.MERGED)
# By the state of a clock; many times quicker than to call the enum.
DECIDED_AS = {one.value: one for one in DECIDED}


@dataclass(frozen=True, slots=True)
class ClockFact:
    """A clock as it is stored; of one that has stopped, what its verdict was given by.

    contract: its label. consumed_seconds, ended_by: None while it runs.
    """

    ticket: int
    title: str
    kind: str
    nth: int
    rule: str | None
    contract: str
    calendar_id: int
    ticket_class: str
    priority: str
    guaranteed: bool
    started_at: datetime
    due_at: datetime | None
    stopped_at: datetime | None
    state: str
    target_minutes: int
    counted_from: datetime
    counted_minutes: int
    pauses: tuple[Span, ...]
    consumed_seconds: float | None
    ended_by: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """One promise in a report; in UTC.

    consumed_seconds: open time from the start to the stop, or until the report was made.
    count_seconds: the same, of the count that decides: after a rise that is the new target, from
    counted_from on. ended_by: what stopped it, a word of the journal.
    """

    ticket: int
    title: str
    kind: str
    nth: int
    rule: str | None
    contract: str
    ticket_class: str
    priority: str
    guaranteed: bool
    outcome: Outcome
    started_at: datetime
    due_at: datetime | None
    stopped_at: datetime | None
    target_minutes: int
    consumed_seconds: float
    counted_from: datetime
    counted_minutes: int
    count_seconds: float
    ended_by: str | None

    @property
    def counts(self) -> bool:
        """Return whether it is one of those that the figures are about."""
        return self.guaranteed and self.outcome is not Outcome.NOT_DUE

    @property
    def is_answered(self) -> bool:
        """Return whether somebody met it, in time or not; a recovery is no answer."""
        return self.stopped_at is not None and self.ended_by != RECOVERED


@dataclass(frozen=True, slots=True)
class Counts:
    """How many promises there were, and what became of them.

    promised is the sum of the others. percentage: of those kept or missed, how many were kept,
    rounded down to a tenth, so that 100 means all of them; None where there are none.
    """

    promised: int
    kept: int
    missed: int
    cancelled: int
    merged: int
    percentage: float | None

    @classmethod
    def of(cls, outcomes: Iterable[Outcome]) -> "Counts":
        """Return the counts of these outcomes; what is not due yet is not among them."""
        found = dict.fromkeys(DECIDED, 0)
        for outcome in outcomes:
            if outcome in found:
                found[outcome] += 1
        kept, missed = found[Outcome.KEPT], found[Outcome.MISSED]
        return cls(
            promised=sum(found.values()),
            kept=kept,
            missed=missed,
            cancelled=found[Outcome.CANCELLED],
            merged=found[Outcome.MERGED],
            percentage=percentage(kept, missed),
        )


def percentage(kept: int, missed: int) -> float | None:
    """Return how many of a hundred were kept, rounded down to a tenth; None of none."""
    decided = kept + missed
    return kept * PER_CENT * TENTHS // decided / TENTHS if decided else None


@dataclass(frozen=True, slots=True)
class Group:
    """The counts of one part, such as of one priority."""

    name: str
    counts: Counts


@dataclass(frozen=True, slots=True)
class TimesGroup:
    """The response times of one priority."""

    name: str
    times: Times


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a month. Each of the four tables adds up to `total`.

    without_guarantee: the same counts of the targets that no guarantee stands behind.
    """

    total: Counts
    by_priority: tuple[Group, ...]
    by_kind: tuple[Group, ...]
    by_class: tuple[Group, ...]
    by_contract: tuple[Group, ...]
    response_times: Times
    response_times_by_priority: tuple[TimesGroup, ...]
    not_due: int
    without_guarantee: Counts


def outcome(state: str, due: datetime | None, now: datetime) -> Outcome:
    """Return what became of a clock in `state` by `now`.

    One that runs is missed from the first instant after its due.
    Source: docs/sla.md, "The SLA pages and report".
    """
    decided = DECIDED_AS.get(state)
    if decided is not None:
        return decided
    return Outcome.MISSED if due is not None and now > due else Outcome.NOT_DUE


def line_of(clock: ClockFact, hours: OpenTime, now: datetime) -> Line:
    """Return the clock as a line of the report that is made at `now`; hours: its open time."""
    until = clock.stopped_at or now
    consumed = clock.consumed_seconds
    if consumed is None:
        consumed = hours.open_between(clock.started_at, until, clock.pauses).total_seconds()
    count = consumed
    if clock.counted_from != clock.started_at:
        count = hours.open_between(clock.counted_from, until, clock.pauses).total_seconds()
    return Line(
        ticket=clock.ticket,
        title=clock.title,
        kind=clock.kind,
        nth=clock.nth,
        rule=clock.rule,
        contract=clock.contract,
        ticket_class=clock.ticket_class,
        priority=clock.priority,
        guaranteed=clock.guaranteed,
        outcome=outcome(clock.state, clock.due_at, now),
        started_at=clock.started_at,
        due_at=clock.due_at,
        stopped_at=clock.stopped_at,
        target_minutes=clock.target_minutes,
        consumed_seconds=consumed,
        counted_from=clock.counted_from,
        counted_minutes=clock.counted_minutes,
        count_seconds=count,
        ended_by=clock.ended_by,
    )


def figures(lines: Sequence[Line]) -> Figures:
    """Return the figures of a month's lines.

    Only guaranteed promises count, and of those only what was decided.
    """
    counted = [line for line in lines if line.counts]
    responses = [one for one in counted if one.kind == "response"]
    return Figures(
        total=Counts.of(one.outcome for one in counted),
        by_priority=_groups(counted, lambda line: line.priority),
        by_kind=_groups(counted, lambda line: line.kind),
        by_class=_groups(counted, lambda line: line.ticket_class),
        by_contract=_groups(counted, lambda line: line.contract),
        response_times=_times(responses),
        response_times_by_priority=tuple(
            TimesGroup(name, _times([one for one in responses if one.priority == name]))
            for name in _names(responses, lambda line: line.priority)
        ),
        not_due=sum(line.guaranteed and line.outcome is Outcome.NOT_DUE for line in lines),
        without_guarantee=Counts.of(line.outcome for line in lines if not line.guaranteed),
    )


def _names(lines: Iterable[Line], key: Callable[[Line], str]) -> list[str]:
    return sorted({key(line) for line in lines})


def _groups(lines: Sequence[Line], key: Callable[[Line], str]) -> tuple[Group, ...]:
    return tuple(
        Group(name, Counts.of(line.outcome for line in lines if key(line) == name))
        for name in _names(lines, key)
    )


def _times(responses: Iterable[Line]) -> Times:
    """Return the times of the responses that were kept or missed."""
    asked = [one for one in responses if one.outcome in {Outcome.KEPT, Outcome.MISSED}]
    answered = [one for one in asked if one.is_answered]
    return times_of(
        [(one.consumed_seconds, _share(one)) for one in answered], len(asked) - len(answered)
    )


def _share(line: Line) -> float:
    """Return how much of its target a response used up, where 1 is all of it.

    What stopped outside of service hours may be missed with no more open time than was promised,
    so that the verdict decides on which side of 1 it stands.
    """
    share = line.count_seconds / (line.counted_minutes * 60)
    if line.outcome is Outcome.KEPT:
        return min(share, 1.0)
    return share if share > 1 else 1.0 + 1e-9
