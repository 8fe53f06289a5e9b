"""The weekly drill: tests the channels of whoever is on call, where the desk file wants it."""

import time

from bridge import database
from bridge.flows import drills
from bridge.installation import Installation

LOOK_EVERY_SECONDS = 60.0


class Drills:
    """Looks once a minute; what was tested this week is seen from the tables."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._looked_at = float("-inf")

    def step(self) -> int:
        """Queue tests that are due, if it is time to look; return how many."""
        if time.monotonic() - self._looked_at < LOOK_EVERY_SECONDS:
            return 0
        self._looked_at = time.monotonic()
        with self._installation.database.reading() as session:
            directory = self._installation.directories.current(session)
        if not directory.desk.drills:
            return 0
        with self._installation.database.transaction() as session:
            return drills.drill(session, directory, database.now(session))
