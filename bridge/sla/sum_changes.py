"""What changed a clock while it ran, in words: what happened, and what that made of its due."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from bridge.calendars.open_time import NeverDue
from bridge.sla.clock import Pause, StillPaused
from bridge.sla.course import ClockCourse
from bridge.sla.fact_words import class_words
from bridge.sla.facts import FactKind
from bridge.sla.promise import Count
from bridge.sla.sentence import Sentence, Value, words
from bridge.sla.story import Change


def changed(change: Change) -> Iterator[Sentence]:
    """Tell one change: what happened, and what is due by it."""
    yield HEADS[change.fact.kind](change)
    yield from _result(change)


def _priority(change: Change) -> Sentence:
    before, after = (str(change.fact.data.get(key, "–")) for key in ("from", "to"))
    text = words("At %(at)s the priority rose from %(before)s to %(after)s.")
    if after > before:
        text = words("At %(at)s the priority fell from %(before)s to %(after)s.")
    return Sentence(text, {"at": change.fact.at, "before": before, "after": after})


def _class(change: Change) -> Sentence:
    values: dict[str, Value] = {
        "at": change.fact.at,
        "before": class_words(change.before.ticket_class),
        "after": class_words(change.after.ticket_class),
        "calendar": change.after.calendar,
    }
    text = words(
        "At %(at)s the class changed from %(before)s to %(after)s: from then on calendar"
        " “%(calendar)s” counts."
    )
    return Sentence(text, values)


def _contract(change: Change) -> Sentence:
    values: dict[str, Value] = {"at": change.fact.at, "calendar": change.after.calendar}
    text = words(
        "At %(at)s the ticket came under another contract: from then on calendar “%(calendar)s”"
        " counts."
    )
    return Sentence(text, values)


def _terms(change: Change) -> Sentence:
    return Sentence(
        words("At %(at)s a new version of the contract came into force."), {"at": change.fact.at}
    )


def _hours(change: Change) -> Sentence:
    return Sentence(
        words("At %(at)s a new version of calendar “%(calendar)s” came into force."),
        {"at": change.fact.at, "calendar": change.after.calendar},
    )


def _absorbed(change: Change) -> Sentence:
    number = str(change.fact.data.get("number", "–"))
    return Sentence(
        words("At %(at)s ticket #%(number)s was merged into this one, with what it was promised."),
        {"at": change.fact.at, "number": number},
    )


def _withdrawn(change: Change) -> Sentence:
    stop = change.before.stop
    if stop is None:
        text = words("At %(at)s an answer turned out to be undeliverable.")
        return Sentence(text, {"at": change.fact.at})
    return Sentence(
        words(
            "At %(at)s the answer of %(stop)s turned out to be undeliverable: it counts no more."
        ),
        {"at": change.fact.at, "stop": stop},
    )


def _corrected(change: Change) -> Sentence:
    return Sentence(
        words("At %(at)s a person corrected this clock; why stands in the journal."),
        {"at": change.fact.at},
    )


HEADS: Mapping[FactKind, Callable[[Change], Sentence]] = {
    FactKind.PRIORITY_RAISED: _priority,
    FactKind.PRIORITY_CHANGED: _priority,
    FactKind.CLASS_CHANGED: _class,
    FactKind.CONTRACT_CHANGED: _contract,
    FactKind.TERMS_CHANGED: _terms,
    FactKind.HOURS_CHANGED: _hours,
    FactKind.ABSORBED: _absorbed,
    FactKind.ANSWER_WITHDRAWN: _withdrawn,
    FactKind.CLOCK_CORRECTED: _corrected,
}


def _result(change: Change) -> Iterator[Sentence]:
    before, after = change.before, change.after
    if change.fact.kind is FactKind.ANSWER_WITHDRAWN:
        if after.stop is None:
            yield Sentence(words("So the clock went on as if it had never stopped."))
        return
    if change.fact.kind is FactKind.CLOCK_CORRECTED:
        return
    if before.due is None or after.due is None:
        yield _target_now(after)
    elif change.fact.kind is FactKind.ABSORBED or not _is_new_target(before, after):
        yield from _due_moved(before.due, after.due)
    else:
        yield _new_target(change, before.due, after.due)


def _is_new_target(before: ClockCourse, after: ClockCourse) -> bool:
    return (before.promise.target, before.calendar) != (after.promise.target, after.calendar)


def _target_now(after: ClockCourse) -> Sentence:
    return Sentence(words("The target is %(target)s now."), {"target": after.promise.target})


def _due_moved(before: datetime, after: datetime) -> Iterator[Sentence]:
    if before == after:
        yield Sentence(words("The due time stays as it was."))
    elif after < before:
        values: dict[str, Value] = {"due": after, "before": before}
        yield Sentence(words("That makes it due earlier, %(due)s instead of %(before)s."), values)
    else:
        values = {"due": after, "before": before}
        yield Sentence(words("That makes it due later, %(due)s instead of %(before)s."), values)


def _new_target(change: Change, before: datetime, after: datetime) -> Sentence:
    """Tell which rule gave the new due time. Source: docs/sla.md, "R12"."""
    at, promise = change.fact.at, change.after.promise
    values: dict[str, Value] = {"target": promise.target, "due": after, "before": before}
    if promise.count.since == at != promise.start:
        return Sentence(
            words("%(target)s from then on end %(due)s, earlier than %(before)s: so that is due."),
            values,
        )
    if promise.count == change.before.promise.count:
        would = _from_then(change)
        if would is None:
            return Sentence(words("It stays due %(before)s."), values)
        return Sentence(
            words(
                "%(target)s from then on would end %(would)s, not earlier than %(before)s: so that"
                " stays due."
            ),
            values | {"would": would},
        )
    return Sentence(
        words("%(target)s are counted from the beginning: due %(due)s instead of %(before)s."),
        values,
    )


def _from_then(change: Change) -> datetime | None:
    """Return when the new target would end if it were counted from the change on."""
    promise, at = change.after.promise, change.fact.at
    anew = replace(promise, count=Count(at, promise.target, promise.hours))
    known = [Pause(one.begin, one.end) for one in change.after.pauses if one.begin < at]
    try:
        return anew.due(known)
    except (NeverDue, StillPaused):
        return None
