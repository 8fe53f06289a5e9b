"""The outbox: claimed by one, recorded by who holds the lease, cancelled before it is claimed."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bridge.database import Database
from bridge.installation import Installation
from bridge.outbox import actions as outbox
from bridge.outbox import queries
from bridge.outbox.actions import INTERRUPTED, Claim
from bridge.outbox.models import ACCEPTED, CANCELLED, CLAIMED, FAILED, WAITING, OutboxEntry
from bridge.outbox.outcome import Delivered, Outcome
from tests.lab.postgres import Postgres

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
LEASE = timedelta(seconds=120)
GOOD = Delivered(Outcome.ACCEPTED, "accepted")
LATER = Delivered(Outcome.FAILED_FOR_NOW, "refused for now")
NEVER = Delivered(Outcome.FAILED_FOR_GOOD, "no such account")
MAYBE = Delivered(Outcome.MAYBE, "no answer within its budget")


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def queue(session: Session, key: str = "a", due: float = 0, door: str = "page") -> OutboxEntry:
    payload = {"key": key}
    return outbox.queue(session, door, key, payload, 10001, NOW, at(due))


def claim(
    session: Session, seconds: float = 0, courier: str = "one", limit: int = 9
) -> list[Claim]:
    return outbox.claim(session, courier, limit, LEASE, at(seconds))


def take_over(session: Session, seconds: float) -> list[Claim]:
    return outbox.take_over(session, "next", 9, LEASE, at(seconds))


def interrupted(session: Session, seconds: float) -> None:
    """Take over what was left, and record it."""
    for one in take_over(session, seconds):
        session.flush()
        outbox.record(session, one.entry_id, one.generation, INTERRUPTED, at(seconds))


def keys(claims: list[Claim]) -> list[str]:
    return [str(one.payload["key"]) for one in claims]


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


def test_what_is_due_is_claimed_the_longest_due_first(session: Session) -> None:
    for key, due in (("second", 2), ("tomorrow", 86400), ("first", 1), ("now", 10)):
        queue(session, key, due)
    session.flush()

    assert queries.oldest_due(session, at(0)) is None
    assert queries.oldest_due(session, at(10)) == at(1)
    assert keys(claim(session, 10, limit=2)) == ["first", "second"]
    assert keys(claim(session, 10)) == ["now"]
    assert claim(session, 10) == []


def test_a_claim_says_what_to_deliver_and_that_it_is_the_first_time(session: Session) -> None:
    entry = queue(session)

    (found,) = claim(session)

    assert found == Claim(entry.id, 1, "page", {"key": "a"}, repeat=False)
    assert (entry.state, entry.claimed_by, entry.lease_until) == (CLAIMED, "one", NOW + LEASE)
    assert entry.attempts == 1


def test_a_key_is_queued_once(installation: Installation) -> None:
    with installation.database.transaction() as session:
        queue(session)
    with pytest.raises(IntegrityError), installation.database.transaction() as session:
        queue(session)


@pytest.mark.parametrize(
    ("delivered", "state", "due"),
    [
        pytest.param(GOOD, ACCEPTED, 0, id="accepted"),
        pytest.param(LATER, WAITING, 15, id="failed for now"),
        pytest.param(NEVER, FAILED, 0, id="failed for good"),
        pytest.param(MAYBE, WAITING, 15, id="maybe"),
    ],
)
def test_an_outcome_is_recorded_with_its_reason_and_the_next_try(
    session: Session, delivered: Delivered, state: str, due: float
) -> None:
    queue(session)
    (held,) = claim(session)

    entry = outbox.record(session, held.entry_id, held.generation, delivered, at(5))

    assert entry is not None
    assert (entry.state, entry.due_at, entry.reason) == (state, at(due), delivered.reason)
    assert entry.finished_at == (None if state == WAITING else at(5))
    assert entry.lease_until is None
    assert keys(claim(session, 15)) == (["a"] if state == WAITING else [])


def test_after_a_maybe_the_next_claim_is_marked_as_a_repeat_and_there_is_one_only(
    session: Session,
) -> None:
    queue(session)
    (first,) = claim(session)
    outbox.record(session, first.entry_id, first.generation, MAYBE, at(1))

    (second,) = claim(session, 11)
    assert second.repeat
    entry = outbox.record(session, second.entry_id, second.generation, MAYBE, at(12))

    assert entry is not None
    assert (entry.state, entry.maybes) == (FAILED, 2)
    assert claim(session, 99999) == []


def test_who_has_lost_the_lease_can_record_nothing(session: Session) -> None:
    entry = queue(session)
    (slow,) = claim(session, 0, "slow")
    (over,) = take_over(session, 121)

    assert (over.generation, over.repeat) == (slow.generation + 1, False)
    assert outbox.record(session, slow.entry_id, slow.generation, GOOD, at(122)) is None
    assert (entry.state, entry.claimed_by) == (CLAIMED, "next")

    assert outbox.record(session, over.entry_id, over.generation, INTERRUPTED, at(123)) is entry
    assert outbox.record(session, slow.entry_id, slow.generation, GOOD, at(124)) is None
    assert (entry.state, entry.maybes, entry.attempts) == (WAITING, 1, 1)


def test_nothing_is_recorded_for_what_is_not_there(session: Session) -> None:
    assert outbox.record(session, 4711, 1, GOOD, NOW) is None


def test_a_lease_holds_to_its_last_moment(session: Session) -> None:
    queue(session)
    claim(session)

    assert take_over(session, 120) == []
    assert keys(take_over(session, 120.000001)) == ["a"]
    # It is somebody's again.
    assert take_over(session, 120.000002) == []


def test_what_was_left_is_not_claimed_before_it_is_recorded_as_a_maybe(session: Session) -> None:
    entry = queue(session)
    claim(session)
    assert claim(session, 200) == []

    (over,) = take_over(session, 200)
    session.flush()
    outbox.record(session, over.entry_id, over.generation, INTERRUPTED, at(200))

    assert (entry.due_at, entry.reason) == (at(210), INTERRUPTED.reason)
    assert claim(session, 209) == []
    assert claim(session, 210)[0].repeat


def test_a_delivery_interrupted_twice_has_failed_because_it_may_have_arrived_twice(
    session: Session,
) -> None:
    entry = queue(session)
    claim(session, 0)
    interrupted(session, 200)
    (second,) = claim(session, 210)
    assert second.repeat
    interrupted(session, 400)

    assert (entry.state, entry.maybes, entry.finished_at) == (FAILED, 2, at(400))
    assert "may have arrived" in (entry.reason or "")
    assert queries.oldest_due(session, at(999)) is None


def test_the_leases_of_a_dead_courier_are_free_at_once(session: Session) -> None:
    queue(session, "dead's")
    dead = [one.entry_id for one in claim(session, 0, "dead")]
    queue(session, "living's")
    living = [one.entry_id for one in claim(session, 0, "living")]
    assert queries.claimed(session) == {"dead": dead, "living": living}

    # One of them has passed to somebody else since it was looked up.
    outbox.release(session, "dead", [*dead, *living], at(1))

    assert queries.anything_left(session, at(1))
    assert keys(take_over(session, 1)) == ["dead's"]
    assert not queries.anything_left(session, at(1))


@pytest.mark.parametrize(
    ("looked_at", "is_left"),
    [
        pytest.param(0, False, id="in somebody's hand"),
        pytest.param(120, False, id="to the lease's last moment"),
        pytest.param(120.000001, True, id="left by who had it"),
    ],
)
def test_only_what_nobody_has_in_hand_is_taken_over(
    session: Session, looked_at: float, is_left: bool
) -> None:
    queue(session)
    claim(session)

    assert queries.anything_left(session, at(looked_at)) is is_left
    assert bool(take_over(session, looked_at)) is is_left
    assert not queries.anything_free(session, at(looked_at))


def test_what_is_over_is_in_nobodys_hand(session: Session) -> None:
    queue(session)
    (held,) = claim(session)
    outbox.record(session, held.entry_id, held.generation, GOOD, at(1))
    session.flush()

    assert queries.claimed(session) == {}
    assert not queries.anything_free(session, at(999))


def test_what_nobody_has_claimed_is_cancelled(session: Session) -> None:
    waits, claimed, due_later = queue(session, "a"), queue(session, "b", -1), queue(session, "c", 9)
    claim(session, 0, limit=1)
    session.flush()
    ids = [one.id for one in (waits, claimed, due_later)]

    assert sorted(outbox.cancel(session, [*ids, 4711], "acknowledged", at(1))) == [ids[0], ids[2]]
    assert outbox.cancel(session, ids, "again", at(2)) == []
    assert outbox.cancel(session, [], "nothing", at(2)) == []

    session.expire_all()
    assert [one.state for one in (waits, claimed, due_later)] == [CANCELLED, CLAIMED, CANCELLED]
    assert (waits.reason, waits.finished_at) == ("acknowledged", at(1))
    assert claim(session, 99) == []


def test_what_waits_for_its_next_try_is_cancelled_and_an_outcome_afterwards_is_none(
    session: Session,
) -> None:
    entry = queue(session)
    (held,) = claim(session)
    outbox.record(session, held.entry_id, held.generation, LATER, at(1))

    assert outbox.cancel(session, [entry.id], "recovered", at(2)) == [entry.id]
    assert outbox.record(session, held.entry_id, held.generation, GOOD, at(3)) is None
    assert entry.state == CANCELLED


@pytest.mark.parametrize("door", ["page", "icinga"])
def test_a_matter_that_lasts_is_tried_for_years(session: Session, door: str) -> None:
    entry = queue(session, door=door)
    session.flush()
    often = 40_000
    session.execute(update(OutboxEntry).values(attempts=often, maybes=often * (door == "icinga")))

    (held,) = claim(session)
    outbox.record(session, held.entry_id, held.generation, LATER, at(1))
    session.flush()

    assert (entry.state, entry.attempts) == (WAITING, often + 1)


def test_couriers_side_by_side_never_claim_the_same(pg: Database) -> None:
    with pg.transaction() as session:
        for number in range(200):
            queue(session, str(number))

    def courier(name: int) -> list[str]:
        mine: list[str] = []
        while True:
            with pg.transaction() as session:
                found = outbox.claim(session, str(name), 7, LEASE, at(1))
            if not found:
                return mine
            mine += keys(found)

    with ThreadPoolExecutor(4) as threads:
        claimed = [key for each in threads.map(courier, range(4)) for key in each]

    assert sorted(claimed, key=int) == [str(number) for number in range(200)]


def test_a_cancellation_waits_for_a_claim_and_comes_too_late(pg: Database) -> None:
    with pg.transaction() as session:
        entry_id = flushed(session, queue(session))

    def cancel() -> list[int]:
        with pg.transaction() as session:
            return outbox.cancel(session, [entry_id], "acknowledged", at(1))

    with ThreadPoolExecutor(1) as threads, pg.transaction() as session:
        assert len(claim(session)) == 1
        session.flush()
        cancelled = threads.submit(cancel)
        assert not cancelled.done()
        session.commit()
        assert cancelled.result(timeout=10) == []


def test_a_claim_passes_over_what_is_being_cancelled(pg: Database) -> None:
    with pg.transaction() as session:
        entry_id = flushed(session, queue(session))

    with pg.transaction() as one, pg.transaction() as other:
        assert outbox.cancel(one, [entry_id], "acknowledged", at(1)) == [entry_id]
        assert claim(other) == []
    with pg.transaction() as session:
        assert claim(session) == []


def flushed(session: Session, entry: OutboxEntry) -> int:
    session.flush()
    return entry.id


def test_a_claim_that_is_rolled_back_never_was(database: Database) -> None:
    with database.transaction() as session:
        queue(session)

    def break_off() -> None:
        with database.transaction() as session:
            assert keys(claim(session)) == ["a"]
            raise KeyError

    with pytest.raises(KeyError):
        break_off()

    with database.transaction() as session:
        (held,) = claim(session, 1)
    assert (held.generation, held.repeat) == (1, False)
