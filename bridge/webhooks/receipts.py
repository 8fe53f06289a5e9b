"""Where providers post what became of a page: delivered, or failed."""

from flask import Blueprint, Flask, Response, jsonify, request
from flask.typing import ResponseReturnValue

from bridge import utc
from bridge.flows import receipts
from bridge.keys import BadLink
from bridge.web import here

STATUSES = {"delivered": True, "failed": False}
AGAIN_SECONDS = 5

blueprint = Blueprint("receipts", __name__)


def register(app: Flask) -> None:
    """Add the address to which receipts are posted."""
    app.register_blueprint(blueprint)


@blueprint.post("/webhooks/receipts/<token>")
def receive(token: str) -> ResponseReturnValue:
    """Keep a receipt: JSON with `status`, which is `delivered` or `failed`.

    200 kept, also when it was known. 400 no such status. 404 the address is none of ours, or too
    old. 503 not yet: the same again after Retry-After.
    """
    installation = here()
    try:
        entry_id = receipts.read(installation.keys, token)
    except BadLink as error:
        return _refusal(404, str(error))
    said = request.get_json(silent=True)
    status = said.get("status") if isinstance(said, dict) else None
    if not isinstance(status, str) or status not in STATUSES:
        return _refusal(400, 'send {"status": "delivered"} or {"status": "failed"}')
    try:
        with installation.database.transaction() as session:
            directory = installation.directories.current(session)
            arrived = STATUSES[status]
            receipts.came(session, directory, entry_id, utc.now(), arrived=arrived)
    except receipts.TooEarly as error:
        answer = _refusal(503, str(error))
        answer.headers["Retry-After"] = str(AGAIN_SECONDS)
        return answer
    return jsonify(status="kept")


def _refusal(status: int, sentence: str) -> Response:
    answer = jsonify(status=status, title=sentence)
    answer.status_code = status
    return answer
