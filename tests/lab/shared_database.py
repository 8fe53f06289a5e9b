"""One database of each engine for all tests of a file, emptied before each: quicker than new ones.

A room's conftest imports these fixtures, which take the place of those in `tests/conftest.py`.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from bridge.database import Database
from bridge.installation import Installation
from bridge.keys import Keys
from bridge.settings import Settings
from bridge.tables import Base
from tests.builders import apply_desk
from tests.lab.postgres import Postgres

SECRET = "a-key-for-tests-only-long-enough-to-be-one"
# What the migrations have put there.
MIGRATED = frozenset({"inbox_lanes", "number_ranges"})
# What happens at a desk; the rest is its desk file.
HAPPENED = frozenset(
    [
        "access_tokens",
        "clocks",
        "deliveries",
        "heartbeats",
        "inbox",
        "journal",
        "journal_texts",
        "mail_attachments",
        "mail_recipients",
        "outbox",
        "pages",
        "problems",
        "runs",
        "sla_reports",
        "ticket_problems",
        "tickets",
        "verifications",
    ]
)


def empty(installation: Installation, names: frozenset[str]) -> Installation:
    """Delete every row of these tables."""
    with installation.database.transaction() as session:
        for table in reversed(Base.metadata.sorted_tables):
            if table.name in names:
                session.execute(table.delete())
    return installation


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path
) -> Iterator[str]:
    """The address of a migrated database, on each engine in turn."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("shared") / "bridge.db"
        shutil.copy(migrated_sqlite, path)
        yield f"sqlite:///{path}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.database() as url:
        yield url


@pytest.fixture(scope="module")
def shared(database_url: str) -> Iterator[Installation]:
    """An installation for all tests of a file."""
    settings = Settings(database_url=database_url, public_url="http://bridge.test")
    made = Installation(settings, Keys((SECRET,)), Database(database_url))
    yield made
    made.database.close()


@pytest.fixture(scope="module")
def desk(shared: Installation) -> Installation:
    """An installation with the builders' desk file, for all tests of a file."""
    apply_desk(shared)
    return shared


@pytest.fixture
def installation(shared: Installation) -> Installation:
    """The installation, empty."""
    return empty(shared, frozenset(Base.metadata.tables) - MIGRATED)


@pytest.fixture
def session(installation: Installation) -> Iterator[Session]:
    """A session in a transaction on the empty database."""
    with installation.database.transaction() as opened:
        yield opened
