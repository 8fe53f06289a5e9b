"""Passwords: kept as Argon2 hashes, and checked in the same time whether there is one or not."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from bridge.errors import Refused

SHORTEST = 10
LONGEST = 200
HASHER = PasswordHasher()


class BadPassword(Refused):
    """The password is too short or too long."""


@cache
def _nobodys_hash() -> str:
    """Return a hash to check where there is nobody, so that the time tells no one who exists.

    Made on first use: hashing is slow on purpose, and most processes check no password.
    """
    return HASHER.hash("nobody has this password")


def hashed(password: str) -> str:
    """Return what is kept of a password; raises BadPassword."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadPassword(f"a password has {SHORTEST} to {LONGEST} characters")
    return HASHER.hash(password)


def matches(password: str, password_hash: str | None) -> bool:
    """Return whether it is the password; takes as long where there is none (None)."""
    kept = _nobodys_hash() if password_hash is None else password_hash
    try:
        HASHER.verify(kept, password[:LONGEST])
    except (VerifyMismatchError, InvalidHashError):
        return False
    return password_hash is not None
