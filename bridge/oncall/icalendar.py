"""iCalendar: shifts written as a calendar to subscribe to, and absences read from one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, cast
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from bridge.errors import Refused
from bridge.oncall.recurrence import Rule, day_of, days, rule_of
from bridge.oncall.walltime import first_instant

PRODUCT = "-//Bridge//on call//EN"
REFRESH = timedelta(hours=1)
MOST_BYTES = 1024 * 1024
MOST_EVENTS = 5000
MOST_RULES = 200
ONE_DAY = timedelta(days=1)
LONGEST_UID = 200
# What the library raises when it meets a property that is none.
UNREADABLE = (ValueError, TypeError, AttributeError, KeyError, IndexError, OverflowError)
# Years at which sums of days stay inside the calendar of Python.
YEARS = range(1900, 2200)


# An event by the names of its properties.
Properties = Mapping[str, Any]


class BadCalendar(Refused):
    """What was sent is no calendar that absences can be read from; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One shift as a calendar shows it. uid: the same each time the shift is written."""

    uid: str
    starts_at: datetime
    ends_at: datetime
    title: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Absence:
    """A time in which somebody is away; `uid` is that of the event, and of which repetition."""

    uid: str
    starts_at: datetime
    ends_at: datetime
    title: str


def written(name: str, entries: Iterable[Entry], stamp: datetime) -> bytes:
    """Return a calendar with these entries, in UTC; the same bytes for the same arguments."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("name", name)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for entry in entries:
        event = Event()
        event.add("uid", entry.uid)
        event.add("dtstamp", stamp)
        event.add("dtstart", entry.starts_at)
        event.add("dtend", entry.ends_at)
        event.add("summary", entry.title)
        if entry.text:
            event.add("description", entry.text)
        # A shift must not make its person look busy to everybody else's planning.
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def absences(content: bytes, zone: ZoneInfo, begin: datetime, end: datetime) -> list[Absence]:
    """Return the absences in a calendar that have a part between `begin` and `end`, in order.

    zone: of what names none: whole days, and times without a zone.
    Cancelled events and those marked as free time are no absences.
    Raises BadCalendar, or BadRule for a repetition that cannot be read.
    """
    events = _events(content)
    try:
        moved = _moved(events)
    except UNREADABLE as error:
        raise BadCalendar("a RECURRENCE-ID in the file is no moment: export it anew") from error
    found: list[Absence] = []
    for event in events:
        try:
            found += _of_event(event, moved, zone, begin, end)
        except UNREADABLE as error:
            name = str(event.get("SUMMARY", ""))[:40] or _uid(event)[:40]
            raise BadCalendar(
                f"the event {name!r} cannot be read: mend it, or leave it out"
            ) from error
        if len(found) > MOST_EVENTS:
            raise BadCalendar(f"there are more than {MOST_EVENTS} absences: export fewer years")
    return sorted(found, key=lambda one: (one.starts_at, one.uid))


def _events(content: bytes) -> list[Properties]:
    if len(content) > MOST_BYTES:
        raise BadCalendar("the file is over 1 MiB: export the absences alone, or fewer years")
    # Counted before they are read, because reading is what takes long.
    if content.upper().count(b"BEGIN:VEVENT") > MOST_EVENTS:
        raise BadCalendar(f"there are more than {MOST_EVENTS} events: export fewer years")
    try:
        calendars = Calendar.from_ical(content, multiple=True)
    except UNREADABLE as error:
        raise BadCalendar("this is no iCalendar file: it begins with BEGIN:VCALENDAR") from error
    found = [event for one in calendars for event in one.walk("VEVENT")]
    if not calendars or any(one.name != "VCALENDAR" for one in calendars):
        raise BadCalendar("this is no iCalendar file: it begins with BEGIN:VCALENDAR")
    # By their names, because a property that is broken has another type.
    events = cast("list[Properties]", found)
    if sum("RRULE" in event for event in events) > MOST_RULES:
        raise BadCalendar(f"more than {MOST_RULES} events repeat: export the absences alone")
    return events


def _moved(events: Sequence[Properties]) -> set[tuple[str, datetime]]:
    """Return which repetitions of which events have an event of their own."""
    found = set()
    for event in events:
        if "RECURRENCE-ID" in event:
            moment = event["RECURRENCE-ID"].dt
            found.add((_uid(event), _wall(moment)))
    return found


