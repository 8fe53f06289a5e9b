"""Log lines: a short fixed phrase with its identifiers as fields, as text or JSON on stderr."""

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any, TextIO

import structlog

# Channel addresses and links carry their secret in user info, path or query, so that a whole URL
# never reaches a log; the scheme alone says which kind of channel it was.
URL = re.compile(r"\b([a-z][a-z0-9+.-]{0,30})://[^\s'\"<>]+", re.IGNORECASE)
BEARER = re.compile(r"(?i)\b(bearer|basic)\s+[a-z0-9._~+/=-]{8,}")
# Our own access tokens, what `keys` signs into the links of pages, and the addresses of calendars:
# a path has no scheme.
TOKEN = re.compile(
    r"\bbridge_[\w-]{40,}|(?<![\w-])[\w-]{4,}+\.[\w-]{5,8}\.[\w-]{27,}|(?<=/feeds/)[\w-]{8,}"
)
# Libraries whose debug lines reveal tokens or page bodies.
TALKATIVE = ("apprise", "urllib3", "requests", "icinga2apic", "alembic")


def redacted(text: str) -> str:
    """Return `text` without tokens, and without what may be secret in URLs and headers."""
    return TOKEN.sub("***", BEARER.sub(r"\1 ***", URL.sub(r"\1://***", text)))


def _safe(value: object) -> object:
    match value:
        case str():
            return redacted(value)
        case bool() | int() | float() | None:
            return value
        case Mapping():
            return {redacted(str(key)): _safe(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_safe(inner) for inner in value]
        case _:
            return redacted(repr(value))


def _redact(
    _logger: object, _name: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Redact every value, before it is written: JSON has quotes and backslashes of its own."""
    # What begins with "_" is structlog's own, and removed before the line is written.
    return {key: value if key[0] == "_" else _safe(value) for key, value in event.items()}


def set_up(*, as_json: bool, level: str = "info", stream: TextIO | None = None) -> None:
    """Send the log lines of Bridge and its libraries to `stream` (stderr), one line each."""
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        # As text and without the values of variables, which a rich traceback would show.
        structlog.processors.format_exc_info,
        structlog.processors.StackInfoRenderer(),
        _redact,
    ]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if as_json
        else structlog.dev.ConsoleRenderer(colors=False, pad_event_to=32)
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
