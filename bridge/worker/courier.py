"""Delivers what waits in the outbox: claims it, hands it to delivery processes, records the end."""

import logging
import os
import socket
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge import utc
from bridge.flows import deliveries
from bridge.flows.deliveries import Ready
from bridge.icinga.door import icinga_door
from bridge.installation import Installation
from bridge.oncall.paging import page_door
from bridge.outbox import actions as outbox
from bridge.outbox import queries
from bridge.outbox.actions import Claim
from bridge.outbox.models import CLAIMED, OutboxEntry
from bridge.outbox.outcome import Delivered
from bridge.worker.children import ChildPool
from bridge.worker.rounds import IDLE_SECONDS, process_name

log = logging.getLogger(__name__)

DOORS = {"page": page_door, "icinga": icinga_door}
# More than the longest budget of a door and its time in the line.
LEASE = timedelta(seconds=120)
STOP_SECONDS = 10.0


class Courier:
    """Delivers for one installation; for one thread, which forks the delivery processes."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._name = process_name()
        size = installation.settings.delivery_processes
        self._most = size * 3
        self._pool = ChildPool(size, DOORS)
        self._claims: dict[str, Claim] = {}
        self._release_the_dead()

    def step(self) -> int:
        """Claim what is due and there is room for, wait a moment for what ends, and record it."""
        claimed = self._claim() if len(self._claims) < self._most else 0
        ended = self._pool.collect(IDLE_SECONDS if self._claims and not claimed else 0)
        if ended:
            self._record(ended)
        # With deliveries under way the pool has waited already.
        return claimed + len(ended) + len(self._claims)

    def close(self) -> None:
        """Let what is under way finish for a moment, record it, and end the processes."""
        ended = self._pool.close(STOP_SECONDS)
        if ended:
            self._record(ended)

    def _claim(self) -> int:
        now = utc.now()
        with self._installation.database.reading() as session:
            if queries.oldest_due(session, now) is None:
                return 0
        with self._installation.database.transaction() as session:
            ready = self._claimed(session, self._most - len(self._claims))
        for one in ready:
            key = str(one.claim.entry_id)
            self._claims[key] = one.claim
            self._pool.submit(key, one.claim.door, one.payload, one.budget_seconds, one.destination)
        return len(ready)

    def _claimed(self, session: Session, room: int) -> list[Ready]:
        from_ = self._installation
        now = utc.now()
        directory = from_.directories.current(session)
        claims = outbox.claim(session, self._name, room, LEASE, now)
        public_url = from_.settings.public_url
        made = [
            deliveries.make_ready(session, directory, from_.keys, public_url, claim, now)
            for claim in claims
        ]
        return [one for one in made if one is not None]

    def _record(self, ended: list[tuple[str, Delivered]]) -> None:
        with self._installation.database.transaction() as session:
            directory = self._installation.directories.current(session)
            for key, delivered in ended:
                deliveries.record(session, directory, self._claims[key], delivered, utc.now())
        for key, delivered in ended:
            claim = self._claims.pop(key)
            log.info(
                "delivery ended",
                extra={
                    "entry": claim.entry_id,
                    "door": claim.door,
                    "outcome": delivered.outcome.value,
                },
            )

    def _release_the_dead(self) -> None:
        """End the leases of couriers of this node that are no more, so that nothing waits."""
        node = socket.gethostname()
        held = select(OutboxEntry.claimed_by).where(OutboxEntry.state == CLAIMED).distinct()
        with self._installation.database.transaction() as session:
            for name in session.scalars(held).all():
                host, _, pid = (name or "").rpartition(":")
                if host == node and not _is_alive(int(pid)):
                    outbox.release(session, str(name), utc.now())


def _is_alive(pid: int) -> bool:
    if pid == os.getpid():
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
