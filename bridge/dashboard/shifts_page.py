"""What the page of duties shows: who is on call, the shifts of some weeks, changes and gaps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bridge.dashboard.shift_strip import Bar, Column, People, Strip
from bridge.dashboard.visitor import Visitor
from bridge.dashboard.wording import desk_zone
from bridge.flows import gaps
from bridge.flows.directory import Directory
from bridge.oncall import queries as oncall
from bridge.oncall.coverage import Outlook, Uncovered, outlook, shifts_between, shifts_of
from bridge.oncall.models import ScheduleOverride
from bridge.oncall.rotation import on_call, turns_of, until
from bridge.oncall.schedule import Override, Schedule, Shift
from bridge.oncall.walltime import local

LENGTHS = (7, 14, 28)
USUAL_DAYS = 14
MY_SHIFTS_DAYS = 90
MOST_LISTED = 60
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2150, 1, 1)


@dataclass(frozen=True)
class Choice:
    """Which part of the calendar is looked at, and in which zone; `person`: whose shifts."""

    strip: Strip
    person: str
    zones: Sequence[str]

    @property
    def zone(self) -> str:
        """Return the name of the zone."""
        return self.strip.zone.key


@dataclass(frozen=True)
class OnDuty:
    """Somebody who is on call. is_reachable: has a channel that a page could take."""

    label: str
    name: str
    is_reachable: bool
    is_me: bool


@dataclass(frozen=True)
class Duty:
    """Who is on call in one schedule now, and then; until: None where it never changes."""

    schedule: str
    zone: str
    now: Sequence[OnDuty]
    until: datetime | None
    then: str


@dataclass(frozen=True)
class Lane:
    """One line of the calendar: a layer, or the changes."""

    title: str
    bars: Sequence[Bar]


@dataclass(frozen=True)
class Row:
    """One schedule of the calendar: its final line, and what that is made of."""

    schedule: str
    zone: str
    bars: Sequence[Bar]
    layers: Sequence[Lane]
    changes: Lane | None
    outlook: Outlook
    is_covered: bool


@dataclass(frozen=True)
class Changed:
    """An override that is not over. number: None for one of the desk file."""

    schedule: str
    number: int | None
    kind: str
    people: str
    replaced: str
    starts_at: datetime
    ends_at: datetime
    by: str
    is_imported: bool


@dataclass(frozen=True)
class Mine:
    """One shift of the person who is looked for."""

    schedule: str
    shift: Shift


@dataclass(frozen=True)
class Page:
    """The whole page."""

    choice: Choice
    columns: Sequence[Column]
    now_at: float | None
    rows: Sequence[Row]
    changes: Sequence[Changed]
    missing: Sequence[Uncovered]
    mine: Sequence[Mine]
    people: Mapping[str, str]


def chosen(
    asked: Mapping[str, str], directory: Directory, visitor: Visitor, now: datetime
) -> Choice:
    """Return what is asked for; what cannot be is as usual: two weeks from this Monday on."""
    zones = _zones(directory, visitor)
    zone = ZoneInfo(asked.get("zone", "") if asked.get("zone") in zones else zones[0])
    days = next((each for each in LENGTHS if str(each) == asked.get("days")), USUAL_DAYS)
    today = local(now.astimezone(UTC), zone).date()
    first = _day(asked.get("from", "")) or today - timedelta(days=today.weekday())
    person = asked.get("person", "")
    person = visitor.label if person == "me" else person
    return Choice(Strip(first, days, zone), person if person in directory.people else "", zones)


def duties(directory: Directory, visitor: Visitor, now: datetime) -> list[Duty]:
    """Return who is on call now in each schedule, and who is next."""
    people = _people(directory)
    reach = directory.roster.people
    found = []
    for label, schedule in directory.schedules.items():
        ends_at = until(schedule, now)
        here = [
            OnDuty(
                label=one,
                name=people.names.get(one, one),
                is_reachable=one in reach and bool(reach[one].rules(high=True)),
                is_me=one == visitor.label,
            )
            for one in on_call(schedule, now)
        ]
        then = people.called(on_call(schedule, ends_at)) if ends_at else ""
        found.append(Duty(label, schedule.timezone.key, here, ends_at, then))
    return found


def read_page(session: Session, directory: Directory, choice: Choice, now: datetime) -> Page:
    """Return the page for this choice."""
    people, strip = _people(directory), choice.strip
    # Whole minutes, as people say them; and for everybody who looks in this minute the same.
    minute = now.replace(second=0, microsecond=0)
    missing = gaps.ahead(directory, minute)
    rows = [
        _row(label, schedule, people, choice, missing, minute)
        for label, schedule in directory.schedules.items()
    ]
    is_there = strip.begin <= now < strip.end
    return Page(
        choice=choice,
        columns=strip.columns(now),
        now_at=strip.place(now) if is_there else None,
        rows=rows,
        changes=_changes(session, directory, people, now),
        missing=missing,
        mine=_shifts_of(directory, choice.person, now) if choice.person else (),
        people=people.names,
    )


def _row(
    label: str,
    schedule: Schedule,
    people: People,
    choice: Choice,
    missing: Sequence[Uncovered],
    now: datetime,
) -> Row:
    strip = choice.strip
    final = shifts_between(schedule, strip.begin, strip.end)
    layers = []
    for number, layer in enumerate(schedule.layers, 1):
        turns = turns_of(schedule, layer, strip.begin, strip.end)
        layers.append(Lane(str(number), strip.bars(turns, people, choice.person)))
    near = [
        one for one in schedule.overrides if one.starts_at < strip.end and strip.begin < one.ends_at
    ]
    changes = [bar for one in near for bar in _bars_of(one, strip, people, choice.person)]
    return Row(
        schedule=label,
        zone=schedule.timezone.key,
        bars=strip.bars(final, people, choice.person),
        layers=layers,
        changes=Lane("", changes) if changes else None,
        outlook=outlook([schedule], now),
        is_covered=all(label not in one.group.schedules for one in missing),
    )


def _bars_of(one: Override, strip: Strip, people: People, wanted: str) -> list[Bar]:
    shift = Shift(max(one.starts_at, strip.begin), min(one.ends_at, strip.end), one.people)
    return strip.bars([shift], people, wanted, note=one.kind.value)


def _changes(
    session: Session, directory: Directory, people: People, now: datetime
) -> list[Changed]:
    """Return the overrides that are not over, the next one first; those of the desk file too."""
    by_id = {person.id: person.name for person in directory.people.values()}
    made = oncall.made_overrides(session, since=now)
    found = [_made(row, people, by_id) for row in made]
    counts: dict[str, int] = {}
    for row in oncall.made_overrides(session):
        counts[row.schedule.label] = counts.get(row.schedule.label, 0) + 1
    for label, schedule in directory.schedules.items():
        of_file = schedule.overrides[: len(schedule.overrides) - counts.get(label, 0)]
        found += [_of_file(label, one, people) for one in of_file if one.ends_at > now]
    return sorted(found, key=lambda one: (one.starts_at, one.schedule))


def _made(row: ScheduleOverride, people: People, by_id: Mapping[int, str]) -> Changed:
    return Changed(
        schedule=row.schedule.label,
        number=row.id,
        kind=row.kind,
        people=people.called(row.people),
        replaced=people.called([row.replaced]) if row.replaced else "",
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        by=by_id.get(row.created_by, "") if row.created_by else "",
        is_imported=row.uid is not None,
    )


def _of_file(label: str, one: Override, people: People) -> Changed:
    return Changed(
        schedule=label,
        number=None,
        kind=one.kind.value,
        people=people.called(one.people),
        replaced=people.called([one.replaced]) if one.replaced else "",
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        by="",
        is_imported=False,
    )


def _shifts_of(directory: Directory, person: str, now: datetime) -> list[Mine]:
    # By the day, so that what was worked out is found again.
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    end = day + timedelta(days=MY_SHIFTS_DAYS)
    found = [
        Mine(label, shift)
        for label, schedule in directory.schedules.items()
        for shift in shifts_of(person, schedule, day, end)
        if shift.ends_at > now
    ]
    return sorted(found, key=lambda one: one.shift.starts_at)[:MOST_LISTED]


def _people(directory: Directory) -> People:
    return People({one.label: one.name for one in directory.people.values()})


def _zones(directory: Directory, visitor: Visitor) -> list[str]:
    """Return the zones that may be chosen, the visitor's own first."""
    person = directory.people.get(visitor.label)
    own = ((person.document.get("quiet") or {}) if person else {}).get("timezone")
    of_schedules = [one.timezone.key for one in directory.schedules.values()]
    named: list[str | None] = [own, desk_zone(directory), *of_schedules, "UTC"]
    return list(dict.fromkeys(one for one in named if one))


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None
