"""The blueprint that every view of the API is added to."""

from flask import Blueprint

PREFIX = "/api/v1"
# No database holds a higher number, and asked for one it fails instead of finding nothing.
NUMBER = f"<int(max={2**63 - 1}):number>"

blueprint = Blueprint("api", __name__, url_prefix=PREFIX)
