"""Changes to who is on call: made, withdrawn, a shift taken over; in force at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge import utc
from bridge.calendars.suggestions import did_you_mean
from bridge.errors import NotFound, Refused
from bridge.flows import paging
from bridge.flows.acting import Acting, Program
from bridge.flows.directory import Directory
from bridge.oncall import models
from bridge.oncall.models import ScheduleOverride
from bridge.oncall.rotation import on_call, until
from bridge.oncall.schedule import Override, OverrideKind, Schedule
from bridge.oncall.schedule_form import override_from_plain
from bridge.tables import Revision, next_revision

# As far as gaps are looked for; what lasts longer belongs into the desk file.
LONGEST = timedelta(days=400)
LONGEST_NAME = 64


class UnknownSchedule(NotFound):
    """No schedule of the desk has this id."""


class UnknownOverride(NotFound):
    """The schedule has no such override, or not any more."""


class UnknownPerson(Refused):
    """Nobody of ours has this id."""


class TooLong(Refused):
    """An override lasts longer than anybody plans."""


class AlreadyOver(Refused):
    """An override would change only what has been."""


class NotOnCall(Refused):
    """Who is to be relieved is not on call."""


class NoEnd(Refused):
    """The shift has no end, so that there is no rest of it to take over."""


class AlreadyTheirs(Refused):
    """Whoever is to take the shift over has it."""


@dataclass(frozen=True)
class Wish:
    """An override that is to be made in a schedule; `uid`: of the calendar event it is from."""

    schedule: str
    override: Override
    uid: str | None = None


def known_schedule(directory: Directory, label: str) -> Schedule:
    """Return the schedule; raises UnknownSchedule, naming the nearest one."""
    found = directory.schedules.get(label)
    if found is None:
        hint = did_you_mean(label[:LONGEST_NAME], directory.schedules)
        raise UnknownSchedule(f"there is no schedule {label[:LONGEST_NAME]!r}{hint}")
    return found


def wish_from_plain(directory: Directory, label: str, plain: Mapping[str, object]) -> Wish:
    """Return the wish in fields as the desk file has them; times without an offset are local.

    Raises UnknownSchedule, and BadSchedule for what names no moment or no override.
    """
    zone = known_schedule(directory, label).timezone
    return Wish(label, override_from_plain(plain, zone))


def make(
    session: Session, directory: Directory, wish: Wish, who: Acting, now: datetime
) -> ScheduleOverride:
    """Make an override; from the commit on everybody goes by it.

    Raises UnknownSchedule, UnknownPerson, TooLong, AlreadyOver.
    Source: docs/oncall.md, "R12".
    """
    return change(session, directory, [wish], [], who, now)[0]


def withdraw(
    session: Session, directory: Directory, label: str, override_id: int, now: datetime
) -> None:
    """Withdraw an override, also one that is in force; its row stays.

    Raises UnknownSchedule, and UnknownOverride for one of the desk file too: that one is changed
    in the file.
    """
    known_schedule(directory, label)
    statement = (
        select(ScheduleOverride)
        .join(ScheduleOverride.schedule)
        .where(
            ScheduleOverride.id == override_id,
            ScheduleOverride.withdrawn_at.is_(None),
            models.Schedule.label == label,
        )
    )
    row = session.scalar(statement)
    if row is None:
        raise UnknownOverride(f"{label} has no override {override_id}, or not any more")
    row.withdrawn_at = now
    _reread(session, [f"- {label}: override {row.id} withdrawn"], now)


def take_over_shift(
    session: Session,
    directory: Directory,
    label: str,
    person: str,
    who: Acting,
    now: datetime,
    *,
    relieved: str | None = None,
) -> ScheduleOverride:
    """Put `person` on call from now until who is on call would next change.

    relieved: whose place it is, where several are on call; without it, everybody's. It is a
    `cover` of all who are on call, because an override speaks of those of the layers only: who
    came in somebody's place could not be replaced.
    Raises UnknownSchedule, UnknownPerson, NotOnCall, AlreadyTheirs, NoEnd.
    """
    schedule = known_schedule(directory, label)
    must_be_ours(directory, [person])
    now_on_call = on_call(schedule, now)
    if relieved is not None and relieved not in now_on_call:
        raise NotOnCall(f"{relieved[:LONGEST_NAME]} is not on call in {label} now: look again")
    then = tuple(person if one == relieved else one for one in now_on_call)
    wanted = tuple(dict.fromkeys(then)) if relieved is not None else (person,)
    if wanted == now_on_call:
        raise AlreadyTheirs(f"{person} is on call in {label} already")
    ends_at = until(schedule, now)
    if ends_at is None:
        raise NoEnd(f"this shift in {label} never ends: make an override that says until when")
    shift = Override(now, ends_at, OverrideKind.COVER, wanted)
    return make(session, directory, Wish(label, shift), who, now)


def change(
    session: Session,
    directory: Directory,
    wishes: Sequence[Wish],
    withdrawn: Sequence[ScheduleOverride],
    who: Acting,
    now: datetime,
) -> list[ScheduleOverride]:
    """Make these overrides, in this order, and withdraw those; one change of the configuration.

    Raises UnknownSchedule, UnknownPerson, TooLong, AlreadyOver; then nothing is changed.
    """
    for wish in wishes:
        _must_be_possible(directory, wish, now)
    if not wishes and not withdrawn:
        return []
    ids = {one.label: one.id for one in session.scalars(select(models.Schedule))}
    made = [_row(wish, ids[wish.schedule], who, now) for wish in wishes]
    session.add_all(made)
    for row in withdrawn:
        row.withdrawn_at = now
    gone = [f"- override {row.id} withdrawn" for row in withdrawn]
    _reread(session, _told(made, wishes) + gone, now)
    return made


def _reread(session: Session, lines: Sequence[str], now: datetime) -> None:
    """Let every process and every escalation read anew who is on call."""
    # One at a time: two that took the same number for the revision would not both commit. The
    # first row of all stays what it is, so that everybody waits for the same one.
    first = select(Revision.id).order_by(Revision.id).limit(1).with_for_update()
    session.scalar(first)
    session.add(Revision(id=next_revision(session), changed_at=now, changes="\n".join(lines)))
    session.flush()
    paging.schedules_changed(session, now)


def _told(rows: Sequence[ScheduleOverride], wishes: Sequence[Wish]) -> list[str]:
    return [
        f"+ {wish.schedule}: {row.kind} {', '.join(row.people)}, "
        f"{utc.iso(row.starts_at)} to {utc.iso(row.ends_at)}"
        for row, wish in zip(rows, wishes, strict=True)
    ]


def _must_be_possible(directory: Directory, wish: Wish, now: datetime) -> None:
    override = wish.override
    known_schedule(directory, wish.schedule)
    named = override.people if override.replaced is None else (*override.people, override.replaced)
    # Who has left may be taken off duty.
    arriving = () if override.kind is OverrideKind.REMOVE else override.people
    must_be_ours(directory, arriving)
    must_be_ours(directory, [one for one in named if not _is_in(directory, wish, one)])
    if override.ends_at - override.starts_at > LONGEST:
        raise TooLong(
            f"an override lasts {LONGEST.days} days at most: write a longer one into the desk file"
        )
    if override.ends_at <= now:
        raise AlreadyOver(
            f"this override ended at {utc.iso(override.ends_at)}: it would change nothing any more"
        )


def _is_in(directory: Directory, wish: Wish, person: str) -> bool:
    layers = directory.schedules[wish.schedule].layers
    return any(person in layer.people for layer in layers)


def must_be_ours(directory: Directory, people: Sequence[str]) -> None:
    """Raise UnknownPerson for the first who is none of ours, naming the nearest."""
    for person in people:
        if person not in directory.people:
            hint = did_you_mean(person[:LONGEST_NAME], directory.people)
            raise UnknownPerson(f"there is nobody called {person[:LONGEST_NAME]!r}{hint}")


def _row(wish: Wish, schedule_id: int, who: Acting, now: datetime) -> ScheduleOverride:
    override = wish.override
    return ScheduleOverride(
        schedule_id=schedule_id,
        starts_at=override.starts_at,
        ends_at=override.ends_at,
        kind=override.kind.value,
        people=list(override.people),
        replaced=override.replaced,
        uid=wish.uid,
        created_by=None if isinstance(who, Program) else who.id,
        created_at=now,
    )
