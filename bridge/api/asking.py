"""What programs ask of a ticket's escalation; each answers with the ticket as it is then."""

from flask.typing import ResponseReturnValue

from bridge.api.access import program
from bridge.api.actions import changed
from bridge.api.blueprint import NUMBER, blueprint
from bridge.api.forms import Nothing
from bridge.api.reading import body
from bridge.api.work_forms import Person, Snooze, Successor, instant
from bridge.flows import asking


@blueprint.post(f"/tickets/{NUMBER}/escalate")
def escalate(number: int) -> ResponseReturnValue:
    """Call the next ones now (200); 404, 409 where nobody is called or left."""
    body(Nothing)
    who = program()
    return changed(
        number,
        lambda session, directory, now: asking.escalate_now(session, directory, number, who, now),
    )


@blueprint.post(f"/tickets/{NUMBER}/decline")
def decline(number: int) -> ResponseReturnValue:
    """Call a person no more for this step (200); 400 for nobody we know, 404, 409."""
    person, who = body(Person).person, program()
    return changed(
        number,
        lambda session, directory, now: asking.decline(
            session, directory, number, who, person, now
        ),
    )


@blueprint.post(f"/tickets/{NUMBER}/hand-over")
def hand_over(number: int) -> ResponseReturnValue:
    """Ask a person to take it over (200); 400 for nobody we know, 404, 409."""
    to, who = body(Successor).to, program()
    return changed(
        number,
        lambda session, directory, now: asking.hand_over(session, directory, number, who, to, now),
    )


@blueprint.post(f"/tickets/{NUMBER}/snooze")
def snooze(number: int) -> ResponseReturnValue:
    """Call nobody until a moment (200); 400 for one that cannot be, 404, 409."""
    until, who = instant(body(Snooze).until), program()
    return changed(
        number,
        lambda session, directory, now: asking.snooze(session, directory, number, who, until, now),
    )
