"""The API's description of itself."""

import json
from functools import lru_cache

from flask import Response
from flask.typing import ResponseReturnValue

from bridge.api.blueprint import blueprint
from bridge.api.openapi import document


@lru_cache(maxsize=1)
def _text() -> str:
    return json.dumps(document(), indent=1)


@blueprint.get("/openapi.json")
def openapi() -> ResponseReturnValue:
    """Return what the API can do, in OpenAPI 3.1 (200); needs no token."""
    return Response(_text(), mimetype="application/json")
