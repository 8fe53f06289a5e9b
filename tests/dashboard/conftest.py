"""A desk with people who can log in, and browsers of theirs."""

from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from bridge.installation import Installation
from tests import builders
from tests.dashboard import world


@pytest.fixture(autouse=True)
def _push_request_context() -> None:
    """Push none, unlike pytest-flask: each request has its own `g`, as in real life."""


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Monday, 9 UTC, until the test moves on."""
    with time_machine.travel(builders.MONDAY_9_UTC, tick=False) as traveller:
        yield traveller


@pytest.fixture
def desk(installation: Installation, clock: time_machine.Traveller) -> Installation:
    """An installation with the sample desk, whose worker is alive."""
    builders.apply_desk(installation, now=builders.later(-60 * 24 * 30))
    world.beat(installation)
    return installation


@pytest.fixture
def anna(desk: Installation, app: Flask) -> FlaskClient:
    """The browser of Anna, an engineer who reads German, logged in, asking for English."""
    return world.entered(app, desk, "anna")


@pytest.fixture
def lea(desk: Installation, app: Flask) -> FlaskClient:
    """The browser of Lea, a manager, logged in."""
    return world.entered(app, desk, "lead")


@pytest.fixture
def reader(desk: Installation, app: Flask) -> FlaskClient:
    """The browser of somebody who may only look, logged in."""
    return world.entered(app, desk, "wall", "reader")
