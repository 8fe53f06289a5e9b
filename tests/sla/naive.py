"""Clocks of a ticket minute by minute, read straight from the rules: slow and obvious.

Right as long as everything happens at full minutes. It shares nothing with the calculation but
the form of the facts: time is whole minutes since 1970, a calendar is a list of open minutes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bridge.sla.facts import Fact
from tests.calendars.naive import NaiveCalendar, Plain

DAY = 24 * 60
# The clocks of every zone change at a quarter of an hour.
QUARTER = 15
MORE_THAN_ENOUGH = 90 * DAY
DUE_TO_TARGET = ("kept", "missed")


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

    def __init__(self, ticket: "NaiveTicket", calendars: Calendars, revision: int) -> None:
        super().__init__()
        self.ticket, self.calendars, self.revision = ticket, calendars, revision

    def __missing__(self, at: int) -> bool:
        self[at] = self.ticket.is_open(self.calendars, at, self.revision)
        return self[at]


class NaiveTicket:
    """The clocks of one ticket."""

    def __init__(
        self, terms: Sequence[NaiveTerms], calendars: Mapping[str, Sequence[NaiveVersion]]
    ) -> None:
        self.all_terms, self.all_calendars = terms, calendars
        self.clocks: list[NaiveClock] = []
        self.looked_at: dict[tuple[Any, ...], OpenMinutes] = {}
        self.revision = 0
        self.cls = self.priority = ""
        self.contract: int | None = None
        self.guaranteed = self.open = self.gone = self.answered = False
        self.last_word: int | None = None
        self.questions: list[int] = []
        self.waits: str | None = None

    # Time, minute by minute.

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

    # What is promised.

    def version(self, contract: int | None, at: int) -> NaiveTerms | None:
        found = [
            t
            for t in self.all_terms
            if t.contract == contract and t.revision <= self.revision and t.since <= at
        ]
        return found[-1] if found else None

    def running(self, name: str | None = None) -> list[NaiveClock]:
        return [c for c in self.clocks if c.stop is None and name in (None, c.name)]

    def start(self, name: str, at: int) -> None:
        terms = self.version(self.contract, at)
        target = terms.promise(self.cls, name, self.priority) if terms else None
        if terms is None or target is None:
            return
        calendars = [(-(10**9), terms.calendars[self.cls])]
        clock = NaiveClock(
            name, 0, terms.contract, terms, self.cls, self.priority, self.guaranteed, at, target,
            at, target, calendars, calendars, self.revision,
        )  # fmt: skip
        clock.nth = 1 + len([c for c in self.clocks if c.kind == clock.kind])
        self.clocks.append(clock)
        self.pause_or_not(at)

    def start_status(self, at: int) -> None:
        if (
            self.open
            and not self.running("status")
            and (self.answered or not self.running("response"))
        ):
            self.start("status", at)

    def start_what_is_missing(self, at: int) -> None:
        if not self.open:
            return
        for name in ("response", "solution"):
            before = [c for c in self.clocks if c.name == name]
            free = not before or before[-1].why == "no_longer_promised"
            if free and not (name == "response" and self.answered):
                self.start(name, at)
        if self.questions and not self.running("message"):
            self.start("message", at)
        self.start_status(at)

    # How clocks change.

    def pause_or_not(self, at: int) -> None:
        for clock in self.running("solution"):
            wanted = self.waits == "customer" or (
                self.waits == "third_party" and clock.terms.third_party
            )
            paused = bool(clock.pauses) and clock.pauses[-1][1] is None
            if wanted and not paused:
                clock.pauses.append((max(at, clock.start), None))
            elif paused and not wanted:
                self.unpause(clock, at)

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

    def renew(self, at: int, before: int | None, *, keep: bool = False) -> None:
        for clock in self.running():
            if self.is_missed(clock, at):
                continue
            moves = clock.contract == before and before != self.contract
            terms = self.version(self.contract if moves else clock.contract, at)
            if terms is None or terms.promise(self.cls, clock.name, self.priority) is None:
                if not keep:
                    self.end(clock, at, "no_longer_promised", "cancelled")
                continue
            self.retarget(clock, terms, self.cls, self.priority, at)
            if moves:
                clock.guaranteed = self.guaranteed
        self.start_what_is_missing(at)
        self.pause_or_not(at)

    def heard(self, at: int) -> None:
        self.answered = True
        self.last_word = at if self.last_word is None else max(at, self.last_word)
        self.questions = [asked for asked in self.questions if asked > at]

    # What happens.

    def happened(self, fact: Fact) -> None:
        assert fact.revision is not None
        self.revision = fact.revision
        for clock in self.running():
            clock.revision = fact.revision
        getattr(self, f"on_{fact.kind.value}")(minute(fact.at), fact.data)

    def on_opened(self, at: int, data: Mapping[str, Any]) -> None:
        self.cls, self.priority, self.contract = data["class"], data["priority"], data["contract"]
        self.guaranteed, self.open = data["guaranteed"], True
        self.start("response", at)
        self.start("solution", at)
        self.start_status(at)

    def on_acknowledged(self, at: int, _: Mapping[str, Any]) -> None:
        response = self.running("response")
        terms = response[0].terms if response else self.version(self.contract, at)
        default = "acknowledge" if self.cls == "fault" else "answer"
        if (terms.met_by.get(self.cls, default) if terms else default) != "acknowledge":
            return
        for clock in response:
            self.end(clock, at, "acknowledged")
        self.heard(at)
        self.start_status(at)

    def on_answered(self, at: int, _: Mapping[str, Any]) -> None:
        for clock in self.running():
            is_update = clock.kind == "update" and clock.start <= at
            if is_update or clock.kind == "response":
                self.end(clock, at, "answered")
        self.heard(at)
        if self.questions and not self.running("message"):
            self.start("message", min(self.questions))
        self.start_status(at)

    def on_answer_withdrawn(self, at: int, _: Mapping[str, Any]) -> None:
        """It was left out beforehand."""

    def on_customer_wrote(self, at: int, data: Mapping[str, Any]) -> None:
        if self.gone:
            return
        if self.waits == "customer":
            self.waits = None
            self.pause_or_not(at)
        if self.answered and self.last_word is not None and at >= self.last_word:
            self.questions.append(at)
        if data["guaranteed"] and not self.guaranteed and self.version(data["contract"], at):
            self.contract, self.guaranteed = data["contract"], True
            for clock in self.running():
                if not clock.guaranteed:
                    self.end(clock, at, "guaranteed_anew", "cancelled")
                    self.start(clock.name, at)
            self.start_what_is_missing(at)
        if self.questions and not self.running("message"):
            self.start("message", at)

    def on_waiting(self, at: int, data: Mapping[str, Any]) -> None:
        if self.open:
            self.waits = data["for"]
            self.pause_or_not(at)

    def on_waiting_ended(self, at: int, _: Mapping[str, Any]) -> None:
        self.waits = None
        self.pause_or_not(at)

    def on_recovered(self, at: int, _: Mapping[str, Any]) -> None:
        for clock in self.running():
            self.end(clock, at, "recovered", "" if clock.name == "solution" else "cancelled")
        self.open, self.questions, self.waits = False, [], None

    def on_resolved(self, at: int, _: Mapping[str, Any]) -> None:
        for clock in self.running():
            self.end(clock, at, "resolved")
        self.open, self.questions, self.waits = False, [], None
        self.heard(at)

    def on_merged(self, at: int, _: Mapping[str, Any]) -> None:
        for clock in self.running():
            self.end(clock, at, "merged", "merged")
        self.open, self.gone, self.waits = False, True, None

    def on_reopened(self, at: int, data: Mapping[str, Any]) -> None:
        if self.gone:
            return
        self.open = True
        solutions = [c for c in self.clocks if c.name == "solution"]
        solution = solutions[-1] if solutions and solutions[-1].stop is not None else None
        if solution is not None and solution.state in DUE_TO_TARGET:
            assert solution.stop is not None
            solution.pauses.append((solution.stop, max(at, solution.stop)))
            solution.state, solution.stop, solution.why = "running", None, None
            solution.revision = self.revision
        self.waits = None
        self.pause_or_not(at)
        responses = [c for c in self.clocks if c.name == "response"]
        anew = not responses or responses[-1].state == "cancelled"
        if data["began"] and responses and responses[-1].why == "recovered":
            anew = True
        if anew and not self.answered:
            began = minute(datetime.fromisoformat(data["began"])) if data["began"] else at
            after = minute(datetime.fromisoformat(data["after"])) if data["after"] else began
            self.start("response", max(began, after))
        for clock in solutions[-1:]:
            if clock.stop is None and not self.is_missed(clock, at):
                moves = clock.contract != self.contract
                terms = self.version(self.contract if moves else clock.contract, at)
                if terms and terms.promise(self.cls, "solution", self.priority) is not None:
                    self.retarget(clock, terms, self.cls, self.priority, at)
                    clock.guaranteed = self.guaranteed if moves else clock.guaranteed
        self.start_status(at)

    def on_priority_raised(self, at: int, data: Mapping[str, Any]) -> None:
        self.priority = data["to"]
        self.renew(at, self.contract, keep=True)

    def on_priority_changed(self, at: int, data: Mapping[str, Any]) -> None:
        self.priority = data["to"]
        self.renew(at, self.contract)

    def on_class_changed(self, at: int, data: Mapping[str, Any]) -> None:
        self.cls, self.priority = data["to"], data["priority"]
        self.renew(at, self.contract)

    def on_contract_changed(self, at: int, data: Mapping[str, Any]) -> None:
        before, self.contract, self.guaranteed = self.contract, data["contract"], data["guaranteed"]
        self.renew(at, before)

    def on_terms_changed(self, at: int, data: Mapping[str, Any]) -> None:
        for clock in self.running():
            for terms in self.all_terms:
                if (terms.contract, terms.version) == (clock.contract, data["contract_version"]):
                    promised = terms.promise(clock.cls, clock.name, clock.priority)
                    if promised is not None and not self.is_missed(clock, at):
                        self.retarget(clock, terms, clock.cls, clock.priority, at)
                    clock.terms = terms
        self.pause_or_not(at)

    def on_hours_changed(self, at: int, _: Mapping[str, Any]) -> None:
        """The revision says it all."""

    def on_clock_warned(self, at: int, data: Mapping[str, Any]) -> None:
        for clock in self.clocks:
            if (clock.kind, clock.nth) == (data["clock"], data["nth"]):
                clock.warned.append((data["percent"], at))


def naive_course(
    facts: Sequence[Fact],
    terms: Sequence[NaiveTerms],
    calendars: Mapping[str, Sequence[NaiveVersion]],
) -> NaiveTicket:
    """Return the ticket after these facts; an answer that came back was never one. R18."""
    ticket = NaiveTicket(terms, calendars)
    for nth, fact in enumerate(facts):
        kind, answer = fact.kind.value, fact.data.get("answer")
        withdrawn = any(
            later.kind.value == "answer_withdrawn" and later.data["answer"] == answer
            for later in facts[nth + 1 :]
        )
        if kind in ("answered", "waiting") and answer is not None and withdrawn:
            continue
        ticket.happened(fact)
    return ticket


def moment(at_minute: int) -> datetime:
    """Return the moment of so many minutes since 1970."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=at_minute)
