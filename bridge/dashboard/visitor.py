"""Who is looking at a page, and what that person may do."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from urllib.parse import urlsplit

import flask_login
from flask import Flask, get_flashed_messages, request, session
from werkzeug.exceptions import Forbidden

from bridge import utc
from bridge.dashboard import desk_queries
from bridge.dashboard.desk_queries import PersonRow
from bridge.language import best
from bridge.web import here

# Where the session keeps the language of its person, so that it is known without the database.
LANGUAGE = "language"
CHOSEN = "chosen_language"


class NotAllowed(Forbidden):
    """The visitor's role does not allow this."""


class Right(Enum):
    """What not everybody may do; the value is the roles that may.

    FREEZE: settle figures: freeze a month, correct a clock.
    """

    ACT = ("engineer", "manager", "admin")
    REPLAY = ("manager", "admin")
    FREEZE = ("admin", "manager")


@dataclass(frozen=True)
class Visitor:
    """A person of ours who has logged in.

    password_set_at: a log-in ends when the password is another one.
    """

    staff_id: int
    label: str
    name: str
    language: str
    roles: tuple[str, ...]
    password_set_at: datetime

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """Return what the session keeps of a log-in."""
        return f"{self.staff_id} {utc.iso(self.password_set_at)}"

    def may(self, right: Right) -> bool:
        """Return whether one of the person's roles gives this right."""
        return not set(self.roles).isdisjoint(right.value)


def register(app: Flask) -> None:
    """Let the application know its visitors by their sessions."""
    manager = flask_login.LoginManager(app)
    manager.user_loader(_load)


def _load(session_id: str) -> Visitor | None:
    number, _, password_set_at = session_id.partition(" ")
    if not number.isdigit():
        return None
    with here().database.reading() as reading:
        found = known(desk_queries.person(reading, int(number)))
    return found if found and utc.iso(found.password_set_at) == password_set_at else None


def known(row: PersonRow | None) -> Visitor | None:
    """Return the person of a row as a visitor; None where there is none."""
    if row is None:
        return None
    return Visitor(
        staff_id=row.id,
        label=row.label,
        name=row.name,
        language=best(row.language),
        roles=tuple(row.roles),
        password_set_at=row.changed_at,
    )


def visitor() -> Visitor | None:
    """Return who has logged in, or None."""
    user = flask_login.current_user
    return user._get_current_object() if user.is_authenticated else None


def must_visitor() -> Visitor:
    """Return who has logged in, on a page that the gate shows to nobody else."""
    found = visitor()
    if found is None:
        raise NotAllowed("log in first")
    return found


def must(right: Right) -> Visitor:
    """Return who has logged in; raises NotAllowed where that person lacks the right."""
    found = must_visitor()
    if not found.may(right):
        raise NotAllowed("your role may look at this, but not change it")
    return found


def enter(person: Visitor) -> None:
    """Log `person` in, for as long as the session lasts."""
    _empty_session()
    session.permanent = True
    session[LANGUAGE] = person.language
    flask_login.login_user(person)


def leave() -> None:
    """Log the visitor out."""
    flask_login.logout_user()
    _empty_session()


def _empty_session() -> None:
    # The language is the browser's. So is the mark of its forms: a text that was typed before the
    # log-in ran out can be sent after the next one.
    kept = {key: session[key] for key in (CHOSEN, "csrf_token") if key in session}
    session.clear()
    session.update(kept)


def own_path(wanted: str | None, otherwise: str = "/") -> str:
    """Return `wanted` if it is a path of ours, else `otherwise`; addresses elsewhere are not."""
    # Browsers read a backslash as a slash, and drop tabs and line breaks.
    text = (wanted or "").replace("\\", "/")
    is_ours = text.startswith("/") and not text.startswith("//") and text.isprintable()
    return text if is_ours and not urlsplit(text).netloc else otherwise


def told() -> str:
    """Return what the last action left to be told, and forget it."""
    return " ".join(map(str, get_flashed_messages()))


def is_from_script() -> bool:
    """Return whether the page's script asks, which wants a part of a page."""
    return request.headers.get("HX-Request") == "true"
