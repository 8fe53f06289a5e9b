"""Acknowledgements on their way to Icinga, and what became of them there."""

from datetime import datetime

from sqlalchemy.orm import Session

from bridge.flows import access, to_icinga
from bridge.flows.directory import Directory
from bridge.flows.ready import ChannelGone, Ready
from bridge.icinga import back, door
from bridge.icinga import queries as icinga
from bridge.icinga.back import Verdict
from bridge.icinga.differences import Acknowledged
from bridge.keys import Keys
from bridge.outbox.actions import Claim
from bridge.outbox.models import OutboxEntry
from bridge.outbox.outcome import Delivered
from bridge.tickets import actions as tickets
from bridge.tickets import queries as ticket_queries
from bridge.tickets.journal import BRIDGE, ICINGA, Event
from bridge.tickets.models import Ticket


def make_ready(
    session: Session, directory: Directory, keys: Keys, public_url: str, claim: Claim
) -> Ready:
    """Return what to ask of which Icinga; raises ChannelGone, SecretMissing and WrongAccess."""
    entry = session.get_one(OutboxEntry, claim.entry_id)
    payload = claim.payload
    source = icinga.source(session, payload["source"])
    if source is None or payload["source"] not in directory.sources_with_api:
        raise ChannelGone(f"source {payload['source']} has no API any more")
    ticket = ticket_queries.ticket(session, entry.ticket_number or 0)
    to = access.of_source(session, keys, source)
    ready = payload | {
        "access": door.access_payload(to),
        "reference": ticket.reference,
        "comment": f"{ticket.reference} {public_url}/tickets/{ticket.number}",
    }
    return Ready(claim, ready, door.BUDGET_SECONDS, f"icinga:{source.label}")


def record(
    session: Session,
    directory: Directory,
    ticket: Ticket,
    entry: OutboxEntry,
    delivered: Delivered,
    now: datetime,
) -> None:
    """Write down what Icinga made of our acknowledgement; what it forgot is told again.

    Source: docs/icinga.md, "I9".
    """
    found = icinga.problem_of(session, ticket.number)
    if found is None:
        return
    problem, about = found
    if delivered.reason == door.REMOVED:
        return
    if delivered.reason == door.FORGOTTEN:
        if ticket.acknowledged_at is not None and problem.open_ticket == ticket.number:
            about.acknowledgement = Acknowledged.NOBODYS.value
            tickets.write(session, ticket, Event.ICINGA_FORGOT, ICINGA, now, now)
            to_icinga.acknowledge(session, directory, ticket, problem, now)
        return
    match back.verdict_of(delivered):
        case Verdict.OURS:
            about.acknowledgement = Acknowledged.OURS.value
            if entry.payload["action"] == "acknowledge":
                about.acknowledged_at = now.timestamp()
                tickets.write(session, ticket, Event.ICINGA_ACKNOWLEDGED, BRIDGE, now, now)
                to_icinga.read_back(session, ticket, entry, now)
        case Verdict.FOREIGN:
            about.acknowledgement = Acknowledged.FOREIGN.value
            _refused(session, ticket, delivered, now)
        case Verdict.GONE | Verdict.REFUSED | Verdict.BARRED | None:
            if entry.attempts == 1 or entry.finished_at is not None:
                _refused(session, ticket, delivered, now)
        case Verdict.OVER | Verdict.AGAIN | Verdict.MAYBE:
            pass


def _refused(session: Session, ticket: Ticket, delivered: Delivered, now: datetime) -> None:
    data = {"reason": delivered.reason, "outcome": delivered.outcome.value}
    tickets.write(session, ticket, Event.ICINGA_REFUSED, BRIDGE, now, now, data)
