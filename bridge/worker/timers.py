"""The other motor: what is due at this moment, asked of the database again and again."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import Session

from bridge import utc
from bridge.flows import answers, families, paging, receipts, waiting_ends, warnings
from bridge.flows.directory import Directory
from bridge.inbox import actions as inbox
from bridge.installation import Installation
from bridge.oncall.models import SCHEDULED, Run
from bridge.tickets.models import Ticket

T = TypeVar("T")
AT_ONCE = 20
FORGET_EVERY_SECONDS = 60.0


@dataclass(frozen=True)
class Timer:
    """One kind of thing that falls due.

    next_at: selects when the next one is due; no row says: none. do: does up to so many of those
    that are due at a moment, and returns how many; what it has done must not be due any more.
    """

    next_at: ScalarSelect[Any]
    do: Callable[[Session, Directory, datetime, int], int]


def _close_quiet(session: Session, _directory: Directory, now: datetime, limit: int) -> int:
    return answers.close_quiet(session, now, limit)


PAGES = select(func.min(Run.next_due_at)).where(SCHEDULED)
CLOSINGS = select(func.min(Ticket.close_due_at)).where(
    Ticket.close_due_at.is_not(None), Ticket.state == "resolved"
)
WAITINGS = select(func.min(Ticket.waiting_until)).where(
    Ticket.waiting_until.is_not(None), Ticket.state == "waiting"
)
# Everything that time alone brings about, in the order in which it is done.
TIMERS = (
    Timer(PAGES.scalar_subquery(), paging.tick_due),
    Timer(receipts.NEXT_AT.scalar_subquery(), receipts.missing_due),
    Timer(warnings.NEXT_AT.scalar_subquery(), warnings.send_due),
    Timer(CLOSINGS.scalar_subquery(), _close_quiet),
    Timer(WAITINGS.scalar_subquery(), waiting_ends.end_due),
)


def next_moments(session: Session) -> Sequence[datetime | None]:
    """Return for each of TIMERS when the next of its things is due, or was; None where none is."""
    return tuple(session.execute(select(*(timer.next_at for timer in TIMERS))).one())


class Timers:
    """Does what is due; nothing is scheduled in memory."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._forgot_at = time.monotonic()

    def step(self) -> int:
        """Do some of what is due; return how much."""
        now = utc.now()
        with self._installation.database.reading() as session:
            moments = next_moments(session)
        due = [t for t, at in zip(TIMERS, moments, strict=True) if at is not None and at <= now]
        done = sum(self._in_transaction(partial(self._do, timer)) for timer in due)
        if time.monotonic() - self._forgot_at > FORGET_EVERY_SECONDS:
            self._forgot_at = time.monotonic()
            self._in_transaction(lambda s: inbox.forget_done(s, utc.now()))
            self._in_transaction(lambda s: families.release_left(s, utc.now()))
        return done

    def _do(self, timer: Timer, session: Session) -> int:
        directory = self._installation.directories.current(session)
        return timer.do(session, directory, utc.now(), AT_ONCE)

    def _in_transaction(self, job: Callable[[Session], T]) -> T:
        with self._installation.database.transaction() as session:
            return job(session)
