"""The database: all or nothing, and clear words in bounded time when it cannot be used."""

import resource
import shutil
import sqlite3
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from bridge import database, schema, utc
from bridge.database import BadDatabaseUrl, Database, DatabaseUnavailable
from bridge.vault.models import Secret
from tests.lab.postgres import Postgres
from tests.lab.processes import heard, running, said_by_child, tell
from tests.lab.stoppable import StoppablePostgres

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
HIDDEN = "ciphertext-that-stays-hidden"
# Holds the write lock of a SQLite file the way another program does.
EXCLUSIVE = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
sys.stdin.readline()
connection.rollback()
print("free", flush=True)
"""
# Writes batches of 20 ms, one after the other, as a worker does in a storm.
HOG = """
import sys, time
from sqlalchemy import text
from bridge.database import Database
opened = Database(sys.argv[1])
print("ready", flush=True)
while True:
    with opened.transaction() as session:
        session.execute(text("UPDATE inbox_lanes SET lane = lane"))
        time.sleep(0.02)
"""


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait a shorter while for locks, in databases that are opened after this."""
    monkeypatch.setattr(database, "LOCK_SECONDS", 0.4)
    monkeypatch.setattr(database, "ENGINE", database.ENGINE | {"pool_timeout": 0.4})
    options = database.POSTGRES_OPTIONS.replace("lock_timeout=5s", "lock_timeout=400ms")
    monkeypatch.setattr(
        database, "POSTGRES_CONNECTION", database.POSTGRES_CONNECTION | {"options": options}
    )


@pytest.fixture
def opened(database_url: str) -> Iterator[Database]:
    found = Database(database_url)
    yield found
    found.close()


@pytest.fixture
def sqlite_path(tmp_path: Path, migrated_sqlite: Path) -> Path:
    path = tmp_path / "bridge.db"
    shutil.copy(migrated_sqlite, path)
    return path


@pytest.fixture
def on_sqlite(sqlite_path: Path) -> Iterator[Database]:
    found = Database(f"sqlite:///{sqlite_path}")
    yield found
    found.close()


def keep(opened: Database, name: str) -> None:
    with opened.transaction() as session:
        session.add(Secret(name=name, ciphertext=HIDDEN, changed_at=NOW))


def names(opened: Database) -> list[str]:
    with opened.reading() as session:
        return list(session.scalars(select(Secret.name).order_by(Secret.name)))


def refusal(opened: Database, name: str = "refused") -> str:
    with pytest.raises(DatabaseUnavailable) as caught:
        keep(opened, name)
    return str(caught.value)


def test_a_transaction_is_kept_as_a_whole(opened: Database) -> None:
    keep(opened, "a")

    assert names(opened) == ["a"]


def test_a_block_that_fails_leaves_nothing(opened: Database) -> None:
    with pytest.raises(KeyError), opened.transaction() as session:
        session.add(Secret(name="a", ciphertext=HIDDEN, changed_at=NOW))
        session.flush()
        raise KeyError

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
    try:
        with opened.reading() as session:
            session.execute(text("DELETE FROM inbox_lanes"))
    except DBAPIError as error:
        # A bug of ours, that trying again does not mend.
        assert not opened.is_sqlite
        assert "read-only" in str(error)

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


@pytest.mark.usefixtures("impatient")
def test_a_sqlite_locked_by_another_program_is_busy_in_bounded_time_and_then_free(
    sqlite_path: Path,
) -> None:
    opened = Database(f"sqlite:///{sqlite_path}")
    with running(EXCLUSIVE, str(sqlite_path)) as other:
        assert heard(other) == "locked"
        began = time.monotonic()
        assert "locked" in refusal(opened)
        assert time.monotonic() - began < 2.0
        assert names(opened) == []

        tell(other)
        assert heard(other) == "free"
        keep(opened, "a")
    assert names(opened) == ["a"]
    opened.close()


@pytest.mark.usefixtures("impatient")
def test_a_row_locked_on_postgresql_is_waited_for_in_bounded_time(postgres: Postgres) -> None:
    with postgres.database() as url:
        mine, other = Database(url), Database(url)
        with other.transaction() as theirs:
            theirs.execute(text("LOCK TABLE secrets"))
            began = time.monotonic()
            assert "lock timeout" in refusal(mine)
            assert time.monotonic() - began < 2.0
        keep(mine, "a")
        assert names(mine) == ["a"]
        mine.close()
        other.close()


