"""Works the inbox through: many entries in one transaction, one by one where one of them fails."""

import json
import logging
import time
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bridge import utc
from bridge.errors import Temporary
from bridge.flows import problems
from bridge.flows.directory import Directory
from bridge.flows.problems import Heard
from bridge.icinga import notification
from bridge.inbox import actions as inbox
from bridge.inbox.models import WAITING, InboxEntry
from bridge.installation import Installation

log = logging.getLogger(__name__)

# On SQLite all writers take turns, so that a batch ends after this; a PostgreSQL has room.
SQLITE_SECONDS = 0.025
POSTGRES_SECONDS = 0.100
SMALLEST, LARGEST = 16, 512
# Of one entry that a constraint refuses: who lost a race finds in its next try who has won.
RACES = 3


class Processor:
    """Works the inbox of one installation through, batch by batch."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._database = installation.database
        self._budget = SQLITE_SECONDS if self._database.is_sqlite else POSTGRES_SECONDS
        self._limit = SMALLEST
        # The worker before us may have died of an entry that is first in line now.
        self._careful = True

    def step(self) -> int:
        """Process the next batch; return how many entries it had."""
        if not self._anything():
            self._careful = False
            return 0
        if self._careful:
            self._careful = False
            return self._one_by_one(SMALLEST)
        try:
            return self._batch()
        except Temporary:
            raise
        except Exception:
            log.warning("batch failed, trying its entries one by one", exc_info=True)
            return self._one_by_one(self._limit)

    def _anything(self) -> bool:
        with self._database.reading() as session:
            statement = select(InboxEntry.id).where(InboxEntry.state == WAITING).limit(1)
            return session.scalar(statement) is not None

    def _batch(self) -> int:
        with self._database.transaction() as session:
            # From here, because the time spent waiting for a turn is not ours.
            began = time.monotonic()
            entries = inbox.take(session, self._limit)
            directory = self._installation.directories.current(session)
            process(session, directory, entries, utc.now())
            inbox.finish(session, entries, utc.now())
        self._adapt(len(entries), time.monotonic() - began)
        return len(entries)

    def _adapt(self, count: int, seconds: float) -> None:
        if seconds > self._budget:
            self._limit = max(SMALLEST, self._limit // 2)
        elif count == self._limit and seconds < self._budget / 2:
            self._limit = min(LARGEST, self._limit * 2)

    def _one_by_one(self, limit: int) -> int:
        """Process entries each in a transaction of its own; what fails is set aside, with why."""
        with self._database.reading() as session:
            # Before an entry is in hand: what ends this process meanwhile is not the entry's fault.
            self._installation.directories.current(session)
        done = 0
        for _ in range(limit):
            entry_id = self._attempt()
            if entry_id is None:
                break
            self._one(entry_id)
            done += 1
        return done

    def _attempt(self) -> int | None:
        with self._database.transaction() as session:
            entries = inbox.take(session, 1)
            if not entries:
                return None
            inbox.attempt(session, entries[0], utc.now())
            return entries[0].id

    def _one(self, entry_id: int) -> None:
        for tries_left in reversed(range(RACES)):
            try:
                self._process_one(entry_id)
            except Temporary:
                raise
            except Exception as error:
                if tries_left and isinstance(error, IntegrityError):
                    continue
                log.exception("inbox entry set aside", extra={"entry": entry_id})
                with self._database.transaction() as session:
                    inbox.fail(session, entry_id, f"{type(error).__name__}: {error}", utc.now())
            return

    def _process_one(self, entry_id: int) -> None:
        with self._database.transaction() as session:
            # Locked anew, because another worker may have had its lane since.
            entry = inbox.take_one(session, entry_id)
            if entry is not None:
                directory = self._installation.directories.current(session)
                process(session, directory, [entry], utc.now())
                inbox.finish(session, [entry], utc.now())


def process(
    session: Session, directory: Directory, entries: Sequence[InboxEntry], now: datetime
) -> None:
    """Call the flow for these entries, in their order."""
    heard = [
        Heard(entry.source, notification.parse(json.loads(entry.payload)), entry.received_at)
        for entry in entries
    ]
    problems.take_in(session, directory, heard, now)
