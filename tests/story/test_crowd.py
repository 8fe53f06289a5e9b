"""Two workers, two couriers, an Icinga and two people at the same tickets, all at once."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from bridge import utc
from bridge.database import Database, DatabaseUnavailable
from bridge.flows import answers, deliveries
from bridge.inbox.models import FAILED, InboxEntry
from bridge.installation import Installation
from bridge.keys import Keys
from bridge.oncall import paging
from bridge.oncall.models import Run
from bridge.outbox import actions as outbox
from bridge.outbox.actions import Claim
from bridge.outbox.outcome import Delivered, Outcome
from bridge.settings import Settings
from bridge.staff.models import StaffMember
from bridge.tickets.lifecycle import WrongState
from bridge.tickets.models import Ticket
from bridge.worker.processing import Processor
from bridge.worker.timers import Timers
from tests.builders import EXAMPLE, apply_desk, keep, notification
from tests.lab.bridge_process import SECRET
from tests.lab.postgres import Postgres

KINDS = (
    *("PROBLEM", "PROBLEM", "RECOVERY", "ACKNOWLEDGEMENT"),
    *("DOWNTIMESTART", "DOWNTIMEEND"),
)
OUTCOMES = (Outcome.ACCEPTED, Outcome.ACCEPTED, Outcome.FAILED_FOR_NOW, Outcome.MAYBE)
HOSTS = 40
DESK = EXAMPLE.read_text().replace("quiet_time: 5m", "quiet_time: 1s")
Step = Callable[[], object]


def _worker(installation: Installation) -> Step:
    processor, timers = Processor(installation), Timers(installation)
    return lambda: (processor.step(), timers.step())


def _courier(installation: Installation) -> Step:
    """Return what a courier does, but for the deliveries themselves."""
    name, keys = f"courier {id(installation)}", installation.keys
    under_way: list[Claim] = []
    failed: list[tuple[Claim, Delivered]] = []

    def step() -> None:
        ended = [(claim, Delivered(random.choice(OUTCOMES), "so")) for claim in under_way]
        now = utc.now()
        with installation.database.transaction() as session:
            directory = installation.directories.current(session)
            deliveries.record(session, directory, [*ended, *failed], now)
        failed.clear()
        with installation.database.transaction() as session:
            directory = installation.directories.current(session)
            claims = outbox.claim(session, name, 16, timedelta(seconds=60), now)
            ready = deliveries.make_ready(
                session, directory, keys, "http://b.test", claims, now, failed=failed
            )
        under_way[:] = [one.claim for one in ready]

    return step


def _icinga(installation: Installation) -> Step:
    def step() -> None:
        said = [
            notification(
                random.choice(KINDS),
                utc.now(),
                host=f"host{random.randrange(HOSTS)}",
                service=random.choice(["a", "b", None]),
            )
            for _ in range(random.randrange(1, 20))
        ]
        with installation.database.transaction() as session:
            keep(session, said, utc.now())
        time.sleep(0.05)

    return step


def _person(installation: Installation) -> Step:
    def step() -> None:
        with installation.database.reading() as session:
            numbers = session.scalars(select(Ticket.number).where(Ticket.state == "open")).all()
        if not numbers:
            return
        number, now = random.choice(numbers), utc.now()
        with installation.database.transaction() as session:
            directory = installation.directories.current(session)
            anna = session.get_one(StaffMember, directory.people["anna"].id)
            if random.random() < 0.7:
                answers.acknowledge(session, directory, number, anna, "page", now)
            else:
                answers.resolve(session, directory, number, anna, "done", now)

    return step


CROWD = (_worker, _worker, _courier, _courier, _icinga, _person, _person)


def _take_part(
    installation: Installation,
    part: Callable[[Installation], Step],
    until: float,
    wrong: Counter[str],
) -> None:
    step = part(installation)
    while time.monotonic() < until:
        try:
            step()
        except WrongState:
            # Somebody was faster.
            continue
        except DatabaseUnavailable as error:
            wrong[str(error)] += 1
        except BaseException as error:
            wrong[repr(error)] += 1
            raise
        time.sleep(0.002)
    installation.database.close()


# Whoever loses a deadlock begins again, and nothing is lost by it: briefly one may happen, which
# was seen once in a dozen runs at once on two cores; by hand none is forgiven.
@pytest.mark.parametrize(
    ("seconds", "forgiven"),
    [pytest.param(6, 1, id="briefly"), pytest.param(120, 0, id="long", marks=pytest.mark.proof)],
)
@pytest.mark.timeout(600)
def test_a_crowd_neither_deadlocks_nor_breaks_anything(
    postgres: Postgres, seconds: float, forgiven: int
) -> None:
    paging.load()
    wrong: Counter[str] = Counter()
    with postgres.database() as url:

        def installed() -> Installation:
            return Installation(Settings(database_url=url), Keys((SECRET,)), Database(url))

        ours = installed()
        apply_desk(ours, DESK, utc.now())
        until = time.monotonic() + seconds
        crowd = [
            threading.Thread(target=_take_part, args=(installed(), part, until, wrong))
            for part in CROWD
        ]
        for one in crowd:
            one.start()
        for one in crowd:
            one.join()

        with ours.database.reading() as session:
            set_aside = select(InboxEntry.reason).where(InboxEntry.state == FAILED)
            assert session.scalars(set_aside).all() == []
            over = select(Ticket.number).where(Ticket.state.in_(("resolved", "closed")))
            still = select(Run.id).where(Run.state != "ended", Run.ticket_number.in_(over))
            assert session.scalars(still).all() == []
            assert len(session.scalars(select(Ticket.number)).all()) >= HOSTS
        ours.database.close()
    assert wrong.total() <= forgiven, wrong
