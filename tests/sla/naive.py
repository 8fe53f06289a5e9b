"""Clocks of a ticket minute by minute, read straight from the rules: slow and obvious.

Right as long as everything happens at full minutes. It shares nothing with the calculation but
the form of the facts: time is whole minutes since 1970, a calendar is a list of open minutes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.calendars.naive import NaiveCalendar, Plain

DAY = 24 * 60
# The clocks of every zone change at a quarter of an hour.
QUARTER = 15
MORE_THAN_ENOUGH = 90 * DAY


def minute(at: datetime) -> int:
    """Return the minutes since 1970."""
    return int(at.timestamp()) // 60


class NaiveHours:
    """Whether a calendar is open in a minute; each UTC day is looked at once."""

    def __init__(self, plain: Plain) -> None:
        self.naive = NaiveCalendar(plain)
        self.days: dict[int, list[bool]] = {}

    def is_open(self, at: int) -> bool:
        day, offset = divmod(at, DAY)
        if day not in self.days:
            self.days[day] = [
                is_open
                for begin in range(0, DAY, QUARTER)
                for is_open in self.quarter(day * DAY + begin)
            ]
        return self.days[day][offset]

    def quarter(self, begin: int) -> Iterator[bool]:
        moment = datetime.fromtimestamp(begin * 60, UTC)
        local = moment.astimezone(self.naive.zone)
        self.naive.is_open(moment)
        windows = self.naive.windows_by_day[local.date()]
        for now in range(local.hour * 60 + local.minute, local.hour * 60 + local.minute + QUARTER):
            yield any(opens <= now < closes for opens, closes in windows)


# From which minute on which calendar counts.
Calendars = list[tuple[int, str]]


@dataclass(frozen=True)
class NaiveVersion:
    """A version of a calendar: since which minute, known by which revision."""

    since: int
    revision: int
    hours: NaiveHours


@dataclass(frozen=True)
class NaiveTerms:
    """A version of a contract; by class: calendar, and minutes by kind of clock and priority."""

    version: int
    contract: int
    since: int
    revision: int
    calendars: Mapping[str, str]
    minutes: Mapping[tuple[str, str, str], int]
    third_party: bool
    met_by: Mapping[str, str]
    warn_at: tuple[int, ...]

    def promise(self, cls: str, name: str, priority: str) -> int | None:
        return (
            None if name == "status" and cls != "fault" else self.minutes.get((cls, name, priority))
        )


@dataclass
class NaiveClock:
    """A clock; calendars and count_calendars: pairs of since when, and which."""

    name: str
    nth: int
    contract: int
    terms: NaiveTerms
    cls: str
    priority: str
    guaranteed: bool
    start: int
    target: int
    since: int
    allowance: int
    calendars: Calendars
    count_calendars: Calendars
    revision: int
    pauses: list[tuple[int, int | None]] = field(default_factory=list)
    state: str = "running"
    stop: int | None = None
    why: str | None = None
    warned: list[tuple[int, int]] = field(default_factory=list)

    @property
    def kind(self) -> str:
        return "update" if self.name in ("message", "status") else self.name


def is_paused(clock: NaiveClock, at: int) -> bool:
    """Return whether a minute lies in a pause."""
    return bool(clock.pauses) and any(a <= at and (b is None or at < b) for a, b in clock.pauses)


class OpenMinutes(dict[int, bool]):
    """Whether calendars that follow each other are open; each minute is looked at once."""

    def __init__(self, time: "NaiveTime", calendars: Calendars, revision: int) -> None:
        super().__init__()
        self.time, self.calendars, self.revision = time, calendars, revision

    def __missing__(self, at: int) -> bool:
        self[at] = self.time.is_open(self.calendars, at, self.revision)
        return self[at]


class NaiveTime:
    """Contracts and calendars, and clocks in them, minute by minute."""

    def __init__(
        self, terms: Sequence[NaiveTerms], calendars: Mapping[str, Sequence[NaiveVersion]]
    ) -> None:
        self.all_terms, self.all_calendars = terms, calendars
        self.looked_at: dict[tuple[Any, ...], OpenMinutes] = {}

    def is_open(self, calendars: Calendars, at: int, revision: int) -> bool:
        label = [label for since, label in calendars if since <= at][-1]
        known = [v for v in self.all_calendars[label] if v.revision <= revision]
        return [v for v in known if v.since <= at][-1].hours.is_open(at)

    def open_minutes(self, clock: NaiveClock, calendars: Calendars) -> "OpenMinutes":
        key = (clock.revision, *calendars)
        if key not in self.looked_at:
            self.looked_at[key] = OpenMinutes(self, calendars, clock.revision)
        return self.looked_at[key]

    def reach(
        self, clock: NaiveClock, since: int, allowance: int, calendars: Calendars
    ) -> int | None:
        """Return the minute at which so much has passed; None where a pause leaves it open."""
        left, is_open = allowance, self.open_minutes(clock, calendars)
        for at in range(since, since + MORE_THAN_ENOUGH):
            if clock.pauses and any(b is None and a <= at for a, b in clock.pauses):
                return None
            if is_open[at] and not is_paused(clock, at):
                left -= 1
                if left == 0:
                    return at + 1
        raise AssertionError("the model has calendars that open often")

    def due(self, clock: NaiveClock) -> int | None:
        return self.reach(clock, clock.since, clock.allowance, clock.count_calendars)

    def consumed(self, clock: NaiveClock) -> int:
        assert clock.stop is not None
        is_open = self.open_minutes(clock, clock.calendars)
        return sum(
            is_open[at] and not is_paused(clock, at) for at in range(clock.start, clock.stop)
        )

    def warning(self, clock: NaiveClock) -> tuple[int, int] | None:
        """Return the seconds at which the next warning is to be sent, and its percent."""
        if clock.stop is not None:
            return None
        for percent in sorted(clock.terms.warn_at):
            seconds = clock.allowance * 60 * percent // 100
            whole, rest = divmod(seconds, 60)
            at = self.reach(clock, clock.since, whole + (rest > 0), clock.count_calendars)
            if at is None:
                return None
            at_seconds = at * 60 - (60 - rest if rest else 0)
            if not any(p >= percent and w * 60 >= at_seconds for p, w in clock.warned):
                return at_seconds, percent
        return None

    def unpause(self, clock: NaiveClock, at: int) -> None:
        if clock.pauses and clock.pauses[-1][1] is None:
            begin, _ = clock.pauses.pop()
            clock.pauses.append((begin, max(at, begin)))

    def is_missed(self, clock: NaiveClock, at: int) -> bool:
        due = self.due(clock)
        return due is not None and due < at

    def end(self, clock: NaiveClock, at: int, why: str, state: str = "") -> None:
        self.unpause(clock, at)
        due = self.due(clock)
        assert due is not None
        stop = max(at, clock.start)
        if state in ("", "cancelled"):
            missed = due < (stop if state == "" else at)
            state = "missed" if missed else state or "kept"
        clock.state, clock.stop, clock.why = state, stop, why

    def retarget(
        self, clock: NaiveClock, terms: NaiveTerms, cls: str, priority: str, at: int
    ) -> None:
        """R12, in its words."""
        target = terms.promise(cls, clock.name, priority)
        assert target is not None
        at = max(at, clock.start)
        pauses = clock.pauses
        # What began later decides nothing, and a pause that lasts is taken to end now.
        clock.pauses = [(a, at if b is None or b > at else b) for a, b in pauses if a < at]
        old = self.due(clock)
        if clock.calendars[-1][1] != terms.calendars[cls]:
            after = [*clock.calendars, (at, terms.calendars[cls])]
        else:
            after = clock.calendars
        from_start = self.reach(clock, clock.start, target, after)
        from_now = self.reach(clock, at, target, after)
        clock.pauses = pauses
        assert old is not None
        assert from_start is not None
        assert from_now is not None
        clock.calendars, clock.target = after, target
        if from_start >= old:
            clock.since, clock.allowance, clock.count_calendars = clock.start, target, after
        elif from_now < old:
            clock.since, clock.allowance, clock.count_calendars = at, target, after
        clock.terms, clock.contract, clock.cls, clock.priority = (
            terms,
            terms.contract,
            cls,
            priority,
        )


def moment(at_minute: int) -> datetime:
    """Return the moment of so many minutes since 1970."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=at_minute)
