"""A ticket's page: how it stands and why, and what has happened."""

from flask import Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from bridge import utc
from bridge.dashboard.blueprint import TICKET, blueprint
from bridge.dashboard.ticket_page import read_ticket, tag_of
from bridge.dashboard.visitor import Right, Visitor, must_visitor, told
from bridge.dashboard.wording import moments, page_language
from bridge.web import here

REFRESH_SECONDS = 5


@blueprint.get(TICKET)
def ticket(number: int) -> ResponseReturnValue:
    """Show the ticket (200); 404 where there is none."""
    return ticket_answer(number, must_visitor(), "ticket.html", told())


@blueprint.get(f"{TICKET}/live")
def ticket_part(number: int) -> ResponseReturnValue:
    """Answer the ticket's changing part (200), or 304 while the caller's ETag still holds."""
    person, now = must_visitor(), utc.now()
    with here().database.reading() as session:
        revision = here().directories.current(session).revision
        tag = tag_of(session, number, revision, page_language(), now)
    if request.if_none_match.contains(tag):
        answer = make_response("", 304)
        answer.set_etag(tag)
        return answer
    return ticket_answer(number, person, "ticket_part.html")


def ticket_answer(number: int, person: Visitor, template: str, said: str = "") -> Response:
    """Return the ticket in one of its templates; `said` is told on top. Raises UnknownTicket."""
    with here().database.reading() as session:
        directory = here().directories.current(session)
        at = moments(directory, utc.now())
        page = read_ticket(session, directory, number, at)
    html = render_template(
        f"dashboard/{template}",
        page=page,
        head=page.head,
        number=number,
        person=person,
        may_act=person.may(Right.ACT),
        at=at,
        desk_name=directory.desk.name,
        refresh_seconds=REFRESH_SECONDS,
        said=said,
        typed="",
        problem="",
        must_log_in=False,
    )
    answer = make_response(html)
    if template != "ticket.html":
        answer.set_etag(page.tag)
    return answer
