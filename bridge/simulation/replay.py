"""Plays the past of this installation again, against another desk file, and compares."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bridge.api import shapes
from bridge.database import Database
from bridge.desk_file.document import Document
from bridge.errors import Refused
from bridge.inbox.actions import KEPT_FOR
from bridge.simulation import past, result
from bridge.simulation.comparison import Comparison, Range, Side, pairs, sides
from bridge.simulation.desk import simulated_desk
from bridge.simulation.events import Event
from bridge.simulation.past import Matter
from bridge.simulation.playing import LONGEST_AFTER, Played, play
from bridge.simulation.report import moment
from bridge.simulation.result import Told
from bridge.tickets.models import Ticket

# So long before the range, what came in is played as well, so that its tickets are there.
WARM_UP = timedelta(days=7)


class NothingKept(Refused):
    """Of the time that is asked for, nothing is there to be played again."""


@dataclass(frozen=True)
class _Then:
    """What really happened: what is to be played again, and what came of it."""

    events: Sequence[Event]
    matters: Sequence[Matter]
    tickets: Sequence[shapes.Ticket]
    told: Sequence[Told]
    others: int


def compare(
    database: Database, document: Document, asked_from: datetime, end: datetime, now: datetime
) -> Comparison:
    """Return what happened, beside what would have happened with this desk file.

    For the tickets opened from `asked_from` (not included what is kept no more) to before `end`.
    What happened a week before and after is played too: before, because tickets may have been
    open already, and after, because they may have ended only then. Raises NothingKept.
    """
    kept_since = now - KEPT_FOR
    begin = max(asked_from, kept_since)
    if begin >= min(end, now):
        raise NothingKept(
            f"notifications are kept for {KEPT_FOR.days} days, since {moment(kept_since)}:"
            " ask for a later range"
        )
    fed_from, over_at = begin - WARM_UP, min(end + LONGEST_AFTER, now)
    with database.reading() as session:
        then = _then(session, fed_from, over_at, begin, end)
    if not then.events:
        raise NothingKept(
            f"nothing came in from {moment(begin)} to {moment(end)}: there is nothing to play"
        )
    with simulated_desk(document, then.events[0].at) as desk:
        played = play(desk, then.events, over_at, forgiving=True)
        found = past.matters(desk.session, fed_from)
        would = sides(
            _opened(found, begin, end),
            list(result.tickets(desk.session)),
            result.pages(desk.session),
            over_at,
        )
    was = sides(_opened(then.matters, begin, end), then.tickets, then.told, over_at)
    asked = _range(asked_from, begin, end, then, played)
    return Comparison(asked, pairs(was, _without_older(would, then.matters, then.events[0].at)))


def _then(
    session: Session, fed_from: datetime, over_at: datetime, begin: datetime, end: datetime
) -> _Then:
    matters = past.matters(session, fed_from)
    wanted = {one.number for one in _opened(matters, begin, end)}
    lowest = min(wanted, default=0)
    return _Then(
        events=past.events(session, fed_from, over_at),
        matters=matters,
        tickets=[one for one in result.tickets(session, lowest) if one.number in wanted],
        told=[one for one in result.pages(session, lowest) if one.ticket in wanted],
        others=_count(session, begin, end) - len(wanted),
    )


def _count(session: Session, begin: datetime, end: datetime) -> int:
    statement = select(func.count()).where(Ticket.opened_at >= begin, Ticket.opened_at < end)
    return session.scalar(statement) or 0


def _opened(matters: Sequence[Matter], begin: datetime, end: datetime) -> list[Matter]:
    return [one for one in matters if begin <= one.opened_at < end]


def _without_older(would: Sequence[Side], real: Sequence[Matter], fed_from: datetime) -> list[Side]:
    """Leave out what only continues a ticket from before the time that was played."""
    older: dict[tuple[str, str, str], list[Matter]] = {}
    for one in real:
        if one.created_at < fed_from:
            older.setdefault(one.object_of, []).append(one)
    return [
        side
        for side in would
        if not any(
            one.over_at is None or one.over_at > side.matter.created_at
            for one in older.get(side.matter.object_of, ())
        )
    ]


def _range(
    asked_from: datetime, begin: datetime, end: datetime, then: _Then, played: Played
) -> Range:
    return Range(
        asked_from=asked_from,
        begin=begin,
        end=end,
        kept_days=KEPT_FOR.days,
        notifications=played.notifications,
        actions=played.actions,
        other=then.others,
        not_done=len(played.not_done),
    )
