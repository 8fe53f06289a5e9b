"""A source with its token, and a way to post."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bridge.installation import Installation
from bridge.staff import actions as staff
from tests.builders import MONDAY_9_UTC, SOURCE

JSON = "application/json"
Post = Callable[..., TestResponse]


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
