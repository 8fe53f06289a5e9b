"""A database in trouble: locked, full, damaged, gone; told in clear words, in bounded time."""

import resource
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy
from sqlalchemy import select, text

from bridge import database
from bridge.database import Database, DatabaseUnavailable
from bridge.vault.models import Secret
from tests.lab.postgres import Postgres
from tests.lab.processes import heard, running, said_by_child, tell
from tests.lab.rows import NOW, a_row, keep, names, refusal
from tests.lab.stoppable import StoppablePostgres

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
def sqlite_path(tmp_path: Path, migrated_sqlite: Path) -> Path:
    path = tmp_path / "bridge.db"
    shutil.copy(migrated_sqlite, path)
    return path


@pytest.fixture
def on_sqlite(sqlite_path: Path) -> Iterator[Database]:
    found = Database(f"sqlite:///{sqlite_path}")
    yield found
    found.close()


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
        for name in ("bridge.db.lock", "bridge.db.lock-door", "bridge.db.lock-bell"):
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

        def be_killed() -> None:
            with mine.transaction() as session:
                pid = session.scalar(text("SELECT pg_backend_pid()"))
                with other.transaction() as theirs:
                    theirs.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
                time.sleep(0.05)
                session.add(a_row("a"))

        with pytest.raises(DatabaseUnavailable):
            be_killed()
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

        def fall_asleep() -> None:
            with opened.transaction() as session:
                session.add(a_row("a"))
                session.flush()
                time.sleep(0.4)

        with pytest.raises(DatabaseUnavailable):
            fall_asleep()
        assert names(opened) == []
        opened.close()


@pytest.mark.parametrize("ends", ["stop", "kill"])
def test_a_postgresql_that_is_gone_is_told_and_found_again(ends: str) -> None:
    with StoppablePostgres.started() as server:
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
