"""Puts the pages into the application: log-in, protection of forms, limits and languages."""

import json

from flask import Flask, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError, CSRFProtect
from jinja2 import StrictUndefined

from bridge.dashboard import (
    absences,
    assets,
    board,
    calendars,
    inbox,
    links,
    login,
    new_ticket,
    on_call_tabs,
    override_forms,
    people,
    reports,
    setup,
    shifts,
    sla,
    ticket,
    ticket_actions,
    visitor,
    wording,
    work,
)
from bridge.dashboard.blueprint import blueprint
from bridge.dashboard.login import limiter
from bridge.dashboard.refusals import refuse_form, refuse_stranger

# What programs post to comes with a token of its own, and a page's link is signed for one person.
NO_FORMS = ("/webhooks/", "/api/", "/a/")
# What anybody may see. Everything else is for people who have logged in.
OPEN = frozenset(
    {
        "dashboard.static",
        "dashboard.login",
        "dashboard.try_login",
        "dashboard.logout",
        "dashboard.choose_language",
        "dashboard.setup",
        "dashboard.set_up",
        "dashboard.link",
        "dashboard.take_by_link",
        "dashboard.steer_by_link",
        # Its address is the secret: a calendar program cannot log in.
        "dashboard.feed",
    }
)
# Each adds its pages to the blueprint when it is imported.
VIEWS = (
    absences,
    board,
    calendars,
    inbox,
    links,
    login,
    new_ticket,
    on_call_tabs,
    override_forms,
    people,
    reports,
    setup,
    shifts,
    sla,
    ticket,
    ticket_actions,
    wording,
    work,
)
HTMX = {
    "allowEval": False,
    "allowScriptTags": False,
    "defaultSettleDelay": 0,
    "historyCacheSize": 0,
    "historyEnabled": False,
    "includeIndicatorStyles": False,
    "selfRequestsOnly": True,
    "responseHandling": [
        {"code": "204|304", "swap": False},
        {"code": "2..|40[0139]|429", "swap": True},
        {"code": "...", "swap": False, "error": True},
    ],
}


def register(app: Flask) -> None:
    """Add the pages to the application, after its settings and its secret key are there."""
    # A form stays open for a whole shift; its token lives as long as the log-in.
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    # Our pages send no referrer, because the address of a link is a right.
    app.config["WTF_CSRF_SSL_STRICT"] = False
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    protection = CSRFProtect(app)
    limiter.init_app(app)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["htmx_config"] = json.dumps(HTMX)
    for part in (assets, visitor, wording):
        part.register(app)
    app.before_request(lambda: _protect(protection))
    app.register_blueprint(blueprint)


def _protect(protection: CSRFProtect) -> ResponseReturnValue | None:
    """Refuse a form that is not from a page of ours; a text that was typed comes back with it."""
    if request.path.startswith(NO_FORMS):
        return None
    try:
        protection.protect()
    except CSRFError:
        return refuse_form()
    return None


@blueprint.before_request
def _gate() -> ResponseReturnValue | None:
    """Let in who has logged in; everybody else only where the page is for everybody."""
    if request.endpoint in OPEN or visitor.visitor() is not None:
        return None
    return refuse_stranger()


blueprint.register_error_handler(429, lambda _error: login.too_many())
