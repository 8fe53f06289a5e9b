"""A desk file to play against, and events as their files write them."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from bridge import utc
from bridge.desk_file.document import Document
from bridge.desk_file.loading import load_bytes
from bridge.simulation import event_file
from bridge.simulation.desk import simulated_desk
from bridge.simulation.events import Event
from bridge.simulation.playing import play
from bridge.simulation.report import Report
from tests.builders import EXAMPLE

FILE = "events.jsonl"


def desk(text: str | None = None) -> Document:
    """Return a desk file; by default the one that all tests share."""
    content = text.encode() if text is not None else EXAMPLE.read_bytes()
    return load_bytes([("desk.yaml", content)]).document


def written(lines: Iterable[Mapping[str, Any]]) -> bytes:
    """Return these events as a file."""
    return "".join(json.dumps(line) + "\n" for line in lines).encode()


def events(*lines: Mapping[str, Any], document: Document | None = None) -> list[Event]:
    """Return these lines of a file as events."""
    return event_file.read(FILE, written(lines), document or desk())


def action(at: datetime, name: str, ticket: object = "last", **fields: Any) -> dict[str, Any]:
    """Return a line in which Ben does something."""
    return {"at": utc.iso(at), "action": name, "ticket": ticket, "actor": "ben", **fields}


def played(
    *lines: Mapping[str, Any], document: Document | None = None, until: datetime | None = None
) -> Report:
    """Play these lines, and return what came of them."""
    chosen = document or desk()
    found = events(*lines, document=chosen)
    with simulated_desk(chosen, found[0].at) as simulated:
        return Report.of(simulated, play(simulated, found, until))


def told(report: Report) -> list[str]:
    """Return who was paged when, as `09:01:00 anna push`."""
    return [f"{one.at:%H:%M:%S} {one.person} {one.channel}" for one in report.pages]
