"""What a visitor does with a ticket: acknowledge, note, resolve, close."""

from urllib.parse import parse_qsl, urlsplit

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from bridge import utc
from bridge.dashboard.blueprint import TICKET, blueprint
from bridge.dashboard.board import board_answer
from bridge.dashboard.refusals import given_back
from bridge.dashboard.ticket import ticket_answer
from bridge.dashboard.visitor import Right, Visitor, is_from_script, must, own_path
from bridge.dashboard.wording import gettext as _
from bridge.flows import answers
from bridge.flows.answers import EmptyText
from bridge.icinga.text import clean
from bridge.staff.models import StaffMember
from bridge.tickets.lifecycle import WrongState
from bridge.web import here

TEXT_LIMIT_BYTES = 64 * 1024


@blueprint.post(f"{TICKET}/acknowledge")
def acknowledge(number: int) -> ResponseReturnValue:
    """Give the ticket to the visitor and show the page it was asked on (303; its part: 200).

    Whoever was faster keeps it, and is named. 403 for readers, 404 where there is no ticket.
    """
    visitor = must(Right.ACT)
    with here().database.transaction() as session:
        directory = here().directories.current(session)
        person = session.get_one(StaffMember, visitor.staff_id)
        try:
            done = answers.acknowledge(session, directory, number, person, "page", utc.now())
        except WrongState:
            said = _("Ticket %(number)s is over already: nothing is left to do.")
            said = said % {"number": f"#{number}"}
        else:
            said = _who_has_it(number, done.by, is_new=done.is_new)
    return _back(number, visitor, said)


def _who_has_it(number: int, name: str, *, is_new: bool) -> str:
    if is_new:
        return _("You have ticket %(number)s now.") % {"number": f"#{number}"}
    text = _("%(name)s has ticket %(number)s already.")
    return text % {"number": f"#{number}", "name": name}


def _back(number: int, visitor: Visitor, said: str) -> ResponseReturnValue:
    back = own_path(request.form.get("back"), url_for("dashboard.ticket", number=number))
    if not is_from_script():
        flash(said)
        return redirect(back, 303)
    page = urlsplit(back)
    if page.path.startswith("/tickets/"):
        return ticket_answer(number, visitor, "ticket_part.html", said)
    return board_answer(visitor, dict(parse_qsl(page.query)), whole=False, said=said)


def _typed() -> str:
    return clean(request.form.get("text", ""), TEXT_LIMIT_BYTES)


@blueprint.post(f"{TICKET}/note")
def note(number: int) -> ResponseReturnValue:
    """Keep the visitor's note and show the ticket (303; its parts: 200); 400 without a text."""
    visitor = must(Right.ACT)
    try:
        with here().database.transaction() as session:
            person = session.get_one(StaffMember, visitor.staff_id)
            directory = here().directories.current(session)
            answers.note(session, directory, number, person, _typed(), utc.now())
    except EmptyText:
        return given_back(_("Write a few words: an empty note helps nobody."), 400)
    return _done(number, visitor, "noted.html", _("Your note is in the journal."))


@blueprint.post(f"{TICKET}/resolve")
def resolve(number: int) -> ResponseReturnValue:
    """Resolve the ticket and show it (303; its parts: 200).

    400 without a text, 409 where it is over already: the text comes back with the reason.
    """
    visitor = must(Right.ACT)
    try:
        with here().database.transaction() as session:
            directory = here().directories.current(session)
            person = session.get_one(StaffMember, visitor.staff_id)
            answers.resolve(session, directory, number, person, _typed(), utc.now())
    except EmptyText:
        problem = _("Write what solved it: the next one to have the problem will read it.")
        return given_back(problem, 400)
    except WrongState:
        problem = _("Somebody was faster: the ticket is over already. Keep your text as a note.")
        return given_back(problem, 409)
    return _done(number, visitor, "ended.html", _("The ticket is resolved."))


@blueprint.post(f"{TICKET}/close")
def close(number: int) -> ResponseReturnValue:
    """Close the resolved ticket and show it (303; its parts: 200), however that went."""
    visitor = must(Right.ACT)
    said = _("The ticket is closed.")
    try:
        with here().database.transaction() as session:
            person = session.get_one(StaffMember, visitor.staff_id)
            answers.close(session, number, person, utc.now())
    except WrongState:
        said = _("The ticket cannot be closed as it stands now: look at its state.")
    return _done(number, visitor, "ended.html", said)


def _done(number: int, visitor: Visitor, template: str, said: str) -> ResponseReturnValue:
    if is_from_script():
        return ticket_answer(number, visitor, template, said)
    flash(said)
    return redirect(url_for("dashboard.ticket", number=number), 303)
