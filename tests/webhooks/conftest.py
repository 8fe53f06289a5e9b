"""A source with its token, and a way to post; the tests of a file share their databases."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from bridge.inbox.models import InboxEntry
from bridge.installation import Installation
from bridge.staff import actions as staff
from tests.builders import MONDAY_9_UTC, SOURCE
from tests.lab.shared_database import HAPPENED, database_url, desk, empty, shared

__all__ = ["database_url", "desk", "shared"]

JSON = "application/json"
Post = Callable[..., TestResponse]


def told(answer: TestResponse) -> Any:
    """Return the JSON of an answer."""
    return answer.json


@pytest.fixture
def installation(desk: Installation) -> Installation:
    """The installation with a desk file, where nothing has happened."""
    return empty(desk, HAPPENED)


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
