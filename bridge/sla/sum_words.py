"""A clock explained in sentences: what was promised, how it is counted, and how it ended."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bridge.calendars.open_time import NeverDue
from bridge.customers.terms import Terms
from bridge.sla import sum_parts
from bridge.sla.clock import AppliedPause, ClockKind, Explanation
from bridge.sla.course import ClockCourse
from bridge.sla.fact_words import class_words, waited_for
from bridge.sla.facts import Fact, FactKind
from bridge.sla.sentence import Sentence, Value, joined, words
from bridge.sla.story import ClockStory, known_since
from bridge.sla.sum_changes import changed
from bridge.sla.sum_end import ended
from bridge.sla.sum_parts import Basis


@dataclass(frozen=True, slots=True)
class Account:
    """A clock in sentences, in the order in which they are read.

    promise: what, for whom, and whether it is guaranteed. beginning: when, and why then.
    changes: what moved the due time. counting: the open time, pauses and closed days, up to due.
    ending: how it stands or ended. versions: by which texts of calendar and contract.
    """

    promise: tuple[Sentence, ...]
    beginning: tuple[Sentence, ...]
    changes: tuple[Sentence, ...]
    counting: tuple[Sentence, ...]
    ending: tuple[Sentence, ...]
    versions: tuple[Sentence, ...]

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """Return all of it."""
        return (
            *self.promise,
            *self.beginning,
            *self.changes,
            *self.counting,
            *self.ending,
            *self.versions,
        )


def explanation_of(clock: ClockCourse) -> Explanation | None:
    """Return the sum behind a clock's due; None where today's calendar no longer gives it."""
    try:
        found = clock.explain()
    except NeverDue:
        return None
    return found if found.due == clock.due else None


def account(story: ClockStory, now: datetime) -> Account:
    """Return the clock as it stands at `now`, in sentences. Source: docs/sla.md, "R20"."""
    clock = story.course
    found = explanation_of(clock)
    return Account(
        promise=(_promise(story), _worth(story)),
        beginning=tuple(_beginning(story)),
        changes=tuple(one for change in story.changes for one in changed(change)),
        counting=tuple(_counting(story, found)),
        ending=tuple(ended(story, now)),
        versions=tuple(_versions(story, found)),
    )


def _promise(story: ClockStory) -> Sentence:
    clock = story.course
    scope = tuple(_scope(story))
    return promised(_what(clock), clock.promise.target, scope, guaranteed=clock.guaranteed)


def promised(
    what: Sentence, target: timedelta, scope: Sequence[Value], *, guaranteed: bool
) -> Sentence:
    """Return what is promised; `scope` is by what: calendar, contract, class, priority."""
    text = words("Aimed at: %(what)s within %(target)s of open time (%(scope)s).")
    if guaranteed:
        text = words("Promised: %(what)s within %(target)s of open time (%(scope)s).")
    return Sentence(text, {"what": what, "target": target, "scope": joined(scope)})


def in_calendar(calendar: str) -> Sentence:
    """Return a calendar as a part of what a promise is by."""
    return Sentence(words("calendar “%(calendar)s”"), {"calendar": calendar})


def in_contract(contract: str) -> Sentence:
    """Return a contract as a part of what a promise is by."""
    return Sentence(words("contract “%(contract)s”"), {"contract": contract})


def kind_words(kind: ClockKind) -> Sentence:
    """Return what is promised by a clock of this kind."""
    match kind:
        case ClockKind.RESPONSE:
            return Sentence(words("a response"))
        case ClockKind.UPDATE:
            return Sentence(words("an answer to the customer's message"))
        case ClockKind.SOLUTION:
            return Sentence(words("a solution"))


def _what(clock: ClockCourse) -> Sentence:
    if clock.rule == "status":
        return Sentence(words("a status while the fault is open"))
    return kind_words(clock.kind)


def _scope(story: ClockStory) -> Iterator[Value]:
    clock = story.course
    yield in_calendar(clock.calendar)
    if story.terms is not None:
        yield in_contract(story.terms.label)
    yield class_words(clock.ticket_class)
    yield clock.priority


def _worth(story: ClockStory) -> Sentence:
    """Say whether it is guaranteed, and why. Source: docs/sla.md, "R7"."""
    clock, origin = story.course, story.origin
    if not clock.guaranteed:
        return Sentence(
            words(
                "It is a target, no guarantee: the ticket did not come through an address of the"
                " contract."
            )
        )
    if origin is not None and origin.kind is FactKind.CUSTOMER_WROTE and _is_anew(clock):
        text = words(
            "It is guaranteed from the customer's message on, because that came through an address"
            " of the contract."
        )
        return Sentence(text)
    if story.address is None:
        return Sentence(words("It is guaranteed."))
    return Sentence(
        words("It is guaranteed, because the ticket came through %(address)s."),
        {"address": story.address},
    )


def _is_anew(clock: ClockCourse) -> bool:
    return clock.kind is not ClockKind.UPDATE


def _beginning(story: ClockStory) -> Iterator[Sentence]:
    clock = story.course
    start: dict[str, Value] = {"start": clock.promise.start}
    number = str(story.origin.data.get("number", "–")) if story.origin else "–"
    yield Sentence(_began(story), start | {"number": number})
    if clock.flagged:
        yield Sentence(
            words("The time that was reported was not plausible, so that it counts from arrival.")
        )
    yield from sum_parts.outside(clock.promise.start, clock.promise.hours)


def _began(story: ClockStory) -> str:
    origin = story.origin.kind if story.origin else None
    anew = words("It began %(start)s, because nothing was promised for it before.")
    message = words("It began %(start)s with the customer's message.")
    match origin:
        case FactKind.CUSTOMER_WROTE:
            return message
        case FactKind.ANSWERED | FactKind.ACKNOWLEDGED:
            return words("It began %(start)s with the answer before it.")
        case FactKind.REOPENED:
            return words("It began %(start)s, when the matter came back.")
        case FactKind.ABSORBED:
            return words(
                "It began %(start)s in ticket #%(number)s, which was merged into this one."
            )
        case None | FactKind.OPENED:
            return words("It began %(start)s.")
        case _:
            return anew


def _counting(story: ClockStory, found: Explanation | None) -> Iterator[Sentence]:
    clock = story.course
    count = clock.promise.count
    if found is None:
        text = words("The calendar has been changed since: due %(due)s, as it was promised.")
        yield Sentence(text, {"due": clock.due or "–"})
        return
    if count.since != clock.promise.start:
        yield Sentence(
            words("Counted anew from %(since)s on: %(target)s."),
            {"since": count.since, "target": count.allowance},
        )
    basis = Basis(count.since, count.allowance, count.hours, clock.calendar, found)
    yield from counting(basis, [why_paused(story, pause) for pause in found.pauses])
    yield from sum_parts.due(found)


def counting(basis: Basis, whys: Sequence[Value | None]) -> Iterator[Sentence]:
    """Tell the sum itself, up to the due time; `whys` say why each of its pauses was."""
    found = basis.explanation
    yield from sum_parts.counted(basis)
    yield from sum_parts.paused(basis, whys)
    until = found.due or (found.pieces[-1].end if found.pieces else found.start)
    yield from sum_parts.closed(basis.hours, found.start, until)
    yield from sum_parts.changed_clocks(basis.hours, found.pieces)


def why_paused(story: ClockStory, pause: AppliedPause) -> Value | None:
    """Return why a clock was paused, by what happened then; None where nothing says so."""
    whys = list(dict.fromkeys(_reasons(story.facts, pause)))
    return joined(whys) if whys else None


def _reasons(facts: Sequence[Fact], pause: AppliedPause) -> Iterator[Sentence]:
    for fact in facts:
        if fact.kind is FactKind.WAITING and _lies_in(fact.at, pause):
            yield waited_for(fact)
        gap = fact.moment("after") if fact.kind is FactKind.REOPENED else None
        if gap is not None and _lies_in(gap, pause):
            yield Sentence(words("it was resolved, and came back"))


def _lies_in(at: datetime, pause: AppliedPause) -> bool:
    return at >= pause.begin and (pause.end is None or at < pause.end)


def _versions(story: ClockStory, found: Explanation | None) -> Iterator[Sentence]:
    for version in found.versions if found else ():
        used = story.calendar_version(version)
        yield sum_parts.calendar_version(used.calendar, used.valid_from, used.counts_from)
    for terms in contract_versions(story):
        yield sum_parts.contract_version(terms.label, known_since(terms.effective_from))


def contract_versions(story: ClockStory) -> Iterator[Terms]:
    """Yield the versions of the contract that the promise was by, one after the other."""
    seen = {change.before.contract_version_id for change in story.changes}
    for terms in story.versions:
        if terms.version_id in seen | {story.course.contract_version_id}:
            yield terms
