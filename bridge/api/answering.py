"""Puts values into answers: JSON, and for lists the address of the next page."""

from urllib.parse import urlencode

from flask import Response, request

from bridge.api.shapes import Shape


def answered(shape: Shape) -> Response:
    """Return the value as JSON."""
    return Response(shape.model_dump_json(), mimetype="application/json")


def next_page(cursor: int | None) -> str | None:
    """Return the address of the page after `cursor`, with the same filters; None at the end.

    It is on the host that was asked, by which the caller reaches us for sure.
    """
    if cursor is None:
        return None
    kept = [pair for pair in request.args.items(multi=True) if pair[0] != "cursor"]
    return f"{request.base_url}?{urlencode([*kept, ('cursor', cursor)])}"
