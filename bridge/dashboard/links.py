"""The link in a page-out: what the matter is, and one button to take it; no log-in."""

from contextlib import suppress
from datetime import datetime

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bridge import utc
from bridge.dashboard.blueprint import blueprint
from bridge.dashboard.paged import find
from bridge.dashboard.ticket_queries import TicketHead
from bridge.dashboard.wording import moments, speak
from bridge.flows import answers, asking, links
from bridge.sla.models import Clock
from bridge.staff.models import StaffMember
from bridge.tickets.lifecycle import WrongState
from bridge.web import here

# So many tickets of a bundle are taken in one transaction: others wait for those it locks.
AT_ONCE = 50


def _bad_link() -> ResponseReturnValue:
    return render_template("dashboard/link_bad.html"), 410


def _clock(head: TicketHead) -> Clock | None:
    running = [one for one in head.clocks if one.stopped_at is None]
    return next((one for one in running if one.kind == "response"), None)


@blueprint.get("/a/<token>")
def link(token: str) -> ResponseReturnValue:
    """Show what somebody is paged for (200); 410, with what to do, for a link that no longer acts.

    Looking changes nothing, because mail scanners look too. Source: docs/oncall.md, "R24".
    """
    now = utc.now()
    with here().database.reading() as session:
        paged = find(session, here().keys, token)
        directory = here().directories.current(session)
    if paged is None:
        return _bad_link()
    speak(paged.person.language)
    return render_template(
        "dashboard/link.html",
        paged=paged,
        head=paged.head,
        clock=_clock(paged.head),
        token=token,
        asked=request.args.get("asked", ""),
        now=now,
        at=moments(directory, now, paged.head.zone),
    )


@blueprint.post("/a/<token>")
def take_by_link(token: str) -> ResponseReturnValue:
    """Give the page's tickets to the person of the link, and show it (303); twice is once; 410.

    Exactly those that the page listed. Source: docs/oncall.md, "R18" and "R24".
    """
    now = utc.now()
    with here().database.transaction() as session:
        paged = find(session, here().keys, token)
        if paged is None:
            return _bad_link()
        links.opened(session, paged.link, now)
    # Always in this order, in which everybody locks tickets.
    asking = sorted(paged.asking)
    for first in range(0, len(asking), AT_ONCE):
        with here().database.transaction() as session:
            for number in asking[first : first + AT_ONCE]:
                _take(session, number, paged.link.staff_id, now)
    return redirect(url_for("dashboard.link", token=token), 303)


@blueprint.post("/a/<token>/<any(decline, escalate):wish>")
def steer_by_link(token: str, wish: str) -> ResponseReturnValue:
    """Let others be called for the page's tickets, and show how they stand (303); 410."""
    now = utc.now()
    with here().database.transaction() as session:
        paged = find(session, here().keys, token)
        if paged is None:
            return _bad_link()
        links.opened(session, paged.link, now)
        for number in sorted(paged.asking):
            _steer(session, number, paged.person, wish, now)
    return redirect(url_for("dashboard.link", token=token, asked=wish), 303)


def _steer(session: Session, number: int, person: StaffMember, wish: str, now: datetime) -> None:
    directory = here().directories.current(session)
    # What changes nothing for one ticket of several need not stop the others.
    with suppress(WrongState):
        if wish == "decline":
            asking.decline(session, directory, number, person, person.label, now)
        else:
            asking.escalate_now(session, directory, number, person, now)


def _take(session: Session, number: int, staff_id: int, now: datetime) -> None:
    directory = here().directories.current(session)
    person = session.get_one(StaffMember, staff_id)
    # Where it is over the page says so, and nothing is left to do.
    with suppress(WrongState):
        answers.acknowledge(session, directory, number, person, "link", now)
