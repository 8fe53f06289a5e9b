"""Looks whether somebody is on call at all times ahead: after a change, and once a day."""

import logging
import time
from datetime import date

from bridge import database, utc
from bridge.flows import auditing, gaps
from bridge.installation import Installation

log = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 30.0


class Gaps:
    """Looks once for each revision and day; another node that does the same changes nothing."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._looked_at = float("-inf")
        self._seen: tuple[int, date] | None = None

    def step(self) -> int:
        """Look, if it is time; return 0, because nothing waits for it."""
        if time.monotonic() - self._looked_at < LOOK_EVERY_SECONDS:
            return 0
        self._looked_at = time.monotonic()
        now = utc.now()
        with self._installation.database.reading() as session:
            directory = self._installation.directories.current(session)
        wanted = directory.revision, now.date()
        if wanted != self._seen:
            found = gaps.found(directory, now)
            with self._installation.database.transaction() as session:
                known = {one.key for one in auditing.open_findings(session)}
                gaps.settle(session, found, database.now(session))
            for one in found:
                if one.key not in known:
                    log.error("nobody is on call", extra={"finding": one.key, "gaps": one.text})
            self._seen = wanted
        return 0
