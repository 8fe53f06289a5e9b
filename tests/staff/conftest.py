"""These tests share their databases."""

from tests.lab.shared_database import database_url, installation, session, shared

__all__ = ["database_url", "installation", "session", "shared"]
