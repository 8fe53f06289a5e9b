"""The webhook that Icinga's notification command posts to: keeps first, answers at once."""

import json
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Flask, Response, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from bridge import utc
from bridge.icinga import notification
from bridge.icinga.notification import NotANotification, Notification
from bridge.inbox.actions import Incoming
from bridge.staff.models import AccessToken
from bridge.webhooks.intake import Intake, Kept
from bridge.webhooks.tokens import Tokens

MAX_BODY_BYTES = 4 * 1024 * 1024
# More entries of the right shape do not fit into a body: who sends more sends something else.
MOST_ENTRIES = 100_000
# Every refused entry is named, because the sender takes the others for kept; after so many errors
# with its first error only.
MOST_DETAILED = 1000
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


def _data() -> bytes:
    """Return the whole body; raises RequestEntityTooLarge, and ValueError where it broke off."""
    data, told = request.get_data(), request.content_length
    # Of a body whose length nobody told, Werkzeug reads as much as may be, and hides the rest.
    if told is None and len(data) >= MAX_BODY_BYTES and request.input_stream.read(1):
        raise RequestEntityTooLarge
    if told is not None and len(data) < told:
        raise ValueError("the body broke off")
    return data


def _wrong_media() -> str | None:
    if request.mimetype != "application/json":
        return "send JSON with Content-Type: application/json"
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        return "send the JSON as it is, without Content-Encoding"
    return None


def _body() -> Any:
    """Return what the body says as JSON; raises ValueError for anything else."""
    try:
        # Icinga hands over whatever bytes a plugin printed; some programs begin with a mark.
        return json.loads(_data().decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError) as error:
        raise ValueError("the body is not JSON") from error


def _entries(body: object) -> Sequence[object]:
    """Return the entries of the body; raises ValueError with what to send instead."""
    entries = body.get("notifications", [body]) if isinstance(body, dict) else None
    if not isinstance(entries, list):
        raise ValueError(  # noqa: TRY004 - wrong data of a caller, not a wrong call
            'send one notification object, or {"notifications": [ … ]}'
        )
    if len(entries) > MOST_ENTRIES:
        raise ValueError(f"send at most {MOST_ENTRIES} notifications at once")
    return entries


@blueprint.post("/webhooks/icinga")
def receive() -> ResponseReturnValue:
    """Keep one notification, or a batch of them.

    202 kept, durably: forget it. 400 some or all have a wrong shape: those named are not kept;
    mend them, do not repeat them. 401, 403 the token. 413 over 4 MiB: send smaller batches.
    415 not JSON, or compressed. 503 not kept: the same again after Retry-After.
    """
    access = _authenticated()
    if isinstance(access, Response):
        return access
    wrong_media = _wrong_media()
    if wrong_media is not None:
        return _refusal(415, wrong_media)
    try:
        return _keep(str(access.source), _entries(_body()))
    except ValueError as error:
        return _refusal(400, str(error))


def _keep(source: str, entries: Sequence[object]) -> ResponseReturnValue:
    good: list[Incoming] = []
    errors: list[dict[str, object]] = []
    for index, entry in enumerate(entries):
        try:
            good.append(_incoming(source, notification.parse(entry), entry))
        except NotANotification as error:
            told = error.errors if len(errors) < MOST_DETAILED else error.errors[:1]
            errors += [{"index": index, "field": f, "message": m} for f, m in told]
    kept: Kept = current_app.extensions[INTAKE].keep(good) if good else Kept(0, 0)
    if errors:
        return jsonify(kept=kept.kept, duplicates=kept.duplicates, errors=errors), 400
    return jsonify(kept=kept.kept, duplicates=kept.duplicates), 202


def _incoming(source: str, said: Notification, entry: object) -> Incoming:
    try:
        # In ASCII, where what no database can store (NUL, half a surrogate pair) is an escape.
        payload = json.dumps(entry, separators=(",", ":"))
    except RecursionError as error:
        raise NotANotification([("", "send objects that are not nested so deeply")]) from error
    return Incoming(
        source=source,
        kind=KIND,
        event_id=said.id,
        # A host and its services belong together: what happens to them is worked through in order.
        about=said.host.name,
        event_at=notification.happened_at(said, utc.now()),
        payload=payload,
    )
