"""What a browser needs to count a promise down by itself: the service hours that lie ahead."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from bridge.calendars.open_time import OpenTime
from bridge.dashboard.urgency import at_risk_from

# A browser that sleeps over a long weekend finds what it needs; the server sends the rest.
STRETCHES = 4


@dataclass(frozen=True, slots=True)
class Ahead:
    """The open time between a moment and a due time.

    stretches: when it opens and closes, in order, the next ones only.
    beyond: the open time that lies between the last of them and the due time.
    due_at: of an overdue promise long past. near: how much is left when it begins to be at risk.
    """

    stretches: tuple[tuple[datetime, datetime], ...]
    beyond: timedelta
    due_at: datetime
    near: timedelta


def ahead(due_at: datetime, target: timedelta, hours: OpenTime, now: datetime) -> Ahead:
    """Return the service hours from `now` until a promise of `target` open time is due."""
    found = tuple(islice(hours.intervals(now, due_at), STRETCHES))
    beyond = hours.open_between(found[-1][1], due_at) if found else timedelta(0)
    return Ahead(found, beyond, due_at, at_risk_from(target))
