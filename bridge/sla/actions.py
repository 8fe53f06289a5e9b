"""Starts, changes and stops the clocks of tickets."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge import utc
from bridge.calendars.open_time import NeverDue, OpenTime
from bridge.sla import clock
from bridge.sla import promise as promises
from bridge.sla.clock import ClockKind, Verdict
from bridge.sla.models import Clock
from bridge.sla.promise import Count, Promise

RUNNING_STATES = ("running", "paused")


@dataclass(frozen=True)
class NewClock:
    """What a clock is started with, all of it judged at its start."""

    kind: ClockKind
    target_minutes: int
    calendar_id: int
    contract_version_id: int
    guaranteed: bool


def start_clock(
    session: Session,
    ticket_number: int,
    new: NewClock,
    hours: OpenTime,
    started_at: datetime,
    flagged: str | None = None,
) -> Clock | None:
    """Start a clock and return it, or None where its calendar never uses the target up."""
    try:
        due = clock.deadline(started_at, timedelta(minutes=new.target_minutes), hours)
    except NeverDue:
        return None
    started = Clock(
        ticket_number=ticket_number,
        kind=new.kind.value,
        calendar_id=new.calendar_id,
        contract_version_id=new.contract_version_id,
        target_minutes=new.target_minutes,
        guaranteed=new.guaranteed,
        started_at=started_at,
        counted_from=started_at,
        counted_minutes=new.target_minutes,
        due_at=due,
        state="running",
        flagged=flagged,
    )
    session.add(started)
    return started


def as_promise(running: Clock, hours: OpenTime) -> Promise:
    """Return the clock as the value that calculations take."""
    return Promise(
        kind=ClockKind(running.kind),
        start=running.started_at,
        target=timedelta(minutes=running.target_minutes),
        hours=hours,
        count=Count(running.counted_from, timedelta(minutes=running.counted_minutes), hours),
    )


def change_target(running: Clock, target_minutes: int, hours: OpenTime, at: datetime) -> bool:
    """Give a running clock another target from `at` on; return whether that changed it.

    A clock that was missed at `at` stays as it is. Source: docs/sla.md, "R12".
    """
    before = as_promise(running, hours)
    after = promises.change_target(before, at, timedelta(minutes=target_minutes))
    if after == before:
        return False
    running.target_minutes = target_minutes
    running.counted_from = after.count.since
    running.counted_minutes = int(after.count.allowance.total_seconds() // 60)
    running.due_at = after.due()
    return True


def stop_clock(running: Clock, hours: OpenTime, at: datetime) -> None:
    """Stop a clock at `at` and freeze its verdict with everything it was given by."""
    _end(running, clock.verdict(running.due_at, at).value, hours, at)


def cancel_or_miss(running: Clock, hours: OpenTime, at: datetime) -> None:
    """End a response clock by a recovery: before its due it is cancelled, after it missed."""
    found = clock.verdict(running.due_at, at)
    _end(running, "cancelled" if found is Verdict.KEPT else found.value, hours, at)


def _end(running: Clock, state: str, hours: OpenTime, at: datetime) -> None:
    stopped = max(at, running.started_at)
    running.state, running.stopped_at = state, stopped
    running.frozen = _frozen(running, hours, stopped)


def _frozen(running: Clock, hours: OpenTime, stopped: datetime) -> dict[str, Any]:
    consumed = hours.open_between(running.started_at, stopped)
    versions = hours.versions_between(running.started_at, max(stopped, running.due_at))
    return {
        "consumed_seconds": consumed.total_seconds(),
        "target_minutes": running.target_minutes,
        "started_at": utc.iso(running.started_at),
        "due_at": utc.iso(running.due_at),
        "stopped_at": utc.iso(stopped),
        "contract_version": running.contract_version_id,
        "calendar": running.calendar_id,
        "calendar_versions": [
            utc.iso(one.valid_from) if one.valid_from else None for one in versions
        ],
    }


def running_clocks(
    session: Session, ticket_numbers: Iterable[int]
) -> Mapping[int, Sequence[Clock]]:
    """Return the clocks of these tickets that still run, by ticket number."""
    found: dict[int, list[Clock]] = {}
    statement = select(Clock).where(
        Clock.ticket_number.in_(list(ticket_numbers)), Clock.state.in_(RUNNING_STATES)
    )
    for one in session.scalars(statement):
        found.setdefault(one.ticket_number, []).append(one)
    return found


def last_response(session: Session, ticket_number: int) -> Clock | None:
    """Return the ticket's newest response clock, running or not; None where none was promised."""
    statement = (
        select(Clock)
        .where(Clock.ticket_number == ticket_number, Clock.kind == ClockKind.RESPONSE.value)
        .order_by(Clock.started_at.desc())
        .limit(1)
    )
    return session.scalar(statement)
