"""The sum behind a clock: when it is due, and why. Source: docs/sla.md, "R20"."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.api import shapes
from bridge.calendars.open_time import NeverDue, OpenTime
from bridge.desk_file.versions import SINCE_EVER
from bridge.flows.directory import Directory
from bridge.flows.promises import hours_of
from bridge.sla import actions as sla
from bridge.sla.models import Clock
from bridge.tickets import queries as tickets


def clocks(
    session: Session, directory: Directory, number: int, now: datetime
) -> Sequence[shapes.ExplainedClock]:
    """Return the ticket's clocks in the order in which they began; raises UnknownTicket."""
    tickets.ticket(session, number)
    statement = (
        select(Clock).where(Clock.ticket_number == number).order_by(Clock.started_at, Clock.id)
    )
    labels = {calendar_id: label for label, calendar_id in directory.calendar_ids.items()}
    return [
        _explained(one, labels.get(one.calendar_id), hours_of(directory, one), now)
        for one in session.scalars(statement)
    ]


def _explained(
    clock: Clock, calendar: str | None, hours: OpenTime, now: datetime
) -> shapes.ExplainedClock:
    return shapes.ExplainedClock(
        kind=clock.kind,
        target_minutes=clock.target_minutes,
        started_at=clock.started_at,
        due_at=clock.due_at,
        stopped_at=clock.stopped_at,
        state=clock.state,
        guaranteed=clock.guaranteed,
        calendar=calendar,
        used_seconds=_used_seconds(clock, hours, now),
        sum=_sum(clock, hours),
    )


def _used_seconds(clock: Clock, hours: OpenTime, now: datetime) -> float:
    if clock.frozen is not None:
        frozen: float = clock.frozen["consumed_seconds"]
        return frozen
    return hours.open_between(clock.started_at, now).total_seconds()


def _sum(clock: Clock, hours: OpenTime) -> shapes.Sum | None:
    try:
        found = sla.as_promise(clock, hours).explain()
    except NeverDue:
        return None
    if found.due != clock.due_at:
        return None
    return shapes.Sum(
        counted_from=clock.counted_from,
        counted_minutes=clock.counted_minutes,
        pieces=[
            shapes.Piece(begin=one.begin, end=one.end, seconds=one.seconds) for one in found.pieces
        ],
        pauses=[
            shapes.Pause(begin=one.begin, end=one.end, taken_seconds=one.taken.total_seconds())
            for one in found.pauses
        ],
        calendar_versions=[
            None if version.valid_from == SINCE_EVER else version.valid_from
            for version in found.versions
        ],
    )
