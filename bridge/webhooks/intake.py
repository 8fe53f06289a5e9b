"""Keeps what many requests bring at once in one commit."""

import threading
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

from bridge import utc
from bridge.database import Database, DatabaseUnavailable
from bridge.inbox import actions as inbox
from bridge.inbox.actions import Incoming

# A request waits no longer than this for its commit before it answers "try again".
WAIT_SECONDS = 8.0
# About so much goes into one commit, which bounds how long everybody else waits.
MOST_ENTRIES = 500


@dataclass(frozen=True)
class Kept:
    """How many entries are kept now, and how many were known already."""

    kept: int
    duplicates: int


@dataclass(frozen=True, eq=False)
class _Waiting:
    entries: Sequence[Incoming]
    result: "Future[Kept]" = field(default_factory=Future)


class Intake:
    """Keeps entries durably, for many threads: while one commits, the next ones gather.

    Whoever finds nobody at it commits for all who wait; the others find their result done.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._changed = threading.Condition()
        self._is_taken = False
        self._waiting: deque[_Waiting] = deque()

    def keep(self, entries: Sequence[Incoming]) -> Kept:
        """Return once the entries are committed, many of them in several commits.

        Raises DatabaseUnavailable; some of the entries may be kept all the same, or all of them
        if the time ran out in the middle of the commit: in a second try they are duplicates.
        """
        parts = [
            self._keep(entries[start : start + MOST_ENTRIES])
            for start in range(0, len(entries), MOST_ENTRIES)
        ]
        return Kept(sum(one.kept for one in parts), sum(one.duplicates for one in parts))

    def _keep(self, entries: Sequence[Incoming]) -> Kept:
        mine = _Waiting(entries)
        if self._is_my_turn(mine):
            try:
                while not mine.result.done():
                    self._commit_some()
            finally:
                with self._changed:
                    self._is_taken = False
                    self._changed.notify_all()
        return mine.result.result()

    def _is_my_turn(self, mine: _Waiting) -> bool:
        """Wait in line; return whether to commit now, for all who wait, or the result is there."""
        with self._changed:
            self._waiting.append(mine)
            self._changed.wait_for(lambda: mine.result.done() or not self._is_taken, WAIT_SECONDS)
            if mine.result.done():
                return False
            if self._is_taken:
                if mine in self._waiting:
                    self._waiting.remove(mine)
                raise DatabaseUnavailable("the database is busy: try again in a few seconds")
            self._is_taken = True
            return True

    def _next(self) -> list[_Waiting]:
        chosen: list[_Waiting] = []
        count = 0
        with self._changed:
            while self._waiting and count < MOST_ENTRIES:
                chosen.append(self._waiting.popleft())
                count += len(chosen[-1].entries)
        return chosen

    def _commit_some(self) -> None:
        chosen = self._next()
        try:
            with self._database.transaction(hurried=True) as session:
                everything = [entry for one in chosen for entry in one.entries]
                new = inbox.keep(session, everything, utc.now())
        except DatabaseUnavailable as error:
            for one in chosen:
                one.result.set_exception(error)
        except BaseException as error:
            # Whatever it was, nobody may wait for ever for a thread that is gone.
            for one in chosen:
                one.result.set_exception(error)
            raise
        else:
            for one in chosen:
                one.result.set_result(_counted(one.entries, new))


def _counted(entries: Sequence[Incoming], new: set[tuple[str, str]]) -> Kept:
    """Count the new ones; each counts for the first request that brought it, once."""
    kept = 0
    for entry in entries:
        key = (entry.source, entry.event_id)
        if key in new:
            new.discard(key)
            kept += 1
    return Kept(kept, len(entries) - kept)
