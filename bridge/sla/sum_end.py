"""How a clock stands or ended, in words."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bridge.sla.clock import consumed
from bridge.sla.course import ClockCourse
from bridge.sla.facts import FactKind
from bridge.sla.sentence import Sentence, Value, words
from bridge.sla.story import ClockStory

# Reasons that are no facts of their own, as a frozen verdict names them.
GUARANTEED_ANEW = "guaranteed_anew"
NO_LONGER_PROMISED = "no_longer_promised"
NO_TIME = timedelta(0)


def ended(story: ClockStory, now: datetime) -> Iterator[Sentence]:
    """Tell how the clock ended, or how it stands at `now`."""
    clock = story.course
    if clock.stop is None:
        yield from _standing(clock, now)
        return
    values: dict[str, Value] = {"stop": clock.stop}
    match clock.state:
        case "cancelled":
            yield Sentence(_cancelled(clock), values)
        case "merged":
            values["into"] = _merged_into(story)
            yield Sentence(
                words("It ended %(stop)s, when the ticket was merged into #%(into)s."), values
            )
        case _:
            yield _verdict(clock, clock.stop)
            yield _used(clock)


def _standing(clock: ClockCourse, now: datetime) -> Iterator[Sentence]:
    if clock.due is None:
        return
    if now > clock.due:
        yield Sentence(
            words("Now, %(now)s, it has been overdue for %(late)s."),
            {"now": now, "late": now - clock.due},
        )
        return
    left = clock.promise.left(now, clock.pauses)
    values: dict[str, Value] = {"now": now, "left": left}
    used = clock.promise.count.allowance - left
    yield Sentence(
        words("Now, %(now)s, %(used)s of that are used and %(left)s are left."),
        values | {"used": used},
    )


def _used(clock: ClockCourse) -> Sentence:
    used = used_until_stop(clock)
    return Sentence(
        words("%(used)s of open time were used from its start to its stop."), {"used": used}
    )


def used_until_stop(clock: ClockCourse, now: datetime | None = None) -> timedelta:
    """Return the open time used up to the stop as it was frozen, else up to `now`."""
    if clock.frozen is not None and "consumed_seconds" in clock.frozen:
        return timedelta(seconds=clock.frozen["consumed_seconds"])
    until = clock.stop or now or clock.promise.start
    promise = clock.promise
    return consumed(promise.start, until, promise.hours, clock.pauses)


def _verdict(clock: ClockCourse, stop: datetime) -> Sentence:
    values: dict[str, Value] = {"stop": stop, "by": _by(clock)}
    if clock.due is None:
        return Sentence(words("It stopped %(stop)s %(by)s: kept."), values)
    values["apart"] = abs(clock.due - stop)
    if clock.state == "missed":
        text = words("It stopped %(stop)s %(by)s, %(apart)s after it was due: missed.")
    elif stop == clock.due:
        text = words("It stopped %(stop)s %(by)s, exactly when it was due: kept.")
    else:
        text = words("It stopped %(stop)s %(by)s, %(apart)s before it was due: kept.")
    return Sentence(text, values)


def _by(clock: ClockCourse) -> Value:
    match _reason(clock):
        case FactKind.ACKNOWLEDGED.value:
            return Sentence(words("when somebody took it"))
        case FactKind.ANSWERED.value:
            return Sentence(words("by a public answer"))
        case FactKind.RESOLVED.value:
            return Sentence(words("when it was resolved"))
        case FactKind.RECOVERED.value:
            return Sentence(words("when the problem went away"))
        case FactKind.CLOCK_CORRECTED.value:
            return Sentence(words("by a person's correction"))
        case _:
            return Sentence(words("by what happened then"))


def _reason(clock: ClockCourse) -> str:
    return str((clock.frozen or {}).get("ended_by") or "")


def _cancelled(clock: ClockCourse) -> str:
    match _reason(clock):
        case FactKind.RECOVERED.value:
            return words(
                "The problem went away %(stop)s, before anybody answered and before it was due:"
                " cancelled, and in no report."
            )
        case _ if _reason(clock) == GUARANTEED_ANEW:
            return words(
                "It was cancelled %(stop)s, when a message through an address of the contract"
                " began it anew with a guarantee."
            )
        case _ if _reason(clock) == NO_LONGER_PROMISED:
            return words("It was cancelled %(stop)s, because nothing is promised for it any more.")
        case FactKind.CLOCK_CORRECTED.value:
            return words("A person cancelled it %(stop)s; why stands in the journal.")
        case _:
            return words("It was cancelled %(stop)s.")


def _merged_into(story: ClockStory) -> str:
    into = [one.data.get("into") for one in story.facts if one.kind is FactKind.MERGED]
    return str(into[-1]) if into else "–"
