"""A row to write and to read, for tests of the database itself."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from bridge.database import Database, DatabaseUnavailable
from bridge.vault.models import Secret

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
# What is in the rows, and must be in no error.
HIDDEN = "ciphertext-that-stays-hidden"


def a_row(name: str) -> Secret:
    """Return a row that is not yet written."""
    return Secret(name=name, ciphertext=HIDDEN, changed_at=NOW)


def keep(opened: Database, name: str) -> None:
    """Write a row."""
    with opened.transaction() as session:
        session.add(a_row(name))


def names(opened: Database) -> list[str]:
    """Return the names of the rows."""
    with opened.reading() as session:
        return list(session.scalars(select(Secret.name).order_by(Secret.name)))


def refusal(opened: Database, name: str = "refused") -> str:
    """Return why a row cannot be written; fails where it can."""
    with pytest.raises(DatabaseUnavailable) as caught:
        keep(opened, name)
    return str(caught.value)
