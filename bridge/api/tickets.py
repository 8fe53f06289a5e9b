"""Tickets for programs to read: lists, one with its journal, and the sums behind its clocks."""

from flask.typing import ResponseReturnValue

from bridge import utc
from bridge.api import clock_sums, shapes, ticket_queries
from bridge.api.answering import answered, next_page
from bridge.api.blueprint import NUMBER, blueprint
from bridge.api.clock_shapes import ClockList, ClockQuestion
from bridge.api.forms import Nothing, Paging, TicketFilter
from bridge.api.journal_queries import journal
from bridge.api.reading import parameters
from bridge.moments import Moments
from bridge.tickets import queries
from bridge.web import here


@blueprint.get("/tickets")
def tickets() -> ResponseReturnValue:
    """Return tickets, the newest first (200); 400 for a filter that is none."""
    wanted = parameters(TicketFilter)
    with here().database.reading() as session:
        found, has_more = ticket_queries.tickets(session, wanted)
    following = next_page(found[-1].number if has_more else None)
    return answered(shapes.TicketList(items=list(found), next=following))


@blueprint.get(f"/tickets/{NUMBER}")
def ticket(number: int) -> ResponseReturnValue:
    """Return a ticket with its clocks and its journal (200); 404."""
    parameters(Nothing)
    with here().database.reading() as session:
        found = ticket_queries.ticket(session, number)
        happened = journal(session, number)
    whole = shapes.TicketWithJournal(**dict(found), journal=list(happened))
    return answered(whole)


@blueprint.get(f"/tickets/{NUMBER}/journal")
def ticket_journal(number: int) -> ResponseReturnValue:
    """Return what happened to a ticket, the oldest first (200); 400, 404."""
    wanted = parameters(Paging)
    with here().database.reading() as session:
        queries.ticket(session, number)
        found = journal(session, number, wanted.cursor, wanted.limit + 1)
    shown = list(found[: wanted.limit])
    following = next_page(shown[-1].id if len(found) > wanted.limit else None)
    return answered(shapes.JournalList(items=shown, next=following))


@blueprint.get(f"/tickets/{NUMBER}/clocks")
def ticket_clocks(number: int) -> ResponseReturnValue:
    """Return the clocks of a ticket, each with the sum behind it (200); 400, 404."""
    wanted = parameters(ClockQuestion)
    with here().database.reading() as session:
        directory = here().directories.current(session)
        at = Moments(wanted.language, "UTC", utc.now())
        found = clock_sums.clocks(session, directory, number, at)
    return answered(ClockList(items=list(found), next=None))
