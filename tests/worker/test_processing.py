"""The inbox is worked through: each entry once, in order per object, whatever fails on the way."""

import json
import os
import random
import signal
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from bridge import database as database_module
from bridge.database import Database, DatabaseUnavailable
from bridge.inbox import actions as inbox
from bridge.inbox import queries
from bridge.inbox.actions import Incoming
from bridge.inbox.models import DONE, FAILED, WAITING, InboxEntry
from bridge.installation import Installation
from bridge.keys import Keys
from bridge.settings import Settings
from bridge.tickets.journal import Event
from bridge.tickets.models import JournalEntry, JournalText, Ticket
from bridge.worker import processing
from bridge.worker.processing import Processor
from tests import builders
from tests.builders import MONDAY_9_UTC, SOURCE, later, notification
from tests.lab.postgres import Postgres
from tests.lab.processes import Process, heard, running, tell

PROOF = os.environ.get("HYPOTHESIS_PROFILE") == "proof"
SECRET = "a key for tests only, long enough to be one"
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


def keep(session: Session, *said: dict[str, Any]) -> None:
    builders.keep(session, said, MONDAY_9_UTC)


def keep_payload(session: Session, event_id: str, payload: str, about: str = "web01") -> None:
    entry = Incoming(SOURCE, "icinga", event_id, about, MONDAY_9_UTC, payload)
    inbox.keep(session, [entry], MONDAY_9_UTC)


def comment(words: str, host: str = "web01", minute: float = 0) -> dict[str, Any]:
    return notification(
        "CUSTOM", later(minute), host=host, service=None, comment=words, author="anna"
    )


def down(host: str = "web01", minute: float = 0) -> dict[str, Any]:
    return notification("PROBLEM", later(minute), host=host, service=None)


def work_off(processor: Processor) -> int:
    done = 0
    while count := processor.step():
        done += count
    return done


def comments_by_host(database: Database) -> dict[str, list[str]]:
    """Return what was said about each host, as it stands in the journal."""
    statement = (
        select(Ticket.title, JournalText.text)
        .join(JournalEntry, JournalEntry.ticket_number == Ticket.number)
        .join(JournalText, JournalText.entry_id == JournalEntry.id)
        .where(JournalEntry.kind == Event.COMMENT.value)
        .order_by(JournalEntry.id)
    )
    found = defaultdict(list)
    with database.reading() as session:
        for host, words in session.execute(statement):
            found[host].append(words)
    return dict(found)


def states(database: Database) -> dict[str, str]:
    with database.reading() as session:
        rows = session.execute(select(InboxEntry.event_id, InboxEntry.state))
        return {row.event_id: row.state for row in rows}


@pytest.fixture
def database(installation: Installation) -> Database:
    builders.apply_desk(installation)
    return installation.database


@pytest.fixture
def processor(installation: Installation, database: Database) -> Processor:
    return Processor(installation)


def test_with_nothing_in_it_nothing_is_done(processor: Processor) -> None:
    assert processor.step() == 0


def test_what_waits_is_done_once(processor: Processor, database: Database) -> None:
    with database.transaction() as session:
        keep(session, down(), comment("a"), comment("b"))

    assert work_off(processor) == 3
    assert processor.step() == 0

    assert set(states(database).values()) == {DONE}
    assert comments_by_host(database) == {"web01": ["a", "b"]}


def test_what_happened_earlier_comes_first_and_ties_go_by_arrival(
    processor: Processor, database: Database
) -> None:
    with database.transaction() as session:
        keep(session, comment("third", minute=2), comment("first", minute=1))
        keep(session, comment("second", minute=1), down(minute=0))

    work_off(processor)

    assert comments_by_host(database) == {"web01": ["first", "second", "third"]}


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        pytest.param("{}", "NotANotification: ", id="no notification"),
        pytest.param("no JSON", "JSONDecodeError: ", id="no JSON"),
        pytest.param("[" * 100_000, "RecursionError: ", id="nested without an end"),
    ],
)
def test_what_cannot_be_processed_is_set_aside_and_the_rest_is_done(
    processor: Processor, database: Database, payload: str, reason: str
) -> None:
    with database.transaction() as session:
        keep(session, down(), comment("before"))
        keep_payload(session, "poison", payload)
        keep(session, comment("after"), down("db01"), comment("beside", "db01"))

    work_off(processor)

    assert states(database).pop("poison") == FAILED
    assert set(states(database).values()) == {DONE, FAILED}
    assert comments_by_host(database) == {"web01": ["before", "after"], "db01": ["beside"]}
    with database.reading() as session:
        (failed,) = queries.failed(session)
        assert (failed.reason or "").startswith(reason)