def test_a_writer_gets_its_turn_beside_processes_that_write_all_the_time(
    on_sqlite: Database, sqlite_path: Path
) -> None:
    url = f"sqlite:///{sqlite_path}"
    waits = []
    with running(HOG, url) as one, running(HOG, url) as other:
        assert heard(one) == heard(other) == "ready"
        for number in range(15):
            began = time.monotonic()
            keep(on_sqlite, str(number))
            waits.append(time.monotonic() - began)

    assert len(names(on_sqlite)) == 15
    assert sorted(waits)[len(waits) // 2] < 0.3
    assert max(waits) < 2.0


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


def test_a_deleted_file_is_noticed_and_no_empty_one_takes_its_place(
    on_sqlite: Database, sqlite_path: Path
) -> None:
    keep(on_sqlite, "a")
    aside = sqlite_path.with_name("aside.db")
    sqlite_path.rename(aside)

    assert "gone" in refusal(on_sqlite)
    with pytest.raises(DatabaseUnavailable, match="gone"):
        names(on_sqlite)
    assert not sqlite_path.exists()

    aside.rename(sqlite_path)
    keep(on_sqlite, "b")
    assert names(on_sqlite) == ["a", "b"]


def test_a_file_put_in_place_of_the_old_one_is_written_from_then_on(
    on_sqlite: Database, sqlite_path: Path, migrated_sqlite: Path
) -> None:
    keep(on_sqlite, "lost with the old file")
    on_sqlite.close()
    for left in sqlite_path.parent.glob("bridge.db-*"):
        left.unlink()
    restored = sqlite_path.with_name("restored.db")
    shutil.copy(migrated_sqlite, restored)
    with on_sqlite.reading() as session:
        session.execute(select(Secret.name)).all()

    restored.replace(sqlite_path)
    keep(on_sqlite, "kept")

    with sqlite3.connect(sqlite_path) as looking:
        assert looking.execute("SELECT name FROM secrets").fetchall() == [("kept",)]


@pytest.mark.parametrize(
    "rubbish", [pytest.param(b"not a database" * 999, id="rubbish"), pytest.param(b"", id="empty")]
)
def test_a_damaged_file_is_the_databases_fault(tmp_path: Path, rubbish: bytes) -> None:
    path = tmp_path / "bridge.db"
    path.write_bytes(rubbish)
    opened = Database(f"sqlite:///{path}")

    assert refusal(opened)
    with pytest.raises(DatabaseUnavailable):
        names(opened)
    opened.close()


def test_a_full_disk_refuses_and_loses_nothing(sqlite_path: Path) -> None:
    opened = Database(f"sqlite:///{sqlite_path}")
    keep(opened, "before")

    def fill() -> str:
        child = Database(f"sqlite:///{sqlite_path}")
        # For a process, a limit on the size of its files is a disk that is full.
        largest = sqlite_path.with_name("bridge.db-wal").stat().st_size + 4096
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
        with pytest.raises(DatabaseUnavailable), child.transaction() as session:
            session.add(Secret(name="large", ciphertext="x" * 1_000_000, changed_at=NOW))
        return "|".join(names(child))

    assert said_by_child(fill) == "before"
    keep(opened, "after")
    assert names(opened) == ["after", "before"]
    opened.close()


def test_a_read_only_file_refuses_to_be_written(migrated_sqlite: Path) -> None:
    # Not in pytest's folder, which nobody else may enter.
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bridge.db"
        shutil.copy(migrated_sqlite, path)
        path.chmod(0o444)
        for name in ("bridge.db.lock", "bridge.db.lock-door"):
            path.with_name(name).touch()
            path.with_name(name).chmod(0o666)
        Path(folder).chmod(0o777)

        def write() -> str:
            return refusal(Database(f"sqlite:///{path}"))

        assert "readonly" in said_by_child(write, nobody=True)


@pytest.mark.parametrize("standby", [True, False], ids=["a standby", "the primary again"])
def test_a_standby_is_temporary_trouble(postgres: Postgres, standby: bool) -> None:
    with postgres.database() as url:
        name = sqlalchemy.make_url(url).database
        first = Database(url)
        with first.transaction() as session:
            session.execute(
                text(f"ALTER DATABASE {name} SET default_transaction_read_only = {standby}")
            )
        first.close()

        opened = Database(url)
        if standby:
            assert "read-only" in refusal(opened)
        else:
            keep(opened, "a")
        opened.close()


def test_a_connection_killed_in_the_middle_is_temporary_trouble(postgres: Postgres) -> None:
    with postgres.database() as url:
        mine, other = Database(url), Database(url)
        with pytest.raises(DatabaseUnavailable), mine.transaction() as session:
            pid = session.scalar(text("SELECT pg_backend_pid()"))
            with other.transaction() as theirs:
                theirs.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
            time.sleep(0.05)
            session.add(Secret(name="a", ciphertext=HIDDEN, changed_at=NOW))

        keep(mine, "b")
        assert names(mine) == ["b"]
        mine.close()
        other.close()


def test_a_session_that_sleeps_in_a_transaction_loses_it(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = database.POSTGRES_OPTIONS.replace("timeout=30s", "timeout=100ms")
    monkeypatch.setattr(
        database, "POSTGRES_CONNECTION", database.POSTGRES_CONNECTION | {"options": options}
    )
    with postgres.database() as url:
        opened = Database(url)
        with pytest.raises(DatabaseUnavailable), opened.transaction() as session:
            session.add(Secret(name="a", ciphertext=HIDDEN, changed_at=NOW))
            session.flush()
            time.sleep(0.4)
        assert names(opened) == []
        opened.close()


@pytest.mark.parametrize("ends", ["stop", "kill"])
def test_a_postgresql_that_is_gone_is_told_and_found_again(tmp_path: Path, ends: str) -> None:
    with StoppablePostgres.started(tmp_path / "pg") as server:
        opened = Database(server.url)
        keep(opened, "before")

        getattr(server, ends)()
        began = time.monotonic()
        assert refusal(opened)
        with pytest.raises(DatabaseUnavailable):
            names(opened)
        assert time.monotonic() - began < 2.0

        server.start()
        keep(opened, "after")
        assert names(opened) == ["after", "before"]
        opened.close()


def test_the_password_is_in_no_error(postgres: Postgres) -> None:
    with postgres.database() as url:
        opened = Database(url.replace("postgres:@", f"nobody:{HIDDEN}@"))
        assert HIDDEN not in refusal(opened)
        opened.close()


def test_a_migrated_database_is_what_these_tests_run_on(opened: Database) -> None:
    assert schema.migrate(opened) is False
