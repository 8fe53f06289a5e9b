"""What happened beside what would have happened, ticket by ticket."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bridge import utc
from bridge.api import shapes
from bridge.simulation.past import Matter
from bridge.simulation.report import counted, moment
from bridge.simulation.result import Told, is_missed


@dataclass(frozen=True)
class Side:
    """One ticket on one side, at the moment `at`; `paged` says who, by which channel, in order."""

    matter: Matter
    ticket: shapes.Ticket
    told: Sequence[Told]
    at: datetime

    @property
    def promises(self) -> list[tuple[str, int, str, str]]:
        """Return kind, target, due and verdict of each clock."""
        return [
            (
                one.kind,
                one.target_minutes,
                utc.iso(one.due_at) if one.due_at else "",
                self._verdict(one),
            )
            for one in self.ticket.clocks
        ]

    def _verdict(self, clock: shapes.Clock) -> str:
        return "missed" if is_missed(clock, self.at) else clock.state

    @property
    def missed(self) -> list[str]:
        """Return the kinds of the promises that are broken and were guaranteed."""
        return [
            one.kind
            for one in self.ticket.clocks
            if one.guaranteed and self._verdict(one) == "missed"
        ]

    @property
    def people(self) -> list[str]:
        """Return who was paged, each once, in order."""
        return list(dict.fromkeys(one.person for one in self.told))

    def plain(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "ticket": self.matter.number,
            "priority": self.ticket.priority,
            "state": self.ticket.state,
            "contract": self.ticket.contract,
            "clocks": [
                {
                    "kind": one.kind,
                    "target_minutes": one.target_minutes,
                    "due_at": utc.iso(one.due_at) if one.due_at else None,
                    "verdict": self._verdict(one),
                    "guaranteed": one.guaranteed,
                }
                for one in self.ticket.clocks
            ],
            "paged": [
                {"at": utc.iso(one.at), "person": one.person, "channel": one.channel}
                for one in self.told
            ],
        }

    def words(self) -> str:
        """Return it in one line."""
        promises = [_promise_words(*one) for one in self.promises]
        paged = f"paged {', '.join(self.people)}" if self.people else "nobody paged"
        return "; ".join([self.ticket.priority, *(promises or ["nothing promised"]), paged])


@dataclass(frozen=True)
class Pair:
    """One matter on both sides; None where it would not have been, or was not, a ticket."""

    then: Side | None
    now: Side | None

    @property
    def side(self) -> Side:
        """Return the side that there is."""
        found = self.then or self.now
        assert found is not None
        return found

    @property
    def is_changed(self) -> bool:
        """Return whether promises, priority or people differ."""
        if self.then is None or self.now is None:
            return True
        return (
            self.then.promises != self.now.promises
            or self.then.people != self.now.people
            or self.then.ticket.priority != self.now.ticket.priority
        )

    def plain(self) -> dict[str, Any]:
        """Return it as JSON values."""
        source, host, service = self.side.matter.object_of
        return {
            "source": source,
            "host": host,
            "service": service or None,
            "opened_at": utc.iso(self.side.matter.opened_at),
            "changed": self.is_changed,
            "then": self.then.plain() if self.then else None,
            "now": self.now.plain() if self.now else None,
        }


def _promise_words(kind: str, target_minutes: int, due: str, verdict: str) -> str:
    until = f", due {moment(utc.from_iso(due))}" if due else ""
    shown = "MISSED" if verdict == "missed" else verdict
    return f"{kind} within {target_minutes} min{until}: {shown}"


def sides(
    matters: Iterable[Matter],
    tickets: Iterable[shapes.Ticket],
    told: Iterable[Told],
    at: datetime,
) -> list[Side]:
    """Return the side of each of these matters, as it stands at `at`."""
    by_number = {one.number: one for one in tickets}
    paged: dict[int, list[Told]] = defaultdict(list)
    for one in told:
        paged[one.ticket].append(one)
    return [Side(one, by_number[one.number], paged[one.number], at) for one in matters]


def pairs(then: Sequence[Side], now: Sequence[Side]) -> list[Pair]:
    """Return the pairs of one object and one time of opening, and what has no match, by time."""
    waiting: dict[tuple[object, datetime], list[Side]] = defaultdict(list)
    for side in now:
        waiting[side.matter.object_of, side.matter.opened_at].append(side)
    found = []
    for side in then:
        same = waiting[side.matter.object_of, side.matter.opened_at]
        found.append(Pair(side, same.pop(0) if same else None))
    found += [Pair(None, side) for rest in waiting.values() for side in rest]
    return sorted(found, key=lambda pair: (pair.side.matter.opened_at, pair.side.matter.object_of))


@dataclass(frozen=True)
class Range:
    """What was asked for, and what of it could be compared.

    begin: as asked, or since when notifications are kept, where that is later. other: tickets of
    the time that came another way than from monitoring. not_done: actions that fit no more.
    """

    asked_from: datetime
    begin: datetime
    end: datetime
    kept_days: int
    notifications: int
    actions: int
    other: int
    not_done: int

    @property
    def is_cut(self) -> bool:
        """Return whether the asked range is older than what is kept."""
        return self.begin > self.asked_from


@dataclass(frozen=True)
class Comparison:
    """Then and now, for the tickets that were opened in a range."""

    range: Range
    pairs: Sequence[Pair]

    def sums(self) -> dict[str, dict[str, Any]]:
        """Return tickets, pages and missed guarantees (by kind) of both sides."""
        return {
            "then": _sums(pair.then for pair in self.pairs),
            "now": _sums(pair.now for pair in self.pairs),
        }

    def plain(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "from": utc.iso(self.range.begin),
            "to": utc.iso(self.range.end),
            "asked_from": utc.iso(self.range.asked_from),
            "incomplete": self.range.is_cut,
            "notifications": self.range.notifications,
            "actions": self.range.actions,
            "not_replayed": {"tickets": self.range.other, "actions": self.range.not_done},
            "tickets": [pair.plain() for pair in self.pairs],
            "sums": self.sums(),
        }

    def text(self) -> str:
        """Return it as text, in UTC: what differs, then the sums."""
        return "\n".join(_lines(self))


def _sums(found: Iterable[Side | None]) -> dict[str, Any]:
    there = [side for side in found if side is not None]
    missed = Counter(kind for side in there for kind in side.missed)
    return {
        "tickets": len(there),
        "pages": sum(len(side.told) for side in there),
        "missed": dict(sorted(missed.items())),
        "missed_total": missed.total(),
    }


def _lines(comparison: Comparison) -> Iterator[str]:
    asked = comparison.range
    if asked.is_cut:
        yield (
            f"Incomplete: notifications are kept for {asked.kept_days} days, so that what came"
            f" from {moment(asked.asked_from)} to {moment(asked.begin)} cannot be played again"
        )
    yield (
        f"{counted(asked.notifications, 'notification')} and {counted(asked.actions, 'action')}"
        f" played again; tickets opened from {moment(asked.begin)} to {moment(asked.end)};"
        " nothing was sent"
    )
    if asked.other:
        yield f"{counted(asked.other, 'ticket')} not from monitoring left out"
    if asked.not_done:
        yield f"{counted(asked.not_done, 'action')} fitted no more, and left out"
    changed = [pair for pair in comparison.pairs if pair.is_changed]
    for pair in changed:
        yield ""
        yield _title(pair)
        yield f"  then  {pair.then.words() if pair.then else 'no ticket'}"
        yield f"  now   {pair.now.words() if pair.now else 'no ticket'}"
    yield ""
    yield f"{counted(len(changed), 'ticket')} of {len(comparison.pairs)} would be different"
    for name, sums in comparison.sums().items():
        yield f"  {name:4}  {_sum_words(sums)}"


def _title(pair: Pair) -> str:
    matter = pair.side.matter
    tag = f"[Ticket #{pair.then.matter.number}] " if pair.then else ""
    return f"{tag}{pair.side.ticket.title}, {moment(matter.opened_at)}"


def _sum_words(sums: Mapping[str, Any]) -> str:
    kinds = ", ".join(f"{count} {kind}" for kind, count in sums["missed"].items())
    missed = f"{sums['missed_total']} missed" + (f" ({kinds})" if kinds else "")
    return f"{counted(sums['tickets'], 'ticket')}, {counted(sums['pages'], 'page')}, {missed}"
