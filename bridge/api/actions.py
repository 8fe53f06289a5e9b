"""What programs do with a ticket; each answers with the ticket as it is then."""

from collections.abc import Callable
from datetime import datetime

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bridge import utc
from bridge.api import ticket_queries
from bridge.api.access import program
from bridge.api.answering import answered
from bridge.api.blueprint import NUMBER, blueprint
from bridge.api.forms import Nothing, Owner, Text
from bridge.api.reading import body
from bridge.flows import answers
from bridge.flows.directory import Directory
from bridge.web import here

Action = Callable[[Session, Directory, datetime], object]


def changed(number: int, action: Action) -> ResponseReturnValue:
    """Do it in one transaction, and answer with the ticket as it is then."""
    with here().database.transaction() as session:
        action(session, here().directories.current(session), utc.now())
        found = ticket_queries.ticket(session, number)
    return answered(found)


@blueprint.post(f"/tickets/{NUMBER}/acknowledge")
def acknowledge(number: int) -> ResponseReturnValue:
    """Give the ticket to the calling program (200); 404, 409 where it is over.

    Whoever was faster keeps it, and is named by `acknowledged_by`: 200 as well.
    """
    body(Nothing)
    who = program()
    return changed(
        number,
        lambda session, directory, now: answers.acknowledge(
            session, directory, number, who, "api", now
        ),
    )


@blueprint.post(f"/tickets/{NUMBER}/note")
def note(number: int) -> ResponseReturnValue:
    """Write a note into the ticket's journal (200); 400 without a text, 404."""
    text, who = body(Text).text, program()
    return changed(
        number,
        lambda session, directory, now: answers.note(session, directory, number, who, text, now),
    )


@blueprint.post(f"/tickets/{NUMBER}/resolve")
def resolve(number: int) -> ResponseReturnValue:
    """Resolve the ticket (200); 400 without a text, 404, 409 where it is over already."""
    text, who = body(Text).text, program()
    return changed(
        number,
        lambda session, directory, now: answers.resolve(session, directory, number, who, text, now),
    )


@blueprint.post(f"/tickets/{NUMBER}/close")
def close(number: int) -> ResponseReturnValue:
    """Close the resolved ticket (200); 404, 409 in any other state."""
    body(Nothing)
    who = program()
    return changed(
        number, lambda session, _directory, now: answers.close(session, number, who, now)
    )


@blueprint.post(f"/tickets/{NUMBER}/reopen")
def reopen(number: int) -> ResponseReturnValue:
    """Begin the work again on a ticket that is over (200); 404, 409 where it is not.

    Nobody has it then, and people are paged as for a new one: acknowledge it to prevent that.
    """
    body(Nothing)
    who = program()
    return changed(
        number,
        lambda session, directory, now: answers.reopen(session, directory, number, who, now),
    )


@blueprint.post(f"/tickets/{NUMBER}/assign")
def assign(number: int) -> ResponseReturnValue:
    """Make one of our people the ticket's owner (200); 400 for nobody we know, 404, 409."""
    owner, who = body(Owner).owner, program()
    return changed(
        number,
        lambda session, directory, now: answers.assign(session, directory, number, who, owner, now),
    )
