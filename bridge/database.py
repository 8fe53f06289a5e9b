"""The database: SQLite or PostgreSQL behind one way to read and one way to write."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy
from sqlalchemy import Connection, Engine, event, func, select
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    InvalidatePoolError,
    NoSuchModuleError,
    OperationalError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from bridge import fair_lock, utc
from bridge.errors import Permanent, Refused, Temporary

LOCK_SECONDS = 5.0
WRITES = {"bridge_writes": True}
RESTRUCTURES = {"bridge_restructures": True}
# The values of a statement stay out of its errors, and so out of logs and reasons.
ENGINE = {"hide_parameters": True, "pool_timeout": LOCK_SECONDS}
# A worker that was stopped in the middle of a transaction must not keep its locks for ever.
POSTGRES_OPTIONS = (
    "-c idle_in_transaction_session_timeout=30s -c lock_timeout=5s -c statement_timeout=60s"
    " -c timezone=UTC"
)
# So that a network that swallows everything is noticed before anybody's patience ends.
POSTGRES_CONNECTION = {
    "options": POSTGRES_OPTIONS,
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
# One state of the database for all statements of a page, as SQLite has it anyway.
POSTGRES_READS = {"postgresql_readonly": True, "isolation_level": "REPEATABLE READ"}
# What a standby says when it is asked to write, until it takes over.
READ_ONLY = "25006"


class BadDatabaseUrl(Refused):
    """The database URL names no database Bridge can use."""


class BrokenReference(Permanent):
    """A change of the tables would leave a row that refers to nothing; nothing has been done."""


class DatabaseUnavailable(Temporary):
    """The database is locked, full or gone; what was asked has not been done.

    Only where the connection broke in the middle of a commit, nobody can know.
    """


def _engine(url: str) -> Engine:
    try:
        parsed = sqlalchemy.make_url(url)
        if parsed.get_backend_name() == "sqlite":
            if not parsed.database or parsed.database == ":memory:":
                raise BadDatabaseUrl("the SQLite database needs a file: sqlite:///var/bridge.db")
            return sqlalchemy.create_engine(
                parsed, connect_args={"timeout": LOCK_SECONDS}, **ENGINE
            )
        if parsed.get_backend_name() == "postgresql":
            pool = {"pool_pre_ping": True, "pool_size": 8, "max_overflow": 24}
            return sqlalchemy.create_engine(
                parsed, connect_args=POSTGRES_CONNECTION, **pool, **ENGINE
            )
    except (ArgumentError, NoSuchModuleError) as error:
        raise BadDatabaseUrl("the database URL is not sqlite:///PATH or postgresql://…") from error
    except ModuleNotFoundError as error:
        raise BadDatabaseUrl(
            "PostgreSQL needs its driver: pip install 'bridge-desk[postgres]'"
        ) from error
    raise BadDatabaseUrl(f"Bridge runs on SQLite or PostgreSQL, not {parsed.get_backend_name()}")


def _set_up_sqlite(connection: DBAPIConnection) -> None:
    assert isinstance(connection, sqlite3.Connection)
    # The driver's own way to begin is late and never immediate; `_begin` does it.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "cache_size=-4000",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


class _SqliteFile:
    """The file of a SQLite database, as long as it is the one that was opened.

    A file that is deleted or replaced lives on for those who have it open: what they write goes
    well, and is lost.
    """

    def __init__(self, path: Path, engine: Engine) -> None:
        self._path = path
        self._was_opened = False
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BadDatabaseUrl(f"{path.parent} cannot be made: {error.strerror}") from error
        event.listen(engine, "connect", self._connected)
        event.listen(engine, "checkout", self._checked_out)
        event.listen(engine, "begin", _begin)

    def must_exist(self) -> None:
        """Raise DatabaseUnavailable where the file was there before and is no more."""
        if self._was_opened and not self._path.exists():
            raise DatabaseUnavailable("the database's file is gone: stop Bridge and put it back")

    def _connected(self, connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
        _set_up_sqlite(connection)
        entry.info["file"] = self._identity()
        self._was_opened = True

    def _checked_out(
        self, _connection: DBAPIConnection, entry: ConnectionPoolEntry, _proxy: object
    ) -> None:
        if entry.info["file"] != self._identity():
            raise InvalidatePoolError("the database's file was replaced")

    def _identity(self) -> tuple[int, int]:
        try:
            found = self._path.stat()
        except OSError as error:
            raise DatabaseUnavailable(f"the database's file: {error.strerror}") from error
        return found.st_dev, found.st_ino


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("bridge_restructures"):
        # Only here, because SQLite ignores it in a transaction.
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
    writes = options.get("bridge_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


class Database:
    """One installation's database; make one in each process, after any fork."""

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self._file: _SqliteFile | None = None
        self._lock: Path | None = None
        if self.is_sqlite:
            path = Path(str(self.engine.url.database))
            self._file = _SqliteFile(path, self.engine)
            self._lock = path.with_name(path.name + ".lock")
        self._writes = self.engine.execution_options(**WRITES)
        self._reads = self.engine.execution_options(**({} if self.is_sqlite else POSTGRES_READS))

    @contextmanager
    def transaction(self, *, hurried: bool = False) -> Iterator[Session]:
        """Give a session whose work is committed as a whole when the block ends well.

        hurried: somebody waits for what will not take long.
        Raises DatabaseUnavailable (nothing done) when the database is locked, full or gone.
        On SQLite writers of all processes take turns, see `fair_lock`.
        """
        with self._transaction(self._writes, hurried=hurried) as session:
            yield session

    @contextmanager
    def restructuring(self) -> Iterator[Session]:
        """Give a transaction in which tables may be made anew, under others that refer to them.

        SQLite, which cannot change a table otherwise, checks all references at its end. Raises
        DatabaseUnavailable as `transaction` does, and BrokenReference.
        """
        try:
            with self._transaction(self._writes.execution_options(**RESTRUCTURES)) as session:
                yield session
                if self.is_sqlite:
                    session.flush()  # what is left to be written counts, too
                    broken = session.connection().exec_driver_sql("PRAGMA foreign_key_check")
                    if (first := broken.first()) is not None:
                        raise BrokenReference(f"a row of {first[0]} refers to none of {first[2]}")
        finally:
            if self.is_sqlite:
                # Its connection no longer checks anything.
                self.engine.dispose()

    @contextmanager
    def _transaction(self, engine: Engine, *, hurried: bool = False) -> Iterator[Session]:
        turn = (
            fair_lock.held(self._lock, LOCK_SECONDS, hurried=hurried)
            if self._lock
            else nullcontext()
        )
        with (
            self._usable(writing=True),
            turn,
            Session(engine, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session that sees one state of the database and changes nothing."""
        with (
            self._usable(writing=False),
            Session(self._reads, autoflush=False, expire_on_commit=False) as session,
        ):
            yield session

    @contextmanager
    def _usable(self, *, writing: bool) -> Iterator[None]:
        try:
            if self._file:
                self._file.must_exist()
            yield
        except (fair_lock.LockBusy, fair_lock.LockUnusable) as error:
            raise DatabaseUnavailable(str(error)) from error
        except (OperationalError, PoolTimeout) as error:
            raise DatabaseUnavailable(
                f"the database cannot be used now: {_cause(error)}"
            ) from error
        except DBAPIError as error:
            if not (_is_broken(error) or (writing and _is_standby(error))):
                raise
            raise DatabaseUnavailable(
                f"the database is no longer usable: {_cause(error)}"
            ) from error

    def close(self) -> None:
        """Close the pooled connections."""
        self.engine.dispose()


def _is_broken(error: DBAPIError) -> bool:
    # SQLite says exactly this, and nothing more special, of a file that is damaged or none.
    return error.connection_invalidated or type(error) is sqlalchemy.exc.DatabaseError


def _is_standby(error: DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", None) == READ_ONLY


def _cause(error: BaseException) -> str:
    # The first line only: the statement and its values stay out of logs.
    cause = getattr(error, "orig", None) or error
    return (str(cause).strip().splitlines() or ["no reason given"])[0]


def now(session: Session) -> datetime:
    """Return the database's time: several nodes share its clock, and compare leases by it."""
    if session.get_bind().dialect.name == "sqlite":
        return utc.now()
    moment: Any = session.scalar(select(func.clock_timestamp()))
    found: datetime = moment
    return found.astimezone(UTC)


def skip_locked(session: Session) -> dict[str, Any]:
    """Return the arguments of `with_for_update` for a queue's claim on this engine."""
    return {} if session.get_bind().dialect.name == "sqlite" else {"skip_locked": True}
