"""The schema: migrations lead to the tables, once, for everybody who asks."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, DateTime, MetaData, inspect, select, text

from bridge import database, schema
from bridge.database import BrokenReference, Database
from bridge.flows import verifying
from bridge.flows.directory import Directories
from bridge.inbox.models import LANES
from bridge.schema import NewerSchema
from bridge.sla.models import Clock
from bridge.tables import Base
from tests.lab.postgres import Postgres
from tests.lab.processes import said_by_children

PROCESSES = 6
OLD_DESK = Path(__file__).parent / "old_desk.json"
CLOCKS_OF_OLD_DESK = 11


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


def test_clocks_of_before_0002_are_what_their_completed_journal_says(empty: Database) -> None:
    """The rows are of a real desk of then: clocks that run, were kept, missed and cancelled."""
    schema.migrate(empty, "0001")
    fill(empty, OLD_DESK)

    assert schema.migrate(empty) is True

    found = list(verifying.portions(empty, Directories()))
    assert [str(one) for portion in found for one in portion.differences] == []
    assert sum(portion.clocks for portion in found) == CLOCKS_OF_OLD_DESK
    with empty.reading() as session:
        states = session.scalars(select(Clock.state).order_by(Clock.id)).all()
        running = session.scalars(select(Clock).where(Clock.stopped_at.is_(None))).all()
        assert {"running", "kept", "missed", "cancelled"} <= set(states)
        # What no row of then had, and only the rules can tell.
        assert any(clock.warn_at is not None for clock in running)


def fill(database: Database, rows_of: Path) -> None:
    """Write the rows of a file, by the names of their tables, into a database of any schema."""
    with database.restructuring() as session:
        connection, known = session.connection(), MetaData()
        known.reflect(connection)
        for name, rows in json.loads(rows_of.read_text()).items():
            table = known.tables[name]
            for row in rows:
                moments = {c.name for c in table.columns if isinstance(c.type, DateTime)}
                values = {
                    key: datetime.fromisoformat(value) if key in moments else value
                    for key, value in row.items()
                }
                connection.execute(table.insert().values(values))


def test_tables_are_not_made_anew_where_a_row_would_refer_to_nothing(tmp_path: Path) -> None:
    opened = Database(f"sqlite:///{tmp_path / 'bridge.db'}")
    schema.migrate(opened)

    with pytest.raises(BrokenReference, match="contracts"), opened.restructuring() as session:
        session.execute(text("INSERT INTO contracts (label, customer_id) VALUES ('care', 77)"))

    with opened.transaction() as session:
        assert session.scalar(text("PRAGMA foreign_keys")) == 1
        assert session.scalar(text("SELECT count(*) FROM contracts")) == 0
    opened.close()
