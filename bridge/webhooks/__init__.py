"""What programs post to us, and what they ask about our health."""

from flask import Flask

from bridge.webhooks import health, icinga, receipts
from bridge.webhooks.icinga import MAX_BODY_BYTES

__all__ = ["MAX_BODY_BYTES", "register"]


def register(app: Flask) -> None:
    """Add the webhook receivers and the health pages to the application."""
    icinga.register(app)
    health.register(app)
    receipts.register(app)
