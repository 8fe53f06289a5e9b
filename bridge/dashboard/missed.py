"""Why a promise was missed: what happened too late or not at all, and who had been told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, NamedTuple

from bridge.tickets.journal import Event

ENDINGS = {Event.ACKNOWLEDGED.value, Event.ANSWERED.value, Event.RESOLVED.value}
TELLING = (*sorted(ENDINGS), Event.RECOVERED.value, Event.CLOCK_WARNED.value, Event.PAGED.value)


class MissedFact(NamedTuple):
    """A clock that was missed, or is overdue while nobody has done what was promised."""

    number: int
    title: str
    customer_id: int
    priority: str
    kind: str
    nth: int
    rule: str | None
    guaranteed: bool
    due_at: datetime
    stopped_at: datetime | None
    ended_by: str | None


class Happening(NamedTuple):
    """An entry of a ticket's journal that may tell why; `author` is none of ours."""

    number: int
    at: datetime
    kind: str
    actor: str
    data: Mapping[str, Any]
    author: str | None


class Cause(Enum):
    """What was wrong."""

    UNANSWERED = "unanswered"
    NO_UPDATE = "no_update"
    UNSOLVED = "unsolved"
    LATE = "late"
    WENT_AWAY = "went_away"


UNDONE = {
    "response": Cause.UNANSWERED,
    "update": Cause.NO_UPDATE,
    "solution": Cause.UNSOLVED,
}


@dataclass(frozen=True, slots=True)
class Warned:
    """A warning that was sent before: how much was used, and the ids of whom it went to."""

    percent: int
    at: datetime
    people: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Why:
    """Why a promise was missed.

    late: how long after its due, in all hours; until now where nobody has done it yet.
    ending: what stopped it too late. pages: how many were sent before it was due; paged: the ids
    of whom.
    """

    cause: Cause
    late: timedelta
    ending: Happening | None
    warned: tuple[Warned, ...]
    pages: int
    paged: tuple[int, ...]


def why(missed: MissedFact, happened: Sequence[Happening], now: datetime) -> Why:
    """Return why a promise was missed, by what happened to its ticket, in order."""
    before = [one for one in happened if one.at <= missed.due_at]
    pages = [one for one in before if one.kind == Event.PAGED.value]
    ending = _ending(missed, happened)
    return Why(
        cause=_cause(missed, ending),
        late=(missed.stopped_at or now) - missed.due_at,
        ending=ending,
        warned=tuple(_warned(missed, happened)),
        pages=len(pages),
        paged=tuple(dict.fromkeys(_people(pages))),
    )


def _cause(missed: MissedFact, ending: Happening | None) -> Cause:
    if missed.stopped_at is None:
        return UNDONE[missed.kind]
    if missed.ended_by == Event.RECOVERED.value:
        return Cause.WENT_AWAY
    if missed.ended_by is None and ending is None:
        return Cause.WENT_AWAY
    return Cause.LATE


def _ending(missed: MissedFact, happened: Sequence[Happening]) -> Happening | None:
    if missed.stopped_at is None:
        return None
    found = [one for one in happened if one.at == missed.stopped_at and one.kind in ENDINGS]
    return found[-1] if found else None


def _warned(missed: MissedFact, happened: Sequence[Happening]) -> list[Warned]:
    """Return the warnings about this clock, but for those that came when it was due."""
    return [
        Warned(one.data.get("percent") or 0, one.at, tuple(_people([one])))
        for one in happened
        if one.kind == Event.CLOCK_WARNED.value
        and (one.data.get("clock"), one.data.get("nth")) == (missed.kind, missed.nth)
        and one.at < missed.due_at
    ]


def _people(entries: Sequence[Happening]) -> list[int]:
    return [int(person) for one in entries for person in one.data.get("people") or ()]
