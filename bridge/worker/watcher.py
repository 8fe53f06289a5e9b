"""Asks each Icinga what is really the matter, and files what its notifications have lost."""

import logging
import time
from datetime import timedelta

from bridge import database, utc
from bridge.errors import BridgeError
from bridge.flows import access, reconcile
from bridge.icinga.access import Access
from bridge.icinga.client import Icinga
from bridge.icinga.differences import differences
from bridge.installation import Installation
from bridge.worker.names import is_dead, process_name
from bridge.worker.rounds import LOOK_SECONDS

log = logging.getLogger(__name__)


class Watcher:
    """Reconciles the sources of one installation, one after the other."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._name = process_name()
        self._clients: dict[Access, Icinga] = {}
        self._interval = timedelta(seconds=installation.settings.reconcile_seconds)
        self._looked_at = float("-inf")

    def step(self) -> int:
        """Ask the sources whose turn it is; return how many."""
        if time.monotonic() - self._looked_at > LOOK_SECONDS:
            self._end_turns_of_the_dead()
        now = utc.now()
        with self._installation.database.reading() as session:
            if not reconcile.is_due(session, self._name, self._interval, now):
                return 0
        with self._installation.database.transaction() as session:
            now = database.now(session)
            labels = [
                source.label
                for source in reconcile.take_turn(session, self._name, self._interval, now)
            ]
        for label in labels:
            self.reconcile(label)
        return len(labels)

    def _end_turns_of_the_dead(self) -> None:
        """Let no source wait for the lease of a watcher of this node that is no more."""
        with self._installation.database.reading() as session:
            dead = [name for name in reconcile.watchers(session) if is_dead(name)]
        if dead:
            with self._installation.database.transaction() as session:
                reconcile.end_turns(session, dead)
        self._looked_at = time.monotonic()

    def reconcile(self, label: str) -> int | None:
        """Ask one source now; return how many differences are new, None when it cannot be asked."""
        try:
            return self._compare(label)
        except BridgeError as error:
            reason = f"{type(error).__name__}: {error}"
            log.warning("reconcile failed", extra={"source": label, "reason": reason})
            with self._installation.database.transaction() as session:
                reconcile.failed(session, label, reason)
            return None

    def _client(self, reach: Access) -> Icinga:
        if reach not in self._clients:
            self._clients[reach] = Icinga(reach)
        return self._clients[reach]

    def _compare(self, label: str) -> int:
        database = self._installation.database
        with database.reading() as session:
            source = reconcile.source(session, label)
            reach = access.of_source(session, self._installation.keys, source)
            shown = reconcile.shown(session, label)
            program_start = source.program_start
        snapshot = self._client(reach).snapshot(shown, program_start)
        found = differences(snapshot, shown)
        with database.transaction() as session:
            source = reconcile.source(session, label)
            new = reconcile.file_differences(
                session, source, found, snapshot.program_start, utc.now()
            )
        if new:
            log.info("reconcile found differences", extra={"source": label, "count": new})
        return new
