"""A desk, and what works its inbox through."""

import pytest

from bridge.database import Database
from bridge.installation import Installation
from bridge.worker.processing import Processor
from tests import builders


@pytest.fixture
def database(installation: Installation) -> Database:
    builders.apply_desk(installation)
    return installation.database


@pytest.fixture
def processor(installation: Installation, database: Database) -> Processor:
    return Processor(installation)
