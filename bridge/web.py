"""What the web entrances share: the installation behind the request."""

from flask import current_app

from bridge.installation import Installation

EXTENSION = "bridge"


def here() -> Installation:
    """Return the installation that the current request is for."""
    installation: Installation = current_app.extensions[EXTENSION]
    return installation
