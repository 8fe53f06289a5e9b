"""Where nobody will be on call, or more than one: looked for 400 days ahead, once a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from bridge.oncall.policy import EscalationPolicy, TargetKind
from bridge.oncall.rotation import LOOK_AHEAD, shifts, together
from bridge.oncall.schedule import Schedule, Shift

# What is remembered: the schedules of a large desk, yesterday's and today's.
REMEMBERED = 512
# Of what is one after the other all the time, that many are kept; the rest is counted.
MOST_KEPT = 500


@dataclass(frozen=True, slots=True)
class Group:
    """Schedules of which somebody has to be on call: those of a policy, or one on its own.

    policy: None for a schedule that no policy names.
    """

    policy: str | None
    schedules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is seen from `begin` on, for 400 days; in order, at most 500 of each, but all counted.

    gaps: nobody is on call. overlaps: two or more are.
    """

    begin: datetime
    gaps: tuple[Shift, ...] = ()
    gap_count: int = 0
    overlaps: tuple[Shift, ...] = ()
    overlap_count: int = 0


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A group of schedules, and when nobody of it is on call."""

    group: Group
    outlook: Outlook


def groups(
    policies: Mapping[str, EscalationPolicy], schedules: Mapping[str, Schedule]
) -> list[Group]:
    """Return whose gaps matter: for each policy its schedules together, and each of no policy.

    The steps of a policy are called one after the other, and an empty one at once by the next, so
    that it is enough if somebody is on call in one of them. Source: docs/oncall.md, "R3", "D5".
    """
    found: list[Group] = []
    for label, policy in policies.items():
        targets = [target for step in policy.steps for target in step.targets]
        named = [one.label for one in targets if one.kind is TargetKind.SCHEDULE]
        known = tuple(dict.fromkeys(name for name in named if name in schedules))
        if known:
            found.append(Group(label, known))
    used = {name for group in found for name in group.schedules}
    return found + [Group(None, (name,)) for name in schedules if name not in used]


def uncovered(
    policies: Mapping[str, EscalationPolicy], schedules: Mapping[str, Schedule], now: datetime
) -> list[Uncovered]:
    """Return the groups in which a time without anybody lies within 400 days of `now`."""
    found = []
    for group in groups(policies, schedules):
        seen = outlook([schedules[name] for name in group.schedules], now)
        if seen.gap_count:
            found.append(Uncovered(group, seen))
    return found


def outlook(schedules: Sequence[Schedule], now: datetime) -> Outlook:
    """Return the gaps and overlaps of the schedules together, of the 400 days from now on.

    Worked out once a day: what has been over since is left out.
    """
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    seen = _of_day(tuple(schedules), day)
    return Outlook(
        begin=now,
        gaps=_ahead(seen.gaps, now),
        gap_count=seen.gap_count - _over(seen.gaps, now),
        overlaps=_ahead(seen.overlaps, now),
        overlap_count=seen.overlap_count - _over(seen.overlaps, now),
    )


@lru_cache(maxsize=REMEMBERED)
def _of_day(schedules: tuple[Schedule, ...], day: datetime) -> Outlook:
    gaps, overlaps = [], []
    # A day longer, so that 400 days are seen until midnight too.
    for shift in together(schedules, day, day + LOOK_AHEAD + timedelta(days=1)):
        if not shift.people:
            gaps.append(shift)
        elif len(shift.people) > 1:
            overlaps.append(shift)
    return Outlook(
        day, tuple(gaps[:MOST_KEPT]), len(gaps), tuple(overlaps[:MOST_KEPT]), len(overlaps)
    )


def _ahead(found: Sequence[Shift], now: datetime) -> tuple[Shift, ...]:
    left = [shift for shift in found if shift.ends_at > now]
    return tuple(Shift(max(shift.starts_at, now), shift.ends_at, shift.people) for shift in left)


def _over(found: Sequence[Shift], now: datetime) -> int:
    return sum(shift.ends_at <= now for shift in found)


@lru_cache(maxsize=REMEMBERED)
def shifts_between(schedule: Schedule, begin: datetime, end: datetime) -> tuple[Shift, ...]:
    """Return the shifts of a schedule as `shifts` yields them; remembered."""
    return tuple(shifts(schedule, begin, end))


def shifts_of(person: str, schedule: Schedule, begin: datetime, end: datetime) -> list[Shift]:
    """Return when a person is on call in a schedule; a change of the others makes no new shift."""
    mine: list[Shift] = []
    for shift in shifts_between(schedule, begin, end):
        if person not in shift.people:
            continue
        if mine and mine[-1].ends_at == shift.starts_at:
            mine[-1] = Shift(mine[-1].starts_at, shift.ends_at, (person,))
        else:
            mine.append(Shift(shift.starts_at, shift.ends_at, (person,)))
    return mine


def differences(before: Sequence[Shift], after: Sequence[Shift]) -> list[Shift]:
    """Return the parts of `after` that are in none of `before`; both in order."""
    found = []
    for shift in after:
        starts_at = shift.starts_at
        for old in before:
            if old.ends_at <= starts_at or old.starts_at >= shift.ends_at:
                continue
            if old.starts_at > starts_at:
                found.append(Shift(starts_at, old.starts_at, shift.people))
            starts_at = max(starts_at, old.ends_at)
        if starts_at < shift.ends_at:
            found.append(Shift(starts_at, shift.ends_at, shift.people))
    return found
