"""The database: all or nothing, one state to read, and no value in an error."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from bridge import database, schema, utc
from bridge.database import BadDatabaseUrl, Database, DatabaseUnavailable
from bridge.vault.models import Secret
from tests.lab.postgres import Postgres
from tests.lab.rows import HIDDEN, NOW, a_row, keep, names, refusal


@pytest.fixture
def opened(database_url: str) -> Iterator[Database]:
    found = Database(database_url)
    yield found
    found.close()


def test_a_transaction_is_kept_as_a_whole(opened: Database) -> None:
    keep(opened, "a")

    assert names(opened) == ["a"]


def test_a_block_that_fails_leaves_nothing(opened: Database) -> None:
    def break_off() -> None:
        with opened.transaction() as session:
            session.add(a_row("a"))
            session.flush()
            raise KeyError

    with pytest.raises(KeyError):
        break_off()

    assert names(opened) == []


@pytest.mark.parametrize("error", [FileNotFoundError("a"), TimeoutError("b"), ValueError("c")])
def test_an_error_of_the_block_is_not_taken_for_one_of_the_database(
    opened: Database, error: Exception
) -> None:
    with pytest.raises(type(error)) as caught, opened.transaction():
        raise error
    assert caught.value is error

    with pytest.raises(type(error)) as caught, opened.reading():
        raise error
    assert caught.value is error


def test_a_broken_constraint_is_told_without_the_values(opened: Database) -> None:
    keep(opened, "a")

    with pytest.raises(IntegrityError) as caught:
        keep(opened, "a")

    assert HIDDEN not in str(caught.value)


def test_what_is_read_is_one_state_of_the_database(opened: Database) -> None:
    counting = select(func.count()).select_from(Secret)
    with opened.reading() as session:
        before = session.scalar(counting)
        keep(opened, "a")
        after = session.scalar(counting)

    assert (before, after) == (0, 0)
    assert names(opened) == ["a"]


def test_what_is_written_while_reading_is_lost_or_refused(opened: Database) -> None:
    def write() -> None:
        with opened.reading() as session:
            session.execute(text("DELETE FROM inbox_lanes"))

    if opened.is_sqlite:
        write()
    else:
        # Not DatabaseUnavailable: it is a bug of ours, that trying again does not mend.
        with pytest.raises(DBAPIError, match="read-only"):
            write()

    with opened.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM inbox_lanes")) == 64


@pytest.mark.parametrize("moment", [NOW, NOW.replace(microsecond=123456), utc.from_timestamp(0)])
def test_moments_come_back_as_they_were_and_compare(opened: Database, moment: datetime) -> None:
    with opened.transaction() as session:
        away = moment.astimezone(tz=None)
        session.add(Secret(name="a", ciphertext=HIDDEN, changed_at=away))

    with opened.reading() as session:
        found = session.get_one(Secret, "a").changed_at
        before = session.scalar(
            select(Secret.name).where(Secret.changed_at < moment + timedelta(microseconds=1))
        )
        later = session.scalar(select(Secret.name).where(Secret.changed_at < moment))
    assert (found, found.tzinfo, before, later) == (moment, UTC, "a", None)


def test_a_naive_moment_is_not_kept(opened: Database) -> None:
    naive = datetime(2026, 11, 23)  # noqa: DTZ001 - what is refused
    with pytest.raises(Exception, match="naive"), opened.transaction() as session:
        session.add(Secret(name="a", ciphertext=HIDDEN, changed_at=naive))


def test_the_time_of_the_database_is_in_utc(opened: Database) -> None:
    with opened.reading() as session:
        found = database.now(session)

    assert found.tzinfo is UTC
    assert abs(found - utc.now()) < timedelta(seconds=5)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        pytest.param("mysql://db/bridge", "not mysql", id="another engine"),
        pytest.param("oracle://db/bridge", "not oracle", id="one without a driver"),
        pytest.param("nonsense://db/bridge", "not nonsense", id="no engine"),
        pytest.param("not a url", "is not sqlite", id="no URL"),
        pytest.param("", "is not sqlite", id="nothing"),
        pytest.param("sqlite://", "needs a file", id="in memory"),
        pytest.param("sqlite:///:memory:", "needs a file", id="in memory, by name"),
        pytest.param("sqlite:////dev/null/bridge.db", "cannot be made", id="an impossible folder"),
    ],
)
def test_a_url_that_names_no_database_of_ours_is_refused(url: str, said: str) -> None:
    with pytest.raises(BadDatabaseUrl, match=said):
        Database(url)


def test_a_wrong_url_is_refused_without_its_password() -> None:
    with pytest.raises(BadDatabaseUrl) as caught:
        Database(f"mysql://bridge:{HIDDEN}@db/bridge")

    assert HIDDEN not in str(caught.value)


def test_threads_that_write_at_once_all_get_their_turn(opened: Database) -> None:
    failed: list[Exception] = []

    def write(number: int) -> None:
        try:
            for more in range(4):
                keep(opened, f"{number}-{more}")
        except DatabaseUnavailable as error:
            failed.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(12)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert failed == []
    assert len(names(opened)) == 48


def test_the_password_is_in_no_error(postgres: Postgres) -> None:
    with postgres.database() as url:
        opened = Database(url.replace("postgres:@", f"nobody:{HIDDEN}@"))
        assert HIDDEN not in refusal(opened)
        opened.close()


def test_a_migrated_database_is_what_these_tests_run_on(opened: Database) -> None:
    assert schema.migrate(opened) is False
