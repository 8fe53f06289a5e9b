"""Delivers what waits in the outbox: claims it, hands it to delivery processes, records the end."""

import logging
import time
from datetime import timedelta

from sqlalchemy.orm import Session

from bridge import database, utc
from bridge.flows import deliveries
from bridge.flows.directory import Directory
from bridge.flows.ready import Ready
from bridge.icinga.door import icinga_door
from bridge.installation import Installation
from bridge.mail.access import Access
from bridge.mail.smtp import mail_door
from bridge.oncall.paging import page_door
from bridge.outbox import actions as outbox
from bridge.outbox import queries
from bridge.outbox.actions import Claim
from bridge.outbox.models import PATIENT
from bridge.outbox.outcome import Delivered
from bridge.worker.children import ChildPool
from bridge.worker.names import is_dead, process_name
from bridge.worker.rounds import IDLE_SECONDS, LOOK_SECONDS

log = logging.getLogger(__name__)

DOORS = {
    "page": page_door,
    "quiet_page": page_door,
    "test": page_door,
    "notice": page_door,
    "icinga": icinga_door,
    "mail": mail_door,
}
# Of what may wait so many are in hand for each process, so that a mail server that hangs never
# keeps a page waiting in line.
URGENT = tuple(door for door in DOORS if door not in PATIENT)
PATIENT_PER_PROCESS = 2
# More than the longest budget of a door. What waits in the line behind a provider that hangs is
# renewed; after this, another node takes over what a node that is gone had claimed.
LEASE = timedelta(seconds=90)
RENEW_SECONDS = 20.0
STOP_SECONDS = 10.0
# So long one look at the delivery processes waits.
GATHER_SECONDS = 0.01
# Claimed ahead, so that a process that ends finds its next; few enough to keep their leases.
CLAIMED_PER_PROCESS = 8


