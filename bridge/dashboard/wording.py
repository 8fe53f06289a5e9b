"""The language of a page: the one that was chosen, else that of the person, else the browser's."""

from datetime import datetime

from flask import Flask, g, has_request_context, redirect, request, session
from flask.typing import ResponseReturnValue
from jinja2 import Environment

from bridge import language as languages
from bridge.dashboard.blueprint import blueprint
from bridge.dashboard.visitor import CHOSEN, LANGUAGE, own_path
from bridge.flows.directory import Directory
from bridge.language import LANGUAGES, translations
from bridge.moments import Moments


def register(app: Flask) -> None:
    """Let the templates speak the language of whoever reads them."""
    environment: Environment = app.jinja_env
    environment.add_extension("jinja2.ext.i18n")
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, ngettext, newstyle=True
    )
    environment.globals.update(page_language=page_language, languages=LANGUAGES)


def page_language() -> str:
    """Return the language of this request's page; asks no database, so that errors speak it too."""
    if not has_request_context():
        return "en"
    for known in (g.get("page_language"), session.get(CHOSEN), session.get(LANGUAGE)):
        if known in LANGUAGES:
            return str(known)
    return request.accept_languages.best_match(LANGUAGES) or "en"


def speak(language: str) -> None:
    """Let this request's page speak `language`, because it is for one known person."""
    g.page_language = languages.best(language)


def gettext(text: str) -> str:
    """Return `text` in the page's language."""
    return translations(page_language()).gettext(text)


def ngettext(one: str, many: str, number: int) -> str:
    """Return the text that fits `number` in the page's language."""
    return translations(page_language()).ngettext(one, many, number)


def desk_zone(directory: Directory) -> str:
    """Return the zone for what belongs to no customer: a schedule's, else a calendar's."""
    for schedule in directory.schedules.values():
        return schedule.timezone.key
    for hours in directory.hours.values():
        return hours.versions[-1].definition.timezone if hours.versions else "UTC"
    return "UTC"


def moments(directory: Directory, now: datetime, zone: str | None = None) -> Moments:
    """Return what writes moments on this request's page."""
    return Moments(page_language(), zone or desk_zone(directory), now)


@blueprint.post("/language")
def choose_language() -> ResponseReturnValue:
    """Remember the language the visitor chose, and go back (303) to the page it was chosen on."""
    chosen = request.form.get("language")
    if chosen in LANGUAGES:
        session[CHOSEN] = chosen
    return redirect(own_path(request.form.get("back")), 303)
