"""The page for the rest of the work on a ticket: answer, wait, change, merge, correct."""

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bridge import utc
from bridge.dashboard import work_queries
from bridge.dashboard.blueprint import TICKET, blueprint
from bridge.dashboard.errors import error_page
from bridge.dashboard.ticket_page import read_ticket
from bridge.dashboard.visitor import NotAllowed, Right, Visitor, must
from bridge.dashboard.wording import gettext as _
from bridge.dashboard.wording import moments
from bridge.dashboard.work_forms import DOINGS, Deed, Typed, Work, problem
from bridge.errors import NotFound, Refused
from bridge.staff.models import StaffMember
from bridge.web import here


@blueprint.get(f"{TICKET}/work")
def work(number: int) -> ResponseReturnValue:
    """Show what can be done with the ticket (200); 403 for readers, 404 where there is none."""
    return _page(number, must(Right.ACT), None, "", 200)


@blueprint.post(f"{TICKET}/work/<name>")
def do_work(number: int, name: str) -> ResponseReturnValue:
    """Do it and show the ticket (303); 400 with the form as it was typed, and why not."""
    visitor = must(Right.ACT)
    known = {one.value: one for one in Work}
    if name not in known:
        return error_page(404, _("There is no such page.")), 404
    what = known[name]
    if what is Work.CORRECT and not visitor.may(Right.FREEZE):
        raise NotAllowed("only managers and admins correct clocks")
    try:
        with here().database.transaction() as session:
            directory = here().directories.current(session)
            person = session.get_one(StaffMember, visitor.staff_id)
            typed = Typed(request.form, work_queries.zone_of_ticket(session, number))
            DOINGS[what](Deed(session, directory, number, person, typed, utc.now()))
    except (Refused, NotFound) as error:
        return _page(number, visitor, what, problem(error), 400)
    flash(_("Done; the journal says what changed."))
    return redirect(url_for("dashboard.ticket", number=number), 303)


def _page(
    number: int, visitor: Visitor, refused: Work | None, why: str, status: int
) -> ResponseReturnValue:
    with here().database.reading() as session:
        directory = here().directories.current(session)
        at = moments(directory, utc.now())
        page = read_ticket(session, directory, number, at)
        contracts = work_queries.contracts(session)
    html = render_template(
        "dashboard/work.html",
        page=page,
        head=page.head,
        number=number,
        person=visitor,
        at=at,
        desk_name=directory.desk.name,
        contracts=contracts,
        people=sorted(directory.people.values(), key=lambda one: one.name),
        refused=refused.value if refused else "",
        problem=why,
        typed=request.form if refused else {},
        may_correct=visitor.may(Right.FREEZE),
    )
    return make_response(html, status)
