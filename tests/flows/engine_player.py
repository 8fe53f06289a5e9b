"""Plays an escalation in virtual time on a real database, with one engine or several at once.

A trace is sorted lines as those of tests/oncall/player.py: what left, for whom, minutes after the
alarm. Providers answer by a script.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, select

from bridge.database import Database
from bridge.flows import deliveries, paging
from bridge.flows.directory import Directories
from bridge.installation import Installation
from bridge.oncall.models import Delivery, Run
from bridge.outbox import actions as outbox
from bridge.outbox.actions import Claim
from bridge.outbox.models import WAITING, OutboxEntry
from bridge.outbox.outcome import Delivered, Outcome
from bridge.staff.models import Channel, StaffMember
from tests.builders import MONDAY_9_UTC

LEASE = timedelta(seconds=90)
OUTCOMES = {
    "accepted": (Outcome.ACCEPTED, ""),
    "failed": (Outcome.FAILED_FOR_GOOD, " fails"),
    "failed_for_now": (Outcome.FAILED_FOR_NOW, " fails for now"),
    "maybe": (Outcome.MAYBE, " maybe"),
}


@dataclass
class EnginePlayer:
    """Several engines on one database. script: what a channel of a person answers, try by try."""

    installation: Installation
    script: dict[str, list[str]] = field(default_factory=dict)
    engines: int = 1
    trace: list[str] = field(default_factory=list)
    tries: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Give each engine a database connection of its own."""
        url = self.installation.settings.database_url
        given = self.installation
        self.nodes = [
            Installation(given.settings, given.keys, Database(url), Directories())
            for _ in range(self.engines)
        ]

    def close(self) -> None:
        """Give the connections back."""
        for node in self.nodes:
            node.database.close()

    def play(self, until: datetime, asleep: tuple[datetime, datetime] | None = None) -> list[str]:
        """Let time pass up to and including `until`; return the whole trace, sorted."""
        with ThreadPoolExecutor(self.engines) as threads:
            while (now := self._next()) is not None:
                if asleep and asleep[0] < now < asleep[1]:
                    now = asleep[1]
                if now > until:
                    break
                done = list(threads.map(lambda node, at=now: self._step(node, at), self.nodes))
                if not any(done):
                    raise AssertionError(f"nothing is done about what is due at {now}")
        return sorted(self.trace, key=lambda line: (float(line.split()[0]), line))

    def _next(self) -> datetime | None:
        with self.installation.database.reading() as session:
            run = session.scalar(select(func.min(Run.next_due_at)))
            entry = session.scalar(
                select(func.min(OutboxEntry.due_at)).where(OutboxEntry.state == WAITING)
            )
        return min((one for one in (run, entry) if one is not None), default=None)

    def _step(self, node: Installation, now: datetime) -> int:
        """Deliver what is due, then do one step of what is due: as couriers and workers do."""
        delivered = self._deliver(node, now)
        with node.database.transaction() as session:
            directory = node.directories.current(session)
            return delivered + paging.tick_due(session, directory, now, 20)

    def _deliver(self, node: Installation, now: datetime) -> int:
        with node.database.transaction() as session:
            directory = node.directories.current(session)
            claims = outbox.claim(session, "courier", 100, LEASE, now)
            ready = deliveries.make_ready(
                session, directory, node.keys, "http://bridge.test", claims, now
            )
        ended = [(one.claim, self._answer(node, one.claim, now)) for one in ready]
        with node.database.transaction() as session:
            directory = node.directories.current(session)
            deliveries.record(session, directory, ended, now)
        return len(claims)

    def _answer(self, node: Installation, claim: Claim, now: datetime) -> Delivered:
        minutes = f"{round((now - MONDAY_9_UTC) / timedelta(minutes=1), 2):g}"
        if "news" in claim.payload:
            with node.database.reading() as session:
                person = session.get_one(StaffMember, claim.payload["staff"]).label
            self.trace.append(f"{minutes} {claim.payload['news']} {person}")
            return Delivered(Outcome.ACCEPTED, "so")
        with node.database.reading() as session:
            channel, person = session.execute(
                select(Channel.label, StaffMember.label)
                .join(StaffMember, StaffMember.id == Channel.staff_id)
                .join(Delivery, Delivery.channel_id == Channel.id)
                .where(Delivery.outbox_id == claim.entry_id)
            ).one()
        answers = self.script.get(f"{channel} {person}", ["accepted"])
        tried = self.tries.get(claim.entry_id, 0)
        self.tries[claim.entry_id] = tried + 1
        outcome, suffix = OUTCOMES[answers[min(tried, len(answers) - 1)]]
        mark = " possible repeat" if claim.repeat else ""
        self.trace.append(f"{minutes} {channel} {person}{suffix}{mark}")
        return Delivered(outcome, "so")
