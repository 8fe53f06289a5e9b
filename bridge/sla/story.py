"""The story of a clock: what began it, what changed it, and what happened while it ran."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bridge import utc
from bridge.calendars.open_time import DatedDefinition
from bridge.customers.terms import Terms
from bridge.sla.book import PromiseBook
from bridge.sla.clock import ClockKind
from bridge.sla.course import ClockCourse, course
from bridge.sla.facts import Fact, FactKind

# What may change a clock that has begun and has not stopped, or bring one back that had.
CHANGING = frozenset(
    {
        FactKind.PRIORITY_RAISED,
        FactKind.PRIORITY_CHANGED,
        FactKind.CLASS_CHANGED,
        FactKind.CONTRACT_CHANGED,
        FactKind.TERMS_CHANGED,
        FactKind.HOURS_CHANGED,
        FactKind.ABSORBED,
        FactKind.ANSWER_WITHDRAWN,
        FactKind.CLOCK_CORRECTED,
    }
)
# What is about one clock and not about the ticket.
OF_ONE_CLOCK = frozenset({FactKind.CLOCK_CORRECTED, FactKind.CLOCK_WARNED})
MESSAGE_BEGINS = frozenset({FactKind.CUSTOMER_WROTE, FactKind.REOPENED, FactKind.ABSORBED})
STATUS_BEGINS = frozenset(FactKind) - {FactKind.CUSTOMER_WROTE} - OF_ONE_CLOCK
OTHERS_BEGIN = frozenset(
    {FactKind.OPENED, FactKind.REOPENED, FactKind.CUSTOMER_WROTE, *CHANGING}
) - {FactKind.ANSWER_WITHDRAWN, FactKind.CLOCK_CORRECTED, FactKind.HOURS_CHANGED}
# Folding a journal is quick, and a page may not take long even for one that is strange.
MOST_CHANGES = 60
# What has been valid since ever is kept as since this moment.
SINCE_EVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class UsedVersion:
    """A version of a calendar that a sum is by.

    valid_from: None for ever since. counts_from: where it counts only from later on, because the
    clock came into this calendar then.
    """

    calendar: str
    valid_from: datetime | None
    counts_from: datetime | None


@dataclass(frozen=True)
class Change:
    """A fact that changed a clock: how it was before it, and after it."""

    fact: Fact
    before: ClockCourse
    after: ClockCourse


@dataclass(frozen=True)
class ClockStory:
    """A clock, and the facts by which people understand it.

    origin: what began it; None where no fact says so.
    facts: what happened to the ticket from its start to its stop, in the order of their times.
    changes: those of them that changed its due time or what it is by, in the journal's order.
    terms: the version of the contract it is, or was, by; versions: all of that contract's.
    calendars: label and text of each version of a calendar, by the name that open time knows it by.
    address: the contract address that the ticket came through.
    """

    course: ClockCourse
    origin: Fact | None
    facts: tuple[Fact, ...]
    changes: tuple[Change, ...]
    terms: Terms | None
    versions: tuple[Terms, ...]
    calendars: Mapping[str, tuple[str, DatedDefinition]]
    address: str | None

    def calendar_version(self, used: DatedDefinition) -> UsedVersion:
        """Return the version of a calendar that these hours are of."""
        label, version = self.calendars.get(used.name, (self.course.calendar, used))
        begins = used.valid_from if used.valid_from != version.valid_from else None
        return UsedVersion(label, known_since(version.valid_from), begins)


def known_since(moment: datetime | None) -> datetime | None:
    """Return since when a version is valid; None for ever since, which is kept as the epoch."""
    return None if moment is None or moment <= SINCE_EVER else moment


def stories(facts: Sequence[Fact], book: PromiseBook) -> tuple[ClockStory, ...]:
    """Return the story of each of a ticket's clocks, in the order in which they began.

    facts: all of the ticket, in the journal's order.
    """
    clocks = course(facts, book)
    changes = list(_changes(facts, book)) if clocks else []
    return tuple(_story(one, facts, changes, book) for one in clocks)


def _story(
    clock: ClockCourse, facts: Sequence[Fact], changes: Sequence[Change], book: PromiseBook
) -> ClockStory:
    versions = book.terms.get(clock.contract_id, ())
    return ClockStory(
        course=clock,
        origin=_origin(clock, facts),
        facts=tuple(sorted(_while_it_ran(clock, facts), key=lambda fact: fact.at)),
        changes=tuple(one for one in changes if _is_same(one.after, clock)),
        terms=next((one for one in versions if one.version_id == clock.contract_version_id), None),
        versions=tuple(versions),
        calendars={
            text.definition.name: (label, text.definition)
            for label, texts in book.calendars.items()
            for text in texts
            if text.definition.name
        },
        address=_address(facts),
    )


def _is_same(one: ClockCourse, other: ClockCourse) -> bool:
    return (one.kind, one.nth) == (other.kind, other.nth)


def _changes(facts: Sequence[Fact], book: PromiseBook) -> Iterator[Change]:
    places = [at for at, fact in enumerate(facts) if fact.kind in CHANGING]
    for place in places[-MOST_CHANGES:]:
        before = course(facts[:place], book)
        for after in course(facts[: place + 1], book):
            was = next((one for one in before if _is_same(one, after)), None)
            if was is not None and _is_changed(facts[place], was, after):
                yield Change(facts[place], was, after)


def _is_changed(fact: Fact, before: ClockCourse, after: ClockCourse) -> bool:
    """Say whether the fact changed a clock that goes on; its end is told as its end."""
    if fact.kind in {FactKind.ANSWER_WITHDRAWN, FactKind.CLOCK_CORRECTED}:
        return (before.stop, before.state, before.due) != (after.stop, after.state, after.due)
    if before.stop is not None or after.stop is not None:
        return False
    return _terms_of(before) != _terms_of(after)


def _terms_of(clock: ClockCourse) -> tuple[object, ...]:
    return (
        clock.due,
        clock.promise.target,
        clock.calendar,
        clock.contract_id,
        clock.contract_version_id,
        clock.guaranteed,
    )


def _origin(clock: ClockCourse, facts: Sequence[Fact]) -> Fact | None:
    if clock.kind is ClockKind.UPDATE:
        kinds = STATUS_BEGINS if clock.rule == "status" else MESSAGE_BEGINS
    else:
        kinds = OTHERS_BEGIN
    start = clock.promise.start
    return next((one for one in facts if one.kind in kinds and start in _begins(one, clock)), None)


def _begins(fact: Fact, clock: ClockCourse) -> list[datetime | None]:
    """Return the moments at which this fact may have begun such a clock."""
    if fact.kind is FactKind.ABSORBED:
        taken = [one for one in fact.data.get("clocks", ()) if one.get("kind") == clock.kind.value]
        return [utc.from_iso(one["started_at"]) for one in taken if one.get("started_at")]
    return [fact.at, fact.moment("began")]


def _while_it_ran(clock: ClockCourse, facts: Sequence[Fact]) -> Iterator[Fact]:
    for fact in facts:
        if fact.kind in OF_ONE_CLOCK:
            data = fact.data
            if (data.get("clock"), data.get("nth", 1)) != (clock.kind.value, clock.nth):
                continue
        if fact.at >= clock.promise.start and (clock.stop is None or fact.at <= clock.stop):
            yield fact


def _address(facts: Sequence[Fact]) -> str | None:
    """Return the contract address that the ticket came through, as the last fact says that can."""
    found = None
    for fact in facts:
        if fact.kind in {FactKind.OPENED, FactKind.CONTRACT_CHANGED}:
            found = fact.data.get("address") or found
    return str(found) if found else None
