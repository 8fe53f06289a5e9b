"""Changes to who is on call, from the page of duties: made, withdrawn, a shift taken over."""

from collections.abc import Mapping

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from bridge import utc
from bridge.dashboard.blueprint import blueprint
from bridge.dashboard.shifts import on_call_page
from bridge.dashboard.shifts_page import chosen
from bridge.dashboard.visitor import Right, must, own_path
from bridge.dashboard.wording import gettext as _
from bridge.errors import BridgeError, NotFound, Refused
from bridge.flows import overrides
from bridge.icinga.text import clean
from bridge.oncall.local_form import BadMoment, SkippedTime, moment_from_plain
from bridge.oncall.schedule import OverrideKind
from bridge.oncall.schedule_form import BadOverride
from bridge.staff.models import StaffMember
from bridge.web import here

MOST_BYTES = 200


@blueprint.post("/on-call/overrides")
def make_override() -> ResponseReturnValue:
    """Make an override and show the page (303); 400 with the form as it was typed, 403."""
    visitor, now = must(Right.ACT), utc.now()
    try:
        with here().database.transaction() as session:
            directory = here().directories.current(session)
            person = session.get_one(StaffMember, visitor.staff_id)
            zone = chosen(request.form, directory, visitor, now).strip.zone
            plain: dict[str, object] = {
                key: moment_from_plain(_typed(key), zone, (key,)) for key in ("from", "to")
            }
            plain |= _what()
            wish = overrides.wish_from_plain(directory, _typed("schedule"), plain)
            overrides.make(session, directory, wish, person, now)
    except (Refused, NotFound) as error:
        return on_call_page(request.form, problem(error), 400)
    flash(_("Done: everybody goes by it from now on."))
    return _back()


@blueprint.post("/on-call/overrides/<int(max=999999999999):number>/withdraw")
def withdraw_override(number: int) -> ResponseReturnValue:
    """Withdraw an override and show the page (303), also where somebody was faster; 403, 404."""
    must(Right.ACT)
    try:
        with here().database.transaction() as session:
            directory = here().directories.current(session)
            overrides.withdraw(session, directory, _typed("schedule"), number, utc.now())
    except overrides.UnknownOverride:
        flash(_("It had been withdrawn already."))
    else:
        flash(_("It is withdrawn: who is on call is as it was without it."))
    return _back()


@blueprint.post("/on-call/take-over")
def take_over() -> ResponseReturnValue:
    """Give the rest of a shift to somebody, and show the page (303); 400 with the reason, 403."""
    visitor, now = must(Right.ACT), utc.now()
    label, to = _typed("schedule"), _typed("to") or visitor.label
    try:
        with here().database.transaction() as session:
            directory = here().directories.current(session)
            person = session.get_one(StaffMember, visitor.staff_id)
            overrides.take_over_shift(
                session, directory, label, to, person, now, relieved=_typed("relieved") or None
            )
    except (Refused, NotFound) as error:
        flash(problem(error))
        return _back()
    name = directory.people[to].name
    flash(_("%(name)s is on call in %(schedule)s now.") % {"name": name, "schedule": label})
    return _back()


def _back() -> ResponseReturnValue:
    return redirect(own_path(request.form.get("back"), url_for("dashboard.on_call")), 303)


def _typed(name: str) -> str:
    return clean(request.form.get(name, ""), MOST_BYTES).strip()


def _what() -> dict[str, object]:
    """Return what changes, as the desk file writes it."""
    kind, person = _typed("kind"), _typed("who")
    if kind == OverrideKind.REPLACE.value:
        return {"replace": _typed("replaced"), "with": person}
    return {kind: person} if kind in {one.value for one in OverrideKind} else {}


def problem(error: BridgeError) -> str:
    """Return why it was refused, in the visitor's language."""
    sentences: Mapping[type[BridgeError], str] = {
        overrides.UnknownSchedule: _("Choose a schedule."),
        overrides.UnknownPerson: _("Choose one of our people."),
        overrides.TooLong: _("That is longer than 400 days: write it into the desk file."),
        overrides.AlreadyOver: _("That is over already: it would change nothing any more."),
        overrides.NotOnCall: _("The shift has changed hands meanwhile: look again."),
        overrides.AlreadyTheirs: _("That person is on call already."),
        overrides.NoEnd: _("This shift never ends: say until when, in the form below."),
        SkippedTime: _("The clocks skip this hour on that day: choose a later time."),
        BadMoment: _("Say from when until when."),
        BadOverride: _("It must end after it begins, and say who is concerned."),
    }
    for kind, sentence in sentences.items():
        if isinstance(error, kind):
            return sentence
    return _("Something in the form is not one of the choices.")
