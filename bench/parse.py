"""How many notifications are parsed in a second, beside json.loads of the same bytes.

    python bench/parse.py [--seconds 2]

Prints JSON. Both are measured in the same run, in turns, so that a busy machine slows both.
"""

import argparse
import json
import time
from collections.abc import Callable
from typing import Any

from bridge.icinga.notification import parse

TURNS = 10


def samples(count: int = 200) -> list[bytes]:
    """Return notifications as they come: problems and recoveries, hosts and services."""
    return [json.dumps(_sample(number)).encode() for number in range(count)]


def _sample(number: int) -> dict[str, Any]:
    is_host, is_problem = number % 5 == 0, number % 2 == 0
    began = 1795421240.0 + number
    state = "DOWN" if is_host and is_problem else "UP"
    host = {
        "name": f"web{number:02}.customer.example",
        "display_name": f"Web server {number}",
        "address": "192.0.2.1",
        "state": state,
        "state_type": "HARD",
        "last_hard_state_change": began,
        "groups": ["linux", "web"],
    }
    service = {
        "name": "disk C: 50%",
        "display_name": "Disk",
        "state": "CRITICAL" if is_problem else "OK",
        "state_type": "HARD",
        "last_hard_state_change": began,
        "groups": ["disks"],
    }
    return {
        "id": f"01JD{number:022}",
        "type": "PROBLEM" if is_problem else "RECOVERY",
        "time": began,
        "number": 1,
        "notification": f"{host['name']}!disk!bridge",
        "author": "",
        "comment": "",
        "output": "DISK CRITICAL - free space: / 512 MB (3% inode=94%)\n" * (1 + number % 8),
        "host": host,
        "service": None if is_host else service,
        "vars": {"address": "acme-247@desk.example", "customer": "1001", "priority": 2},
    }


def per_second(work: Callable[[Any], object], items: list[Any], seconds: float) -> float:
    """Return how often `work` is done in a second."""
    done = 0
    began = time.perf_counter()
    while (spent := time.perf_counter() - began) < seconds:
        for item in items:
            work(item)
        done += len(items)
    return done / spent


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=float, default=2.0, help="for each of the two")
    seconds = arguments.parse_args().seconds / TURNS
    raw = samples()
    entries = [json.loads(one) for one in raw]
    parses, loads = 0.0, 0.0
    for _ in range(TURNS):
        parses += per_second(parse, entries, seconds) / TURNS
        loads += per_second(json.loads, raw, seconds) / TURNS
    print(
        json.dumps(
            {
                "parses_per_second": round(parses),
                "baseline_json_loads_per_second": round(loads),
                "parse_costs_json_loads": round(loads / parses, 2),
                "bytes_each": sum(map(len, raw)) // len(raw),
            }
        )
    )


if __name__ == "__main__":
    main()
