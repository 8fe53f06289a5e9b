"""Lets running clocks follow the configuration within seconds, a few tickets at a time."""

import time
from datetime import datetime

from bridge import utc
from bridge.flows import catching_up
from bridge.flows.directory import Directory
from bridge.installation import Installation

AT_ONCE = 20
LOOK_EVERY_SECONDS = 1.0
# Somebody may have written by an older configuration just when it changed.
LOOK_AGAIN_SECONDS = 60.0

# The configuration's revision, and the versions of contracts that count.
Known = tuple[int, frozenset[int]]


class Following:
    """Asks for clocks that are behind when something has changed, and once a minute."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._looked_at = self._asked_at = float("-inf")
        self._known: Known | None = None
        self._is_behind = True

    def step(self) -> int:
        """Bring some tickets up to date; return how many."""
        if not self._is_behind and time.monotonic() - self._looked_at < LOOK_EVERY_SECONDS:
            return 0
        self._looked_at = time.monotonic()
        now = utc.now()
        database = self._installation.database
        with database.reading() as session:
            directory = self._installation.directories.current(session)
            if not self._is_behind and not self._has_changed(directory, now):
                return 0
            self._asked_at = time.monotonic()
            numbers = catching_up.behind(session, directory, now, AT_ONCE)
        self._is_behind = bool(numbers)
        if not numbers:
            return 0
        with database.transaction() as session:
            directory = self._installation.directories.current(session)
            return catching_up.catch_up(session, directory, now, numbers)

    def _has_changed(self, directory: Directory, now: datetime) -> bool:
        versions = catching_up.in_force(directory, now).values()
        known = (directory.revision, frozenset(one.version_id for one in versions))
        changed = known != self._known
        self._known = known
        return changed or time.monotonic() - self._asked_at >= LOOK_AGAIN_SECONDS
