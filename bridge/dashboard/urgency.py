"""How urgent a promise is now, and in which order people should look at tickets."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from bridge.calendars.open_time import OpenTime

# From this share of the promised time on, a promise is at risk. Source: docs/sla.md, "R17".
AT_RISK_PERCENT = 75
KINDS = ("response", "update", "solution")


class Risk(Enum):
    """How a running promise stands; REST: it stands still, because it is outside service hours."""

    MISSED = "missed"
    AT_RISK = "at_risk"
    ON_TIME = "on_time"
    REST = "rest"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a promise stands at a moment.

    left: open time until it is due; less than zero is how long it is overdue, in all hours.
    stops_at: when service hours, and with them the clock, stop before it is due.
    resumes_at: where the clock stands still, when it runs again.
    """

    risk: Risk
    left: timedelta
    stops_at: datetime | None = None
    resumes_at: datetime | None = None


def standing(due_at: datetime, target: timedelta, hours: OpenTime, now: datetime) -> Standing:
    """Return how a running promise of `target` open time, due at `due_at`, stands at `now`.

    Exactly at its due it is not missed yet.
    """
    if now > due_at:
        return Standing(Risk.MISSED, due_at - now)
    left = hours.open_between(now, due_at)
    if not hours.is_open(now):
        return Standing(Risk.REST, left, resumes_at=hours.next_opening(now))
    at_risk = left * 100 <= target * (100 - AT_RISK_PERCENT)
    closes_at = next((closes for _, closes in hours.intervals(now, due_at)), due_at)
    return Standing(
        Risk.AT_RISK if at_risk else Risk.ON_TIME,
        left,
        stops_at=closes_at if closes_at < due_at else None,
    )


Place = tuple[int, int, timedelta, str, float]
NO_TIME = timedelta(0)


def place(found: Standing | None, *, waits: bool, priority: str, since: datetime) -> Place:
    """Return what sorts tickets: the one to look at first comes first.

    Tickets that wait for an answer come before those that somebody has. Within each: those whose
    clock runs now, by the open time left, overdue ones first; then those whose clock stands still
    outside service hours; then those without a clock, by priority, the oldest first.
    waits: nobody has answered.
    """
    if found is not None:
        group, left = (1 if found.risk is Risk.REST else 0), found.left
    elif waits and priority in {"P1", "P2"}:
        # Nothing was promised for it, and it is urgent all the same: right after what is overdue.
        group, left = 0, NO_TIME
    else:
        group, left = 2, NO_TIME
    return (0 if waits else 1, group, left, priority, since.timestamp())


def chosen_kind(running: Sequence[str]) -> str | None:
    """Return which of the running clocks a row shows: the response first, then as it comes."""
    return next((kind for kind in KINDS if kind in running), None)
