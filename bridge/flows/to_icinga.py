"""What goes back to Icinga: who has a ticket; told again until it is really known there."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.flows.directory import Directory
from bridge.icinga.differences import Acknowledged
from bridge.icinga.models import Problem, TicketProblem
from bridge.outbox import actions as outbox
from bridge.outbox.models import WAITING, OutboxEntry
from bridge.tickets.models import Ticket

# Icinga 2.13 answered 200 to 8 of 87 acknowledgements that it then forgot.
READ_BACK_AFTER = timedelta(seconds=10)


def _key(kind: str, ticket: Ticket, now: datetime) -> str:
    return f"icinga:{kind}:{ticket.number}:{now.timestamp():.6f}"


def acknowledge(
    session: Session, directory: Directory, ticket: Ticket, problem: Problem, now: datetime
) -> None:
    """Queue the ticket's acknowledgement for its Icinga, if that one has an API."""
    if problem.source not in directory.sources_with_api:
        return
    payload = {
        "action": "acknowledge",
        "source": problem.source,
        "host": problem.host,
        "service": problem.service,
        "author": ticket.acknowledged_by or directory.desk.name,
    }
    outbox.queue(session, "icinga", _key("ack", ticket, now), payload, ticket.number, now)


def unacknowledge(
    session: Session,
    directory: Directory,
    ticket: Ticket,
    about: tuple[Problem, TicketProblem],
    now: datetime,
) -> None:
    """Queue that nobody has the ticket any more; an acknowledgement of others is left alone."""
    problem, known = about
    waiting = select(OutboxEntry.id).where(
        OutboxEntry.ticket_number == ticket.number,
        OutboxEntry.door == "icinga",
        OutboxEntry.state == WAITING,
    )
    outbox.cancel(session, session.scalars(waiting).all(), "unacknowledged", now)
    if known.acknowledgement != Acknowledged.OURS.value:
        return
    known.acknowledgement = Acknowledged.NOBODYS.value
    if problem.source in directory.sources_with_api:
        payload = {
            "action": "unacknowledge",
            "source": problem.source,
            "host": problem.host,
            "service": problem.service,
            "author": directory.desk.name,
        }
        outbox.queue(session, "icinga", _key("unack", ticket, now), payload, ticket.number, now)


def read_back(session: Session, ticket: Ticket, entry: OutboxEntry, now: datetime) -> None:
    """Queue a look whether Icinga still knows the acknowledgement it accepted."""
    payload = entry.payload | {"action": "read_back"}
    due_at = now + READ_BACK_AFTER
    key = f"{_key('back', ticket, now)}:{entry.id}"
    outbox.queue(session, "icinga", key, payload, ticket.number, now, due_at)


def forget(session: Session, ticket: Ticket, now: datetime) -> None:
    """Cancel what still waits to be told, because the problem is over."""
    waiting = select(OutboxEntry.id).where(
        OutboxEntry.ticket_number == ticket.number,
        OutboxEntry.door == "icinga",
        OutboxEntry.state == WAITING,
    )
    outbox.cancel(session, session.scalars(waiting).all(), "recovered", now)
