"""The inbox is worked through: in order, in batches, and what fails is set aside."""

import json
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, text, update
from sqlalchemy.orm import Session

from bridge import database as database_module
from bridge.database import Database, DatabaseUnavailable
from bridge.flows import problems
from bridge.flows.directory import Directory
from bridge.flows.problems import Heard
from bridge.inbox import actions as inbox
from bridge.inbox import queries
from bridge.inbox.models import DONE, FAILED, InboxEntry, InboxLane
from bridge.outbox import actions as outbox
from bridge.outbox import queries as outbox_queries
from bridge.worker import processing
from bridge.worker.processing import Processor
from tests.builders import MONDAY_9_UTC
from tests.lab.postgres import Postgres
from tests.worker.entries import (
    an_installation,
    comment,
    comments_by_host,
    down,
    keep,
    keep_payload,
    states,
    work_off,
)


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


@pytest.mark.parametrize(
    ("races", "state"),
    [
        pytest.param(1, DONE, id="in the batch only"),
        pytest.param(processing.RACES, DONE, id="alone too, and then no more"),
        pytest.param(99, FAILED, id="always, which is no race"),
    ],
)
def test_who_loses_a_race_that_a_constraint_has_settled_tries_again(
    processor: Processor,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    races: int,
    state: str,
) -> None:
    take_in, calls = problems.take_in, []

    def racing(
        session: Session, directory: Directory, heard: Sequence[Heard], now: datetime
    ) -> None:
        calls.append(heard)
        take_in(session, directory, heard, now)
        if len(calls) <= races:
            # As if somebody else had been faster: this row has long been there.
            session.execute(insert(InboxLane).values(lane=0))

    monkeypatch.setattr(problems, "take_in", racing)
    processor.step()
    with database.transaction() as session:
        keep(session, down())

    processor.step()

    assert set(states(database).values()) == {state}
    with database.reading() as session:
        reasons = [one.reason or "" for one in queries.failed(session)]
    assert [one.partition(":")[0] for one in reasons] == (
        ["IntegrityError"] if state == FAILED else []
    )


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

    def remember(_c: object, _cursor: object, statement: str, given: Any, *_: object) -> None:
        seen.append((statement, given))

    with database.transaction() as session:
        keep(session, down())
        connection = session.connection()
        event.listen(connection, "before_cursor_execute", remember)
        inbox.take(session, 8)
        inbox.forget_done(session, MONDAY_9_UTC)
        outbox_queries.oldest_due(session, MONDAY_9_UTC)
        outbox_queries.anything_free(session, MONDAY_9_UTC)
        outbox_queries.claimed(session)
        outbox.claim(session, "a courier", 5, timedelta(seconds=1), MONDAY_9_UTC)
        event.remove(connection, "before_cursor_execute", remember)
        plans = [
            row[3]
            for statement, given in seen
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)
        ]

    assert len(seen) > 4
    assert [plan for plan in plans if plan in {"SCAN inbox", "SCAN outbox", "SEARCH outbox"}] == []


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
