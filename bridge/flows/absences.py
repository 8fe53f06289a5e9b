"""Absences from a calendar: what they would change, and then the change itself."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bridge.errors import Refused
from bridge.flows import overrides
from bridge.flows.acting import Acting
from bridge.flows.directory import Directory
from bridge.flows.overrides import Wish
from bridge.oncall import icalendar
from bridge.oncall import queries as oncall
from bridge.oncall.coverage import Group, differences, groups, outlook
from bridge.oncall.icalendar import Absence
from bridge.oncall.models import ScheduleOverride
from bridge.oncall.rotation import LOOK_AHEAD
from bridge.oncall.schedule import Override, OverrideKind, Schedule, Shift

MOST_OVERRIDES = 5000


class TooMany(Refused):
    """An import would make more overrides than anybody can oversee."""


class NotInAny(Refused):
    """The person is in no schedule, so that no absence changes anything."""


@dataclass(frozen=True)
class NewGap:
    """Schedules of which somebody should be on call, and when nobody would be any more."""

    group: Group
    gaps: Sequence[Shift]


@dataclass(frozen=True)
class Import:
    """What an import would do, for a person to read first.

    absences: those that lie ahead. new: overrides to be made; kept: how many there are already.
    withdrawn: those of an earlier import that the file no longer has.
    """

    person: str
    absences: Sequence[Absence]
    new: Sequence[Wish]
    kept: int
    withdrawn: Sequence[ScheduleOverride]
    gaps: Sequence[NewGap]


def prepare(
    session: Session,
    directory: Directory,
    person: str,
    content: bytes,
    zone: ZoneInfo,
    now: datetime,
) -> Import:
    """Return what importing the absences of `person` would change; changes nothing.

    zone: of what names none. Where somebody else has been put in the person's place already, the
    absence makes no override: it would win over that one, and leave nobody.
    Raises UnknownPerson, NotInAny, BadCalendar, BadRule, TooMany.
    """
    overrides.must_be_ours(directory, [person])
    concerned = {label: one for label, one in directory.schedules.items() if _is_in(one, person)}
    if not concerned:
        raise NotInAny(f"{person} is in no schedule: there is nothing to take them off")
    away = icalendar.absences(content, zone, now, now + LOOK_AHEAD)
    before = _imported(session, person, now)
    labels = {row.id: row.schedule.label for row in before}
    known = {(labels[row.id], row.uid, row.starts_at, row.ends_at): row for row in before}
    imported = {label: [oncall.override_of(r) for r in before if labels[r.id] == label]
                for label in concerned}  # fmt: skip
    wishes = [
        Wish(label, Override(*span, OverrideKind.REMOVE, (person,)), absence.uid)
        for label, schedule in concerned.items()
        for absence in away
        for span in _still_theirs(schedule, imported[label], person, absence, now)
    ]
    if len(wishes) > MOST_OVERRIDES:
        raise TooMany(f"these are {len(wishes)} overrides: import fewer absences at once")
    wanted = {_key(wish): wish for wish in wishes}
    new = [wish for key, wish in wanted.items() if key not in known]
    withdrawn = [row for key, row in known.items() if key not in wanted]
    return Import(
        person=person,
        absences=away,
        new=new,
        kept=len(wanted) - len(new),
        withdrawn=withdrawn,
        gaps=_new_gaps(directory, new, [oncall.override_of(r) for r in withdrawn], now),
    )


def carry_out(
    session: Session, directory: Directory, planned: Import, who: Acting, now: datetime
) -> None:
    """Make and withdraw what was planned in this transaction."""
    overrides.change(session, directory, planned.new, planned.withdrawn, who, now)


def _is_in(schedule: Schedule, person: str) -> bool:
    return any(person in layer.people for layer in schedule.layers) or any(
        person in one.people for one in schedule.overrides if one.kind is not OverrideKind.REMOVE
    )


def _imported(session: Session, person: str, now: datetime) -> list[ScheduleOverride]:
    """Return what earlier imports have made for the person and is not over."""
    return [
        row
        for row in oncall.made_overrides(session, since=now)
        if row.uid is not None and row.people == [person]
    ]


def _key(wish: Wish) -> tuple[str, str | None, datetime, datetime]:
    return wish.schedule, wish.uid, wish.override.starts_at, wish.override.ends_at


def _still_theirs(
    schedule: Schedule,
    imported: Sequence[Override],
    person: str,
    absence: Absence,
    now: datetime,
) -> Iterator[tuple[datetime, datetime]]:
    """Yield the parts of an absence in which nobody else has the person's place already."""
    settled = [
        Shift(one.starts_at, one.ends_at, ())
        for one in schedule.overrides
        if one.ends_at > now and one not in imported and _takes_off(one, person)
    ]
    settled.sort(key=lambda one: one.starts_at)
    for part in differences(settled, [Shift(absence.starts_at, absence.ends_at, ())]):
        if part.ends_at > now:
            yield part.starts_at, part.ends_at


def _takes_off(override: Override, person: str) -> bool:
    match override.kind:
        case OverrideKind.REPLACE:
            return override.replaced == person
        case OverrideKind.REMOVE:
            return person in override.people
        case OverrideKind.COVER:
            return person not in override.people
        case OverrideKind.ADD:
            return False


def _new_gaps(
    directory: Directory, new: Sequence[Wish], withdrawn: Sequence[Override], now: datetime
) -> list[NewGap]:
    """Return where nobody would be on call any more."""
    after = _changed(directory.schedules, new, withdrawn)
    policies = {label: policy for label, (_, policy) in directory.policies.items()}
    found = []
    for group in groups(policies, directory.schedules):
        then = outlook([after[name] for name in group.schedules], now).gaps
        was = outlook([directory.schedules[name] for name in group.schedules], now).gaps
        if gaps := differences(was, then):
            found.append(NewGap(group, gaps))
    return found


def _changed(
    schedules: Mapping[str, Schedule], new: Sequence[Wish], withdrawn: Sequence[Override]
) -> dict[str, Schedule]:
    changed = {}
    gone = set(withdrawn)
    for label, schedule in schedules.items():
        kept = tuple(one for one in schedule.overrides if one not in gone)
        mine = tuple(wish.override for wish in new if wish.schedule == label)
        changed[label] = replace(schedule, overrides=kept + mine)
    return changed
