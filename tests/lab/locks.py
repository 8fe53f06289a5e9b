"""A database that somebody else keeps locked."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg
import sqlalchemy


@contextmanager
def locked(database_url: str) -> Iterator[None]:
    """Keep everybody else from writing, as a backup or a forgotten transaction does."""
    url = sqlalchemy.make_url(database_url)
    if url.get_backend_name() == "sqlite":
        with closing(sqlite3.connect(str(url.database), isolation_level=None)) as file:
            file.execute("BEGIN IMMEDIATE")
            yield
        return
    with psycopg.connect(database_url) as connection:
        named = "SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables"
        (tables,) = connection.execute(f"{named} WHERE schemaname = 'public'").fetchone() or ("",)
        connection.execute(f"LOCK TABLE {tables} IN EXCLUSIVE MODE")
        yield
        connection.rollback()
