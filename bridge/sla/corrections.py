"""What has changed in months that were frozen, since a customer was told of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bridge import utc
from bridge.sla.report import DECIDED_AS, Counts, Line, Outcome

# What tells clocks apart: the ticket, the kind, and the how manieth of it.
Key = tuple[int, str, int]


@dataclass(frozen=True, slots=True)
class Standing:
    """What was, or is, to be told of a promise."""

    outcome: Outcome
    due_at: datetime | None
    stopped_at: datetime | None


@dataclass(frozen=True, slots=True)
class Change:
    """A promise of a frozen month that is not as it was told.

    before: None where it did not count in that month. after: None where it no longer does.
    """

    ticket: int
    kind: str
    nth: int
    title: str
    before: Standing | None
    after: Standing | None


@dataclass(frozen=True, slots=True)
class Correction:
    """The changes of one frozen month, and its counts as they were told and as they are."""

    month: str
    before: Counts
    after: Counts
    changes: tuple[Change, ...]


def told_of(lines: Iterable[Line]) -> list[list[Any]]:
    """Return what a report says of each promise that counts, as plain JSON."""
    return [
        [
            line.ticket,
            line.kind,
            line.nth,
            line.outcome.value,
            utc.iso(line.due_at) if line.due_at else None,
            utc.iso(line.stopped_at) if line.stopped_at else None,
        ]
        for line in lines
        if line.counts
    ]


def standings(told: Iterable[Sequence[Any]]) -> dict[Key, Standing]:
    """Return what `told_of` gave, by clock."""
    return {
        (ticket, kind, nth): Standing(DECIDED_AS[outcome], _moment(due), _moment(stopped))
        for ticket, kind, nth, outcome, due, stopped in told
    }


def _moment(text: str | None) -> datetime | None:
    return utc.from_iso(text) if text else None


def overlaid(told: Mapping[Key, Standing], changes: Iterable[Change]) -> dict[Key, Standing]:
    """Return what is known of a month after a later report told of these changes in it."""
    known = dict(told)
    for change in changes:
        key = (change.ticket, change.kind, change.nth)
        known.pop(key, None)
        if change.after is not None:
            known[key] = change.after
    return known


def correction(
    month: str,
    told: Mapping[Key, Standing],
    now: Mapping[Key, Standing],
    titles: Mapping[int, str],
) -> Correction | None:
    """Return what has changed in a month since it was told, or None where nothing has.

    now: how the clocks of that month stand. titles: by ticket.
    """
    keys = sorted({*told, *now})
    changes = tuple(
        Change(key[0], key[1], key[2], titles.get(key[0], ""), told.get(key), now.get(key))
        for key in keys
        if _differs(told.get(key), now.get(key))
    )
    if not changes:
        return None
    after = overlaid(told, changes)
    return Correction(month, _counts(told.values()), _counts(after.values()), changes)


def _differs(before: Standing | None, after: Standing | None) -> bool:
    if before is None or after is None:
        return before is not after
    # An answer to a promise that was told as missed changes nothing that was said of it.
    answered_since = before.stopped_at is None and after.outcome is before.outcome
    stop_differs = before.stopped_at != after.stopped_at and not answered_since
    return (before.outcome, before.due_at) != (after.outcome, after.due_at) or stop_differs


def _counts(standings: Iterable[Standing]) -> Counts:
    return Counts.of(one.outcome for one in standings)
