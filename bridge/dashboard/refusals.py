"""Refusals that lose nothing: a stranger logs in first, a text that was typed is given back."""

from urllib.parse import urlsplit

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bridge.dashboard.errors import error_page
from bridge.dashboard.visitor import is_from_script, own_path, visitor
from bridge.dashboard.wording import gettext as _

# What people write their texts into; each has a template of its own, with the same name.
TEXT_FORMS = {"dashboard.note": "note", "dashboard.resolve": "resolve"}


def refuse_stranger() -> ResponseReturnValue:
    """Send somebody who has not logged in to do so (303, or 401 for a script), texts kept."""
    if request.endpoint in TEXT_FORMS and request.method == "POST":
        return given_back(_("You have been logged out. Your text is still here."), 401)
    if is_from_script():
        answer = make_response("", 401)
        answer.headers["HX-Redirect"] = _to_login(
            urlsplit(request.headers.get("HX-Current-URL", ""))
        )
        return answer
    if request.method != "GET":
        return redirect(url_for("dashboard.login"), 303)
    return redirect(_to_login(urlsplit(request.full_path)), 303)


def _to_login(page: object) -> str:
    path, query = getattr(page, "path", ""), getattr(page, "query", "")
    goal = own_path(f"{path}?{query}" if query else path)
    return url_for("dashboard.login", next=None if goal == "/" else goal)


def refuse_form() -> ResponseReturnValue:
    """Refuse a form without the mark of our pages (400); a text comes back with a new one."""
    if visitor() is None and request.endpoint not in {"dashboard.try_login", "dashboard.set_up"}:
        return refuse_stranger()
    problem = _("This page was open for so long that it has lost its key. Please try once more.")
    if request.endpoint in TEXT_FORMS:
        return given_back(problem, 400)
    if is_from_script():
        answer = make_response("", 400)
        answer.headers["HX-Refresh"] = "true"
        return answer
    return error_page(400, problem), 400


def given_back(problem: str, status: int) -> Response:
    """Return the form with the text that was typed into it, and what was wrong."""
    name = TEXT_FORMS[request.endpoint or ""]
    template = f"dashboard/form_{name}.html" if is_from_script() else "dashboard/given_back.html"
    html = render_template(
        template,
        form=f"dashboard/form_{name}.html",
        number=(request.view_args or {})["number"],
        typed=request.form.get("text", ""),
        problem=problem,
        must_log_in=visitor() is None,
        person=visitor(),
    )
    answer = make_response(html, status)
    if is_from_script():
        answer.headers["HX-Reswap"] = "outerHTML"
        answer.headers["HX-Retarget"] = f"#form-{name}"
    return answer
