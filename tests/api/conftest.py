"""Programs that may call the API of a desk."""

import pytest
from flask.testing import FlaskClient

from bridge.installation import Installation
from tests.api.world import Caller, make_token
from tests.builders import apply_desk, hear, notification


@pytest.fixture
def desk(installation: Installation) -> Installation:
    """An installation with the desk file of the tests."""
    apply_desk(installation)
    return installation


@pytest.fixture
def reader(desk: Installation, client: FlaskClient) -> Caller:
    """A program that may read."""
    return Caller(client, make_token(desk, "report", "api:read"))


@pytest.fixture
def writer(desk: Installation, client: FlaskClient) -> Caller:
    """A program that may do everything."""
    return Caller(client, make_token(desk, "chatbot", "api:write"))


@pytest.fixture
def ticket(desk: Installation) -> int:
    """The number of an open ticket with a running clock and a live escalation, since 9:00."""
    hear(desk, notification())
    return 10001
