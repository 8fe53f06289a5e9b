"""The one-time link by which somebody sets a first password."""

from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bridge import utc
from bridge.dashboard import desk_queries
from bridge.dashboard.blueprint import blueprint
from bridge.dashboard.errors import error_page
from bridge.dashboard.visitor import enter, known
from bridge.dashboard.wording import gettext as _
from bridge.dashboard.wording import page_language
from bridge.errors import Refused
from bridge.keys import BadLink, Keys
from bridge.staff import actions as staff_actions
from bridge.staff import queries as staff
from bridge.staff.models import StaffMember
from bridge.staff.passwords import LONGEST, SHORTEST, BadPassword
from bridge.web import here

PURPOSE = "setup"
MAX_AGE_SECONDS = 24 * 3600


class LinkUsed(Refused):
    """The link has done its work: somebody can log in now."""


def setup_url(keys: Keys, public_url: str, login: str | None) -> str:
    """Return the address at which `login` sets a password; None: at which the first admin is made.

    It works for a day, and only as long as that person (for None: anybody) has no password.
    """
    return f"{public_url}/setup/{keys.sign(PURPOSE, {'login': login})}"


@dataclass(frozen=True)
class Form:
    """What was typed; the login is the link's where that names one."""

    login: str
    name: str
    password: str
    again: str


def _login_of(token: str) -> str | None:
    value = here().keys.unsign(PURPOSE, token, MAX_AGE_SECONDS)
    if not isinstance(value, dict) or "login" not in value:
        raise BadLink("this link is not valid, or no longer")
    login = value["login"]
    return login if isinstance(login, str) else None


def _must_be_unused(session: Session, login: str | None) -> StaffMember | None:
    """Return whom the link is for, None for the first admin; raises LinkUsed."""
    if login is None:
        if staff.has_credentials(session):
            raise LinkUsed
        return None
    person = staff.person(session, login)
    if person is None or person.retired_at is not None:
        raise LinkUsed
    if staff.credential(session, login) is not None:
        raise LinkUsed
    return person


@blueprint.get("/setup/<token>")
def setup(token: str) -> ResponseReturnValue:
    """Show the form (200); 410 for a link that is forged, too old, or has been used."""
    try:
        login = _login_of(token)
        with here().database.reading() as session:
            person = _must_be_unused(session, login)
    except (BadLink, LinkUsed):
        return _gone()
    typed = Form(login or "", person.name if person else "", "", "")
    return _form(typed, person is not None, "")


@blueprint.post("/setup/<token>")
def set_up(token: str) -> ResponseReturnValue:
    """Set the password, log in and show the board (303); 400 with what to type instead; 410."""
    try:
        login = _login_of(token)
        typed = _typed(login)
        problem = _problem(typed)
        if problem:
            return _form(typed, login is not None, problem), 400
        with here().database.transaction() as session:
            person = _must_be_unused(session, login)
            person = person or _first_admin(session, typed)
            staff_actions.set_password(session, person, typed.password, utc.now())
            entered = known(desk_queries.person(session, person.id))
    except (BadLink, LinkUsed):
        return _gone()
    except BadPassword:
        return _form(typed, login is not None, _password_rule()), 400
    except Refused:
        return _form(typed, login is not None, _("A log-in is letters, digits, and . _ -")), 400
    if entered:
        enter(entered)
    return redirect(url_for("dashboard.board"), 303)


def _first_admin(session: Session, typed: Form) -> StaffMember:
    name = typed.name or typed.login
    return staff_actions.add_person(session, typed.login, name, ["admin"], page_language())


def _typed(login: str | None) -> Form:
    text = {key: request.form.get(key, "") for key in ("login", "name", "password", "again")}
    return Form(
        login=login or text["login"].strip()[:64],
        name=text["name"].strip()[:200],
        password=text["password"],
        again=text["again"],
    )


def _problem(typed: Form) -> str:
    if not typed.login:
        return _("Choose a log-in.")
    if not SHORTEST <= len(typed.password) <= LONGEST:
        return _password_rule()
    if typed.password != typed.again:
        return _("The two passwords are not the same: type them once more.")
    return ""


def _password_rule() -> str:
    return _("A password has %(shortest)s to %(longest)s characters.") % {
        "shortest": SHORTEST,
        "longest": LONGEST,
    }


def _form(typed: Form, is_known: bool, problem: str) -> str:
    return render_template(
        "dashboard/setup.html", typed=typed, is_known=is_known, problem=problem, shortest=SHORTEST
    )


def _gone() -> ResponseReturnValue:
    advice = _(
        "The link was used already, is older than a day, or is incomplete. If somebody has a"
        " password, log in with it. Otherwise start “bridge serve” again: it prints a new link."
    )
    return error_page(410, advice), 410
