"""The addresses of scripts and styles: each carries a mark of its content, to be kept for ever."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, Response, request, url_for

from bridge.dashboard.blueprint import blueprint

STATIC = Path(__file__).parent / "static"
YEAR_SECONDS = 365 * 24 * 3600


def register(app: Flask) -> None:
    """Let the templates ask for addresses of static files."""
    app.jinja_env.globals["asset"] = asset


@cache
def _mark(name: str) -> str:
    path = STATIC / name
    return hashlib.blake2b(path.read_bytes(), digest_size=6).hexdigest() if path.exists() else ""


def asset(name: str) -> str:
    """Return the address of a static file; another content has another address."""
    return url_for("dashboard.static", filename=name, v=_mark(name) or None)


@blueprint.after_request
def _keep(answer: Response) -> Response:
    """Let browsers keep what never changes, and nothing else without asking."""
    if request.endpoint == "dashboard.static" and request.args.get("v"):
        answer.headers["Cache-Control"] = f"public, max-age={YEAR_SECONDS}, immutable"
    elif "Cache-Control" not in answer.headers:
        answer.headers["Cache-Control"] = "private, no-cache"
    return answer
