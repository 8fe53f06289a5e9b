"""The inbox: kept once, handed out in order, one lane at a time, and never lost."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bridge.database import Database
from bridge.inbox import actions as inbox
from bridge.inbox import queries
from bridge.inbox.actions import Incoming
from bridge.inbox.models import DONE, FAILED, LANES, WAITING, InboxEntry
from bridge.installation import Installation
from tests.lab.postgres import Postgres

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
SOURCE = "icinga-main"


def incoming(event_id: str, about: str = "web01", seconds: float = 0, **more: str) -> Incoming:
    given = {"source": SOURCE, "kind": "icinga", "payload": "{}"} | more
    at = NOW + timedelta(seconds=seconds)
    return Incoming(event_id=event_id, about=about, event_at=at, **given)


def ids(entries: list[InboxEntry]) -> list[str]:
    return [entry.event_id for entry in entries]


def waiting(session: Session) -> int:
    statement = select(func.count()).where(InboxEntry.state == WAITING)
    return session.scalar(statement) or 0


@pytest.fixture
def database(installation: Installation) -> Database:
    return installation.database


@pytest.fixture
def pg(postgres: Postgres) -> Iterator[Database]:
    """A PostgreSQL, for what takes two sessions at once."""
    with postgres.database() as url:
        opened = Database(url)
        yield opened
        opened.close()


def test_what_is_new_is_told_and_waits(session: Session) -> None:
    new = inbox.keep(session, [incoming("a"), incoming("b")], NOW)

    assert new == {(SOURCE, "a"), (SOURCE, "b")}
    assert ids(inbox.take(session, 10)) == ["a", "b"]
    assert queries.oldest_waiting(session) == NOW


def test_nothing_is_kept_for_nothing(session: Session) -> None:
    assert inbox.keep(session, [], NOW) == set()
    assert waiting(session) == 0


def test_an_id_is_kept_once_per_source(database: Database) -> None:
    with database.transaction() as session:
        inbox.keep(session, [incoming("a", payload="first")], NOW)
    with database.transaction() as session:
        again = [incoming("a", payload="second"), incoming("a", source="other"), incoming("b")]
        new = inbox.keep(session, again, NOW + timedelta(seconds=1))

    assert new == {("other", "a"), (SOURCE, "b")}
    with database.reading() as session:
        kept = select(InboxEntry.payload).where(
            InboxEntry.source == SOURCE, InboxEntry.event_id == "a"
        )
        assert session.scalars(kept).all() == ["first"]


def test_of_two_with_one_id_in_a_batch_the_first_counts_in_its_place(session: Session) -> None:
    batch = [incoming("a", payload="first"), incoming("b"), incoming("a", payload="second")]

    assert inbox.keep(session, batch, NOW) == {(SOURCE, "a"), (SOURCE, "b")}

    found = inbox.take(session, 10)
    assert [(one.event_id, one.payload) for one in found] == [("a", "first"), ("b", "{}")]


def test_what_has_been_done_is_still_a_duplicate(database: Database) -> None:
    with database.transaction() as session:
        inbox.keep(session, [incoming("a")], NOW)
        inbox.finish(session, inbox.take(session, 1), NOW)

    with database.transaction() as session:
        assert inbox.keep(session, [incoming("a")], NOW) == set()
        assert inbox.take(session, 1) == []


@pytest.mark.parametrize("count", [1, 999, 1000, 1001, 2500])
def test_many_are_kept_in_the_order_of_arrival(session: Session, count: int) -> None:
    arrived = [str(number) for number in range(count)]

    assert len(inbox.keep(session, [incoming(one) for one in arrived], NOW)) == count

    by_id = select(InboxEntry.event_id).order_by(InboxEntry.id)
    assert session.scalars(by_id).all() == arrived
    assert ids(inbox.take(session, count + 1)) == arrived


def test_what_happened_earlier_is_handed_out_earlier_and_ties_go_by_arrival(
    session: Session,
) -> None:
    said = [
        incoming("late", seconds=9),
        incoming("first"),
        incoming("second"),
        incoming("old", seconds=-9),
    ]
    for one in said:
        inbox.keep(session, [one], NOW)

    assert ids(inbox.take(session, 10)) == ["old", "first", "second", "late"]
    assert ids(inbox.take(session, 2)) == ["old", "first"]


def test_a_thing_has_one_lane_for_ever_and_things_are_spread() -> None:
    assert inbox.lane(SOURCE, "web01") == inbox.lane(SOURCE, "web01") == 41
    assert inbox.lane(SOURCE, "wéb☃") in range(LANES)
    assert len({inbox.lane(SOURCE, f"host{number}") for number in range(2000)}) == LANES


def test_a_lane_is_taken_by_one_worker_and_given_back_when_it_is_done(pg: Database) -> None:
    with pg.transaction() as session:
        inbox.keep(session, [incoming("a"), incoming("b", "db01")], NOW)
    assert inbox.lane(SOURCE, "web01") != inbox.lane(SOURCE, "db01")

    with pg.transaction() as one, pg.transaction() as other:
        assert sorted(ids(inbox.take(one, 10))) == ["a", "b"]
        assert inbox.take(other, 10) == []

    with pg.transaction() as session:
        assert sorted(ids(inbox.take(session, 10))) == ["a", "b"]


def test_workers_share_the_lanes_when_there_are_many(pg: Database) -> None:
    with pg.transaction() as session:
        inbox.keep(session, [incoming(str(n), f"host{n}") for n in range(500)], NOW)

    with ExitStack() as open_ones:
        sessions = [open_ones.enter_context(pg.transaction()) for _ in range(LANES // 8)]
        taken = [inbox.take(session, 1000) for session in sessions]
        lanes = [{entry.lane for entry in one} for one in taken]

    assert all(lanes)
    assert sum(map(len, lanes)) == len(set().union(*lanes))


def test_a_single_entry_waits_for_its_lane_and_is_not_taken_twice(pg: Database) -> None:
    with pg.transaction() as session:
        inbox.keep(session, [incoming("a")], NOW)
        entry_id = inbox.take(session, 1)[0].id
    found: list[InboxEntry | None] = []

    def take_it() -> None:
        with pg.transaction() as mine:
            found.append(inbox.take_one(mine, entry_id))

    with pg.transaction() as other:
        entries = inbox.take(other, 1)
        thread = threading.Thread(target=take_it)
        thread.start()
        thread.join(0.3)
        assert thread.is_alive()
        inbox.finish(other, entries, NOW)
    thread.join(5)

    assert found == [None]


def test_a_single_entry_that_waits_is_taken(session: Session) -> None:
    inbox.keep(session, [incoming("a")], NOW)
    (entry,) = inbox.take(session, 1)

    assert inbox.take_one(session, entry.id) is entry
    assert inbox.take_one(session, entry.id + 1) is None


def test_an_entry_is_set_aside_with_its_reason_and_replayed(database: Database) -> None:
    with database.transaction() as session:
        inbox.keep(session, [incoming("a"), incoming("b")], NOW)
        first, second = inbox.take(session, 2)
        inbox.fail(session, first.id, "ValueError: no such thing", NOW)
        inbox.finish(session, [second], NOW)
        first_id, second_id = first.id, second.id

    with database.transaction() as session:
        assert inbox.take(session, 10) == []
        assert [one.reason for one in queries.failed(session)] == ["ValueError: no such thing"]
        assert queries.failed_count(session) == 1
        assert queries.oldest_waiting(session) is None
        assert inbox.replay(session, [second_id]) == 0
        assert inbox.replay(session, [first_id]) == 1
        assert inbox.replay(session, [first_id]) == 0

    with database.transaction() as session:
        assert ids(inbox.take(session, 10)) == ["a"]


def test_everything_that_failed_is_replayed_at_once(session: Session) -> None:
    inbox.keep(session, [incoming(str(number)) for number in range(5)], NOW)
    for entry in inbox.take(session, 5)[:3]:
        inbox.fail(session, entry.id, "why", NOW)

    assert inbox.replay(session, None) == 3
    assert inbox.replay(session, None) == 0
    assert waiting(session) == 5


def test_what_is_done_does_not_fail_afterwards(session: Session) -> None:
    inbox.keep(session, [incoming("a")], NOW)
    (entry,) = inbox.take(session, 1)
    inbox.finish(session, [entry], NOW)

    inbox.fail(session, entry.id, "too late", NOW)

    session.refresh(entry)
    assert (entry.state, entry.reason) == (DONE, None)


@pytest.mark.parametrize(
    ("reason", "kept"),
    [
        pytest.param("nul \0 byte", "nul  byte", id="NUL"),
        pytest.param("half \ud800 pair", "half ? pair", id="half a surrogate pair"),
        pytest.param("x" * 9000, "x" * 500, id="long"),
        pytest.param("schön ☃", "schön ☃", id="signs"),
    ],
)
def test_every_reason_can_be_stored(session: Session, reason: str, kept: str) -> None:
    inbox.keep(session, [incoming("a")], NOW)
    (entry,) = inbox.take(session, 1)

    inbox.fail(session, entry.id, reason, NOW)

    session.refresh(entry)
    assert (entry.state, entry.reason) == (FAILED, kept)


def test_an_entry_that_kills_its_worker_again_and_again_is_set_aside(session: Session) -> None:
    inbox.keep(session, [incoming("a")], NOW)
    (entry,) = inbox.take(session, 1)

    tries = [inbox.attempt(session, entry, NOW) for _ in range(inbox.MOST_ATTEMPTS + 1)]

    assert tries == [True] * inbox.MOST_ATTEMPTS + [False]
    session.refresh(entry)
    assert entry.state == FAILED
    assert "the worker died" in (entry.reason or "")
    inbox.replay(session, None)
    session.refresh(entry)
    assert inbox.attempt(session, entry, NOW) is True


def test_what_was_done_long_ago_is_forgotten_and_nothing_else(session: Session) -> None:
    old, edge = NOW - inbox.KEPT_FOR - timedelta(seconds=1), NOW - inbox.KEPT_FOR
    for name, at in (("old", old), ("edge", edge), ("failed", old), ("waits", old)):
        inbox.keep(session, [incoming(name)], at)
    by_name = {entry.event_id: entry for entry in inbox.take(session, 10)}
    inbox.finish(session, [by_name["old"], by_name["edge"]], NOW)
    inbox.fail(session, by_name["failed"].id, "why", NOW)

    assert inbox.forget_done(session, NOW) == 1

    left = select(InboxEntry.event_id).order_by(InboxEntry.id)
    assert session.scalars(left).all() == ["edge", "failed", "waits"]


def test_not_too_much_is_forgotten_at_once(session: Session) -> None:
    old = NOW - inbox.KEPT_FOR - timedelta(days=1)
    inbox.keep(session, [incoming(str(number)) for number in range(5)], old)
    inbox.finish(session, inbox.take(session, 5), old)

    assert [inbox.forget_done(session, NOW, 2) for _ in range(4)] == [2, 2, 1, 0]
