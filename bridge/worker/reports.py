"""The reports whose day has come: frozen and mailed, one after the other."""

import logging
import time

from bridge import utc
from bridge.errors import Permanent, Refused
from bridge.flows import report_freezing as flow
from bridge.flows.report_freezing import Due
from bridge.installation import Installation

log = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 60.0


class Reports:
    """Freezes and mails what is due; what a killed process left half done is taken up again."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._looked_at = float("-inf")
        self._waiting: list[Due] = []

    def step(self) -> int:
        """Do one report that is due, if there is one; return how many were done."""
        if not self._waiting and time.monotonic() - self._looked_at >= LOOK_EVERY_SECONDS:
            self._looked_at = time.monotonic()
            with self._installation.database.reading() as session:
                directory = self._installation.directories.current(session)
                self._waiting = flow.due(session, directory, utc.now())
        if not self._waiting:
            return 0
        one = self._waiting.pop(0)
        try:
            self._do(one)
        except (Permanent, Refused) as error:
            # The others go out all the same, and this one is tried again.
            told = {"customer": one.number, "month": str(one.month), "reason": str(error)}
            log.error("monthly report failed", extra=told)  # noqa: TRY400 - the reason says it
        return 1

    def _do(self, one: Due) -> None:
        """Freeze and mail one report; both are in one transaction, after the rendering."""
        database, directories = self._installation.database, self._installation.directories
        ready = None
        if not one.frozen:
            with database.reading() as session:
                directory = directories.current(session)
                ready = flow.prepare(session, directory, one.number, one.month, utc.now())
        with database.transaction() as session:
            directory = directories.current(session)
            if ready is not None:
                flow.freeze(session, ready, None, utc.now())
            done = flow.mail(session, directory, one, utc.now())
        if done:
            told = {"customer": one.number, "month": str(one.month)}
            log.info("monthly report frozen and mailed", extra=told)
