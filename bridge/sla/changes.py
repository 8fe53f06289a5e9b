"""What happened to a clock, for people: told from its row before and its course after."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bridge.sla.course import ClockCourse
from bridge.tickets.journal import Event

# What of a running clock people are told about when it changes.
TOLD = ("due_at", "target_minutes", "started_at", "guaranteed")
# The verdict of a clock that was never promised, now that an answer has come back.
WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class ClockChange:
    """An entry for the journal; at: None for the moment of the fact that brought it."""

    event: Event
    at: datetime | None
    data: dict[str, Any]


def changes(before: Mapping[str, Any] | None, after: ClockCourse) -> Iterator[ClockChange]:
    """Yield what happened to a clock; before: the values of its row, None for a new clock."""
    if before is None:
        yield _started(after)
        if after.state == "paused":
            yield ClockChange(Event.CLOCK_PAUSED, None, _named(after))
        state, stop = "running", None
    else:
        state, stop = before["state"], before["stopped_at"]
    if stop is not None and (stop, state) != (after.stop, after.state):
        yield ClockChange(Event.CLOCK_REVIVED, None, _named(after) | {"due_at": after.due})
        stop = None
    if stop is None and after.stop is not None:
        yield _stopped(after)
    elif before is not None and after.stop is None:
        yield from _while_running(before, after)


def vanished(before: Mapping[str, Any]) -> ClockChange:
    """Return what is said of a clock that has never begun, as it turns out now."""
    data = {"clock": before["kind"], "nth": before["nth"], "rule": before["rule"]}
    more = {"verdict": WITHDRAWN, "due_at": before["due_at"]}
    return ClockChange(Event.CLOCK_STOPPED, None, data | more)


def _while_running(before: Mapping[str, Any], after: ClockCourse) -> Iterator[ClockChange]:
    was_paused, is_paused = before["state"] == "paused", after.state == "paused"
    if is_paused and not was_paused:
        yield ClockChange(Event.CLOCK_PAUSED, None, _named(after))
    elif was_paused and not is_paused:
        yield ClockChange(Event.CLOCK_RESUMED, None, _named(after) | {"due_at": after.due})
    elif before["stopped_at"] is None and _told(after) != {name: before[name] for name in TOLD}:
        more = {
            "target_minutes": _told(after)["target_minutes"],
            "guaranteed": after.guaranteed,
            "due_at": after.due,
        }
        yield ClockChange(Event.CLOCK_CHANGED, None, _named(after) | more)


def _named(one: ClockCourse) -> dict[str, Any]:
    return {"clock": one.kind.value, "nth": one.nth, "rule": one.rule}


def _told(one: ClockCourse) -> dict[str, Any]:
    return {
        "due_at": one.due,
        "target_minutes": int(one.promise.target.total_seconds() // 60),
        "started_at": one.promise.start,
        "guaranteed": one.guaranteed,
    }


def _started(one: ClockCourse) -> ClockChange:
    data = _named(one) | {
        "target_minutes": _told(one)["target_minutes"],
        "calendar": one.calendar,
        "contract_version": one.contract_version_id,
        "guaranteed": one.guaranteed,
        "due_at": one.due,
        "flagged": one.flagged,
    }
    return ClockChange(Event.CLOCK_STARTED, one.promise.start, data)


def _stopped(one: ClockCourse) -> ClockChange:
    data = _named(one) | {"verdict": one.state, "due_at": one.due}
    return ClockChange(Event.CLOCK_STOPPED, one.stop, data)
