"""The page for a call that comes in: a few fields, and a ticket with its clock."""

from uuid import uuid4

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bridge import utc
from bridge.dashboard import work_queries
from bridge.dashboard.blueprint import blueprint
from bridge.dashboard.visitor import Right, Visitor, must
from bridge.dashboard.wording import desk_zone
from bridge.dashboard.wording import gettext as _
from bridge.dashboard.work_forms import Typed, problem
from bridge.errors import NotFound, Refused
from bridge.flows import requests
from bridge.flows.requests import NewRequest
from bridge.staff.models import StaffMember
from bridge.tickets import actions as tickets
from bridge.web import here


@blueprint.get("/tickets/new")
def new_ticket() -> ResponseReturnValue:
    """Show the form (200); 403 for readers."""
    return _page(must(Right.ACT), "", 200)


@blueprint.post("/tickets/new")
def open_ticket() -> ResponseReturnValue:
    """Open the ticket and show it (303); the same form once more shows the one it has opened.

    400 with the form as it was typed, and why not.
    """
    visitor = must(Right.ACT)
    key = f"form:{request.form.get('key', '')[:64]}"
    try:
        with here().database.transaction() as session:
            # Two that were sent at once wait for each other here.
            tickets.number_range(session)
            number = work_queries.opened_by(session, key)
            if number is None:
                number = _open(session, visitor, key)
    except (Refused, NotFound) as error:
        return _page(visitor, problem(error), 400)
    flash(_("The ticket is open."))
    return redirect(url_for("dashboard.ticket", number=number), 303)


def _open(session: Session, visitor: Visitor, key: str) -> int:
    directory = here().directories.current(session)
    person = session.get_one(StaffMember, visitor.staff_id)
    choices = {one.label: one for one in work_queries.contracts(session)}
    address = request.form.get("address", "")
    by_address = next((one for one in choices.values() if address in one.addresses), None)
    chosen = by_address or choices.get(request.form.get("contract", ""))
    typed = Typed(request.form, desk_zone(directory))
    new = NewRequest(
        title=typed.text("title"),
        text=typed.text("text"),
        customer_number=chosen.customer_number if chosen else None,
        contract_label=chosen.label if chosen else None,
        address=address if by_address else None,
        ticket_class=typed.text("class") or "request",
        priority=typed.text("priority") or None,
        source="phone",
        author=typed.text("author") or None,
        called_at=typed.moment("called_at"),
        message=key,
    )
    return requests.open_request(session, directory, new, person, utc.now()).number


def _page(visitor: Visitor, why: str, status: int) -> ResponseReturnValue:
    with here().database.reading() as session:
        directory = here().directories.current(session)
        contracts = work_queries.contracts(session)
    html = render_template(
        "dashboard/new_ticket.html",
        person=visitor,
        desk_name=directory.desk.name,
        contracts=contracts,
        zone=desk_zone(directory),
        problem=why,
        typed=request.form,
        key=request.form.get("key") or uuid4().hex,
    )
    return make_response(html, status)
