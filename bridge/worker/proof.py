"""Proves every night, portion by portion, that the clocks are what the journal makes of them."""

import logging
import time

from bridge import database, utc
from bridge.flows import nightly_proof, verifying
from bridge.installation import Installation
from bridge.worker.names import process_name

log = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 30.0
# Tickets at once: about 50 ms, for which nothing else of this process waits.
PORTION = 200


class Proof:
    """Compares when the night has come; of all processes one, and another one if it dies."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._name = process_name()
        self._looked_at = float("-inf")
        self._proof_id: int | None = None

    def step(self) -> int:
        """Compare one portion, if it is time; return how many tickets it had."""
        if self._proof_id is None:
            if time.monotonic() - self._looked_at < LOOK_EVERY_SECONDS:
                return 0
            self._looked_at = time.monotonic()
            self._proof_id = self._take_turn()
        return self._compare(self._proof_id) if self._proof_id is not None else 0

    def _take_turn(self) -> int | None:
        installation = self._installation
        with installation.database.reading() as session:
            zone = nightly_proof.zone_of(installation.directories.current(session))
            night = nightly_proof.night_of(zone, utc.now())
            if not nightly_proof.is_due(session, night):
                return None
        with installation.database.transaction() as session:
            now = database.now(session)
            return nightly_proof.take_turn(session, night, self._name, now)

    def _compare(self, proof_id: int) -> int:
        installation = self._installation
        with installation.database.reading() as session:
            after = nightly_proof.progress(session, proof_id)
            book = installation.directories.current(session).book
            portion = verifying.compare(session, book, after, PORTION)
        with installation.database.transaction() as session:
            now = database.now(session)
            ours = nightly_proof.advance(session, proof_id, self._name, portion, now)
        if not ours:
            self._proof_id = None
        if portion is not None and portion.differences:
            for one in portion.differences:
                log.error("a clock is not what the journal says", extra=one.plain())
        return portion.tickets if portion is not None else 0
