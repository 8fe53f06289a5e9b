"""Whatever happens to a ticket: its clocks are those of a look at each minute."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bridge import utc
from bridge.calendars.desk_form import calendar_from_plain
from bridge.calendars.open_time import DatedDefinition
from bridge.customers.terms import ClassTerms, Terms
from bridge.sla.book import CalendarText, PromiseBook
from bridge.sla.course import ClockCourse, course
from bridge.sla.facts import Fact, FactKind
from tests.calendars.naive import (
    DAYS,
    HOLIDAYS,
    LATER,
    MARKS,
    MOMENTS,
    PROOF,
    ZONES,
    Plain,
    clock,
)
from tests.sla.naive import (
    NaiveClock,
    NaiveHours,
    NaiveTerms,
    NaiveVersion,
    minute,
    moment,
)
from tests.sla.naive_ticket import NaiveTicket, naive_course

MINUTE = timedelta(minutes=1)
SINCE = datetime(2000, 1, 1, tzinfo=UTC)
LABELS = ("one", "two", "three")
CLASSES = ("fault", "request")
PRIORITIES = ("P1", "P2", "P3", "P4")
SPECIAL = ("12-24", "02-29", "10-25", "2026-12-24", "2026-03-29", "2026-10-20/2026-11-02")
NAMES = ("response", "solution", "message", "status")
# Each as often as it is named.
STEPS = (
    "acknowledged", "answered", "answered", "customer_wrote", "customer_wrote", "waiting",
    "waiting", "waiting_ended", "resolved", "recovered", "reopened", "reopened", "merged",
    "priority_raised", "priority_changed", "class_changed", "contract_changed", "answer_withdrawn",
    "new_terms", "new_hours", "clock_warned",
)  # fmt: skip


class Story(NamedTuple):
    """What happened to a ticket, in a world of contracts and calendars."""

    facts: list[Fact]
    terms: list[NaiveTerms]
    hours: dict[str, list[tuple[datetime, int, Plain]]]


def some_terms(
    number: int, version: int, contract: int, since: datetime, revision: int
) -> NaiveTerms:
    """Return terms made from a number: some promises, of one minute up to ten hours."""
    minutes = {}
    for nth, key in enumerate((c, n, p) for c in CLASSES for n in NAMES for p in PRIORITIES):
        size = (number >> (nth % 13)) * 37 + nth * 101
        if size % 6:
            minutes[key] = 1 + size % (120, 600)[size % 2]
    return NaiveTerms(
        version=version,
        contract=contract,
        since=minute(since),
        revision=revision,
        calendars={"fault": LABELS[number % 3], "request": LABELS[number // 3 % 3]},
        minutes=minutes,
        third_party=bool(number & 64),
        met_by={"fault": "answer"} if number & 128 else {},
        warn_at=((50, 75, 100), (10, 33), ())[number // 9 % 3],
    )


def some_calendar(number: int) -> Plain:
    """Return a calendar made from a number: open on four days of the week at least."""
    random = Random(number)

    def windows() -> list[str]:
        marks = sorted(random.sample(MARKS, random.randrange(0, 7, 2)))
        pairs = zip(marks[::2], marks[1::2], strict=True)
        return [*(f"{clock(a)}-{clock(b)}" for a, b in pairs), random.choice(LATER)]

    days = random.sample(DAYS, random.randrange(4, 8))
    plain: Plain = {
        "timezone": random.choice(ZONES),
        "hours": {day: random.choice([windows(), ["00:00-24:00"]]) for day in days},
    }
    if random.randrange(2):
        plain["holidays"] = random.choice(HOLIDAYS)
    special = random.sample(SPECIAL, random.randrange(4))
    return plain | {"special": {key: random.choice(["closed", windows()]) for key in special}}


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """Tickets to which up to fourteen things happen, some told late."""
    numbers = st.integers(0, 2**14)
    hours = {label: [(SINCE, 1, some_calendar(draw(numbers)))] for label in LABELS}
    terms = [some_terms(draw(numbers), version, version, SINCE, 1) for version in (1, 2)]
    at = draw(st.sampled_from(MOMENTS)) + draw(st.integers(-2 * 1440, 3 * 1440)) * MINUTE
    number = draw(numbers)
    opening = {
        "class": CLASSES[number % 2],
        "priority": PRIORITIES[number // 2 % 4],
        "contract": (1, 1, 1, None)[number // 8 % 4],
        "guaranteed": number // 32 % 4 != 0,
    }
    facts = [Fact(FactKind.OPENED, at, 1, opening)]
    revision = 1
    steps = st.tuples(st.sampled_from(STEPS), st.integers(-30, 700), numbers)
    for what, minutes, number in draw(st.lists(steps, min_size=3, max_size=14)):
        told = at + minutes * MINUTE
        at = max(at, told)
        if what in {"new_terms", "new_hours"}:
            revision += 1
            told = at
            if what == "new_terms":
                contract = 1 + number % 2
                terms.append(some_terms(number, 10 + revision, contract, at, revision))
            else:
                hours[LABELS[number % 3]].append((at, revision, some_calendar(draw(numbers))))
            if number & 2048:
                continue
        facts.append(_fact(what, told, number, revision, terms, facts))
    return Story(facts, terms, hours)


def _fact(
    what: str, at: datetime, number: int, revision: int, terms: list[NaiveTerms], facts: list[Fact]
) -> Fact:
    to = {"to": PRIORITIES[number % 4]}
    data: dict[str, dict[str, Any]] = {
        "answered": {"answer": len(facts)},
        "answer_withdrawn": {"answer": number % (len(facts) + 1)},
        "customer_wrote": {"contract": 1 + number % 2, "guaranteed": number % 3 == 0},
        "waiting": {
            "for": ("customer", "third_party")[number % 2],
            "answer": len(facts) - 1 if number & 4 else None,
        },
        "reopened": {
            "began": utc.iso(at - number % 90 * MINUTE) if number & 1024 else None,
            "after": utc.iso(at - number % 70 * MINUTE) if number & 512 else None,
        },
        "priority_raised": to,
        "priority_changed": to,
        "class_changed": {
            "to": CLASSES[number % 2],
            "priority": PRIORITIES[number // 2 % 4],
        },
        "contract_changed": {
            "contract": (1, 2, None)[number % 3],
            "guaranteed": number & 8 > 0,
        },
        "new_terms": {"contract_version": terms[-1].version},
        "clock_warned": {
            "clock": ("response", "update", "solution")[number % 3],
            "nth": 1 + number // 3 % 2,
            "percent": (10, 50, 75, 100)[number // 6 % 4],
        },
    }
    kinds = {"new_terms": FactKind.TERMS_CHANGED, "new_hours": FactKind.HOURS_CHANGED}
    kind = kinds.get(what) or FactKind(what)
    return Fact(kind, at, revision, data.get(what, {}))


def book_of(story: Story) -> PromiseBook:
    """Return the same world as the calculation takes it."""
    calendars = {
        label: [
            CalendarText(nth, revision, None, DatedDefinition(since, calendar_from_plain(plain)))
            for nth, (since, revision, plain) in enumerate(versions)
        ]
        for label, versions in story.hours.items()
    }
    by_contract: dict[int, list[Terms]] = {}
    for one in story.terms:
        by_contract.setdefault(one.contract, []).append(_terms(one))
    return PromiseBook(by_contract, calendars, {label: n for n, label in enumerate(LABELS)})


def _terms(one: NaiveTerms) -> Terms:
    def of(cls: str) -> ClassTerms:
        by_name = {
            name: {
                p: one.minutes[cls, name, p] for p in PRIORITIES if (cls, name, p) in one.minutes
            }
            for name in NAMES
        }
        return ClassTerms(
            one.calendars[cls],
            by_name["response"], by_name["solution"], by_name["message"], by_name["status"], {},
        )  # fmt: skip

    return Terms(
        contract_id=one.contract,
        version_id=one.version,
        customer_id=one.contract * 10,
        label=f"contract-{one.contract}",
        effective_from=moment(one.since),
        valid_from=None,
        valid_to=None,
        fault=of("fault"),
        request=of("request"),
        priorities={},
        policy=None,
        response_met_by=one.met_by,
        warn_at=one.warn_at,
        third_party_pauses=one.third_party,
        revision=one.revision,
    )


def calculated(one: ClockCourse) -> dict[str, Any]:
    """Return what is compared of a clock that was calculated."""
    return {
        "clock": (one.rule or one.kind.value, one.nth),
        "state": one.state,
        "start": one.promise.start,
        "due": one.due,
        "stop": one.stop,
        "target": one.promise.target // MINUTE,
        "count": (one.promise.count.since, one.promise.count.allowance // MINUTE),
        "whose": (one.contract_id, one.contract_version_id, one.customer_id, one.guaranteed),
        "what": (one.ticket_class, one.priority, one.calendar),
        "revision": one.revision,
        "consumed": one.frozen["consumed_seconds"] / 60 if one.frozen else None,
        "why": one.frozen["ended_by"] if one.frozen else None,
        "warning": (int(one.warn_at.timestamp()), one.warn_percent) if one.warn_at else None,
    }


def looked_at(ticket: NaiveTicket, one: NaiveClock) -> dict[str, Any]:
    """Return the same of a clock that was looked at minute by minute."""
    due = ticket.due(one)
    paused = one.stop is None and bool(one.pauses) and one.pauses[-1][1] is None
    return {
        "clock": (one.name, one.nth),
        "state": "paused" if paused else one.state,
        "start": moment(one.start),
        "due": None if due is None else moment(due),
        "stop": None if one.stop is None else moment(one.stop),
        "target": one.target,
        "count": (moment(one.since), one.allowance),
        "whose": (one.contract, one.terms.version, one.contract * 10, one.guaranteed),
        "what": (one.cls, one.priority, one.count_calendars[-1][1]),
        "revision": one.revision,
        "consumed": None if one.stop is None else ticket.consumed(one),
        "why": one.why,
        "warning": ticket.warning(one),
    }


def compare(story: Story) -> None:
    naive_hours = {
        label: [NaiveVersion(minute(since), n, NaiveHours(plain)) for since, n, plain in versions]
        for label, versions in story.hours.items()
    }

    found = course(story.facts, book_of(story))
    ticket = naive_course(story.facts, story.terms, naive_hours)

    assert [calculated(one) for one in found] == [looked_at(ticket, one) for one in ticket.clocks]


seeded = settings(
    max_examples=500,
    derandomize=not PROOF,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


@seeded
@given(story=stories())
def test_the_clocks_are_those_of_the_model(story: Story) -> None:
    compare(story)


@pytest.mark.proof
@settings(seeded, max_examples=30_000)
@given(story=stories())
def test_the_clocks_of_many_tickets_are_those_of_the_model(story: Story) -> None:
    compare(story)
