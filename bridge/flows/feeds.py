"""Calendars to subscribe to: secret addresses, and what stands under them."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge import utc
from bridge.errors import NotFound
from bridge.flows.directory import Directory
from bridge.flows.overrides import known_schedule
from bridge.language import best, say
from bridge.oncall import models
from bridge.oncall.coverage import shifts_between, shifts_of
from bridge.oncall.icalendar import Entry, written
from bridge.oncall.models import CalendarFeed
from bridge.oncall.schedule import Schedule, Shift
from bridge.staff.models import StaffMember
from bridge.tables import Revision

SECRET_BYTES = 32
LOOK_BACK = timedelta(days=30)
LOOK_AHEAD = timedelta(days=400)
# A shift that began before the calendar does is looked for so far back, to be the same each day.
LONGEST_SHIFT = timedelta(days=62)
REMEMBERED = 64


class UnknownFeed(NotFound):
    """There is no such calendar: its address is wrong, or was withdrawn."""


@dataclass(frozen=True)
class Feed:
    """A calendar as a program fetches it. changed_at: to the second."""

    content: bytes
    tag: str
    changed_at: datetime


def make(
    session: Session, directory: Directory, staff_id: int, label: str | None, now: datetime
) -> str:
    """Make a calendar of one's own shifts, or of a schedule; return its secret, told only here.

    Raises UnknownSchedule.
    """
    schedule_id = None
    if label is not None:
        known_schedule(directory, label)
        statement = select(models.Schedule.id).where(models.Schedule.label == label)
        schedule_id = session.scalars(statement).one()
    secret = secrets.token_urlsafe(SECRET_BYTES)
    session.add(
        CalendarFeed(
            token_hash=_hash(secret), staff_id=staff_id, schedule_id=schedule_id, created_at=now
        )
    )
    session.flush()
    return secret


def withdraw(session: Session, staff_id: int, feed_id: int, now: datetime) -> None:
    """Let an address of this person's show nothing any more; raises UnknownFeed."""
    feed = session.get(CalendarFeed, feed_id)
    if feed is None or feed.staff_id != staff_id or feed.withdrawn_at is not None:
        raise UnknownFeed("you have no such calendar, or not any more")
    feed.withdrawn_at = now


def of_person(session: Session, staff_id: int) -> Sequence[tuple[int, str | None, datetime]]:
    """Return id, schedule (None: one's own shifts) and begin of a person's calendars, in order."""
    statement = (
        select(CalendarFeed.id, models.Schedule.label, CalendarFeed.created_at)
        .outerjoin(models.Schedule, models.Schedule.id == CalendarFeed.schedule_id)
        .where(CalendarFeed.staff_id == staff_id, CalendarFeed.withdrawn_at.is_(None))
        .order_by(CalendarFeed.id)
    )
    return [(number, label, begun) for number, label, begun in session.execute(statement)]


def read(session: Session, directory: Directory, secret: str, now: datetime) -> Feed:
    """Return the calendar under a secret address: 30 days back, 400 ahead.

    Raises UnknownFeed, also where the person or the schedule is not there any more.
    """
    statement = (
        select(StaffMember.label, StaffMember.language, models.Schedule.label, CalendarFeed)
        .join(StaffMember, StaffMember.id == CalendarFeed.staff_id)
        .outerjoin(models.Schedule, models.Schedule.id == CalendarFeed.schedule_id)
        .where(CalendarFeed.token_hash == _hash(secret), CalendarFeed.withdrawn_at.is_(None))
    )
    row = session.execute(statement).first()
    if row is None or row[0] not in directory.people:
        raise UnknownFeed("there is no such calendar, or not any more")
    person, language, label, feed = row
    if feed.schedule_id is not None and label not in directory.schedules:
        raise UnknownFeed("there is no such schedule any more")
    today = datetime.combine(now.astimezone(UTC).date(), time(), UTC)
    changed_at = session.scalar(select(Revision.changed_at).order_by(Revision.id.desc()).limit(1))
    stamp = max(changed_at or today, feed.created_at, today).replace(microsecond=0)
    shown = {label: directory.schedules[label]} if label else dict(directory.schedules)
    names = {one.label: one.name for one in directory.people.values()}
    content = _content(
        None if label else person,
        best(language),
        tuple(shown.items()),
        tuple(names.items()),
        today,
        feed.created_at.replace(microsecond=0),
    )
    return Feed(content, hashlib.sha256(content).hexdigest()[:32], stamp)


@lru_cache(maxsize=REMEMBERED)
def _content(
    person: str | None,
    language: str,
    schedules: tuple[tuple[str, Schedule], ...],
    names: tuple[tuple[str, str], ...],
    today: datetime,
    stamp: datetime,
) -> bytes:
    called, _ = dict(names), say(language)
    entries: list[Entry] = []
    for label, schedule in schedules:
        found = _near(person, schedule, today)
        entries += [_entry(label, shift, person, called, language) for shift in found]
    entries.sort(key=lambda one: (one.starts_at, one.uid))
    if person is None:
        name = _("On call: {schedule}").format(schedule=schedules[0][0])
    else:
        name = _("On call: {schedule}").format(schedule=called.get(person, person))
    return written(name, entries, stamp)


def _near(person: str | None, schedule: Schedule, today: datetime) -> list[Shift]:
    """Return the shifts of a person, or of everybody, with their true begin where it is near."""
    begin = (today - LOOK_BACK - LONGEST_SHIFT).replace(day=1)
    end = today + LOOK_AHEAD
    if person is None:
        found = [one for one in shifts_between(schedule, begin, end) if one.people]
    else:
        found = shifts_of(person, schedule, begin, end)
    return [one for one in found if one.ends_at > today - LOOK_BACK]


def _entry(
    label: str, shift: Shift, person: str | None, called: Mapping[str, str], language: str
) -> Entry:
    _ = say(language)
    people = ", ".join(called.get(one, one) for one in shift.people)
    whose = person or "all"
    key = hashlib.sha256(f"{label}\n{whose}\n{utc.iso(shift.starts_at)}".encode()).hexdigest()
    title = _("On call: {schedule}").format(schedule=label)
    return Entry(
        uid=f"{key[:32]}@bridge",
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        title=f"{people} – {label}" if person is None else title,
    )


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
