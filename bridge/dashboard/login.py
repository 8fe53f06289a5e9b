"""Logging in and out: argon2 hashes, a limit on tries, and one answer for every wrong one."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from bridge.dashboard import desk_queries
from bridge.dashboard.blueprint import blueprint
from bridge.dashboard.visitor import Visitor, enter, known, leave, own_path, visitor
from bridge.dashboard.wording import gettext as _
from bridge.staff import passwords
from bridge.staff import queries as staff
from bridge.web import here

# In the memory of this process, because the limiter knows no SQL: each node counts for itself.
limiter = Limiter(get_remote_address, storage_uri="memory://")
TRIES_BY_ADDRESS = "30 per 5 minutes"
TRIES_BY_NAME = "10 per 5 minutes"


def _name() -> str:
    return request.form.get("login", "").strip().casefold()[:64]


def _has_failed(answer: Response) -> bool:
    """Say whether a try counts: whoever knows the password is never locked out by it."""
    return answer.status_code != 303  # noqa: PLR2004 - See Other


@blueprint.get("/login")
def login() -> ResponseReturnValue:
    """Show the form (200), or go on (303) where somebody has logged in already."""
    goal = own_path(request.args.get("next"))
    if visitor():
        return redirect(goal, 303)
    return render_template("dashboard/login.html", goal=goal, name="", problem="")


@blueprint.post("/login")
@limiter.limit(TRIES_BY_ADDRESS, deduct_when=_has_failed)
@limiter.limit(TRIES_BY_NAME, key_func=_name, deduct_when=_has_failed)
def try_login() -> ResponseReturnValue:
    """Log in and go on (303); 401 with the same words for a wrong name and a wrong password.

    429 after too many failed tries from one address or for one name: wait, then try again.
    """
    goal = own_path(request.form.get("next"))
    name, password = request.form.get("login", "").strip(), request.form.get("password", "")
    with here().database.reading() as session:
        found = _person(session, name, password)
    if found is None:
        problem = _("That log-in and password do not go together.")
        return render_template("dashboard/login.html", goal=goal, name=name, problem=problem), 401
    enter(found)
    return redirect(goal, 303)


def _person(session: Session, name: str, password: str) -> Visitor | None:
    row = staff.credential(session, name)
    # Hashed for nobody too, so that the time tells no one which names exist.
    if not passwords.matches(password, row[1].password_hash if row else None) or row is None:
        return None
    return known(desk_queries.person(session, row[0].id))


def too_many() -> ResponseReturnValue:
    """Answer a try that was one too many (429): the form again, and how long to wait."""
    return (
        render_template(
            "dashboard/login.html",
            goal=own_path(request.form.get("next")),
            name=request.form.get("login", ""),
            problem=_(
                "Too many tries: wait five minutes. The link in a page works without a log-in."
            ),
        ),
        429,
    )


@blueprint.post("/logout")
def logout() -> ResponseReturnValue:
    """Log out and show the log-in form (303)."""
    leave()
    return redirect(url_for("dashboard.login"), 303)
