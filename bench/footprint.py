"""Start-up time, and memory (PSS) of the whole process tree, idle and after 10,000 tickets."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import requests

from bench.installation import World, databases, notification, running, show, world

TICKETS = 10_000


def pss_mib(pid: int) -> float:
    """Return the proportional set size of a process and everything below it, in MiB."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    own = next(int(line.split()[1]) for line in rollup if line.startswith("Pss:"))
    return own / 1024 + sum(pss_mib(int(child)) for child in children)


def python_start() -> float:
    """Return the seconds a bare Python with Flask and SQLAlchemy takes to start: the baseline."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import flask, sqlalchemy.orm"], check=True)
    return time.perf_counter() - began


def _fill(made: World, url: str) -> None:
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {made.token}"
    for first in range(0, TICKETS, 50):
        said = [notification(number) for number in range(first, first + 50)]
        session.post(f"{url}/webhooks/icinga", json={"notifications": said}, timeout=30)
    deadline = time.time() + 300
    while time.time() < deadline:
        text = requests.get(f"{url}/metrics", timeout=30).text
        if "bridge_inbox_oldest_seconds 0.0" in text:
            return
        time.sleep(1)


def main() -> None:
    """Measure on SQLite, the embedded default."""
    with tempfile.TemporaryDirectory() as folder, databases(Path(folder)) as urls:
        with world(urls["sqlite"]) as made:
            with running(made, "serve") as (_, _, first):
                pass
            baseline = python_start()
            with running(made, "serve") as (url, process, start):
                time.sleep(5)
                idle = pss_mib(process.pid)
                _fill(made, url)
                time.sleep(5)
                full = pss_mib(process.pid)
        show(
            name="footprint",
            first_start_s=first,
            start_s=start,
            baseline_import_s=baseline,
            ratio=start / baseline,
            idle_pss_mib=idle,
            pss_mib_after_tickets=full,
            tickets=TICKETS,
        )


if __name__ == "__main__":
    main()
