"""What leaves the house: made ready when it is claimed, and written down when it is over."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from bridge.errors import BridgeError, Permanent
from bridge.flows import access, links, messages, to_icinga
from bridge.flows.directory import Directory
from bridge.flows.links import PageLink
from bridge.icinga import back, door
from bridge.icinga import queries as icinga
from bridge.icinga.back import Verdict
from bridge.icinga.differences import Acknowledged
from bridge.keys import Keys
from bridge.oncall import paging as page_door
from bridge.oncall import queries as oncall
from bridge.oncall.message import Urgency
from bridge.oncall.models import Delivery
from bridge.outbox import actions as outbox
from bridge.outbox.actions import Claim
from bridge.outbox.budget import budget_seconds, kind_of
from bridge.outbox.models import OutboxEntry
from bridge.outbox.outcome import Delivered, Outcome
from bridge.sla import actions as sla
from bridge.staff.models import Channel, StaffMember
from bridge.tickets import actions as tickets
from bridge.tickets import queries as ticket_queries
from bridge.tickets.journal import BRIDGE, ICINGA, Event
from bridge.tickets.models import Ticket
from bridge.vault import actions as vault


class ChannelGone(Permanent):
    """The channel was taken out of the desk file."""


@dataclass(frozen=True)
class Ready:
    """A claimed delivery, ready for a delivery process; the payload holds secrets.

    destination: deliveries with the same one may hang together.
    """

    claim: Claim
    payload: dict[str, Any]
    budget_seconds: float
    destination: str


def make_ready(
    session: Session,
    directory: Directory,
    keys: Keys,
    public_url: str,
    claim: Claim,
    now: datetime,
) -> Ready | None:
    """Return what a delivery process needs for the claim, or None when it need not leave any more.

    What cannot be made ready, because a secret or a channel is missing, fails with that reason.
    """
    try:
        if claim.door == "page":
            return _page(session, keys, public_url, claim, now)
        return _to_icinga(session, directory, keys, public_url, claim)
    except BridgeError as error:
        failed = Delivered(Outcome.FAILED_FOR_GOOD, str(error))
        record(session, directory, claim, failed, now)
        return None


def _page(
    session: Session, keys: Keys, public_url: str, claim: Claim, now: datetime
) -> Ready | None:
    delivery = oncall.delivery(session, claim.entry_id)
    if delivery is None:
        return None
    run = delivery.page.run
    ticket = session.scalars(
        select(Ticket)
        .where(Ticket.number == run.ticket_number)
        .options(joinedload(Ticket.customer))
    ).one()
    void = delivery.page.generation != run.generation
    if run.ended_at is not None or void or ticket.acknowledged_at is not None:
        _drop(session, claim, delivery, now)
        return None
    person = session.get_one(StaffMember, delivery.page.staff_id)
    channel = session.get_one(Channel, delivery.channel_id)
    if channel.retired_at is not None or person.retired_at is not None:
        raise ChannelGone(f"{person.label}'s channel {channel.label} is no longer in use")
    url = vault.reveal(session, keys, channel.address)
    link = PageLink(ticket.number, person.id, run.id, delivery.page.generation, delivery.page.step)
    clocks = sla.running_clocks(session, [ticket.number]).get(ticket.number, ())
    message = messages.page(
        ticket,
        icinga.problem_of(session, ticket.number),
        next((one for one in clocks if one.kind == "response"), None),
        person,
        links.url(keys, public_url, link),
        Urgency(delivery.page.urgency),
        repeat=claim.repeat,
        opened_at=ticket.opened_at,
    )
    delivery.state = "attempted"
    return Ready(
        claim,
        page_door.page_payload(url, message),
        budget_seconds(kind_of(url)),
        page_door.destination(url),
    )


def _drop(session: Session, claim: Claim, delivery: Delivery, now: datetime) -> None:
    """Cancel a claimed page that nobody needs any more, because somebody was faster."""
    entry = session.get_one(OutboxEntry, claim.entry_id)
    entry.state, entry.reason, entry.finished_at = "cancelled", "no longer needed", now
    delivery.state, delivery.finished_at = "cancelled", now


def _to_icinga(
    session: Session, directory: Directory, keys: Keys, public_url: str, claim: Claim
) -> Ready | None:
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
    session: Session, directory: Directory, claim: Claim, delivered: Delivered, now: datetime
) -> None:
    """Write down how a delivery went, on its ticket too; nothing if its lease has passed on."""
    entry = outbox.record(session, claim.entry_id, claim.generation, delivered, now)
    if entry is None or entry.ticket_number is None:
        return
    ticket = ticket_queries.ticket(session, entry.ticket_number, lock=True)
    if entry.door == "page":
        _page_recorded(session, ticket, entry, delivered, now)
    else:
        _icinga_recorded(session, directory, ticket, entry, delivered, now)


def _page_recorded(
    session: Session, ticket: Ticket, entry: OutboxEntry, delivered: Delivered, now: datetime
) -> None:
    delivery = oncall.delivery(session, entry.id)
    if delivery is None:
        return
    delivery.state, delivery.reason = delivered.outcome.value, delivered.reason
    delivery.finished_at = entry.finished_at
    channel = session.get_one(Channel, delivery.channel_id)
    data = {
        "person": delivery.page.staff_id,
        "channel": channel.label,
        "outcome": delivered.outcome.value,
        "reason": delivered.reason,
        "again_at": None if entry.finished_at else entry.due_at,
        "repeat": entry.maybes > 0 or None,
    }
    good = delivered.outcome is Outcome.ACCEPTED
    event = Event.DELIVERED if good else Event.DELIVERY_FAILED
    tickets.write(session, ticket, event, BRIDGE, now, now, data)


def _icinga_recorded(
    session: Session,
    directory: Directory,
    ticket: Ticket,
    entry: OutboxEntry,
    delivered: Delivered,
    now: datetime,
) -> None:
    found = icinga.problem_of(session, ticket.number)
    if found is None:
        return
    problem, about = found
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
