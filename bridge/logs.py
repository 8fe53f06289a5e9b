"""Log lines: a short fixed phrase with its identifiers as fields, as text or JSON on stderr."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog

# Channel addresses and links carry their secret in user info, path or query, so that a whole URL
# never reaches a log; the scheme alone says which kind of channel it was.
URL = re.compile(r"\b([a-z][a-z0-9+.-]*)://[^\s'\"<>]+", re.IGNORECASE)
BEARER = re.compile(r"(?i)\b(bearer|basic)\s+[a-z0-9._~+/=-]{8,}")
# Libraries whose debug lines reveal tokens or page bodies.
TALKATIVE = ("apprise", "urllib3", "requests", "icinga2apic", "alembic")


def redacted(text: str) -> str:
    """Return `text` without the parts of URLs and authorisation headers that may be secret."""
    return BEARER.sub(r"\1 ***", URL.sub(r"\1://***", text))


def _redact(
    _logger: object, _name: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = redacted(value)
    return event


class _Redacting(structlog.stdlib.ProcessorFormatter):
    """Redacts the finished line too, tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        return redacted(super().format(record))


def set_up(*, as_json: bool, level: str = "info", stream: TextIO | None = None) -> None:
    """Send the log lines of Bridge and its libraries to `stream` (stderr), one line each."""
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _redact,
    ]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if as_json
        else structlog.dev.ConsoleRenderer(colors=False, pad_event_to=32)
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        _Redacting(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
