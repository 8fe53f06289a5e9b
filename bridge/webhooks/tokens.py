"""Remembers for a moment which tokens are good, so that a storm does not ask for each request."""

import time

from bridge.database import Database
from bridge.staff import queries
from bridge.staff.models import AccessToken

# A token that was revoked is refused this much later at the most.
REMEMBERED_SECONDS = 5.0
MOST_REMEMBERED = 1000


class Tokens:
    """The good tokens of the last seconds; a bad one is asked for every time."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._good: dict[str, tuple[float, AccessToken]] = {}

    def access(self, token: str) -> AccessToken | None:
        """Return what the token gives access to, or None; raises DatabaseUnavailable."""
        hashed = queries.token_hash(token)
        known = self._good.get(hashed)
        now = time.monotonic()
        if known is not None and now - known[0] < REMEMBERED_SECONDS:
            return known[1]
        with self._database.reading() as session:
            found = queries.access(session, token)
        if len(self._good) >= MOST_REMEMBERED:
            self._good.clear()
        if found is None:
            self._good.pop(hashed, None)
        else:
            self._good[hashed] = (now, found)
        return found
