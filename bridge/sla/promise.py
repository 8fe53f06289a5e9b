"""One promise over its life: what is left of it when the target or the calendar changes."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bridge.calendars.open_time import NeverDue, OpenTime
from bridge.sla.clock import ClockKind, Explanation, Pause, StillPaused, deadline, explain
from bridge.sla.clock import consumed as consumed_open_time


@dataclass(frozen=True, slots=True)
class Count:
    """What a due time is counted by: so much open time, from a moment on, in these hours."""

    since: datetime
    allowance: timedelta
    hours: OpenTime


@dataclass(frozen=True, slots=True)
class DueWarning:
    """A moment at which so many percent of the allowance are used up."""

    percent: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Promise:
    """What is promised by one clock; a value that each change replaces.

    start: when the clock began to run.
    target: what is promised now.
    hours: the service hours in force, each moment by the calendar of its time.
    count: what the due time is counted by; after an upgrade not the same as start and target.
    """

    kind: ClockKind
    start: datetime
    target: timedelta
    hours: OpenTime
    count: Count

    @classmethod
    def given(
        cls, kind: ClockKind, start: datetime, target: timedelta, hours: OpenTime
    ) -> "Promise":
        """Return the promise as it is when the clock starts."""
        return cls(kind, start, target, hours, Count(start, target, hours))

    def due(self, pauses: Iterable[Pause] = ()) -> datetime:
        """Return when it is due; raises what `deadline` raises."""
        counting = self._counting(pauses)
        return deadline(self.count.since, self.count.allowance, self.count.hours, counting)

    def consumed(self, until: datetime, pauses: Iterable[Pause] = ()) -> timedelta:
        """Return the open time used from the start of the clock up to `until`."""
        return consumed_open_time(self.start, until, self.hours, self._counting(pauses))

    def left(self, at: datetime, pauses: Iterable[Pause] = ()) -> timedelta:
        """Return the open time left at `at`; less than zero when it is missed."""
        count = self.count
        counting = self._counting(pauses)
        return count.allowance - consumed_open_time(count.since, at, count.hours, counting)

    def explain(self, pauses: Iterable[Pause] = ()) -> Explanation:
        """Return the sum behind `due`."""
        counting = self._counting(pauses)
        return explain(self.count.since, self.count.allowance, self.count.hours, counting)

    def warnings(
        self, percents: Iterable[int], pauses: Iterable[Pause] = ()
    ) -> tuple[DueWarning, ...]:
        """Return when each of `percents` of the open time is used up, in order.

        Those that lie behind a pause without end are left out as long as it lasts, and those
        that its hours never reach.
        Source: docs/sla.md, "R17".
        """
        counting = self._counting(pauses)
        return warnings(
            self.count.since, self.count.allowance, percents, self.count.hours, counting
        )

    def with_hours(self, at: datetime, hours: OpenTime) -> "Promise":
        """Return the promise under a calendar whose versions have changed from `at` on.

        A due time kept from the calendar of a former class stays with that calendar.
        Source: docs/sla.md, "R13".
        """
        changed = self.hours.until(at, hours)
        if self.count.hours != self.hours:
            return replace(self, hours=changed)
        return replace(self, hours=changed, count=replace(self.count, hours=changed))

    def _counting(self, pauses: Iterable[Pause]) -> tuple[Pause, ...]:
        return tuple(pauses) if self.kind.pauses_count else ()


def change_target(
    promise: Promise,
    at: datetime,
    target: timedelta,
    hours: OpenTime | None = None,
    pauses: Iterable[Pause] = (),
) -> Promise:
    """Return the promise after priority, class or contract gave it another target at `at`.

    hours: the service hours from `at` on; None: they stay. What was consumed before stays.
    pauses: those that began before `at`; later ones do not decide, nobody knows them then.
    An upgrade is due at the earlier of the old due and `target` from `at`; anything else
    `target` after the start. A promise already missed at `at` stays as it is.
    Source: docs/sla.md, "R8", "R12".
    """
    known = [_ended_by(at, pause) for pause in pauses if pause.begin < at]
    old_due = promise.due(known)
    if old_due < at:
        return promise
    in_force = promise.hours if hours is None else promise.hours.until(at, hours)
    whole = replace(
        promise, target=target, hours=in_force, count=Count(promise.start, target, in_force)
    )
    if whole.due(known) >= old_due:
        return whole
    from_now = replace(whole, count=Count(at, target, in_force))
    if from_now.due(known) < old_due:
        return from_now
    return replace(whole, count=promise.count)


def warnings(
    start: datetime,
    target: timedelta,
    percents: Iterable[int],
    hours: OpenTime,
    pauses: Iterable[Pause] = (),
) -> tuple[DueWarning, ...]:
    """Return when each of `percents` of the target is used up; see `Promise.warnings`."""
    known = tuple(pauses)
    found = []
    for percent in sorted(set(percents)):
        try:
            at = deadline(start, target * percent // 100, hours, known)
        except (StillPaused, NeverDue):
            break
        found.append(DueWarning(percent, at))
    return tuple(found)


def _ended_by(at: datetime, pause: Pause) -> Pause:
    return pause if pause.end is not None and pause.end <= at else Pause(pause.begin, at)