class Courier:
    """Delivers for one installation; for one thread, which forks the delivery processes."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._name = process_name()
        size = installation.settings.delivery_processes
        self._most = size * CLAIMED_PER_PROCESS
        self._most_patient = size * PATIENT_PER_PROCESS
        self._mail_server = Access.of_settings(installation.settings)
        self._pool = ChildPool(size, DOORS)
        self._claims: dict[str, Claim] = {}
        self._ended: list[tuple[str, Delivered]] = []
        self._ended_since = 0.0
        self._renewed_at = time.monotonic()
        self._looked_at = float("-inf")

    def step(self) -> int:
        """Wait a moment for what ends, record it, and claim what is due; return how much it did.

        Both are done for several at a time and in one transaction: one by one, commits would be
        the narrowest place between a storm and the people who should hear of it.
        """
        under_way = len(self._claims) - len(self._ended)
        ended = self._pool.collect(GATHER_SECONDS if under_way else 0)
        if ended and not self._ended:
            self._ended_since = time.monotonic()
        # Kept until they are recorded: a database that is away for a while must not make a
        # delivery that we know of a maybe.
        self._ended += ended
        if under_way and time.monotonic() - self._renewed_at > RENEW_SECONDS:
            self._renew()
        if time.monotonic() - self._looked_at > LOOK_SECONDS:
            self._look_for_the_lost()
        claims = self._has_room() and self._anything_free()
        if claims or self._must_record():
            return self._exchange(claims=claims)
        # With deliveries under way the pool has waited already.
        return under_way

    def _renew(self) -> None:
        with self._installation.database.transaction() as session:
            entry_ids = [claim.entry_id for claim in self._claims.values()]
            until = database.now(session) + LEASE
            outbox.renew(session, self._name, entry_ids, until)
        self._renewed_at = time.monotonic()

    def close(self) -> None:
        """Let what is under way finish for a moment, record it, and end the processes."""
        self._ended += self._pool.close(STOP_SECONDS)
        if self._ended:
            self._exchange(claims=False)

    def _has_room(self) -> bool:
        return len(self._claims) - len(self._ended) <= self._most // 2

    def _must_record(self) -> bool:
        if not self._ended:
            return False
        waited = time.monotonic() - self._ended_since
        return waited > IDLE_SECONDS or len(self._ended) == len(self._claims)

    def _anything_free(self) -> bool:
        with self._installation.database.reading() as session:
            doors = (*URGENT, *PATIENT) if self._room_for_patient() else URGENT
            return queries.anything_free(session, utc.now(), doors)

    def _room_for_patient(self) -> int:
        in_hand = sum(claim.door in PATIENT for claim in self._claims.values())
        return max(0, self._most_patient - in_hand)

    def _exchange(self, *, claims: bool) -> int:
        """Record what has ended, and claim what is due.

        Each in a transaction of its own, since each locks tickets or channels in their order.
        """
        recorded = self._record() if self._ended else 0
        if not claims:
            return recorded
        failed: list[tuple[Claim, Delivered]] = []
        with self._installation.database.transaction() as session:
            directory = self._installation.directories.current(session)
            ready = self._claimed(session, directory, failed)
        for one in ready:
            key = str(one.claim.entry_id)
            self._claims[key] = one.claim
            self._pool.submit(key, one.claim.door, one.payload, one.budget_seconds, one.destination)
        for claim, delivered in failed:
            # What never leaves has ended at once, and is recorded with what ends next.
            self._claims[str(claim.entry_id)] = claim
            self._ended.append((str(claim.entry_id), delivered))
        return recorded + len(ready) + len(failed)

    def _record(self) -> int:
        known = [(self._claims.get(key), delivered) for key, delivered in self._ended]
        ended = [(claim, delivered) for claim, delivered in known if claim is not None]
        with self._installation.database.transaction() as session:
            directory = self._installation.directories.current(session)
            deliveries.record(session, directory, ended, utc.now())
        for claim, delivered in ended:
            self._claims.pop(str(claim.entry_id), None)
            _log(claim, delivered)
        self._ended = []
        return len(ended)

    def _claimed(
        self, session: Session, directory: Directory, failed: list[tuple[Claim, Delivered]]
    ) -> list[Ready]:
        # The database's clock, by which all couriers of all nodes compare their leases.
        from_, now = self._installation, database.now(session)
        most = self._most - len(self._claims)
        claims = outbox.claim(session, self._name, most, LEASE, now, URGENT)
        if most := min(most - len(claims), self._room_for_patient()):
            claims += outbox.claim(session, self._name, most, LEASE, now, PATIENT)
        public_url, server = from_.settings.public_url, self._mail_server
        return deliveries.make_ready(
            session, directory, from_.keys, public_url, claims, now, server, failed
        )

    def _look_for_the_lost(self) -> None:
        self._release_the_lost()
        with self._installation.database.reading() as session:
            left = queries.anything_left(session, utc.now())
        if left:
            self._record_the_interrupted()
        self._looked_at = time.monotonic()

    def _release_the_lost(self) -> None:
        """End the leases that nobody holds any more, so that no page waits for them.

        Those are a dead courier's of this node, and our own of a claim whose commit broke off in
        the middle, and was done all the same.
        """
        with self._installation.database.reading() as session:
            claimed = queries.claimed(session)
        in_hand = {claim.entry_id for claim in self._claims.values()}
        lost = {name: ids for name, ids in claimed.items() if is_dead(name)}
        lost[self._name] = [one for one in claimed.get(self._name, ()) if one not in in_hand]
        if any(lost.values()):
            with self._installation.database.transaction() as session:
                for name, entry_ids in lost.items():
                    outbox.release(session, name, entry_ids, database.now(session))
            entries = [one for ids in lost.values() for one in ids]
            log.warning("leases ended that nobody holds", extra={"entries": entries})

    def _record_the_interrupted(self) -> None:
        """Write down as a maybe what was left by who had it; what follows from that follows.

        In a transaction of its own, so that nothing that leaves waits for the tickets it locks.
        """
        with self._installation.database.transaction() as session:
            directory = self._installation.directories.current(session)
            now = database.now(session)
            claims = outbox.take_over(session, self._name, self._most, LEASE, now)
            session.flush()  # they are read again, to be recorded
            ended = [(claim, outbox.INTERRUPTED) for claim in claims]
            deliveries.record(session, directory, ended, now)
        for claim, delivered in ended:
            _log(claim, delivered)


def _log(claim: Claim, delivered: Delivered) -> None:
    fields = {"entry": claim.entry_id, "door": claim.door, "outcome": delivered.outcome.value}
    log.info("delivery ended", extra=fields)
