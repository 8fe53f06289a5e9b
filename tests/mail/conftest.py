"""These tests share their databases, and a mail server with nothing special."""

from collections.abc import Iterator

import pytest

from tests.lab.shared_database import database_url, installation, session, shared
from tests.lab.smtp import MailServer

__all__ = ["database_url", "installation", "session", "shared"]


@pytest.fixture
def server() -> Iterator[MailServer]:
    """A mail server that takes everything, until it is told otherwise."""
    with MailServer() as running:
        yield running
