"""One clock's life: it begins, its target changes, it is paused, it ends and may be revived."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bridge import utc
from bridge.calendars.open_time import NeverDue, OpenTime
from bridge.customers.terms import Terms
from bridge.sla.book import PromiseBook
from bridge.sla.clock import ClockKind, Pause, StillPaused, verdict
from bridge.sla.offer import Offer, Rule
from bridge.sla.promise import Count, Promise, change_target

MINUTE = timedelta(minutes=1)

# From when on which calendar counts, by its label; the first one counts since ever.
Stretch = tuple[datetime | None, str]


class ClockState(StrEnum):
    """How it stands with a clock."""

    RUNNING = "running"
    PAUSED = "paused"
    KEPT = "kept"
    MISSED = "missed"
    CANCELLED = "cancelled"
    MERGED = "merged"


# Reasons for an end that are not the name of a fact.
NO_LONGER_PROMISED = "no_longer_promised"
RECOVERED = "recovered"
GUARANTEED_ANEW = "guaranteed_anew"


def hours_in(book: PromiseBook, stretches: Sequence[Stretch], revision: int | None) -> OpenTime:
    """Return the open time of calendars that follow each other, as known by `revision`."""
    hours = book.hours(stretches[0][1], revision)
    for since, label in stretches[1:]:
        # Only the first stretch counts since ever.
        assert since is not None
        hours = hours.until(since, book.hours(label, revision))
    return hours


@dataclass(slots=True)
class Life:
    """A clock while its ticket's facts are read one after the other.

    nth: 1 for the first of its kind. terms: the version of the contract in force for it.
    given_by: the version that its target comes from; an earlier one where the one in force
    promises nothing. stretches, counted_in: the calendars that the promise and its count run in.
    paused_since: when the pause began that has no end yet. ended_by: the kind of the fact that
    ended it, or a reason. warned: the percents that were sent, and when.
    """

    kind: ClockKind
    nth: int
    rule: Rule | None
    terms: Terms
    given_by: int
    ticket_class: str
    priority: str
    guaranteed: bool
    promise: Promise
    stretches: tuple[Stretch, ...]
    counted_in: tuple[Stretch, ...]
    revision: int | None
    flagged: str | None = None
    pauses: tuple[Pause, ...] = ()
    paused_since: datetime | None = None
    state: ClockState = ClockState.RUNNING
    stop: datetime | None = None
    ended_by: str | None = None
    frozen: dict[str, Any] | None = None
    warned: list[tuple[int, datetime]] = field(default_factory=list)
    _due: datetime | None = None
    _due_of: tuple[Promise, tuple[Pause, ...], datetime | None] | None = None

    @property
    def runs(self) -> bool:
        """Say whether it has not ended, paused or not."""
        return self.stop is None

    @property
    def calendar(self) -> str:
        """Return the label of the calendar that its due time is counted in now."""
        return self.counted_in[-1][1]

    @property
    def all_pauses(self) -> tuple[Pause, ...]:
        """Return its pauses, the one that lasts included."""
        if self.paused_since is None:
            return self.pauses
        return (*self.pauses, Pause(self.paused_since, None))

    @property
    def due(self) -> datetime | None:
        """Return when it is due; None while a pause, or hours that never come, leave it open."""
        asked = (self.promise, self.pauses, self.paused_since)
        if self._due_of != asked:
            try:
                self._due = self.promise.due(self.all_pauses)
            except (StillPaused, NeverDue):
                self._due = None
            self._due_of = asked
        return self._due

    def is_missed(self, at: datetime) -> bool:
        """Say whether its due time lay before `at`."""
        due = self.due
        return due is not None and due < at

    def know(self, book: PromiseBook, revision: int | None) -> None:
        """Count in the calendars as they are known by `revision`. Source: docs/sla.md, "R13"."""
        if revision == self.revision:
            return
        self.revision = revision
        hours = hours_in(book, self.stretches, revision)
        counted = hours_in(book, self.counted_in, revision)
        count = replace(self.promise.count, hours=counted)
        self.promise = replace(self.promise, hours=hours, count=count)

    def change(self, offer: Offer, at: datetime, book: PromiseBook) -> bool:
        """Go on under another offer from `at` on; return whether it is one that can be due.

        Source: docs/sla.md, "R8", "R12".
        """
        at = max(at, self.promise.start)
        moves = offer.calendar != self.stretches[-1][1]
        hours = book.hours(offer.calendar, self.revision) if moves else None
        before = self.promise
        try:
            after = change_target(before, at, offer.minutes * MINUTE, hours, self.all_pauses)
        except NeverDue:
            return False
        if moves:
            self.stretches = (*self.stretches, (at, offer.calendar))
        if after.count is not before.count:
            self.counted_in = self.stretches
        self.promise = after
        self.terms, self.given_by = offer.terms, offer.terms.version_id
        self.ticket_class, self.priority = offer.ticket_class, offer.priority
        return True

    def take_over(self, theirs: "Life") -> None:
        """Count as another clock does; whose it is stays. Source: docs/sla.md, "R16"."""
        self.promise = theirs.promise
        self.stretches, self.counted_in = theirs.stretches, theirs.counted_in

    def pause(self, at: datetime) -> None:
        """Stand still from `at` on, until `go_on`."""
        if self.paused_since is None:
            self.paused_since = max(at, self.promise.start)
            self.state = ClockState.PAUSED

    def go_on(self, at: datetime) -> None:
        """End the pause that lasts, if one does."""
        if self.paused_since is not None:
            self._add_pause(self.paused_since, at)
            self.paused_since = None
            self.state = ClockState.RUNNING

    def finish(self, at: datetime, by: str) -> None:
        """Stop at `at`, kept or missed. Source: docs/sla.md, "R4"."""
        self.go_on(at)
        self._end(self._verdict(max(at, self.promise.start)), at, by)

    def cancel(self, at: datetime, by: str) -> None:
        """End without a verdict; past its due it is missed all the same."""
        self.go_on(at)
        self._end(ClockState.MISSED if self.is_missed(at) else ClockState.CANCELLED, at, by)

    def merge(self, at: datetime, by: str) -> None:
        """End because the ticket went into another one. Source: docs/sla.md, "R16"."""
        self.go_on(at)
        self._end(ClockState.MERGED, at, by)

    def revive(self, at: datetime) -> None:
        """Run on after an end; the gap is a pause. Source: docs/sla.md, "R11"."""
        assert self.stop is not None
        self._add_pause(self.stop, at)
        self.stop = self.ended_by = self.frozen = None
        self.state = ClockState.RUNNING

    def correct(
        self,
        stopped_at: datetime | None,
        started_at: datetime | None,
        *,
        cancelled: bool,
        at: datetime,
    ) -> None:
        """Take another start, stop or end, as a person says. Source: docs/sla.md, "R13"."""
        by = "clock_corrected"
        if started_at is not None:
            self._begin_at(started_at)
        stop = stopped_at or self.stop
        nobody_answered = self.ended_by == RECOVERED and self.kind is not ClockKind.SOLUTION
        if nobody_answered and stop is not None and stopped_at is None and not cancelled:
            # By its new due it is missed, or does not count.
            self.cancel(stop, RECOVERED)
        elif cancelled:
            self.go_on(at)
            self._end(ClockState.CANCELLED, stop or at, by)
        elif stop is not None:
            was = self.state
            self.finish(stop, by)
            if stopped_at is None and was in {ClockState.CANCELLED, ClockState.MERGED}:
                self._end(was, stop, by)

    def _begin_at(self, start: datetime) -> None:
        count = self.promise.count
        if count.since == self.promise.start:
            count = Count(start, count.allowance, count.hours)
        self.promise = replace(self.promise, start=start, count=count)

    def _add_pause(self, begin: datetime, end: datetime) -> None:
        if begin < end:
            self.pauses = (*self.pauses, Pause(begin, end))

    def _verdict(self, stop: datetime) -> ClockState:
        return ClockState.KEPT if self.due is None else ClockState(verdict(self.due, stop).value)

    def _end(self, state: ClockState, at: datetime, by: str) -> None:
        self.stop = max(at, self.promise.start)
        self.state, self.ended_by = state, by
        self.frozen = frozen(self, self.stop)


def frozen(life: Life, stop: datetime) -> dict[str, Any]:
    """Return what the verdict of a clock that stopped was given by. Source: docs/sla.md, "R14"."""
    promise, due = life.promise, life.due
    versions = promise.hours.versions_between(promise.start, max(stop, due or stop))
    return {
        "consumed_seconds": promise.consumed(stop, life.pauses).total_seconds(),
        "target_minutes": promise.target // MINUTE,
        "started_at": utc.iso(promise.start),
        "due_at": utc.iso(due) if due else None,
        "stopped_at": utc.iso(stop),
        "contract_version": life.given_by,
        "contract": life.terms.contract_id,
        "customer": life.terms.customer_id,
        "class": life.ticket_class,
        "priority": life.priority,
        "guaranteed": life.guaranteed,
        "calendar": life.calendar,
        "calendar_versions": [
            utc.iso(one.valid_from) if one.valid_from else None for one in versions
        ],
        "revision": life.revision or 0,
        "ended_by": life.ended_by,
    }
