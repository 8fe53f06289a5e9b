"""Shifts in one's own calendar: secret addresses made and withdrawn, and what stands there."""

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bridge import utc
from bridge.dashboard.blueprint import blueprint
from bridge.dashboard.login import limiter
from bridge.dashboard.visitor import must_visitor, told
from bridge.dashboard.wording import gettext as _
from bridge.dashboard.wording import moments
from bridge.flows import feeds
from bridge.flows.feeds import UnknownFeed
from bridge.icinga.text import clean
from bridge.web import here

MOST_BYTES = 200
# A guesser tries thousands; a calendar asks once an hour.
GUESSES = "30 per 5 minutes"
HOUR_SECONDS = 3600


def _is_unknown(answer: Response) -> bool:
    return answer.status_code == 404  # noqa: PLR2004 - Not Found


@blueprint.get("/feeds/<secret>.ics")
@limiter.limit(GUESSES, deduct_when=_is_unknown)
def feed(secret: str) -> ResponseReturnValue:
    """Answer the calendar under a secret address (200), or 304 while the caller's copy holds.

    404 where there is none, or not any more; 429 after too many wrong ones from one address.
    """
    try:
        with here().database.reading() as session:
            directory = here().directories.current(session)
            found = feeds.read(session, directory, secret, utc.now())
    except UnknownFeed as error:
        return Response(f"{error}\n", 404, mimetype="text/plain")
    answer = make_response(found.content)
    answer.mimetype = "text/calendar"
    answer.headers["Cache-Control"] = f"private, max-age={HOUR_SECONDS}"
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.set_etag(found.tag)
    answer.last_modified = found.changed_at
    return answer.make_conditional(request)


@blueprint.get("/on-call/calendars")
def calendars() -> ResponseReturnValue:
    """Show the visitor's calendars, without their addresses (200)."""
    return _page("")


@blueprint.post("/on-call/calendars")
def make_calendar() -> ResponseReturnValue:
    """Make a calendar and show its address, this once (200); 404 for an unknown schedule."""
    person = must_visitor()
    label = clean(request.form.get("schedule", ""), MOST_BYTES).strip() or None
    with here().database.transaction() as session:
        directory = here().directories.current(session)
        secret = feeds.make(session, directory, person.staff_id, label, utc.now())
    path = url_for("dashboard.feed", secret=secret)
    return _page(f"{here().settings.public_url}{path}")


@blueprint.post("/on-call/calendars/<int(max=999999999999):number>/withdraw")
def withdraw_calendar(number: int) -> ResponseReturnValue:
    """Let an address show nothing any more, and show the page (303)."""
    person = must_visitor()
    try:
        with here().database.transaction() as session:
            feeds.withdraw(session, person.staff_id, number, utc.now())
    except UnknownFeed:
        flash(_("It had been withdrawn already."))
    else:
        flash(_("This address shows nothing any more."))
    return redirect(url_for("dashboard.calendars"), 303)


def _page(address: str) -> Response:
    person, now = must_visitor(), utc.now()
    with here().database.reading() as session:
        directory = here().directories.current(session)
        mine = feeds.of_person(session, person.staff_id)
    html = render_template(
        "dashboard/calendars.html",
        mine=mine,
        address=address,
        schedules=list(directory.schedules),
        person=person,
        at=moments(directory, now),
        desk_name=directory.desk.name,
        said=told(),
    )
    answer = make_response(html)
    if address:
        answer.headers["Cache-Control"] = "no-store"
    return answer
