"""Passwords: only the right one opens, and a missing one takes as long."""

import time

import pytest

from bridge.staff import passwords

PASSWORD = "correct horse battery ü"
HASH = passwords.hashed(PASSWORD)


@pytest.mark.parametrize(
    ("given", "kept", "found"),
    [
        pytest.param(PASSWORD, HASH, True, id="the right one"),
        pytest.param(PASSWORD + " ", HASH, False, id="a space more"),
        pytest.param(PASSWORD.upper(), HASH, False, id="capitals"),
        pytest.param("", HASH, False, id="nothing"),
        pytest.param("x" * 1_000_000, HASH, False, id="a megabyte"),
        pytest.param("nul\0nul", HASH, False, id="a NUL"),
        pytest.param(PASSWORD, None, False, id="there is nobody"),
        pytest.param("nobody has this password", None, False, id="what nobody's hash is of"),
        pytest.param(PASSWORD, "no hash", False, id="what is kept is no hash"),
        pytest.param("nobody has this password", "", False, id="what is kept is empty"),
    ],
)
def test_only_the_right_password_matches(given: str, kept: str | None, found: bool) -> None:
    assert passwords.matches(given, kept) is found


def test_two_hashes_of_one_password_differ() -> None:
    assert passwords.hashed(PASSWORD) != HASH


def test_who_is_not_there_is_refused_as_slowly_as_who_is() -> None:
    def seconds(kept: str | None) -> float:
        began = time.perf_counter()
        passwords.matches("wrong password", kept)
        return time.perf_counter() - began

    there = min(seconds(HASH) for _ in range(3))
    nobody = min(seconds(None) for _ in range(3))

    assert 0.4 < nobody / there < 2.5
