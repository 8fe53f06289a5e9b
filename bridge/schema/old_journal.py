"""What a journal of before schema 0002 lacks, worked out from what it has."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bridge import utc

# What clocks depended on then; everything else changed none.
FACTS = frozenset(
    {"opened", "reopened", "priority_raised", "acknowledged", "recovered", "resolved"}
)


@dataclass(frozen=True)
class OldEntry:
    """One entry of a ticket's journal; moments are aware."""

    id: int
    kind: str
    at: datetime
    recorded_at: datetime
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Ending:
    """How the nth clock of a kind ended: by which fact, known when, and at which priority."""

    kind: str
    nth: int
    ended_by: str
    revision: int
    priority: str


def completed(
    entries: Sequence[OldEntry],
    belonging: Mapping[str, Any],
    revision_at: Callable[[datetime], int],
) -> dict[int, dict[str, Any]]:
    """Return what the facts of a ticket say when they say all, by the ids of their entries.

    entries: in the order of their ids. belonging: whose the ticket was when it was opened.
    revision_at: the configuration that was known at a moment.
    """
    found = {}
    for place, entry in enumerate(entries):
        if entry.kind not in FACTS:
            continue
        more: dict[str, Any] = {"revision": revision_at(entry.recorded_at)}
        clock = _started_by(entries, place)
        if entry.kind == "opened":
            more |= {**belonging, "flagged": clock.data.get("flagged") if clock else None}
        elif entry.kind == "reopened" and clock is not None and entry.data.get("state"):
            # By monitoring: it counts from when the problem was back, not from when we heard.
            more |= {"began": utc.iso(clock.at), "flagged": clock.data.get("flagged")}
        found[entry.id] = {**entry.data, **more}
    return found


def _started_by(entries: Sequence[OldEntry], place: int) -> OldEntry | None:
    """Return the entry of the clock that this fact started, if it did."""
    for entry in entries[place + 1 :]:
        if entry.kind in FACTS:
            return None
        if entry.kind == "clock_started":
            return entry
    return None


def endings(
    entries: Sequence[OldEntry], revision_at: Callable[[datetime], int]
) -> Iterator[Ending]:
    """Yield how the clocks ended that have ended, the entries being a whole ticket's in order."""
    begun: dict[str, int] = {}
    fact, priority = None, ""
    for entry in entries:
        if entry.kind in FACTS:
            fact = entry
        match entry.kind:
            case "opened":
                priority = entry.data["priority"]
            case "priority_raised":
                priority = entry.data["to"]
            case "clock_started":
                begun[entry.data["clock"]] = begun.get(entry.data["clock"], 0) + 1
            case "clock_stopped" if fact is not None:
                kind, known = entry.data["clock"], revision_at(fact.recorded_at)
                yield Ending(kind, begun.get(kind, 1), fact.kind, known, priority)
