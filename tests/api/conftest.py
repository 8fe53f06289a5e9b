"""Programs that may call the API of a desk."""

import pytest
from flask.testing import FlaskClient

from bridge.installation import Installation
from tests.api.world import Caller, make_token
from tests.builders import apply_desk


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
