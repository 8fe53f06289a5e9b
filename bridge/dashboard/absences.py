"""The page that reads absences from a calendar: first what it would do, then doing it."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bridge import utc
from bridge.dashboard.blueprint import blueprint
from bridge.dashboard.visitor import Right, Visitor, must
from bridge.dashboard.wording import desk_zone, moments
from bridge.dashboard.wording import gettext as _
from bridge.errors import BridgeError, NotFound, Refused
from bridge.flows import absences as flow
from bridge.flows import overrides
from bridge.flows.absences import Import, NotInAny, TooMany
from bridge.icinga.text import clean
from bridge.oncall.icalendar import BadCalendar
from bridge.oncall.recurrence import BadRule
from bridge.staff.models import StaffMember
from bridge.web import here

MOST_BYTES = 200


@blueprint.get("/on-call/absences")
def absences() -> ResponseReturnValue:
    """Show the form (200); 403 for readers."""
    return _page(must(Right.ACT), None, "", "", 200)


@blueprint.post("/on-call/absences")
def look_at_absences() -> ResponseReturnValue:
    """Show what an import would do, and change nothing (200); 400 with the reason, 403."""
    visitor = must(Right.ACT)
    content = _content()
    try:
        with here().database.reading() as session:
            directory = here().directories.current(session)
            zone = ZoneInfo(desk_zone(directory))
            planned = flow.prepare(session, directory, _person(), content, zone, utc.now())
            return _page(visitor, planned, content.decode("utf-8", "replace"), "", 200)
    except (Refused, NotFound) as error:
        return _page(visitor, None, content.decode("utf-8", "replace"), _problem(error), 400)


@blueprint.post("/on-call/absences/import")
def import_absences() -> ResponseReturnValue:
    """Import the absences that were shown, and show who is on call (303); 400, 403."""
    visitor, content = must(Right.ACT), _content()
    try:
        with here().database.transaction() as session:
            directory = here().directories.current(session)
            now, zone = utc.now(), ZoneInfo(desk_zone(directory))
            planned = flow.prepare(session, directory, _person(), content, zone, now)
            person = session.get_one(StaffMember, visitor.staff_id)
            flow.carry_out(session, directory, planned, person, now)
    except (Refused, NotFound) as error:
        return _page(visitor, None, content.decode("utf-8", "replace"), _problem(error), 400)
    flash(_("The absences are in force."))
    return redirect(url_for("dashboard.on_call"), 303)


def _person() -> str:
    return clean(request.form.get("person", ""), MOST_BYTES).strip()


def _content() -> bytes:
    """Return the file that was sent, else the text that was pasted."""
    file = request.files.get("file")
    sent = file.read() if file is not None else b""
    return sent or request.form.get("text", "").strip().encode()


def _page(
    visitor: Visitor, planned: Import | None, text: str, problem: str, status: int
) -> ResponseReturnValue:
    now = utc.now()
    with here().database.reading() as session:
        directory = here().directories.current(session)
    html = render_template(
        "dashboard/absences.html",
        planned=planned,
        text=text,
        problem=problem,
        chosen=_person() or visitor.label,
        people={one.label: one.name for one in directory.people.values()},
        zone=desk_zone(directory),
        person=visitor,
        at=moments(directory, now),
        desk_name=directory.desk.name,
    )
    return make_response(html, status)


def _problem(error: BridgeError) -> str:
    """Return why it was refused, in the visitor's language; what only the file says as it is."""
    sentences: Mapping[type[BridgeError], str] = {
        overrides.UnknownPerson: _("Choose one of our people."),
        NotInAny: _("This person is in no schedule: there is nothing to take them off."),
        TooMany: _("These are too many changes at once: import fewer absences."),
        BadRule: _("An absence repeats in a way that is not read: %(reason)s"),
        BadCalendar: _("The calendar cannot be read: %(reason)s"),
    }
    for kind, sentence in sentences.items():
        if isinstance(error, kind):
            return sentence % {"reason": str(error)} if "%" in sentence else sentence
    return _("Something in the form is not one of the choices.")
