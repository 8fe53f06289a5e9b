"""A desk of its own for a simulation: the real tables and flows, on a database that is deleted."""

import secrets
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from bridge import schema
from bridge.database import Database
from bridge.desk_file import keeping
from bridge.desk_file.document import Document
from bridge.flows import bundling, deliver_pages, deliveries
from bridge.flows.directory import Directories, Directory
from bridge.keys import Keys
from bridge.outbox import actions as outbox
from bridge.outbox.actions import Claim
from bridge.outbox.outcome import Delivered, Outcome
from bridge.simulation.events import Changed
from bridge.simulation.silent_desk import silenced

NAME = "simulation"
AT_ONCE = 1000
# Delivered as soon as claimed.
LEASE = timedelta(seconds=90)


@dataclass
class SimulatedDesk:
    """A desk that lives in one transaction, in which every step sees what is stored."""

    session: Session
    keys: Keys = field(repr=False)
    directory: Directory
    rules: list[Changed] = field(default_factory=list)

    @contextmanager
    def step(self) -> Iterator[Session]:
        """Give the session for one call into a flow."""
        yield self.session
        self.session.flush()
        # As after the end of a transaction, so that the next call reads what is stored.
        self.session.expunge_all()

    @contextmanager
    def attempt(self) -> Iterator[Session]:
        """Give the session for one call into a flow; when it fails, nothing of it remains."""
        try:
            with self.session.begin_nested():
                yield self.session
        finally:
            self.session.expunge_all()

    def deliver(self, now: datetime) -> int:
        """Let what is due in the outbox end as the rules say, without sending it; count it.

        Without a rule everything is accepted. Nothing is made ready: that would ask for secrets,
        and whether a page is still needed, which in a desk without haste it is.
        """
        with self.step() as session:
            claims = outbox.claim(session, NAME, AT_ONCE, LEASE, now)
            ended = self._ended(session, claims)
            deliveries.record(session, self.directory, ended, now)
        return len(claims)

    def _ended(self, session: Session, claims: Sequence[Claim]) -> list[tuple[Claim, Delivered]]:
        if not self.rules:
            return [(claim, _delivered(Outcome.ACCEPTED)) for claim in claims]
        entry_ids = [claim.entry_id for claim in claims if claim.door in bundling.PAGES]
        carried = deliver_pages.of_entries(session, entry_ids)
        people = {person.id: person for person in self.directory.people.values()}
        ended = []
        for claim in claims:
            delivery = carried.get(claim.entry_id)
            person = people.get(delivery.page.staff_id) if delivery else None
            labels = {one.id: one.label for one in person.channels} if person else {}
            channel = labels.get(delivery.channel_id) if delivery else None
            outcome = self._outcome(person.label if person else None, channel)
            ended.append((claim, _delivered(outcome)))
        return ended

    def _outcome(self, person: str | None, channel: str | None) -> Outcome:
        fitting = (
            rule.outcome
            for rule in reversed(self.rules)
            if rule.person in {None, person} and rule.channel in {None, channel}
        )
        return next(fitting, Outcome.ACCEPTED)


def _delivered(outcome: Outcome) -> Delivered:
    return Delivered(outcome, "simulated: not sent")


@contextmanager
def simulated_desk(document: Document, now: datetime) -> Iterator[SimulatedDesk]:
    """Give a desk with this desk file, applied at `now`; it is deleted in the end.

    The keys are made for it, and none of the file's addresses gets into its database.
    """
    keys = Keys((secrets.token_urlsafe(48),))
    with tempfile.TemporaryDirectory(prefix="bridge-simulate-") as folder:
        database = Database(f"sqlite:///{Path(folder) / 'desk.db'}")
        try:
            schema.migrate(database)
            with database.transaction() as session:
                keeping.apply(session, keys, silenced(document), now)
                session.flush()
                yield SimulatedDesk(session, keys, Directories().current(session))
                # Nothing of it is wanted, and what is not committed need not be synced to a disk.
                session.rollback()
        finally:
            database.close()
