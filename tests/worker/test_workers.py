"""Real worker processes: side by side, killed at any moment, and killed by what they work on."""

import os
import random
import signal
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bridge.database import Database
from bridge.inbox import actions as inbox
from bridge.inbox import queries
from bridge.inbox.models import DONE, FAILED, WAITING
from bridge.tickets.models import Ticket
from tests.lab.processes import Process, heard, running, tell
from tests.worker.entries import comment, comments_by_host, down, keep, keep_payload, states

PROOF = os.environ.get("HYPOTHESIS_PROFILE") == "proof"
HOSTS = 12
COMMENTS = 200 if PROOF else 12
KILLS = 40 if PROOF else 8
PATIENCE_SECONDS = 60.0
# For each line it reads it forks a worker, which ends when nothing waits any more. A worker that
# is told "kill me" does.
WORKERS = """
import os, signal, sys, time
from sqlalchemy import select
from bridge.database import Database
from bridge.errors import Temporary
from bridge.flows import problems
from bridge.inbox import actions as inbox
from bridge.inbox.models import WAITING, InboxEntry
from bridge.installation import Installation
from bridge.keys import Keys
from bridge.settings import Settings
from bridge.worker.processing import Processor

take_in = problems.take_in

def deadly(session, directory, heard, now):
    take_in(session, directory, heard, now)
    if any(one.notification.comment == "kill me" for one in heard):
        session.flush()
        os.kill(os.getpid(), signal.SIGKILL)

def work(url):
    opened = Database(url)
    processor = Processor(Installation(Settings(database_url=url), Keys(("k" * 40,)), opened))
    while True:
        try:
            if processor.step():
                continue
        except Temporary:
            pass
        with opened.reading() as session:
            if session.scalar(select(InboxEntry.id).where(InboxEntry.state == WAITING)) is None:
                return
        time.sleep(0.005)

problems.take_in = deadly
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
print("ready", flush=True)
for line in sys.stdin:
    if (pid := os.fork()) == 0:
        try:
            inbox.MOST_ATTEMPTS = int(line)
            work(sys.argv[1])
        finally:
            os._exit(0)
    print(pid, flush=True)
"""


class Workers:
    """Real processes of workers, forked from one that has loaded all they need."""

    def __init__(self, process: Process) -> None:
        self._process = process
        assert heard(process) == "ready"

    def start(self, most_attempts: int = inbox.MOST_ATTEMPTS) -> int:
        tell(self._process, str(most_attempts))
        return int(heard(self._process))

    def wait(self, *pids: int) -> None:
        end = time.monotonic() + PATIENCE_SECONDS
        while any(Path(f"/proc/{pid}").exists() for pid in pids):
            assert time.monotonic() < end, "a worker does not end"
            time.sleep(0.005)


@pytest.fixture
def url(database_url: str, database: Database) -> str:
    return database_url


@pytest.fixture
def workers(url: str) -> Iterator[Workers]:
    with running(WORKERS, url) as process:
        yield Workers(process)


def a_storm(database: Database) -> dict[str, list[str]]:
    """Keep a problem and comments of one moment for many hosts, mixed; return what is right."""
    said: list[dict[str, Any]] = [down(f"host{n}") for n in range(HOSTS)]
    right = defaultdict(list)
    order = [f"host{n}" for n in range(HOSTS)] * COMMENTS
    random.shuffle(order)
    for number, host in enumerate(order):
        said.append(comment(f"{number}", host))
        right[host].append(f"{number}")
    with database.transaction() as session:
        for start in range(0, len(said), 50):
            keep(session, *said[start : start + 50])
    return dict(right)


def poison(database: Database, count: int) -> None:
    """Let entries stand among the others that make every batch fail."""
    with database.transaction() as session:
        for number in range(count):
            keep_payload(session, f"poison{number}", "{}", f"host{number}")


@pytest.mark.parametrize("poisoned", [0, 6], ids=["smoothly", "with batches that fail"])
def test_workers_side_by_side_do_each_entry_once_and_in_order(
    workers: Workers, database: Database, poisoned: int
) -> None:
    poison(database, poisoned)
    right = a_storm(database)

    workers.wait(workers.start(), workers.start())

    assert comments_by_host(database) == right
    found = list(states(database).values())
    assert (found.count(FAILED), found.count(WAITING)) == (poisoned, 0)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Ticket)) == HOSTS


def test_a_worker_killed_at_any_moment_loses_and_doubles_nothing(
    workers: Workers, database: Database
) -> None:
    right = a_storm(database)

    for _ in range(KILLS):
        pid = workers.start()
        time.sleep(random.uniform(0.0, 0.2))
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        workers.wait(pid)
    workers.wait(workers.start())

    assert set(states(database).values()) == {DONE}
    assert comments_by_host(database) == right


def test_an_entry_that_kills_every_worker_is_set_aside_and_the_rest_is_done(
    workers: Workers, database: Database
) -> None:
    with database.transaction() as session:
        keep(session, down(), *(comment(str(number)) for number in range(3)))
        keep(session, comment("kill me"), *(comment(str(number)) for number in range(3, 30)))

    started = 0
    while WAITING in states(database).values():
        workers.wait(workers.start(most_attempts=2))
        started += 1
        assert started < 20

    with database.reading() as session:
        (failed,) = queries.failed(session)
    assert "died" in (failed.reason or "")
    assert "kill me" in failed.payload
    assert comments_by_host(database) == {"web01": [str(number) for number in range(30)]}
    assert started == 3
