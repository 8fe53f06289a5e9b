"""Webhook objects to start from."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

BEGAN = 1795421240.0
ARRIVED = datetime.fromtimestamp(BEGAN, UTC) + timedelta(seconds=3)


def service_problem(**changes: Any) -> dict[str, Any]:
    """Return the webhook object of a service that has become critical."""
    return {
        "id": "01JD0000000000000000000001",
        "type": "PROBLEM",
        "time": BEGAN,
        "number": 1,
        "notification": "web01!http!bridge",
        "author": "",
        "comment": "",
        "output": "CRITICAL - 503",
        "host": {
            "name": "web01",
            "display_name": "Web 1",
            "address": "192.0.2.1",
            "state": "UP",
            "state_type": "HARD",
            "last_hard_state_change": BEGAN - 9000,
            "groups": ["linux"],
        },
        "service": {
            "name": "http",
            "display_name": "HTTP",
            "state": "CRITICAL",
            "state_type": "HARD",
            "last_hard_state_change": BEGAN - 2,
            "groups": [],
        },
        "vars": {
            "address": "acme-247@desk.example",
            "customer": "1001",
            "priority": 2,
            "impact": "high",
            "enabled": True,
        },
        **changes,
    }


def host_problem(**changes: Any) -> dict[str, Any]:
    """Return the webhook object of a host that is down."""
    host = {"name": "web01", "state": "DOWN", "last_hard_state_change": BEGAN}
    return service_problem(host=host, service=None) | changes


def without(entry: dict[str, Any], *path: str) -> dict[str, Any]:
    """Return a copy of `entry` without the field at `path`."""
    copied: dict[str, Any] = json.loads(json.dumps(entry))
    inner = copied
    for name in path[:-1]:
        inner = inner[name]
    del inner[path[-1]]
    return copied
