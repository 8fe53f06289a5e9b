"""What programs do with the work on a ticket: open one, answer, wait, change, merge, correct."""

from flask.typing import ResponseReturnValue

from bridge import utc
from bridge.api import ticket_queries
from bridge.api.access import program
from bridge.api.actions import changed
from bridge.api.answering import answered
from bridge.api.blueprint import NUMBER, blueprint
from bridge.api.forms import Nothing
from bridge.api.reading import body
from bridge.api.work_forms import (
    Answer,
    ClockCorrection,
    Into,
    NewClass,
    NewContract,
    NewPriority,
    Opening,
    Waiting,
    utc_of,
)
from bridge.flows import changes, conversation, corrections, merging, requests, waiting
from bridge.flows.requests import NewRequest
from bridge.web import here


@blueprint.post("/tickets")
def open_ticket() -> ResponseReturnValue:
    """Open a ticket for a call or a message in the portal (201); 400, 404 for unknown names."""
    form, who = body(Opening), program()
    new = NewRequest(
        title=form.title,
        text=form.text,
        customer_number=form.customer,
        contract_label=form.contract,
        address=form.address,
        ticket_class=form.ticket_class,
        priority=form.priority,
        source=form.source,
        author=form.author,
        called_at=utc_of(form.called_at),
    )
    with here().database.transaction() as session:
        directory = here().directories.current(session)
        number = requests.open_request(session, directory, new, who, utc.now()).number
        session.flush()
        found = ticket_queries.ticket(session, number)
    told = answered(found)
    told.status_code = 201
    return told


@blueprint.post(f"/tickets/{NUMBER}/answer")
def answer(number: int) -> ResponseReturnValue:
    """Write down what the customer was told (200); 400 without a text, 404, 409."""
    form, who = body(Answer), program()
    return changed(
        number,
        lambda session, directory, now: conversation.answer(
            session, directory, number, who, form.text, form.via, now, at=utc_of(form.at)
        ),
    )


@blueprint.post(f"/tickets/{NUMBER}/wait")
def wait(number: int) -> ResponseReturnValue:
    """Let the ticket wait for the customer, with an answer, or for others (200); 400, 404, 409."""
    form, who = body(Waiting), program()
    return changed(
        number,
        lambda session, directory, now: waiting.wait(
            session,
            directory,
            number,
            who,
            form.for_,
            now,
            until=utc_of(form.until),
            text=form.text,
        ),
    )


@blueprint.post(f"/tickets/{NUMBER}/go-on")
def go_on(number: int) -> ResponseReturnValue:
    """End the waiting (200); 404, 409 for a ticket that is over."""
    body(Nothing)
    who = program()
    return changed(
        number,
        lambda session, directory, now: waiting.go_on(session, directory, number, who, now),
    )


@blueprint.post(f"/tickets/{NUMBER}/priority")
def change_priority(number: int) -> ResponseReturnValue:
    """Give the ticket another priority (200); 400 without a reason, 404, 409."""
    form, who = body(NewPriority), program()
    return changed(
        number,
        lambda session, directory, now: changes.change_priority(
            session, directory, number, who, form.priority, form.reason, now
        ),
    )


@blueprint.post(f"/tickets/{NUMBER}/class")
def change_class(number: int) -> ResponseReturnValue:
    """Call the ticket a fault or a request (200); 400, 404, 409."""
    form, who = body(NewClass), program()
    return changed(
        number,
        lambda session, directory, now: changes.change_class(
            session, directory, number, who, form.ticket_class, now, priority=form.priority
        ),
    )


@blueprint.post(f"/tickets/{NUMBER}/contract")
def change_contract(number: int) -> ResponseReturnValue:
    """Put the ticket under another contract (200); 400, 404 for an unknown one, 409."""
    form, who = body(NewContract), program()
    return changed(
        number,
        lambda session, directory, now: changes.change_contract(
            session, directory, number, who, form.contract, now, guaranteed=form.guaranteed
        ),
    )


@blueprint.post(f"/tickets/{NUMBER}/merge")
def merge(number: int) -> ResponseReturnValue:
    """Let the ticket go into another one (200: this one, as merged); 400, 404, 409."""
    form, who = body(Into), program()
    return changed(
        number,
        lambda session, directory, now: merging.merge(
            session, directory, number, who, form.into, now
        ),
    )


@blueprint.post(f"/tickets/{NUMBER}/correct-clock")
def correct_clock(number: int) -> ResponseReturnValue:
    """Correct a clock of the past (200); 400 without a reason or anything to correct, 404."""
    form, who = body(ClockCorrection), program()
    return changed(
        number,
        lambda session, directory, now: corrections.correct_clock(
            session,
            directory,
            number,
            who,
            form.clock,
            form.nth,
            form.reason,
            now,
            stopped_at=utc_of(form.stopped_at),
            started_at=utc_of(form.started_at),
            cancel=form.cancel,
        ),
    )
