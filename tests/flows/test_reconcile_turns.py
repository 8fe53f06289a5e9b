"""Whose turn it is to ask an Icinga: one watcher's at a time, and soon another's if it dies."""

from datetime import timedelta

import pytest

from bridge.flows import reconcile
from bridge.installation import Installation
from tests.builders import EXAMPLE, MONDAY_9_UTC, SOURCE, apply_desk

WITH_API = EXAMPLE.read_text().replace(
    f"- {{id: {SOURCE}}}",
    f"- {{id: {SOURCE}, api: 'https://icinga.example:5665', user: bridge,"
    " password: secret-pw, ca: '-----BEGIN CERTIFICATE-----'}",
)
INTERVAL = timedelta(seconds=30)


def _turn(installation: Installation, watcher: str, seconds: float) -> list[str]:
    """Return what a watcher may ask so many seconds after the first look."""
    now = MONDAY_9_UTC + timedelta(seconds=seconds)
    with installation.database.transaction() as session:
        is_due = reconcile.is_due(session, watcher, INTERVAL, now)
        found = [one.label for one in reconcile.take_turn(session, watcher, INTERVAL, now)]
    assert is_due == bool(found)
    return found


@pytest.mark.parametrize(
    ("watcher", "seconds", "asks"),
    [
        pytest.param("first", 29, False, id="the first, before the interval is over"),
        pytest.param("first", 30, True, id="the first, whose look could not be written down"),
        pytest.param("second", 30, False, id="another, while the first may still be looking"),
        pytest.param("second", 61, True, id="another, after the lease of one that died"),
    ],
)
def test_who_asks_after_a_look_that_has_not_ended(
    installation: Installation, watcher: str, seconds: float, asks: bool
) -> None:
    apply_desk(installation, WITH_API)
    assert _turn(installation, "first", 0) == [SOURCE]

    assert _turn(installation, watcher, seconds) == ([SOURCE] if asks else [])
