"""How many notifications a second the webhook keeps durably, beside bare commits."""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.installation import (
    World,
    databases,
    notification,
    percentile,
    running,
    show,
    world,
)
from bridge import utc
from bridge.inbox import actions as inbox
from bridge.inbox.actions import Incoming

SECONDS = 5.0


def bare_commits(made: World) -> float:
    """Return how many single-row commits a second the same database does, one after the other."""
    database = made.installation.database
    count, began = 0, time.perf_counter()
    while time.perf_counter() - began < SECONDS:
        said = notification(90_000_000 + count)
        row = Incoming("bare", "icinga", str(said["id"]), "host", utc.now(), json.dumps(said))
        with database.transaction() as session:
            inbox.keep(session, [row], utc.now())
        count += 1
    return count / (time.perf_counter() - began)


def load(url: str, token: str, batch: int) -> tuple[float, list[float]]:
    """Return entries per second and each request's seconds, from a process of their own."""
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "bench.load",
            f"{url}/webhooks/icinga",
            token,
            str(batch),
            str(SECONDS),
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    said = json.loads(done.stdout)
    return said["per_second"], said["took"]


def main() -> None:
    """Measure both databases: single notifications, batches of 50, and both beside the worker."""
    with tempfile.TemporaryDirectory() as folder, databases(Path(folder)) as urls:
        for engine, url in urls.items():
            with world(url) as made:
                bare = bare_commits(made)
                with running(made, "web") as (address, _, _):
                    single, took = load(address, made.token, 1)
                    batches, _ = load(address, made.token, 50)
                bare = (bare + bare_commits(made)) / 2
                show(
                    name="intake",
                    engine=engine,
                    per_second=single,
                    baseline_bare_commits_per_second=bare,
                    ratio=single / bare,
                    p50_ms=percentile(took, 0.5) * 1000,
                    p99_ms=percentile(took, 0.99) * 1000,
                    batches_of_50_per_second=batches,
                    batches_ratio=batches / bare,
                )


if __name__ == "__main__":
    main()
