"""A desk, and what works its inbox through; the tests of a file share their databases."""

import pytest

from bridge.database import Database
from bridge.installation import Installation
from bridge.worker.processing import Processor
from tests.lab.shared_database import HAPPENED, database_url, desk, empty, shared

__all__ = ["database_url", "desk", "shared"]


@pytest.fixture
def installation(desk: Installation) -> Installation:
    """The installation with a desk file, where nothing has happened."""
    return empty(desk, HAPPENED)


@pytest.fixture
def database(installation: Installation) -> Database:
    """Its database."""
    return installation.database


@pytest.fixture
def processor(installation: Installation) -> Processor:
    """A worker's way through its inbox, at the beginning."""
    return Processor(installation)
