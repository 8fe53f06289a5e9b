"""A database in trouble: 503 in bounded time, nothing lost, and well again by itself."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from bridge import database as database_module
from bridge.app import create_app
from bridge.database import Database
from bridge.inbox.models import InboxEntry
from bridge.installation import Installation
from bridge.keys import Keys
from bridge.settings import Settings
from tests.builders import SOURCE, notification
from tests.lab.processes import heard, running, tell
from tests.lab.shared_database import SECRET
from tests.lab.stoppable import StoppablePostgres
from tests.webhooks.conftest import JSON, make_token, told

EXCLUSIVE = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
sys.stdin.readline()
connection.rollback()
"""


class Desk:
    """A web application on a database that gets into trouble."""

    def __init__(self, url: str) -> None:
        settings = Settings(database_url=url, public_url="http://bridge.test")
        self.installation = Installation(settings, Keys((SECRET,)), Database(url))
        token = make_token(self.installation, "icinga", "webhook", SOURCE)
        self.headers = {"Authorization": f"Bearer {token}"}
        self.app: Flask = create_app(self.installation)
        self.client: FlaskClient = self.app.test_client()

    def post(self, said: dict[str, object]) -> TestResponse:
        return self.client.post("/webhooks/icinga", json=said, headers=self.headers)

    def kept(self) -> int:
        with self.installation.database.reading() as session:
            return session.scalar(select(func.count()).select_from(InboxEntry)) or 0


def check_refusal(answer: TestResponse) -> str:
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    text = answer.get_data(as_text=True)
    assert "Traceback" not in text
    assert "SELECT" not in text
    assert "INSERT" not in text
    return text


@pytest.fixture
def path(tmp_path: Path, migrated_sqlite: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(database_module, "LOCK_SECONDS", 0.4)
    copied = tmp_path / "bridge.db"
    shutil.copy(migrated_sqlite, copied)
    return copied


@pytest.fixture
def desk(path: Path) -> Iterator[Desk]:
    made = Desk(f"sqlite:///{path}")
    yield made
    made.installation.database.close()


def test_a_locked_sqlite_costs_a_second_try_and_no_alarm(desk: Desk, path: Path) -> None:
    said = notification()
    with running(EXCLUSIVE, str(path)) as other:
        assert heard(other) == "locked"
        began = time.monotonic()
        refused = desk.post(said)
        assert check_refusal(refused)
        assert refused.mimetype == JSON
        assert time.monotonic() - began < 2.0
        tell(other)
        other.wait(10)

    answer = desk.post(said)
    assert (answer.status_code, answer.json) == (202, {"kept": 1, "duplicates": 0})
    assert desk.post(said).json == {"kept": 0, "duplicates": 1}
    assert desk.kept() == 1


def test_a_sqlite_file_that_is_gone_is_not_written_into_the_void(desk: Desk, path: Path) -> None:
    desk.post(notification())
    aside = path.with_name("aside.db")
    path.rename(aside)

    assert "gone" in check_refusal(desk.post(notification()))
    assert check_refusal(desk.client.get("/metrics"))
    assert desk.client.get("/readyz").status_code == 503
    assert desk.client.get("/healthz").status_code == 200

    aside.rename(path)
    assert desk.post(notification()).status_code == 202
    assert desk.kept() == 2


@pytest.mark.parametrize("ends", ["stop", "kill"])
def test_a_postgresql_that_is_gone_is_found_again_by_itself(ends: str) -> None:
    with StoppablePostgres.started() as server:
        desk = Desk(server.url)
        before, said = notification(), notification()
        assert desk.post(before).status_code == 202

        getattr(server, ends)()
        began = time.monotonic()
        assert check_refusal(desk.post(said))
        assert check_refusal(desk.client.get("/metrics"))
        ready = desk.client.get("/readyz")
        assert (ready.status_code, len(told(ready)["reasons"])) == (503, 1)
        assert desk.client.get("/healthz").status_code == 200
        assert time.monotonic() - began < 3.0

        server.start()
        assert desk.post(said).json == {"kept": 1, "duplicates": 0}
        assert desk.post(before).json == {"kept": 0, "duplicates": 1}
        assert desk.client.get("/metrics").status_code == 200
        desk.installation.database.close()


def test_a_token_that_nobody_can_look_up_is_not_refused_for_good() -> None:
    with StoppablePostgres.started() as server:
        desk = Desk(server.url)
        server.stop()

        # 401 would make a sender believe that its token is wrong.
        assert check_refusal(desk.post(notification()))
        desk.installation.database.close()
