"""The courier: what another one had in hand when it died leaves at once, and nothing else twice."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bridge import utc
from bridge.installation import Installation
from bridge.oncall.message import REPEAT_MARK
from bridge.outbox.actions import INTERRUPTED
from bridge.outbox.models import OutboxEntry
from bridge.tickets.models import JournalEntry
from bridge.worker import courier, rounds
from bridge.worker.names import process_name
from tests.builders import EXAMPLE, apply_desk, fire, hear, notification
from tests.lab.processes import Process, heard, running, tell
from tests.lab.shared_database import SECRET
from tests.lab.sink import Answer, Sink

# It says its name; told to, it either claims all there is and does nothing more, or delivers.
COURIER = """
import sys, time
from datetime import timedelta
from bridge import utc
from bridge.database import Database
from bridge.installation import Installation
from bridge.keys import Keys
from bridge.outbox import actions as outbox
from bridge.settings import Settings
from bridge.worker.courier import Courier
from bridge.worker.names import process_name

url, secret = sys.argv[1:]
settings = Settings(database_url=url, delivery_processes=2)
installation = Installation(settings, Keys((secret,)), Database(url))
courier = Courier(installation)
print(process_name(), flush=True)
if sys.stdin.readline() == "claim\\n":
    with installation.database.transaction() as session:
        lease = timedelta(seconds=90)
        outbox.claim(session, process_name(), 10, lease, utc.now())
    print("claimed", flush=True)
    time.sleep(600)
courier.step()
print("delivers", flush=True)
while True:
    if not courier.step():
        time.sleep(0.02)
"""
# Less than a lease by far, and more than a busy machine needs.
SOON_SECONDS = 20.0


@pytest.fixture(scope="module")
def sink() -> Iterator[Sink]:
    with Sink() as made:
        made.always = lambda _: Answer(200)
        yield made


@pytest.fixture(scope="module")
def desk(shared: Installation, sink: Sink) -> Installation:
    text = EXAMPLE.read_text().replace("json://127.0.0.1:9/", f"json://127.0.0.1:{sink.port}/")
    apply_desk(shared, text)
    return shared


@pytest.fixture
def entry(installation: Installation, sink: Sink) -> int:
    """The entry of a page that is due, and has not left."""
    sink.requests.clear()
    now = utc.now()
    hear(installation, notification(at=now - timedelta(minutes=5)))
    fire(installation, now)
    with installation.database.reading() as session:
        return session.scalars(select(OutboxEntry.id).order_by(OutboxEntry.due_at)).first() or 0


def a_courier(installation: Installation) -> Any:
    return running(COURIER, installation.settings.database_url, SECRET)


@contextmanager
def delivering(installation: Installation) -> Iterator[str]:
    """Run a courier that delivers; give its name, after its first look."""
    with a_courier(installation) as process:
        name = heard(process)
        tell(process, "deliver")
        assert heard(process) == "delivers"
        yield name


def claimed_by(process: Process) -> str:
    """Let a process claim all there is; return its name."""
    name = heard(process)
    tell(process, "claim")
    assert heard(process) == "claimed"
    return name


def killed(process: Process) -> None:
    """Kill a child of ours and do not wait for it: it stays, as one that nobody has buried."""
    os.kill(process.pid, signal.SIGKILL)
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)


def given_to(installation: Installation, entry: int, name: str) -> None:
    """Write down that a page was claimed by whoever has this name."""
    with installation.database.transaction() as session:
        session.execute(
            update(OutboxEntry)
            .where(OutboxEntry.id == entry)
            .values(
                state="claimed",
                claimed_by=name,
                generation=1,
                attempts=1,
                lease_until=utc.now() + courier.LEASE,
            )
        )


def titles(sink: Sink, count: int = 1) -> list[str]:
    """Return the titles of the pages that have left, once so many have; fails if it takes long."""
    end = time.monotonic() + SOON_SECONDS
    while len(sink.requests) < count:
        assert time.monotonic() < end, "no page came"
        time.sleep(0.02)
    return [one.json()["title"] for one in sink.requests]


def test_what_a_courier_had_that_died_and_is_not_buried_leaves_at_once(
    installation: Installation, entry: int, sink: Sink
) -> None:
    with a_courier(installation) as first:
        claimed_by(first)
        killed(first)

        with delivering(installation):
            next_channel, repeat = titles(sink, 2)

    # It may have left before, for all that is known: the next channel is tried at once, and this
    # one again after a moment.
    assert not next_channel.startswith(REPEAT_MARK)
    assert repeat.startswith(REPEAT_MARK)
    with installation.database.reading() as session:
        interrupted = session.scalars(
            select(JournalEntry).where(JournalEntry.kind == "delivery_failed")
        ).one()
    assert interrupted.data["reason"] == INTERRUPTED.reason


def test_what_a_courier_had_whose_number_is_somebody_elses_now_leaves_at_once(
    installation: Installation, entry: int, sink: Sink
) -> None:
    node_and_pid, _, started = process_name().rpartition(":")
    given_to(installation, entry, f"{node_and_pid}:{int(started) - 1}")

    with delivering(installation):
        assert len(titles(sink)) == 1


def test_what_a_courier_had_that_dies_beside_a_living_one_leaves_soon(
    installation: Installation, entry: int, sink: Sink
) -> None:
    with a_courier(installation) as first:
        claimed_by(first)
        with delivering(installation):
            time.sleep(0.2)
            assert sink.requests == []

            killed(first)

            assert len(titles(sink)) == 1


def test_a_claim_that_its_courier_does_not_know_of_leaves_soon(
    installation: Installation, entry: int, sink: Sink
) -> None:
    """As after a commit during which the connection broke, and which was done all the same."""
    given_to(installation, entry, f"another-{process_name()}")
    with delivering(installation) as name:
        assert sink.requests == []
        given_to(installation, entry, name)

        assert len(titles(sink)) == 1


@pytest.mark.parametrize("stopped", [False, True], ids=["busy", "stopped for a while"])
def test_what_a_living_courier_has_stays_its_own(
    installation: Installation, entry: int, sink: Sink, stopped: bool
) -> None:
    with a_courier(installation) as first:
        claimed_by(first)
        if stopped:
            os.kill(first.pid, signal.SIGSTOP)
        with delivering(installation):
            time.sleep(rounds.LOOK_SECONDS + 1)

    assert sink.requests == []


def test_another_nodes_courier_keeps_what_it_has(
    installation: Installation, entry: int, sink: Sink
) -> None:
    given_to(installation, entry, f"another-{process_name()}")

    with delivering(installation):
        time.sleep(rounds.LOOK_SECONDS + 1)

    assert sink.requests == []