def _of_event(
    event: Properties,
    moved: set[tuple[str, datetime]],
    zone: ZoneInfo,
    begin: datetime,
    end: datetime,
) -> Iterator[Absence]:
    status, free = str(event.get("STATUS", "")), str(event.get("TRANSP", ""))
    if status.upper() == "CANCELLED" or free.upper() == "TRANSPARENT":
        return
    starts, lasts = _extent(event)
    uid, title = _uid(event), str(event.get("SUMMARY", ""))[:LONGEST_UID]
    own = getattr(starts, "tzinfo", None) or zone
    moments = [starts] if "RECURRENCE-ID" in event else _repeated(event, starts, own, begin, end)
    for moment in moments:
        is_moved = "RECURRENCE-ID" not in event and (uid, _wall(moment)) in moved
        starts_at, ends_at = _instant(moment, own), _end_of(moment, lasts, own)
        if not is_moved and starts_at < min(ends_at, end) and begin < ends_at:
            yield Absence(f"{uid}#{_wall(moment):%Y%m%dT%H%M%S}", starts_at, ends_at, title)


def _extent(event: Properties) -> tuple[date, timedelta]:
    """Return when an event begins, and how long it lasts: in days where it begins on a day."""
    if "DTSTART" not in event:
        raise BadCalendar(f"the event {_uid(event)[:40]!r} has no beginning")
    starts = event["DTSTART"].dt
    is_day = not isinstance(starts, datetime)
    if starts.year not in YEARS:
        raise BadCalendar(f"the event {_uid(event)[:40]!r} is in the year {starts.year}")
    if "DTEND" in event:
        ends = event["DTEND"].dt
        if ends.year not in YEARS:
            raise BadCalendar(f"the event {_uid(event)[:40]!r} ends in the year {ends.year}")
        if is_day or not isinstance(ends, datetime):
            return starts, max((day_of(ends) - day_of(starts)), ONE_DAY if is_day else timedelta())
        if (ends.tzinfo is None) != (starts.tzinfo is None):
            ends = ends.replace(tzinfo=starts.tzinfo)
        # An absence ends at a wall time too: it is repeated as it is written, not as it lasts.
        ends = ends.astimezone(starts.tzinfo) if starts.tzinfo else ends
        return starts, _wall(ends) - _wall(starts)
    if "DURATION" in event:
        return starts, max(event["DURATION"].dt, timedelta())
    return starts, ONE_DAY if is_day else timedelta()


def _repeated(
    event: Properties, starts: date, zone: tzinfo, begin: datetime, end: datetime
) -> list[date]:
    """Return each beginning of an event that repeats, near the time that is asked for."""
    lasts = _extent(event)[1]
    found = {_wall(starts): starts}
    for rule in _rules(event, zone):
        first = (begin.astimezone(zone) - lasts).date() - ONE_DAY
        last = end.astimezone(zone).date() + ONE_DAY
        for day in days(rule, day_of(starts), first, last):
            moment = starts.replace(year=day.year, month=day.month, day=day.day)
            found[_wall(moment)] = moment
            if len(found) > MOST_EVENTS:
                raise BadCalendar(f"there are more than {MOST_EVENTS} absences")
    for moment in _dates(event, "RDATE"):
        found[_wall(moment)] = moment
    for moment in _dates(event, "EXDATE"):
        found.pop(_in_zone(moment, zone), None)
    return [found[key] for key in sorted(found)]


def _rules(event: Properties, zone: tzinfo) -> Iterator[Rule]:
    given = event.get("RRULE", [])
    for parts in given if isinstance(given, list) else [given]:
        until = (parts.get("UNTIL") or [None])[0]
        if isinstance(until, datetime):
            until = _in_zone(until, zone).date()
        yield rule_of(parts, until)


def _dates(event: Properties, name: str) -> Iterator[date]:
    given = event.get(name, [])
    for one in given if isinstance(given, list) else [given]:
        for value in one.dts:
            if isinstance(value.dt, date):
                yield value.dt


def _instant(moment: date, zone: tzinfo) -> datetime:
    if isinstance(zone, ZoneInfo):
        return first_instant(_wall(moment), zone)
    return _wall(moment).replace(tzinfo=zone).astimezone(UTC)


def _end_of(moment: date, lasts: timedelta, zone: tzinfo) -> datetime:
    return _instant(_wall(moment) + lasts, zone)


def _in_zone(moment: date, zone: tzinfo) -> datetime:
    if isinstance(moment, datetime) and moment.tzinfo is not None:
        return moment.astimezone(zone).replace(tzinfo=None)
    return _wall(moment)


def _wall(moment: date) -> datetime:
    """Return what the clocks show, naive; a day is its midnight."""
    if isinstance(moment, datetime):
        return moment.replace(tzinfo=None, fold=0)
    return datetime.combine(moment, time())


def _uid(event: Properties) -> str:
    return str(event.get("UID", ""))[:LONGEST_UID] or "without-uid"