def test_what_was_set_aside_is_done_when_it_is_replayed(
    processor: Processor, database: Database
) -> None:
    with database.transaction() as session:
        keep(session, down())
        keep_payload(session, "poison", "{}")
    work_off(processor)

    mended = json.dumps(comment("mended"))
    with database.transaction() as session:
        session.execute(
            update(InboxEntry).where(InboxEntry.event_id == "poison").values(payload=mended)
        )
        assert inbox.replay(session, None) == 1
    work_off(processor)

    assert states(database)["poison"] == DONE
    assert comments_by_host(database) == {"web01": ["mended"]}


def test_what_is_replayed_and_still_wrong_is_set_aside_again(
    processor: Processor, database: Database
) -> None:
    with database.transaction() as session:
        keep_payload(session, "poison", "{}")
    for _ in range(5):
        assert work_off(processor) == 1
        with database.transaction() as session:
            assert inbox.replay(session, None) == 1


def test_a_database_that_is_busy_sets_nothing_aside(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = database_module.POSTGRES_OPTIONS.replace("lock_timeout=5s", "lock_timeout=50ms")
    connection = database_module.POSTGRES_CONNECTION | {"options": options}
    monkeypatch.setattr(database_module, "POSTGRES_CONNECTION", connection)
    with postgres.database() as url:
        opened, other = Database(url), Database(url)
        processor = Processor(an_installation(url, opened))
        with opened.transaction() as session:
            keep(session, down(), comment("a"))
        for _ in range(5):
            with other.transaction() as theirs:
                theirs.execute(text("LOCK TABLE problems"))
                with pytest.raises(DatabaseUnavailable):
                    processor.step()

        work_off(processor)
        assert set(states(opened).values()) == {DONE}
        assert comments_by_host(opened) == {"web01": ["a"]}
        opened.close()
        other.close()


def an_installation(url: str, opened: Database) -> Installation:
    made = Installation(Settings(database_url=url), Keys((SECRET,)), opened)
    builders.apply_desk(made)
    return made


def test_batches_grow_while_they_are_quick_and_shrink_when_they_are_not(
    processor: Processor, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processor, "_budget", 1000.0)
    processor.step()
    with database.transaction() as session:
        keep(session, down(), *(comment(str(number)) for number in range(999)))
    quick = [processor.step() for _ in range(3)]
    monkeypatch.setattr(processor, "_budget", 0.0)
    slow = [processor.step() for _ in range(5)]

    smallest = processing.SMALLEST
    assert quick == [smallest, smallest * 2, smallest * 4]
    assert slow == [smallest * 8, smallest * 4, smallest * 2, smallest, smallest]


def test_what_has_long_been_done_does_not_slow_the_next_batch(database: Database) -> None:
    """The queries of the hot path go by their indexes, also when much has gone through before."""
    if not database.is_sqlite:
        pytest.skip("only SQLite tells its plan in words that stay the same")
    seen = []

    def remember(_c: object, _cursor: object, statement: str, given: object, *_: object) -> None:
        seen.append((statement, given))

    from sqlalchemy import event

    from bridge.outbox import actions as outbox
    from bridge.outbox import queries as outbox_queries

    with database.transaction() as session:
        keep(session, down())
        connection = session.connection()
        event.listen(connection, "before_cursor_execute", remember)
        inbox.take(session, 8)
        inbox.forget_done(session, MONDAY_9_UTC)
        outbox_queries.oldest_due(session, MONDAY_9_UTC)
        outbox.claim(session, "a courier", 5, timedelta(seconds=1), MONDAY_9_UTC)
        event.remove(connection, "before_cursor_execute", remember)
        plans = [
            row[3]
            for statement, given in seen
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)
        ]

    assert len(seen) > 4
    assert [plan for plan in plans if plan in {"SCAN inbox", "SCAN outbox", "SEARCH outbox"}] == []


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


def test_an_entry_taken_singly_is_left_alone_once_a_colleague_has_done_it(
    postgres: Postgres,
) -> None:
    with postgres.database() as url:
        mine, theirs = Database(url), Database(url)
        processor = Processor(an_installation(url, mine))
        with mine.transaction() as session:
            keep(session, down(), comment("once"))
        processor.step()
        with mine.transaction() as session:
            keep(session, comment("twice?"))
            (entry,) = inbox.take(session, 1)
        entry_id = entry.id

        with ThreadPoolExecutor(1) as threads:
            with theirs.transaction() as session:
                entries = inbox.take(session, 10)
                directory = an_installation(url, mine).directories.current(session)
                processing.process(session, directory, entries, MONDAY_9_UTC)
                session.flush()
                single = threads.submit(processor._one, entry_id)
                time.sleep(0.2)
                assert not single.done()
                inbox.finish(session, entries, MONDAY_9_UTC)
            # Neither is in the other's way, for which PostgreSQL would end one of them.
            single.result(timeout=10)

        assert comments_by_host(mine) == {"web01": ["once", "twice?"]}
        mine.close()
        theirs.close()
