"""Tokens are remembered for a moment, and no longer."""

import time

import pytest
from sqlalchemy import text

from bridge.database import Database
from bridge.installation import Installation
from bridge.webhooks import tokens as tokens_module
from bridge.webhooks.tokens import Tokens
from tests.webhooks.conftest import make_token


def revoke_all(database: Database) -> None:
    with database.transaction() as session:
        session.execute(text("DELETE FROM access_tokens"))


def test_a_token_gives_what_it_was_made_for(installation: Installation, token: str) -> None:
    found = Tokens(installation.database).access(token)

    assert found is not None
    assert (found.scope, found.source) == ("webhook", "icinga-main")


def test_a_revoked_token_is_good_for_a_moment_only(
    installation: Installation, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens_module, "REMEMBERED_SECONDS", 0.3)
    tokens = Tokens(installation.database)
    tokens.access(token)
    revoke_all(installation.database)

    assert tokens.access(token) is not None
    time.sleep(0.35)
    assert tokens.access(token) is None


def test_a_token_made_after_it_was_refused_is_good_at_once(installation: Installation) -> None:
    tokens = Tokens(installation.database)
    assert tokens.access("bridge_nobodys") is None

    made = make_token(installation, "new", "webhook", "icinga-main")

    assert tokens.access("bridge_nobodys") is None
    assert tokens.access(made) is not None


def test_not_all_tokens_are_remembered_for_ever(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens_module, "MOST_REMEMBERED", 3)
    tokens = Tokens(installation.database)
    made = [make_token(installation, str(n), "api:read", None) for n in range(8)]

    assert all(tokens.access(one) for one in made)
    assert all(tokens.access(f"wrong{number}") is None for number in range(50))

    assert len(tokens._good) <= 3


def test_the_token_itself_is_not_remembered(installation: Installation, token: str) -> None:
    tokens = Tokens(installation.database)
    tokens.access(token)

    assert token not in repr(tokens._good)
