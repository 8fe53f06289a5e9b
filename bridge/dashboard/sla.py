"""The morning page: what is at risk, what was missed and why, who is on call."""

import hashlib
from datetime import datetime

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue

from bridge import utc
from bridge.dashboard import desk_queries
from bridge.dashboard.blueprint import blueprint
from bridge.dashboard.sla_page import read_morning
from bridge.dashboard.visitor import must_visitor
from bridge.dashboard.wording import desk_zone, moments, page_language
from bridge.language import say
from bridge.web import here

REFRESH_SECONDS = 20
# Risk changes with time alone; for so long the page is taken as it was.
FRESH_SECONDS = 60


@blueprint.get("/sla")
def sla() -> ResponseReturnValue:
    """Show the morning page (200); it then refreshes itself from `/sla/live`."""
    return _answer("sla.html")


@blueprint.get("/sla/live")
def sla_part() -> ResponseReturnValue:
    """Answer the page's changing part (200), or 304 while the caller's ETag still holds."""
    return _answer("sla_part.html")


def _answer(template: str) -> ResponseReturnValue:
    person, now, language = must_visitor(), utc.now(), page_language()
    with here().database.reading() as session:
        directory = here().directories.current(session)
        newest = desk_queries.pulse(session, now).last_journal_id
        tag = _tag(newest, directory.revision, language, now)
        if template == "sla_part.html" and request.if_none_match.contains(tag):
            unchanged = make_response("", 304)
            unchanged.set_etag(tag)
            return unchanged
        page = read_morning(session, directory, desk_zone(directory), say(language), now)
    html = render_template(
        f"dashboard/{template}",
        page=page,
        person=person,
        # Tickets are taken on the board and on their own pages.
        may_act=False,
        at=moments(directory, now),
        desk_name=directory.desk.name,
        refresh_seconds=REFRESH_SECONDS,
        tag=tag,
    )
    answer = make_response(html)
    if template == "sla_part.html":
        answer.set_etag(tag)
    return answer


def _tag(newest: int | None, revision: int, language: str, now: datetime) -> str:
    parts = (newest, revision, language, int(now.timestamp()) // FRESH_SECONDS)
    return hashlib.blake2b(repr(parts).encode(), digest_size=9).hexdigest()
