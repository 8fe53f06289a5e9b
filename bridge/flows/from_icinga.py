"""Acknowledgements that people make, or remove, in Icinga; and ours that it has forgotten."""

from datetime import datetime

from bridge.flows import incidents, paging, to_icinga
from bridge.flows.batch import Batch
from bridge.icinga.differences import Acknowledged
from bridge.icinga.models import Problem
from bridge.icinga.notification import Notification
from bridge.tickets import actions as tickets
from bridge.tickets.journal import ICINGA, Event, staff
from bridge.tickets.journal import icinga as icinga_author


def acknowledge(batch: Batch, problem: Problem, said: Notification, at: datetime) -> None:
    """Take over an acknowledgement that somebody made in Icinga."""
    ticket = batch.ticket_of(problem)
    if ticket is None or _is_of_the_past(problem, at):
        return
    batch.about_of(problem).acknowledgement = Acknowledged.FOREIGN.value
    if ticket.acknowledged_at is not None:
        return
    person = batch.directory.person_by_icinga_user.get(said.author)
    actor = staff(person.id) if person else icinga_author(said.author)
    name = person.name if person else said.author or "Icinga"
    tickets.acknowledge(ticket, name, person.id if person else None, at)
    batch.happened(ticket, Event.ACKNOWLEDGED, actor, at, {"via": "icinga"}, said.comment)
    run = batch.run_of(ticket)
    if run is not None:
        paging.acknowledge(batch.session, batch.directory, ticket, run, person, batch.now)


def acknowledge_again(batch: Batch, problem: Problem, at: datetime) -> None:
    """Acknowledge in Icinga once more what it has forgotten."""
    ticket = batch.ticket_of(problem)
    if ticket is None or ticket.acknowledged_at is None:
        return
    batch.about_of(problem).acknowledgement = Acknowledged.NOBODYS.value
    batch.happened(ticket, Event.ICINGA_FORGOT, ICINGA, at)
    to_icinga.acknowledge(batch.session, batch.directory, ticket, problem, batch.now)


def unacknowledge(batch: Batch, problem: Problem, said: Notification, at: datetime) -> None:
    """Take over that somebody removed the acknowledgement in Icinga: people are paged again."""
    ticket = batch.ticket_of(problem)
    if ticket is None or ticket.acknowledged_at is None:
        return
    batch.about_of(problem).acknowledgement = Acknowledged.NOBODYS.value
    tickets.unacknowledge(ticket)
    actor = icinga_author(said.author)
    batch.happened(ticket, Event.UNACKNOWLEDGED, actor, at, {"via": "icinga"})
    run = batch.run_of(ticket)
    if run is None:
        incidents.escalate(batch, ticket, problem)
    elif problem.in_downtime:
        paging.hold(batch.session, batch.directory, ticket, run, batch.now)
    else:
        paging.unacknowledged(batch.session, batch.directory, ticket, run, "removed", batch.now)


def _is_of_the_past(problem: Problem, at: datetime) -> bool:
    """Return whether an acknowledgement is older than the problem's state, which ended it.

    Source: docs/icinga.md, "I3".
    """
    return problem.state_at is not None and at < problem.state_at
