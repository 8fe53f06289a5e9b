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
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from bridge import fair_lock, utc
from bridge.errors import Refused, Temporary

LOCK_SECONDS = 5.0
WRITES = {"bridge_writes": True}
# A worker that was stopped in the middle of a transaction must not keep its locks for ever.
POSTGRES_OPTIONS = (
    "-c idle_in_transaction_session_timeout=30s -c lock_timeout=5s -c statement_timeout=60s"
    " -c timezone=UTC"
)


class BadDatabaseUrl(Refused):
    """The database URL names no database Bridge can use."""


class DatabaseUnavailable(Temporary):
    """The database is locked, full or gone; what was asked has not been done."""


def _engine(url: str) -> Engine:
    try:
        parsed = sqlalchemy.make_url(url)
        if parsed.get_backend_name() == "sqlite":
            if not parsed.database or parsed.database == ":memory:":
                raise BadDatabaseUrl("the SQLite database needs a file: sqlite:///var/bridge.db")
            return sqlalchemy.create_engine(parsed, connect_args={"timeout": LOCK_SECONDS})
        if parsed.get_backend_name() == "postgresql":
            options = {"options": POSTGRES_OPTIONS, "connect_timeout": 5}
            return sqlalchemy.create_engine(
                parsed, connect_args=options, pool_pre_ping=True, pool_size=8, max_overflow=24
            )
    except (ArgumentError, NoSuchModuleError) as error:
        raise BadDatabaseUrl("the database URL is not sqlite:///PATH or postgresql://…") from error
    except ModuleNotFoundError as error:
        raise BadDatabaseUrl(
            "PostgreSQL needs its driver: pip install 'bridge-desk[postgres]'"
        ) from error
    raise BadDatabaseUrl(f"Bridge runs on SQLite or PostgreSQL, not {parsed.get_backend_name()}")


def _set_up_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    assert isinstance(connection, sqlite3.Connection)
    # The driver's own way to begin is late and never immediate; `_begin` does it.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "cache_size=-16000",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("bridge_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


class Database:
    """One installation's database; make one in each process, after any fork."""

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self._lock: Path | None = None
        if self.is_sqlite:
            path = Path(str(self.engine.url.database))
            path.parent.mkdir(parents=True, exist_ok=True)
            self._lock = path.with_name(path.name + ".lock")
            event.listen(self.engine, "connect", _set_up_sqlite)
            event.listen(self.engine, "begin", _begin)
        self._writes = self.engine.execution_options(**WRITES)
        self._reads = self.engine.execution_options(
            **({} if self.is_sqlite else {"postgresql_readonly": True})
        )

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Give a session whose work is committed as a whole when the block ends well.

        Raises DatabaseUnavailable (nothing done) when the database is locked, full or gone.
        On SQLite writers of all processes take turns, see `fair_lock`.
        """
        try:
            turn = fair_lock.held(self._lock, LOCK_SECONDS) if self._lock else nullcontext()
            with turn, Session(self._writes, expire_on_commit=False) as session, session.begin():
                yield session
        except fair_lock.LockBusy as error:
            raise DatabaseUnavailable(str(error)) from error
        except (OperationalError, PoolTimeout, OSError) as error:
            raise DatabaseUnavailable(
                f"the database cannot be used now: {_cause(error)}"
            ) from error
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
            raise DatabaseUnavailable("the connection to the database broke") from error

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session that sees one state of the database and changes nothing."""
        try:
            with Session(self._reads, autoflush=False, expire_on_commit=False) as session:
                yield session
        except (OperationalError, PoolTimeout) as error:
            raise DatabaseUnavailable(
                f"the database cannot be read now: {_cause(error)}"
            ) from error

    def close(self) -> None:
        """Close the pooled connections."""
        self.engine.dispose()


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
