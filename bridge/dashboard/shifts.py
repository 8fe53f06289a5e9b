"""The page of duties: who is on call now and next, the calendar, and where nobody is."""

import hashlib
from collections.abc import Mapping

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue

from bridge import utc
from bridge.dashboard.blueprint import blueprint
from bridge.dashboard.shifts_page import LENGTHS, chosen, duties, read_page
from bridge.dashboard.visitor import Right, must_visitor, told
from bridge.dashboard.wording import moments, page_language
from bridge.web import here

REFRESH_SECONDS = 30
FRESH_SECONDS = 60


@blueprint.get("/on-call")
def on_call() -> ResponseReturnValue:
    """Show the page (200); what cannot be shown is as usual. Its first part refreshes itself."""
    return on_call_page({}, "")


@blueprint.get("/on-call/live")
def on_call_part() -> ResponseReturnValue:
    """Answer who is on call now (200), or 304 while the caller's ETag still holds."""
    person, now = must_visitor(), utc.now()
    with here().database.reading() as session:
        directory = here().directories.current(session)
    choice = chosen(request.args, directory, person, now)
    tag = _tag(directory.revision, page_language(), choice.zone, now.timestamp())
    if request.if_none_match.contains(tag):
        unchanged = make_response("", 304)
        unchanged.set_etag(tag)
        return unchanged
    html = render_template(
        "dashboard/on_call_part.html",
        duties=duties(directory, person, now),
        people={one.label: one.name for one in directory.people.values()},
        may_act=person.may(Right.ACT),
        person=person,
        at=moments(directory, now, choice.zone),
        choice=choice,
        said="",
        now=now,
    )
    answer = make_response(html)
    answer.set_etag(tag)
    return answer


def on_call_page(typed: Mapping[str, str], problem: str, status: int = 200) -> ResponseReturnValue:
    """Return the page; with `problem` its form is open, as it was typed."""
    person, now = must_visitor(), utc.now()
    asked = typed or request.args
    with here().database.reading() as session:
        directory = here().directories.current(session)
        choice = chosen(asked, directory, person, now)
        page = read_page(session, directory, choice, now)
    html = render_template(
        "dashboard/on_call.html",
        page=page,
        choice=choice,
        lengths=LENGTHS,
        duties=duties(directory, person, now),
        people=page.people,
        may_act=person.may(Right.ACT),
        person=person,
        at=moments(directory, now, choice.zone),
        desk_name=directory.desk.name,
        refresh_seconds=REFRESH_SECONDS,
        tag=_tag(directory.revision, page_language(), choice.zone, now.timestamp()),
        said=told(),
        typed=typed,
        problem=problem,
        now=now,
    )
    return make_response(html, status)


def _tag(revision: int, language: str, zone: str, seconds: float) -> str:
    parts = (revision, language, zone, int(seconds) // FRESH_SECONDS)
    return hashlib.blake2b(repr(parts).encode(), digest_size=9).hexdigest()
