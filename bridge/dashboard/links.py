"""The link in a page-out: what the matter is, and one button to take it; no log-in."""

from dataclasses import dataclass
from datetime import datetime

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bridge import utc
from bridge.dashboard import ticket_queries
from bridge.dashboard.blueprint import blueprint
from bridge.dashboard.ticket_queries import TicketHead
from bridge.dashboard.wording import moments, speak
from bridge.flows import answers, links
from bridge.flows.links import PageLink
from bridge.keys import BadLink
from bridge.sla.models import Clock
from bridge.staff.models import StaffMember
from bridge.tickets.lifecycle import TicketState, WrongState, is_unfinished
from bridge.tickets.queries import UnknownTicket
from bridge.web import here

ACKNOWLEDGE = "acknowledge"


@dataclass(frozen=True)
class Paged:
    """Whom a link is for, and the ticket it is about."""

    link: PageLink
    person: StaffMember
    head: TicketHead

    @property
    def is_over(self) -> bool:
        """Return whether nothing is left to take."""
        return not is_unfinished(TicketState(self.head.state))

    @property
    def is_mine(self) -> bool:
        """Return whether the person of the link has the ticket."""
        has_it = self.head.acknowledged_by is not None
        return has_it and self.head.owner_id == self.person.id


def _paged(session: Session, token: str) -> Paged | None:
    """Return what a link is about, or None where it is forged, too old, or its person has left."""
    try:
        link = links.read(here().keys, token)
        person = session.get(StaffMember, link.staff_id)
        head = ticket_queries.head(session, link.ticket_number)
    except (BadLink, UnknownTicket):
        return None
    if link.action != ACKNOWLEDGE or person is None or person.retired_at is not None:
        return None
    speak(person.language)
    return Paged(link, person, head)


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
        paged = _paged(session, token)
        directory = here().directories.current(session)
    if paged is None:
        return _bad_link()
    return render_template(
        "dashboard/link.html",
        paged=paged,
        head=paged.head,
        clock=_clock(paged.head),
        token=token,
        now=now,
        at=moments(directory, now, paged.head.zone),
    )


@blueprint.post("/a/<token>")
def take_by_link(token: str) -> ResponseReturnValue:
    """Give the ticket to the person of the link, and show who has it (303); twice is once; 410."""
    now = utc.now()
    with here().database.transaction() as session:
        paged = _paged(session, token)
        if paged is None:
            return _bad_link()
        _take(session, paged, now)
    return redirect(url_for("dashboard.link", token=token), 303)


def _take(session: Session, paged: Paged, now: datetime) -> None:
    directory = here().directories.current(session)
    try:
        answers.acknowledge(session, directory, paged.link.ticket_number, paged.person, "link", now)
    except WrongState:
        # It is over: the page says so, and nothing is left to do.
        return
