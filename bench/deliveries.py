"""How many pages leave per second through three children, beside plain requests, as JSON.

    python -m bench.deliveries [--seconds 5]

Everything stays on this machine: the provider is a Python server in a process of its own, which
shares the cores with what is measured, so read the rates beside their baseline.
"""

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import requests

from bridge.oncall import paging
from bridge.oncall.message import PageMessage
from bridge.outbox.outcome import Delivered, Outcome
from bridge.worker.child import Payload
from bridge.worker.children import ChildPool
from tests.lab import provider

CHILDREN = 3
AHEAD = 2 * CHILDREN
PAGE = PageMessage("[Ticket #10001] web01 DOWN", "ACME GmbH, web01, DOWN", "https://desk.example/a")


def nothing(_: Payload) -> Delivered:
    """Accept without doing anything, so that only the way to the child and back is measured."""
    return Delivered(Outcome.ACCEPTED, "")


def posts(url: str, seconds: float) -> dict[str, Any]:
    """Post the same text with requests alone, one after the other in this process."""
    body = {"title": PAGE.title, "message": PAGE.body}

    def post() -> None:
        requests.post(url, json=body, timeout=10).raise_for_status()

    return rate(timed(post, seconds), seconds)


def deliveries(pool: ChildPool, url: str, seconds: float) -> dict[str, Any]:
    """Keep every child busy and count what was accepted."""
    payload = paging.page_payload(url, PAGE)
    end, submitted, accepted = time.monotonic() + seconds, 0, 0
    while time.monotonic() < end:
        while pool.running + pool.waiting < AHEAD:
            # Two destinations: one alone may not have all the children.
            pool.submit(str(submitted), "page", payload, 8, f"host{submitted % 2}")
            submitted += 1
        accepted += sum(told.outcome is Outcome.ACCEPTED for _, told in pool.collect(1))
    while pool.running or pool.waiting:
        pool.collect(1)
    return {"count": accepted, "per_second": round(accepted / seconds, 1)}


def round_trips(pool: ChildPool, door: str, payload: Payload, seconds: float) -> dict[str, Any]:
    """Hand over one job at a time and wait for its outcome."""

    def once() -> None:
        pool.submit("one", door, payload, 8, "one")
        ((_, told),) = pool.collect(10)
        assert told.outcome is Outcome.ACCEPTED, told

    return rate(timed(once, seconds), seconds)


def timed(action: Callable[[], None], seconds: float) -> list[float]:
    """Return how long each call took, in milliseconds."""
    end, took = time.monotonic() + seconds, list[float]()
    while (start := time.monotonic()) < end:
        action()
        took.append((time.monotonic() - start) * 1000)
    return took


def rate(took: list[float], seconds: float) -> dict[str, Any]:
    """Return count, rate, and the middle and the slow end of the times."""
    cuts = statistics.quantiles(took, n=100)
    return {
        "count": len(took),
        "per_second": round(len(took) / seconds, 1),
        "p50_ms": round(cuts[49], 2),
        "p99_ms": round(cuts[98], 2),
    }


def memory(pid: int) -> float:
    """Return the proportional set size of a process in megabytes."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    (size,) = [int(line.split()[1]) for line in lines if line.startswith("Pss:")]
    return round(size / 1024, 1)


def measured(seconds: float) -> dict[str, Any]:
    """Run everything once, the baseline before and after."""
    start = time.monotonic()
    paging.load()
    loaded = time.monotonic()
    doors = {"page": paging.page_door, "nothing": nothing}
    with provider.running() as lab, ChildPool(CHILDREN, doors) as pool:
        url = f"http://127.0.0.1:{lab.port}/200"
        page = paging.page_payload(lab.url("200"), PAGE)
        before = posts(url, seconds)
        result = {
            "deliveries": deliveries(pool, lab.url("200"), seconds),
            "round_trip_empty": round_trips(pool, "nothing", {}, seconds / 2),
            "round_trip_page": round_trips(pool, "page", page, seconds / 2),
            "pss_megabytes_of_children": [memory(pid) for pid in pool.pids],
        }
        after = posts(url, seconds)
    return {
        "children": CHILDREN,
        "cores": os.cpu_count(),
        "load_seconds": round(loaded - start, 2),
        "baseline_requests_post": {"before": before, "after": after},
        **result,
    }


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0)
    json.dump(measured(parser.parse_args().seconds), sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main()
