"""Which days the desk works, so that a morning knows what happened since the last one."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from bridge.calendars.open_time import OpenTime

DAYS_BACK = 14
ONE_DAY = timedelta(days=1)


def previous_working_day(hours: Iterable[OpenTime], zone: str, now: datetime) -> datetime:
    """Return when the last working day before today began, at midnight in `zone`.

    A day is a working day if one of the calendars that are closed on some days is open on it:
    those that never close say nothing about it. Where all are such, it is yesterday.
    """
    local = ZoneInfo(zone)
    today = now.astimezone(local).date()
    # By the date, because a day on which the clocks change has not 24 hours.
    begins = [
        datetime.combine(today - back * ONE_DAY, time(), local) for back in range(DAYS_BACK + 1)
    ]
    days = [(begin, end) for end, begin in pairwise(begins)]
    known = [[_is_open(one, *day) for day in days] for one in hours]
    telling = [days_open for days_open in known if not all(days_open) and any(days_open)]
    for at, (begin, _) in enumerate(days):
        if any(days_open[at] for days_open in telling):
            return begin
    return begins[1]


def _is_open(hours: OpenTime, begin: datetime, end: datetime) -> bool:
    return next(hours.intervals(begin, end), None) is not None
