"""Letters with believable defaults."""

from datetime import UTC, datetime
from typing import Any

from bridge.mail.access import Access, Security
from bridge.mail.message import Letter

SENDER = "support@desk.example"
ERIKA, OTTO, LEAD = "erika@acme.example", "otto@acme.example", "lead@msp.example"


def letter(**changes: Any) -> Letter:
    """Return a letter to Erika, with these changes."""
    values: dict[str, Any] = {
        "message_id": "<abc.def@desk.example>",
        "date": datetime(2026, 11, 23, 9, tzinfo=UTC),
        "sender": SENDER,
        "sender_name": "Example IT",
        "to": (ERIKA,),
        "subject": "[Ticket #10001] Drucker brennt",
        "text": "Guten Tag,\n\ndie Größe passt.\n",
    }
    return Letter(**{**values, **changes})


def access(port: int, **changes: Any) -> Access:
    """Return the way to a server of this machine, in the clear unless changed."""
    values: dict[str, Any] = {"host": "127.0.0.1", "port": port, "security": Security.PLAIN}
    return Access(**{**values, **changes})
