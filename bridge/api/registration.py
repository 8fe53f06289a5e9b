"""Puts the API into the application: who may call it, its views, and its headers."""

from flask import Flask, Response, request

from bridge.api import (
    access,
    actions,
    asking,
    desk,
    documents,
    policies,
    refusals,
    reports,
    schedules,
    tickets,
    work,
)
from bridge.api.blueprint import PREFIX, blueprint

# Each adds its views to the blueprint when it is imported.
VIEWS = (actions, asking, desk, documents, policies, reports, schedules, tickets, work)


def register(app: Flask) -> None:
    """Add the API to the application."""
    app.register_blueprint(blueprint)


blueprint.before_request(access.let_in)
blueprint.register_error_handler(access.NoAccess, refusals.no_access)
blueprint.register_error_handler(refusals.BadInput, refusals.bad_input)


@blueprint.after_app_request
def _headers(answer: Response) -> Response:
    if request.path.startswith(f"{PREFIX}/"):
        answer.headers.setdefault("Cache-Control", "no-store")
    return answer
