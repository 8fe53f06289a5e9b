"""Who is on call now, in each schedule, until when, and who is next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from bridge.oncall.overrides import People
from bridge.oncall.rotation import on_call, until
from bridge.oncall.schedule import Schedule


@dataclass(frozen=True, slots=True)
class OnCall:
    """Who is on call in one schedule; nobody where there are no people.

    until: None where it never changes. zone: that of the schedule. then: who is next.
    """

    schedule: str
    people: tuple[str, ...]
    until: datetime | None
    zone: str
    then: tuple[str, ...] = ()


# Hands change at whole minutes, so that an answer holds for the minute, and for every visitor.
@lru_cache(maxsize=256)
def _of_minute(schedule: Schedule, minute: datetime) -> tuple[People, datetime | None, People]:
    ends_at = until(schedule, minute)
    return on_call(schedule, minute), ends_at, on_call(schedule, ends_at) if ends_at else ()


def on_call_now(
    schedules: Mapping[str, Schedule], names: Mapping[str, str], now: datetime
) -> list[OnCall]:
    """Return who is on call in each schedule at `now`, by their names, in the desk file's order."""
    minute = now.replace(second=0, microsecond=0)
    found = []
    for label, schedule in schedules.items():
        people, ends_at, then = _of_minute(schedule, minute)
        called = tuple(names.get(person, person) for person in people)
        follow = tuple(names.get(person, person) for person in then)
        found.append(OnCall(label, called, ends_at, schedule.timezone.key, follow))
    return found
