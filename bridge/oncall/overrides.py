"""What overrides make of who is on call."""

from bisect import insort
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise

from bridge.oncall.schedule import Override, OverrideKind
from bridge.oncall.spans import Span

People = tuple[str, ...]


def overridden(people: People, active: Sequence[Override]) -> People:
    """Return who is on call once the `active` overrides are applied to the people of the layers.

    For each person the latest override that speaks of them decides, and none speaks of who came
    in somebody's place: "anna by ben" and "ben by carl" put ben in anna's place, not carl.
    `replace` and `remove` speak of one person, `cover` of whoever is on call, also of nobody.
    Of a person put on call by `add`, only later overrides speak.
    active: the earliest made first.
    Returns each person once, those of the layers before those added.
    Source: docs/oncall.md, "R12".
    """
    if not active:
        return people
    on_call: list[str] = []
    for person in people or (None,):
        on_call += _in_place_of(person, active)
    for index, override in enumerate(active):
        if override.kind is OverrideKind.ADD:
            for person in override.people:
                on_call += _in_place_of(person, active[index + 1 :])
    return tuple(dict.fromkeys(on_call))


def in_force(
    overrides: Sequence[Override], begin: datetime, end: datetime
) -> Iterator[Span[tuple[Override, ...]]]:
    """Yield the time between `begin` and `end`, cut where the overrides in force change."""
    changes: dict[datetime, list[int]] = {begin: [], end: []}
    for index, override in enumerate(overrides):
        if override.starts_at < end and begin < override.ends_at:
            changes.setdefault(max(override.starts_at, begin), []).append(index)
            changes.setdefault(min(override.ends_at, end), []).append(index)
    # Kept in the order in which they were made; each is met twice, when it begins and ends.
    active: list[int] = []
    for starts_at, ends_at in pairwise(sorted(changes)):
        for index in changes[starts_at]:
            if index in active:
                active.remove(index)
            else:
                insort(active, index)
        yield starts_at, ends_at, tuple(overrides[index] for index in active)


def _in_place_of(person: str | None, active: Sequence[Override]) -> People:
    """Return who is on call in the place of `person`, or of nobody where that is None."""
    for override in reversed(active):
        match override.kind:
            case OverrideKind.COVER:
                return override.people
            case OverrideKind.REPLACE:
                if override.replaced == person:
                    return override.people
            case OverrideKind.REMOVE:
                if person in override.people:
                    return ()
            case OverrideKind.ADD:
                pass
    return () if person is None else (person,)
