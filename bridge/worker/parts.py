"""The parts of the process tree: worker, courier and watcher, each a loop of its own."""

import os

from bridge.installation import Installation
from bridge.settings import Settings
from bridge.worker.audit import Audit
from bridge.worker.courier import Courier
from bridge.worker.drilling import Drills
from bridge.worker.following import Following
from bridge.worker.gaps import Gaps
from bridge.worker.processing import Processor
from bridge.worker.proof import Proof
from bridge.worker.reports import Reports
from bridge.worker.rounds import Stop, forever, heartbeat
from bridge.worker.timers import Timers
from bridge.worker.watcher import Watcher


def work(settings: Settings) -> None:
    """Work the inbox through and do what is due, until told to stop."""
    stop, parent = Stop(), os.getppid()
    installation = Installation.open(settings)
    processor, timers = Processor(installation), Timers(installation)
    following = Following(installation)
    # Before the first batch, which holds the lock that the webhook waits for.
    with installation.database.reading() as session:
        installation.directories.current(session)
    beat = heartbeat(installation.database, "worker")

    def one_round() -> int:
        beat()
        # Alternately, so that a storm in the inbox never keeps a page from going out.
        return processor.step() + timers.step() + following.step()

    forever(stop, one_round, parent)


def deliver(settings: Settings) -> None:
    """Deliver what waits in the outbox, until told to stop."""
    stop, parent = Stop(), os.getppid()
    installation = Installation.open(settings)
    courier = Courier(installation)
    beat = heartbeat(installation.database, "courier")

    def one_round() -> int:
        beat()
        return courier.step()

    try:
        forever(stop, one_round, parent)
    finally:
        courier.close()


def watch(settings: Settings) -> None:
    """Reconcile with every Icinga, report months, prove and audit, until told to stop."""
    stop, parent = Stop(), os.getppid()
    installation = Installation.open(settings)
    # Here, because a report takes longer than a page may wait.
    watcher, reports, proof = Watcher(installation), Reports(installation), Proof(installation)
    audit, gaps, drills = Audit(installation), Gaps(installation), Drills(installation)
    beat = heartbeat(installation.database, "watcher")

    def one_round() -> int:
        beat()
        done = watcher.step() + reports.step() + proof.step() + audit.step()
        return done + gaps.step() + drills.step()

    forever(stop, one_round, parent)
