"""The webhook that Icinga's notification command posts to: keeps first, answers at once."""

import json
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Flask, Response, current_app, jsonify, request
from flask.typing import ResponseReturnValue

from bridge import utc
from bridge.icinga import notification
from bridge.icinga.notification import NotANotification, Notification
from bridge.inbox.actions import Incoming
from bridge.staff.models import AccessToken
from bridge.webhooks.intake import Intake, Kept
from bridge.webhooks.tokens import Tokens

MAX_BODY_BYTES = 4 * 1024 * 1024
MOST_ERRORS = 100
KIND = "icinga"
INTAKE, TOKENS = "bridge.intake", "bridge.tokens"

blueprint = Blueprint("icinga_webhook", __name__)


def register(app: Flask) -> None:
    """Add the receiver, with its own way to commit and to remember tokens."""
    database = app.extensions["bridge"].database
    app.extensions[INTAKE] = Intake(database)
    app.extensions[TOKENS] = Tokens(database)
    app.register_blueprint(blueprint)


def _refusal(status: int, sentence: str) -> Response:
    answer = jsonify(
        kept=0, duplicates=0, errors=[{"index": None, "field": "", "message": sentence}]
    )
    answer.status_code = status
    if status == 401:  # noqa: PLR2004 - Unauthorized
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _authenticated() -> AccessToken | Response:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        return _refusal(401, "send the source's token: Authorization: Bearer TOKEN")
    access = current_app.extensions[TOKENS].access(token.strip())
    if access is None:
        return _refusal(401, "this token is not known: make one with bridge token add")
    if access.scope != "webhook":
        return _refusal(403, f"this token is for {access.scope}: make one with --scope webhook")
    found: AccessToken = access
    return found


def _entries(body: object) -> Sequence[object] | None:
    if isinstance(body, dict) and "notifications" in body:
        found = body["notifications"]
        return found if isinstance(found, list) else None
    return [body] if isinstance(body, dict) else None


@blueprint.post("/webhooks/icinga")
def receive() -> ResponseReturnValue:
    """Keep one notification, or a batch of them.

    202 kept, durably: forget it. 400 some or all have a wrong shape: those named are not kept;
    mend them, do not repeat them. 401, 403 the token. 413 over 4 MiB: send smaller batches.
    415 not JSON. 503 not kept: the same again after Retry-After.
    """
    access = _authenticated()
    if isinstance(access, Response):
        return access
    if request.mimetype != "application/json":
        return _refusal(415, "send JSON with Content-Type: application/json")
    try:
        # Icinga hands over whatever bytes a plugin printed.
        body: Any = json.loads(request.get_data().decode("utf8", "replace"))
    except (ValueError, RecursionError):
        return _refusal(400, "the body is not JSON")
    entries = _entries(body)
    if entries is None:
        return _refusal(400, 'send one notification object, or {"notifications": [ … ]}')
    return _keep(str(access.source), entries)


def _keep(source: str, entries: Sequence[object]) -> ResponseReturnValue:
    good: list[Incoming] = []
    errors: list[dict[str, object]] = []
    for index, entry in enumerate(entries):
        try:
            good.append(_incoming(source, notification.parse(entry), entry))
        except NotANotification as error:
            errors += [{"index": index, "field": f, "message": m} for f, m in error.errors]
    kept: Kept = current_app.extensions[INTAKE].keep(good) if good else Kept(0, 0)
    if errors:
        told = jsonify(kept=kept.kept, duplicates=kept.duplicates, errors=errors[:MOST_ERRORS])
        return told, 400
    return jsonify(kept=kept.kept, duplicates=kept.duplicates), 202


def _incoming(source: str, said: Notification, entry: object) -> Incoming:
    return Incoming(
        source=source,
        kind=KIND,
        event_id=said.id,
        # A host and its services belong together: what happens to them is worked through in order.
        about=said.host.name,
        event_at=notification.happened_at(said, utc.now()),
        payload=json.dumps(entry, ensure_ascii=False, separators=(",", ":")).replace("\\u0000", ""),
    )
