"""Pages on their way: what they say when they leave, and how they ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from bridge.flows import links, messages, paging
from bridge.flows.directory import Directory
from bridge.flows.links import PageLink
from bridge.flows.ready import ChannelGone, Ready
from bridge.icinga import queries as icinga
from bridge.icinga.models import Problem, TicketProblem
from bridge.keys import Keys
from bridge.oncall import paging as door
from bridge.oncall import queries as oncall
from bridge.oncall.message import Urgency
from bridge.oncall.models import Delivery
from bridge.outbox.actions import Claim
from bridge.outbox.budget import budget_seconds, kind_of
from bridge.outbox.models import CANCELLED, OutboxEntry
from bridge.outbox.outcome import Delivered, Outcome
from bridge.sla import queries as sla
from bridge.sla.clock import ClockKind
from bridge.sla.models import Clock
from bridge.staff.models import Channel, StaffMember
from bridge.tickets import actions as tickets
from bridge.tickets.journal import BRIDGE, Event
from bridge.tickets.models import Ticket
from bridge.vault import actions as vault


def of_entries(session: Session, entry_ids: Sequence[int]) -> Mapping[int, Delivery]:
    """Return the deliveries that outbox entries carry, by the entry's id."""
    return oncall.deliveries(session, entry_ids) if entry_ids else {}


@dataclass(frozen=True)
class About:
    """What some pages are about, loaded at once; tickets are not locked."""

    deliveries: Mapping[int, Delivery]
    tickets: Mapping[int, Ticket]
    problems: Mapping[int, tuple[Problem, TicketProblem]]
    clocks: Mapping[int, Sequence[Clock]]
    people: Mapping[int, StaffMember]
    ciphertexts: Mapping[str, str]

    @classmethod
    def load(cls, session: Session, directory: Directory, entry_ids: Sequence[int]) -> "About":
        """Load what the pages in these outbox entries are about."""
        deliveries = of_entries(session, entry_ids)
        people = {person.id: person for person in directory.people.values()}
        paged = {one.page.staff_id for one in deliveries.values()}
        addresses = [c.address for one in paged if one in people for c in people[one].channels]
        numbers = sorted({one.page.run.ticket_number for one in deliveries.values()})
        statement = (
            select(Ticket).where(Ticket.number.in_(numbers)).options(joinedload(Ticket.customer))
        )
        return cls(
            deliveries=deliveries,
            tickets={one.number: one for one in session.scalars(statement)} if numbers else {},
            problems=icinga.problems_of(session, numbers) if numbers else {},
            clocks=sla.running_clocks(session, numbers) if numbers else {},
            people=people,
            ciphertexts=vault.load(session, addresses),
        )


def _is_void(delivery: Delivery, ticket: Ticket) -> bool:
    run = delivery.page.run
    superseded = delivery.page.generation != run.generation
    return superseded or run.ended_at is not None or ticket.acknowledged_at is not None


def make_ready(
    session: Session, about: About, keys: Keys, public_url: str, claim: Claim, now: datetime
) -> Ready | None:
    """Return the page as it leaves, or None where somebody was faster.

    Raises ChannelGone and SecretMissing. Source: docs/oncall.md, "R25".
    """
    delivery = about.deliveries[claim.entry_id]
    page = delivery.page
    ticket = about.tickets[page.run.ticket_number]
    if _is_void(delivery, ticket):
        _drop(session, claim, delivery, now)
        return None
    person = about.people.get(page.staff_id)
    channel = _channel(person, delivery.channel_id)
    if person is None or channel is None:
        raise ChannelGone("the person or the channel was taken out of the desk file")
    url = vault.opened(keys, channel.address, about.ciphertexts)
    link = PageLink(ticket.number, person.id, page.run.id, page.generation, page.step)
    running = about.clocks.get(ticket.number, ())
    message = messages.page(
        ticket,
        about.problems.get(ticket.number),
        next((one for one in running if one.kind == ClockKind.RESPONSE.value), None),
        person,
        links.url(keys, public_url, link),
        Urgency(page.urgency),
        repeat=claim.repeat,
        opened_at=ticket.opened_at,
    )
    delivery.state = "attempted"
    payload = door.page_payload(url, message)
    return Ready(claim, payload, budget_seconds(kind_of(url)), door.destination(url))


def _channel(person: StaffMember | None, channel_id: int) -> Channel | None:
    channels = person.channels if person is not None else []
    return next((c for c in channels if c.id == channel_id and c.retired_at is None), None)


def _drop(session: Session, claim: Claim, delivery: Delivery, now: datetime) -> None:
    """Cancel a claimed page that nobody needs any more."""
    entry = session.get_one(OutboxEntry, claim.entry_id)
    entry.state, entry.reason, entry.finished_at = CANCELLED, "no longer needed", now
    entry.lease_until = None
    delivery.state, delivery.finished_at = CANCELLED, now


def record(
    session: Session,
    directory: Directory,
    ticket: Ticket,
    entry: OutboxEntry,
    pages: Mapping[int, Delivery],
    delivered: Delivered,
    now: datetime,
) -> None:
    """Write down on its ticket how a page ended, or that it is tried again."""
    delivery = pages.get(entry.id)
    if delivery is None:
        return
    delivery.state, delivery.reason = delivered.outcome.value, delivered.reason
    delivery.finished_at = entry.finished_at
    data = {
        "person": delivery.page.staff_id,
        "channel": _label(directory, session, delivery.channel_id),
        "outcome": delivered.outcome.value,
        "reason": delivered.reason,
        "again_at": None if entry.finished_at else entry.due_at,
        "repeat": entry.maybes > 0 or None,
    }
    good = delivered.outcome is Outcome.ACCEPTED
    event = Event.DELIVERED if good else Event.DELIVERY_FAILED
    tickets.write(session, ticket, event, BRIDGE, now, now, data)
    paging.delivery_ended(
        session, directory, ticket, delivery, now, first=entry.attempts + entry.maybes <= 1
    )


def _label(directory: Directory, session: Session, channel_id: int) -> str:
    for person in directory.people.values():
        for channel in person.channels:
            if channel.id == channel_id:
                return channel.label
    return session.get_one(Channel, channel_id).label
