"""A source with its token, and a way to post; the tests of a file share their databases."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from bridge.database import Database
from bridge.inbox.models import InboxEntry
from bridge.installation import Installation
from bridge.keys import Keys
from bridge.settings import Settings
from bridge.staff import actions as staff
from bridge.tables import Base
from tests.builders import MONDAY_9_UTC, SOURCE, apply_desk
from tests.lab.postgres import Postgres

JSON = "application/json"
SECRET = "a key for tests only, long enough to be one"
# What the tests of a file leave; the desk file stays.
LEFT = {
    "access_tokens", "clocks", "deliveries", "heartbeats", "inbox", "journal", "journal_texts",
    "outbox", "pages", "problems", "runs", "ticket_problems", "tickets",
}  # fmt: skip
Post = Callable[..., TestResponse]


def told(answer: TestResponse) -> Any:
    """Return the JSON of an answer."""
    return answer.json


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database_url(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    migrated_sqlite: Path,
) -> Iterator[str]:
    """The address of a migrated database, on each engine in turn."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("webhooks") / "bridge.db"
        shutil.copy(migrated_sqlite, path)
        yield f"sqlite:///{path}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.database() as url:
        yield url


@pytest.fixture(scope="module")
def opened(database_url: str) -> Iterator[Installation]:
    """An installation with a desk file, for all tests of a file."""
    settings = Settings(database_url=database_url, public_url="http://bridge.test")
    made = Installation(settings, Keys((SECRET,)), Database(database_url))
    apply_desk(made)
    yield made
    made.database.close()


@pytest.fixture
def installation(opened: Installation) -> Installation:
    """The installation, without what the last test has left."""
    with opened.database.transaction() as session:
        for table in reversed(Base.metadata.sorted_tables):
            if table.name in LEFT:
                session.execute(table.delete())
    return opened


@pytest.fixture
def token(installation: Installation) -> str:
    """The token of the source."""
    return make_token(installation, "icinga", "webhook", SOURCE)


def make_token(installation: Installation, name: str, scope: str, source: str | None) -> str:
    with installation.database.transaction() as session:
        return staff.add_token(session, name, scope, source, MONDAY_9_UTC)


@pytest.fixture
def post(client: FlaskClient, token: str) -> Post:
    """Post a body: as it is, or as JSON where it is no bytes."""

    def send(body: Any, content_type: str = JSON, **headers: str) -> TestResponse:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        given = {"Authorization": f"Bearer {token}"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        return client.post("/webhooks/icinga", data=data, content_type=content_type, headers=given)

    return send


def kept(installation: Installation) -> list[InboxEntry]:
    with installation.database.reading() as session:
        return list(session.scalars(select(InboxEntry).order_by(InboxEntry.id)))


def refusal(answer: TestResponse, status: int) -> str:
    """Check a refusal of the whole, and return its sentence."""
    assert answer.status_code == status
    assert answer.mimetype == JSON
    (error,) = told(answer)["errors"]
    assert (told(answer)["kept"], told(answer)["duplicates"], error["index"]) == (0, 0, None)
    return str(error["message"])
