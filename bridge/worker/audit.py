"""Audits the pager twice a minute, and tells the world outside while all is well."""

import logging
import socket
import time

from bridge import database, utc
from bridge.flows import auditing
from bridge.flows.readiness import desk_state, reasons
from bridge.heartbeats import outside
from bridge.installation import Installation

log = logging.getLogger(__name__)

AUDIT_SECONDS = 30.0
BEAT_SECONDS = 60.0


class Audit:
    """Looks for what is wrong with escalations, deliveries and this node's clock."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._node = socket.gethostname()
        self._looked_at = self._beat_at = float("-inf")

    def step(self) -> int:
        """Audit and beat, if it is time; return 0, because nothing waits for it."""
        if time.monotonic() - self._looked_at >= AUDIT_SECONDS:
            self._looked_at = time.monotonic()
            self._look()
        url = self._installation.settings.heartbeat_url
        if url and time.monotonic() - self._beat_at >= BEAT_SECONDS:
            self._beat_at = time.monotonic()
            self._beat(url)
        return 0

    def _look(self) -> None:
        installation = self._installation
        with installation.database.reading() as session:
            directory = installation.directories.current(session)
            theirs = database.now(session)
            found = auditing.look(session, directory, theirs)
            found += auditing.drift(self._node, utc.now(), theirs)
            known = {one.key for one in auditing.of_the_pager(session)}
        if {one.key for one in found} == known:
            return
        for one in found:
            if one.key not in known:
                log.error("audit", extra={"finding": one.key, "ticket": one.ticket_number})
        looked_for = (*auditing.KINDS, f"{auditing.CLOCK}:{self._node}")
        with installation.database.transaction() as session:
            auditing.settle(session, found, looked_for, database.now(session))

    def _beat(self, url: str) -> None:
        installation = self._installation
        with installation.database.reading() as session:
            state = desk_state(session, utc.now())
        found = reasons(state, installation.settings.reconcile_seconds, utc.now())
        if found:
            log.warning("no heartbeat outside: not all is well", extra={"reasons": found})
        elif (error := outside.beat(url)) is not None:
            log.warning("heartbeat outside not taken", extra={"reason": error})
