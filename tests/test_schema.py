"""The schema: migrations lead to the tables, once, for everybody who asks."""

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, inspect, text

from bridge import database, schema
from bridge.database import Database
from bridge.inbox.models import LANES
from bridge.schema import NewerSchema
from bridge.tables import Base
from tests.lab.postgres import Postgres
from tests.lab.processes import said_by_children

PROCESSES = 6


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without tables, on each engine in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.database() as url:
        opened = Database(url)
        with opened.transaction() as session:
            session.execute(text("DROP SCHEMA public CASCADE"))
            session.execute(text("CREATE SCHEMA public"))
        opened.close()
        yield url


@pytest.fixture
def empty(empty_url: str) -> Iterator[Database]:
    opened = Database(empty_url)
    yield opened
    opened.close()


def test_the_migrations_make_the_tables_of_the_models(empty: Database) -> None:
    assert schema.migrate(empty) is True

    with empty.reading() as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_the_constraints_of_the_migrations_are_those_of_the_models(empty: Database) -> None:
    """What Alembic does not compare: the names of checks, and that each has its name."""
    schema.migrate(empty)

    with empty.reading() as session:
        inspector = inspect(session.connection())
        found = {
            name: {check["name"] for check in inspector.get_check_constraints(name)}
            for name in Base.metadata.tables
        }
    wanted = {
        name: {one.name for one in table.constraints if isinstance(one, CheckConstraint)}
        for name, table in Base.metadata.tables.items()
    }
    assert found == wanted


def test_a_second_migration_changes_nothing(empty: Database) -> None:
    assert schema.migrate(empty) is True
    assert schema.migrate(empty) is False
    with empty.reading() as session:
        lanes = session.scalar(text("SELECT count(*) FROM inbox_lanes"))

    assert lanes == LANES


def test_a_database_of_a_newer_bridge_is_left_alone(empty: Database) -> None:
    schema.migrate(empty)
    with empty.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(NewerSchema, match="9999"):
        schema.migrate(empty)


def test_a_migration_that_fails_leaves_nothing(empty: Database) -> None:
    with empty.transaction() as session:
        session.execute(text("CREATE TABLE tickets (in_the_way INTEGER)"))

    with pytest.raises(Exception, match="tickets"):
        schema.migrate(empty)

    with empty.reading() as session:
        assert inspect(session.connection()).get_table_names() == ["tickets"]


def test_of_processes_that_migrate_at_once_one_does_it(empty_url: str) -> None:
    def migrate() -> str:
        return str(schema.migrate(Database(empty_url)))

    assert sorted(said_by_children(PROCESSES, migrate)) == ["False"] * (PROCESSES - 1) + ["True"]


def test_a_migration_waits_for_another_ones_and_may_take_its_time(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = "-c lock_timeout=100ms -c statement_timeout=200ms"
    connection = database.POSTGRES_CONNECTION | {"options": options}
    monkeypatch.setattr(database, "POSTGRES_CONNECTION", connection)
    with postgres.database() as url:
        opened, other = Database(url), Database(url)
        with ThreadPoolExecutor(1) as threads:
            with other.transaction() as migrating:
                lock = {"id": schema.MIGRATION_LOCK}
                migrating.execute(text("SELECT pg_advisory_xact_lock(:id)"), lock)
                waiting = threads.submit(schema.migrate, opened)
                time.sleep(0.5)
                assert not waiting.done()
            assert waiting.result(timeout=10) is False
        with opened.transaction() as session:
            assert session.scalar(text("SHOW statement_timeout")) == "200ms"
        opened.close()
        other.close()


def test_every_table_is_known_without_the_rest_of_bridge() -> None:
    script = (
        "import bridge.schema; from bridge.tables import Base; print(len(Base.metadata.tables))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert int(done.stdout) == len(Base.metadata.tables)
