"""The web application: every web entrance, and how errors become answers."""

from datetime import timedelta
from typing import Any

from flask import Flask, Response, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.middleware.proxy_fix import ProxyFix

from bridge import api, dashboard, webhooks
from bridge.errors import BridgeError, NotFound, Refused, Temporary
from bridge.installation import Installation
from bridge.tickets.lifecycle import WrongState
from bridge.web import EXTENSION

# A calendar of absences is shown before it is imported, and comes back as a field of the form.
MAX_FORM_BYTES = 2 * 1024 * 1024
# What a page may load and do: nothing from elsewhere, and no script in the page itself.
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self';"
    " frame-ancestors 'self'; form-action 'self'; base-uri 'none'; object-src 'none'"
)


def create_app(installation: Installation) -> Flask:
    """Return the application of this installation; make it after any fork."""
    app = Flask(__name__, static_folder=None)
    settings = installation.settings
    app.config.update(
        SECRET_KEY=installation.keys.session_secrets()[0],
        SECRET_KEY_FALLBACKS=list(installation.keys.session_secrets()[1:]),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.public_url.startswith("https://"),
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        MAX_CONTENT_LENGTH=webhooks.MAX_BODY_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_FORM_BYTES,
    )
    app.extensions[EXTENSION] = installation
    if settings.proxies:
        app.wsgi_app = _BehindProxies(app.wsgi_app, settings.proxies)  # type: ignore[method-assign]
    webhooks.register(app)
    dashboard.register(app)
    api.register(app)
    app.register_error_handler(BridgeError, _answer)
    app.register_error_handler(HTTPException, _http_answer)
    app.after_request(_headers)
    return app


class _BehindProxies:
    """Believes forwarded headers only where they come from one of our own proxies."""

    def __init__(self, wsgi_app: Any, proxies: tuple[str, ...]) -> None:
        self._direct = wsgi_app
        self._forwarded = ProxyFix(wsgi_app, x_for=1, x_proto=1, x_host=1)
        self._proxies = frozenset(proxies)

    def __call__(self, environ: Any, start_response: Any) -> Any:
        trusted = environ.get("REMOTE_ADDR") in self._proxies
        return (self._forwarded if trusted else self._direct)(environ, start_response)


def _status(error: BridgeError) -> int:
    match error:
        case NotFound():
            return 404
        case WrongState():
            return 409
        case Refused():
            return 400
        case Temporary():
            return 503
        case _:
            return 500


def _answer(error: BridgeError) -> ResponseReturnValue:
    status = _status(error)
    return _said(status, str(error))


def _http_answer(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None:
        return error
    answer = _said(error.code or 500, error.description or error.name)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        answer.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return answer


def _said(status: int, sentence: str) -> Response:
    """Return an answer for a program as JSON (RFC 9457), for a person as a page."""
    if request.path.startswith(("/webhooks/", "/api/")):
        answer = jsonify(status=status, title=sentence)
        if request.path.startswith("/api/"):
            answer.mimetype = "application/problem+json"
    else:
        answer = Response(dashboard.error_page(status, sentence), mimetype="text/html")
    answer.status_code = status
    if status == 503:  # noqa: PLR2004 - Service Unavailable
        answer.headers["Retry-After"] = "5"
    return answer


def _headers(answer: Response) -> Response:
    answer.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    answer.headers.setdefault("X-Content-Type-Options", "nosniff")
    # Links of pages carry their right in the path.
    answer.headers.setdefault("Referrer-Policy", "no-referrer")
    return answer
