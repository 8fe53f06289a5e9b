"""The other motor: what is due at this moment, asked of the database again and again."""

import time
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from bridge import utc
from bridge.flows import answers, paging
from bridge.inbox import actions as inbox
from bridge.installation import Installation
from bridge.oncall.models import Run
from bridge.tickets.models import Ticket

AT_ONCE = 20
FORGET_EVERY_SECONDS = 60.0


class Timers:
    """Does what is due; nothing is scheduled in memory."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._forgot_at = time.monotonic()

    def step(self) -> int:
        """Do some of what is due; return how much."""
        now = utc.now()
        with self._installation.database.reading() as session:
            pages, closings = _due(session, now)
        done = 0
        if pages:
            done += self._in_transaction(self._fire)
        if closings:
            done += self._in_transaction(lambda s: answers.close_quiet(s, utc.now(), AT_ONCE))
        if time.monotonic() - self._forgot_at > FORGET_EVERY_SECONDS:
            self._forgot_at = time.monotonic()
            self._in_transaction(lambda s: inbox.forget_done(s, utc.now()))
        return done

    def _fire(self, session: Session) -> int:
        directory = self._installation.directories.current(session)
        return paging.fire_due(session, directory, utc.now(), AT_ONCE)

    def _in_transaction(self, job: Callable[[Session], int]) -> int:
        with self._installation.database.transaction() as session:
            return job(session)


def _due(session: Session, now: datetime) -> tuple[bool, bool]:
    """Return whether a page, and whether a closing, is due."""
    pages = exists().where(Run.state == "live", Run.next_due_at <= now)
    closings = exists().where(Ticket.close_due_at <= now, Ticket.state == "resolved")
    row = session.execute(select(pages, closings)).one()
    return bool(row[0]), bool(row[1])
