"""The group commit: many requests in one commit, to each its own result, and nobody forgotten."""

import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select, text

from bridge import database as database_module
from bridge.database import Database, DatabaseUnavailable
from bridge.inbox.actions import Incoming
from bridge.inbox.models import InboxEntry
from bridge.installation import Installation
from bridge.webhooks import intake as intake_module
from bridge.webhooks.intake import MOST_ENTRIES, Intake, Kept
from tests.lab.postgres import Postgres
from tests.lab.processes import heard, running, tell

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
THREADS = 16
# Holds the turn to write on SQLite, as a busy worker does.
HOLDER = """
import sys
from pathlib import Path
from bridge.fair_lock import held
with held(Path(sys.argv[1]), 30):
    print("held", flush=True)
    sys.stdin.readline()
"""


def incoming(*event_ids: str, at: datetime = NOW) -> list[Incoming]:
    return [Incoming("icinga-main", "icinga", one, "web01", at, "{}") for one in event_ids]


def stored(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(InboxEntry)) or 0


@pytest.fixture
def intake(installation: Installation) -> Intake:
    return Intake(installation.database)


@pytest.fixture
def database(installation: Installation) -> Database:
    return installation.database


@contextmanager
def nobody_can_write(database: Database) -> Iterator[None]:
    """Keep every writer waiting until the block ends, which lets requests gather."""
    if database.is_sqlite:
        with running(HOLDER, f"{database.engine.url.database}.lock") as holder:
            assert heard(holder) == "held"
            yield
            tell(holder)
            holder.wait(10)
        return
    other = Database(database.engine.url.render_as_string(hide_password=False))
    with other.transaction() as session:
        session.execute(text("LOCK TABLE inbox IN EXCLUSIVE MODE"))
        yield
    other.close()


def together(
    intake: Intake, database: Database, requests: Sequence[Sequence[Incoming]]
) -> list[Future[Kept]]:
    """Keep these at once, while nobody can write, and return what became of each."""
    with ThreadPoolExecutor(len(requests)) as threads, nobody_can_write(database):
        futures = [threads.submit(intake.keep, one) for one in requests]
        time.sleep(0.3)
        assert not any(one.done() for one in futures)
    return futures


def test_a_request_is_told_what_was_new(intake: Intake, database: Database) -> None:
    assert intake.keep(incoming("a", "b", "a")) == Kept(2, 1)
    assert intake.keep(incoming("b", "c")) == Kept(1, 1)
    assert intake.keep([]) == Kept(0, 0)
    assert stored(database) == 3


@pytest.mark.parametrize("count", [MOST_ENTRIES - 1, MOST_ENTRIES, MOST_ENTRIES * 2 + 1])
def test_many_entries_are_counted_over_all_their_commits(
    intake: Intake, database: Database, count: int
) -> None:
    ids = [str(number) for number in range(count)]

    assert intake.keep(incoming(*ids, *ids[:10], ids[0])) == Kept(count, 11)
    assert stored(database) == count


def test_requests_of_one_moment_each_learn_their_own_result(
    intake: Intake, database: Database
) -> None:
    intake.keep(incoming("old"))

    futures = together(
        intake, database, [incoming(f"{number}", f"{number}", "old") for number in range(THREADS)]
    )

    assert [one.result() for one in futures] == [Kept(1, 2)] * THREADS
    assert stored(database) == THREADS + 1


def test_of_one_id_posted_by_many_at_once_one_is_kept(intake: Intake, database: Database) -> None:
    futures = together(intake, database, [incoming("same")] * THREADS)

    results = [one.result() for one in futures]
    assert sorted(one.kept for one in results) == [0] * (THREADS - 1) + [1]
    assert {one.kept + one.duplicates for one in results} == {1}
    assert stored(database) == 1


def test_an_error_reaches_everybody_whose_entries_it_cost_and_the_next_ones_are_kept(
    intake: Intake, database: Database
) -> None:
    naive = datetime(2026, 11, 23)  # noqa: DTZ001 - what no statement accepts
    requests = [incoming(str(number)) for number in range(THREADS - 1)]

    futures = together(intake, database, [*requests, incoming("poison", at=naive)])

    errors = [one.exception() for one in futures]
    kept = [one.result() for one, error in zip(futures, errors, strict=True) if error is None]
    # Who came first went alone; all the others were in one commit with the poison.
    assert len(kept) <= 1
    assert all(error is None or "naive" in str(error) for error in errors)
    assert stored(database) == len(kept)
    assert intake.keep(incoming("next")) == Kept(1, 0)


def test_a_database_that_stays_busy_is_told_to_everybody_in_bounded_time(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "LOCK_SECONDS", 0.5)
    options = database_module.POSTGRES_OPTIONS.replace("lock_timeout=5s", "lock_timeout=500ms")
    connection = database_module.POSTGRES_CONNECTION | {"options": options}
    monkeypatch.setattr(database_module, "POSTGRES_CONNECTION", connection)
    monkeypatch.setattr(intake_module, "WAIT_SECONDS", 1.0)
    opened = Database(database.engine.url.render_as_string(hide_password=False))
    intake = Intake(opened)

    began = time.monotonic()
    with nobody_can_write(database), ThreadPoolExecutor(THREADS) as threads:
        futures = [threads.submit(intake.keep, incoming(str(n))) for n in range(THREADS)]
        errors = [one.exception(timeout=10) for one in futures]

    assert {type(one) for one in errors} == {DatabaseUnavailable}
    assert time.monotonic() - began < 4.0
    assert stored(database) == 0
    assert intake.keep(incoming(*map(str, range(THREADS)))) == Kept(THREADS, 0)
    opened.close()


def test_who_waits_too_long_behind_another_leaves_the_line_and_is_not_kept(
    intake: Intake, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake_module, "WAIT_SECONDS", 0.2)
    with ThreadPoolExecutor(2) as threads:
        with nobody_can_write(database):
            first = threads.submit(intake.keep, incoming("first"))
            time.sleep(0.1)
            second = threads.submit(intake.keep, incoming("second"))
            assert isinstance(second.exception(timeout=5), DatabaseUnavailable)
        assert first.result(timeout=10) == Kept(1, 0)

    assert stored(database) == 1
    assert intake.keep(incoming("second")) == Kept(1, 0)


def test_threads_that_never_pause_are_all_served(intake: Intake, database: Database) -> None:
    end = time.monotonic() + 0.7
    counts = [0] * THREADS

    def post(thread: int) -> None:
        while time.monotonic() < end:
            assert intake.keep(incoming(f"{thread}-{counts[thread]}")) == Kept(1, 0)
            counts[thread] += 1

    threads = [threading.Thread(target=post, args=(thread,)) for thread in range(THREADS)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(20)

    assert not any(one.is_alive() for one in threads)
    assert stored(database) == sum(counts)
    assert min(counts) > 0


def test_two_nodes_keep_one_id_once(postgres: Postgres) -> None:
    with postgres.database() as url:
        nodes = [Database(url) for _ in range(4)]
        ids = [str(number) for number in range(200)]
        with ThreadPoolExecutor(len(nodes)) as threads:
            kept = list(threads.map(lambda node: Intake(node).keep(incoming(*ids)), nodes))

        assert sum(one.kept for one in kept) == len(ids)
        assert stored(nodes[0]) == len(ids)
        for node in nodes:
            node.close()
