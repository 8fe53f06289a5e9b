"""The story so far, kept in a file: what the player did and what came of it, in JSON lines."""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any

from bridge import utc
from bridge.demo.standing import Standing


class Kind(Enum):
    """What a line tells of: a scene, something that happened by itself, the beginning, the end."""

    BEGUN = "begun"
    SCENE = "scene"
    PAGED = "paged"
    TAKEN = "taken"
    OVER = "over"


@dataclass(frozen=True)
class Change:
    """How a ticket stood before and after; None where there was none."""

    before: Standing | None
    after: Standing | None


@dataclass(frozen=True)
class Line:
    """One thing that happened at `at`; `scene` is its place in the day, counted from 0."""

    kind: Kind
    at: datetime
    scene: int | None = None
    changes: Sequence[Change] = ()


class Lines:
    """A file to which one process adds lines of JSON, and which others read."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, value: dict[str, Any]) -> None:
        """Add one line, in one write, so that nobody reads half of it."""
        line = json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(descriptor, line.encode())
        finally:
            os.close(descriptor)

    def all(self) -> list[dict[str, Any]]:
        """Return every line, the oldest first."""
        if not self._path.exists():
            return []
        # What follows the last end of a line is still being written.
        whole = self._path.read_text("utf8").rpartition("\n")[0]
        return [json.loads(line) for line in whole.splitlines() if line]


class Story:
    """The story in the demo's folder."""

    def __init__(self, folder: Path) -> None:
        self._lines = Lines(folder / "story.jsonl")

    def tell(self, line: Line) -> None:
        """Add a line to the story."""
        changes = [
            [one.plain() if one else None for one in (change.before, change.after)]
            for change in line.changes
        ]
        value = {"kind": line.kind.value, "at": utc.iso(line.at), "scene": line.scene}
        self._lines.add(value | {"changes": changes})

    def so_far(self) -> list[Line]:
        """Return the story so far, the oldest line first."""
        return [
            Line(
                Kind(value["kind"]),
                utc.from_iso(value["at"]),
                value["scene"],
                [
                    Change(*(Standing.of_plain(one) if one else None for one in pair))
                    for pair in value["changes"]
                ],
            )
            for value in self._lines.all()
        ]
