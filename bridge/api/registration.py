"""Puts the API into the application: who may call it, its views, and its headers."""

from flask import Flask, Response, request
from werkzeug.exceptions import MethodNotAllowed

from bridge.api import access, actions, desk, documents, refusals, tickets
from bridge.api.blueprint import PREFIX, blueprint

# Each adds its views to the blueprint when it is imported.
VIEWS = (actions, desk, documents, tickets)


def register(app: Flask) -> None:
    """Add the API to the application."""
    app.register_blueprint(blueprint)


blueprint.before_request(access.let_in)
blueprint.register_error_handler(access.NoAccess, refusals.no_access)
blueprint.register_error_handler(refusals.BadInput, refusals.bad_input)


@blueprint.after_app_request
def _headers(answer: Response) -> Response:
    if not request.path.startswith(f"{PREFIX}/"):
        return answer
    answer.headers.setdefault("Cache-Control", "no-store")
    # A path is not of the blueprint where its method is not: the answer is the application's.
    wrong = request.routing_exception
    if isinstance(wrong, MethodNotAllowed) and wrong.valid_methods:
        answer.headers["Allow"] = ", ".join(sorted(wrong.valid_methods))
    return answer
