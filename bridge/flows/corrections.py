"""Corrections of the past: a person says what was wrong about a clock, and why."""

from datetime import datetime

from sqlalchemy.orm import Session

from bridge.errors import NotFound, Refused
from bridge.flows.acting import Acting, actor, some_words
from bridge.flows.conversation import NotThen
from bridge.flows.courses import Courses
from bridge.flows.directory import Directory
from bridge.sla.course import ClockCourse
from bridge.tickets import queries
from bridge.tickets.journal import Event
from bridge.tickets.models import Ticket


class UnknownClock(NotFound):
    """The ticket has no such clock."""


class WhatToCorrect(Refused):
    """A correction says one thing: another stop, another start, or that it does not count."""


def correct_clock(
    session: Session,
    directory: Directory,
    number: int,
    who: Acting,
    kind: str,
    nth: int,
    reason: str,
    now: datetime,
    *,
    stopped_at: datetime | None = None,
    started_at: datetime | None = None,
    cancel: bool = False,
) -> Ticket:
    """Correct a clock of the past, finished or not; the journal keeps who did it, and why.

    kind, nth: which clock, such as the first `response`. One of: stopped_at, the moment at which
    it really stopped; started_at, at which it really began; cancel, it does not count.
    A correction that changes nothing is not written.
    Raises EmptyText without a reason, WhatToCorrect, NotThen, UnknownClock and UnknownTicket.
    Source: docs/sla.md, "R13".
    """
    why = some_words(reason, "write why: a correction of the past is asked about")
    if sum((stopped_at is not None, started_at is not None, cancel)) != 1:
        raise WhatToCorrect("give another stop, or another start, or cancel the clock: one of them")
    ticket = queries.ticket(session, number, lock=True)
    courses = Courses.of(session, directory, number, now)
    clock = _clock(courses, number, kind, nth)
    _must_be_possible(clock, stopped_at, started_at, now)
    is_new = (
        stopped_at not in {None, clock.stop}
        or started_at not in {None, clock.promise.start}
        or (cancel and clock.state != "cancelled")
    )
    if is_new:
        data = {
            "clock": kind,
            "nth": nth,
            "stopped_at": stopped_at,
            "started_at": started_at,
            "cancel": cancel,
        }
        courses.happened(ticket, Event.CLOCK_CORRECTED, actor(who), now, data, why)
    return ticket


def _clock(courses: Courses, number: int, kind: str, nth: int) -> ClockCourse:
    for one in courses.course(number):
        if (one.kind.value, one.nth) == (kind, nth):
            return one
    raise UnknownClock(f"ticket {number} has no {kind} clock {nth}")


def _must_be_possible(
    clock: ClockCourse, stopped_at: datetime | None, started_at: datetime | None, now: datetime
) -> None:
    """Raise NotThen for a start or stop that is still to come, or the wrong way round."""
    for at in (stopped_at, started_at):
        if at is not None and at > now:
            raise NotThen("a correction is about the past: that moment is still to come")
    start, stop = started_at or clock.promise.start, stopped_at or clock.stop
    if stop is not None and stop < start:
        raise NotThen("a clock cannot stop before it has begun")
