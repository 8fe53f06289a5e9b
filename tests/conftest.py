"""What every test may ask for: databases of both kinds, an installation, a client."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings as hypothesis_settings
from sqlalchemy.orm import Session

from bridge import schema
from bridge.app import create_app
from bridge.database import Database
from bridge.installation import Installation
from bridge.keys import Keys
from bridge.settings import Settings
from tests.lab.postgres import Postgres

SECRET = "a-key-for-tests-only-long-enough-to-be-one"
BOTH = ("sqlite", "postgresql")

hypothesis_settings.register_profile("default", deadline=None, max_examples=100)
hypothesis_settings.register_profile("proof", deadline=None, max_examples=5000, derandomize=True)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL of this test run (of this worker, under xdist)."""
    # Not below pytest's folder: under root the server runs as another user, whom pytest shuts out.
    with (
        tempfile.TemporaryDirectory(prefix="bridge-pg-") as folder,
        Postgres.started(Path(folder)) as server,
    ):
        yield server


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    database = Database(f"sqlite:///{path}")
    schema.migrate(database)
    database.close()
    return path


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh, migrated database, on each engine in turn."""
    if request.param == "sqlite":
        path = tmp_path / "bridge.db"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), path)
        yield f"sqlite:///{path}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.database() as url:
        yield url


@pytest.fixture
def installation(database_url: str) -> Iterator[Installation]:
    """An installation on a fresh database."""
    settings = Settings(database_url=database_url, public_url="http://bridge.test")
    opened = Installation(settings, Keys((SECRET,)), Database(database_url))
    yield opened
    opened.database.close()


@pytest.fixture
def session(installation: Installation) -> Iterator[Session]:
    """A session in a transaction; what it leaves is committed when the test ends well."""
    with installation.database.transaction() as opened:
        yield opened


@pytest.fixture
def app(installation: Installation) -> Flask:
    """The web application on a fresh database."""
    created = create_app(installation)
    created.testing = True
    return created


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client of the web application."""
    return app.test_client()
