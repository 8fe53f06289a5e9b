"""Compares what Icinga says with what we show, and files each difference like a notification."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bridge import utc
from bridge.errors import NotFound
from bridge.icinga import found
from bridge.icinga import queries as icinga
from bridge.icinga.differences import Acknowledged, Difference, Shown
from bridge.icinga.models import Problem, Source, TicketProblem
from bridge.icinga.states import State
from bridge.inbox import actions as inbox
from bridge.inbox.actions import Incoming
from bridge.tickets.models import Ticket

# Longer than one look takes; a watcher that dies is followed after it.
LEASE = timedelta(seconds=60)


def shown(session: Session, label: str) -> list[Shown]:
    """Return what we show of a source's objects: all that is open, and all we ever heard of."""
    statement = (
        select(Problem, TicketProblem, Ticket)
        .outerjoin(TicketProblem, TicketProblem.ticket_number == Problem.last_ticket)
        .outerjoin(Ticket, Ticket.number == Problem.last_ticket)
        .where(Problem.source == label)
    )
    return [_shown(*row) for row in session.execute(statement)]


def _shown(problem: Problem, about: TicketProblem | None, ticket: Ticket | None) -> Shown:
    is_open = problem.open_ticket is not None
    theirs = about if is_open else None
    return Shown(
        host=problem.host,
        service=problem.service,
        state=State(problem.state) if problem.state else None,
        state_at=problem.state_at.timestamp() if problem.state_at else 0.0,
        is_open=is_open,
        reference=ticket.reference if ticket and is_open else "",
        acknowledged=Acknowledged(theirs.acknowledgement) if theirs else Acknowledged.NOBODYS,
        acknowledged_at=theirs.acknowledged_at if theirs else 0.0,
        in_downtime=problem.in_downtime,
        flapping=problem.flapping,
    )


class UnknownSource(NotFound):
    """No source has this label, or it has no API."""


def source(session: Session, label: str) -> Source:
    """Return the source with this label; raises UnknownSource for one without an API too."""
    found_source = icinga.source(session, label)
    if found_source is None or not found_source.document.get("api"):
        raise UnknownSource(f"there is no source {label!r} with an api in the desk file")
    return found_source


def is_due(session: Session, watcher: str, interval: timedelta, now: datetime) -> bool:
    """Return whether any source is to be asked now by this watcher."""
    return any(_is_due(one, watcher, interval, now) for one in icinga.sources(session))


def _is_due(source: Source, watcher: str, interval: timedelta, now: datetime) -> bool:
    # A lease of one's own is left from a look whose end the database did not take.
    is_leased = source.leased_by != watcher and source.lease_until and source.lease_until >= now
    if is_leased or not source.document.get("api"):
        return False
    last, asked = source.tried_at, source.reconcile_asked_at
    return last is None or now - last >= interval or (asked is not None and asked > last)


def take_turn(
    session: Session, watcher: str, interval: timedelta, now: datetime
) -> Sequence[Source]:
    """Return the sources with an API that are to be asked now, leased to this watcher.

    A source is due when it was asked for, or when the interval is over, counted from the last
    look; one that cannot be reached is tried again after the interval.
    """
    locked = select(Source).where(Source.retired_at.is_(None)).with_for_update()
    chosen = []
    for one in session.scalars(locked):
        if _is_due(one, watcher, interval, now):
            one.leased_by, one.lease_until, one.tried_at = watcher, now + LEASE, now
            chosen.append(one)
    return chosen


def watchers(session: Session) -> Sequence[str]:
    """Return the names of the watchers that hold a source's lease."""
    held = select(Source.leased_by).where(Source.leased_by.is_not(None)).distinct()
    return [name for name in session.scalars(held) if name]


def end_turns(session: Session, dead: Sequence[str]) -> None:
    """End the leases of watchers that are known to be dead: a source is due as ever, then."""
    session.execute(
        update(Source).where(Source.leased_by.in_(dead)).values(leased_by=None, lease_until=None)
    )


def file_differences(
    session: Session,
    source: Source,
    differences: Sequence[Difference],
    program_start: float,
    now: datetime,
) -> int:
    """File what was found as notifications of the source; return how many are new."""
    incoming = [_incoming(source.label, found.notification(one), now) for one in differences]
    new = inbox.keep(session, incoming, now) if incoming else set()
    source.gap_total += len(new)
    source.program_start = program_start
    source.reconciled_at, source.reconcile_error = now, None
    source.leased_by = source.lease_until = None
    return len(new)


def _incoming(label: str, said: dict[str, object], now: datetime) -> Incoming:
    host = said["host"]
    name = host["name"] if isinstance(host, dict) else ""
    moment = said["time"]
    return Incoming(
        source=label,
        kind="icinga",
        event_id=str(said["id"]),
        about=str(name),
        event_at=utc.from_timestamp(moment) if isinstance(moment, float) else now,
        payload=json.dumps(said, ensure_ascii=False, separators=(",", ":")),
    )


def failed(session: Session, label: str, reason: str) -> None:
    """Write down why a source could not be asked; the lease ends."""
    source = session.scalar(select(Source).where(Source.label == label))
    if source is not None:
        source.reconcile_error = reason[:500]
        source.leased_by = source.lease_until = None
