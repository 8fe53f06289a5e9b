"""Who is on call: at a moment, over a span of time, and where nobody is."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from bridge.oncall.overrides import People, in_force, overridden
from bridge.oncall.schedule import Layer, Schedule, Shift
from bridge.oncall.spans import Span, crossed, filled, joined, stacked
from bridge.oncall.turns import first_handover, full_turn, turns
from bridge.oncall.walltime import first_instant
from bridge.oncall.windows import openings

# How far ahead gaps and overlaps are looked for: every date of a year, and both clock changes.
LOOK_AHEAD = timedelta(days=400)
# A century of turns is beyond any plan, and keeps sums of dates inside the calendar.
LONGEST_TURN = timedelta(days=36525)
INSTANT = timedelta(microseconds=1)


def on_call(schedule: Schedule, at: datetime) -> People:
    """Return the ids of who is on call at `at`, each once; empty where nobody is.

    at: aware, in any zone.
    Source: docs/oncall.md, "D1" to "D4" and "R12".
    """
    # First in UTC: sums in a zone are sums of its wall clock.
    at = _utc(at)
    return next(shifts(schedule, at, at + INSTANT)).people


def shifts(schedule: Schedule, begin: datetime, end: datetime) -> Iterator[Shift]:
    """Yield who is on call from `begin` to before `end`, in order and without a hole.

    begin, end: aware, in any zone.
    Each shift differs in its people from the one before; a time without anybody is a shift of
    nobody. The first and the last are cut at `begin` and `end`.
    """
    return (Shift(*span) for span in _answers(schedule, _utc(begin), _utc(end)))


def turns_of(schedule: Schedule, layer: Layer, begin: datetime, end: datetime) -> Iterator[Shift]:
    """Yield whose turn it is in one layer of the schedule where the layer counts, in order.

    Source: docs/oncall.md, "D3".
    """
    found = _counting(layer, schedule, _utc(begin), _utc(end))
    return (Shift(start, stop, (who,)) for start, stop, who in found)


def until(schedule: Schedule, at: datetime) -> datetime | None:
    """Return when who is on call next changes after `at`, in UTC; None if it never does.

    A change that is due to nothing but a clock change is looked for in the first 400 days only.
    """
    at = _utc(at)
    horizon = _repeats_by(schedule, at)
    ends_at = next(shifts(schedule, at, horizon)).ends_at
    return ends_at if ends_at < horizon else None


def together(schedules: Sequence[Schedule], begin: datetime, end: datetime) -> Iterator[Shift]:
    """Yield who is on call in any of the schedules, as `shifts` does for one."""
    begin, end = _utc(begin), _utc(end)
    united: Iterator[Span[People]] = iter([(begin, end, ())] if begin < end else [])
    for schedule in schedules:
        united = _united(united, _answers(schedule, begin, end))
    return (Shift(*span) for span in joined(united))


def gaps(schedules: Sequence[Schedule], begin: datetime, end: datetime) -> Iterator[Shift]:
    """Yield the times between `begin` and `end` at which nobody is on call in any schedule.

    Source: docs/oncall.md, "D5".
    """
    return (shift for shift in together(schedules, begin, end) if not shift.people)


def overlaps(schedules: Sequence[Schedule], begin: datetime, end: datetime) -> Iterator[Shift]:
    """Yield the times between `begin` and `end` at which two or more people are on call.

    Source: docs/oncall.md, "D5".
    """
    return (shift for shift in together(schedules, begin, end) if len(shift.people) > 1)


def _answers(schedule: Schedule, begin: datetime, end: datetime) -> Iterator[Span[People]]:
    if begin >= end:
        return iter(())
    by_layers: Iterator[Span[str]] = iter(())
    for layer in schedule.layers:
        by_layers = stacked(_counting(layer, schedule, begin, end), by_layers)
    people = filled(((start, stop, (who,)) for start, stop, who in by_layers), (), begin, end)
    changes = in_force(schedule.overrides, begin, end)
    return joined(
        (start, stop, overridden(who, active))
        for start, stop, (who, active) in crossed(people, changes)
    )


def _counting(
    layer: Layer, schedule: Schedule, begin: datetime, end: datetime
) -> Iterator[Span[str]]:
    """Yield the turns of a layer where its restriction lets them count."""
    whose_turn = turns(layer, schedule.timezone, begin, end)
    if layer.only is None:
        return whose_turn
    hours = openings(layer.only, schedule.timezone, begin, end)
    return ((start, stop, who) for start, stop, (who, _) in crossed(whose_turn, hours))


def _united(left: Iterator[Span[People]], right: Iterator[Span[People]]) -> Iterator[Span[People]]:
    for start, stop, (ours, theirs) in crossed(left, right):
        yield start, stop, tuple(dict.fromkeys(ours + theirs))


def _repeats_by(schedule: Schedule, at: datetime) -> datetime:
    """Return a moment by which who is on call has changed after `at`, if it ever does.

    That is one full turn of the slowest layer, and a look ahead for the clock changes, after
    the last layer has begun and the last override has ended. Which hours a layer leaves to
    those below repeats every week, so that no two layers' turns need to be seen together.
    """
    begun = [at]
    for layer in schedule.layers:
        anchor = first_handover(layer.rotation, layer.starts)
        begun.append(first_instant(anchor, schedule.timezone))
    ended = [override.ends_at for override in schedule.overrides]
    turn = max((full_turn(layer) for layer in schedule.layers), default=timedelta())
    return max(begun + ended) + min(turn, LONGEST_TURN) + LOOK_AHEAD


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        # Python would take it for a time of this machine's zone.
        raise ValueError("a moment needs a zone")
    return moment.astimezone(UTC)
