"""Throw-away installations for the benchmarks: a database, a token, and a running Bridge."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import requests

from bridge import schema, utc
from bridge.database import Database
from bridge.desk_file import keeping
from bridge.desk_file.loading import load_bytes
from bridge.installation import Installation
from bridge.keys import Keys
from bridge.settings import Settings
from bridge.staff import actions as staff
from tests.lab.postgres import Postgres

SECRET = "a-key-for-benchmarks-only-that-is-long-enough"
SOURCE = "icinga-main"
DESK = Path(__file__).parents[1] / "tests" / "desk.yaml"


@dataclass(frozen=True)
class World:
    """An installation, its token for the webhook, and the settings to start processes with."""

    installation: Installation
    token: str
    environment: dict[str, str]


@contextlib.contextmanager
def databases(folder: Path) -> Iterator[dict[str, str]]:
    """Give the addresses of a fresh SQLite and a fresh PostgreSQL, both as durable as in use."""
    with (
        tempfile.TemporaryDirectory(prefix="bridge-pg-") as place,
        Postgres.started(Path(place), durable=True) as server,
        server.database() as postgres,
    ):
        yield {"sqlite": f"sqlite:///{folder / 'bench.db'}", "postgresql": postgres}


@contextlib.contextmanager
def world(url: str, sink: str | None = None) -> Iterator[World]:
    """Give an installation on `url` with the tests' desk file; pages go to `sink`."""
    installation = Installation(Settings(database_url=url), Keys((SECRET,)), _database(url))
    text = DESK.read_text()
    if sink is not None:
        text = text.replace("json://127.0.0.1:9/", f"json://{sink}/")
    with installation.database.transaction() as session:
        desk = load_bytes([("desk.yaml", text.encode())])
        keeping.apply(session, installation.keys, desk.document, utc.now())
        token = staff.add_token(session, "bench", "webhook", SOURCE, utc.now())
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith("BRIDGE_")},
        "BRIDGE_DATABASE_URL": url,
        "BRIDGE_SECRET_KEY": SECRET,
        "BRIDGE_LOG_LEVEL": "warning",
    }
    yield World(installation, token, environment)
    installation.database.close()


def _database(url: str) -> Database:
    database = Database(url)
    schema.migrate(database)
    return database


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running(world: World, command: str) -> Iterator[tuple[str, subprocess.Popen[bytes], float]]:
    """Run `bridge serve` or `web`; give its URL, process, and the seconds until it answered."""
    port = free_port()
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "bridge", command, "--port", str(port)],
        env=world.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        cwd=tempfile.gettempdir(),
    )
    url = f"http://127.0.0.1:{port}"
    try:
        while True:
            with contextlib.suppress(requests.ConnectionError, requests.Timeout):
                if requests.get(f"{url}/healthz", timeout=2).ok:
                    break
            if process.poll() is not None:
                raise RuntimeError(f"bridge {command} ended with {process.returncode}")
            time.sleep(0.01)
        yield url, process, time.perf_counter() - began
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def notification(number: int, at: float | None = None) -> dict[str, object]:
    """Return a webhook object of about 1 KB about a problem of its own."""
    moment = at or time.time()
    return {
        "id": f"bench-{number}-{moment}",
        "type": "PROBLEM",
        "time": moment,
        "number": 1,
        "notification": f"host{number:06}!http!bridge",
        "output": "CRITICAL - " + "x" * 500,
        "host": {"name": f"host{number:06}", "state": "UP", "state_type": "HARD"},
        "service": {
            "name": "http",
            "state": "CRITICAL",
            "state_type": "HARD",
            "last_hard_state_change": moment,
        },
        "vars": {"address": "acme-247@desk.example"},
    }


def percentile(values: list[float], share: float) -> float:
    """Return the value below which `share` of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def show(**figures: object) -> None:
    """Print the figures as one line of JSON, numbers to four digits."""
    rounded = {k: float(f"{v:.4g}") if isinstance(v, float) else v for k, v in figures.items()}
    print(json.dumps(rounded), flush=True)
