"""Pages on their way: what they say when they leave, and how they ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bridge.flows import bundling, channel_health, fates, links, messages, receipts
from bridge.flows.bundling import Carried, Departure
from bridge.flows.directory import Directory
from bridge.flows.links import PageLink
from bridge.flows.ready import ChannelGone, Ready
from bridge.icinga import queries as icinga
from bridge.icinga.models import Problem, TicketProblem
from bridge.keys import Keys
from bridge.oncall import paging as door
from bridge.oncall import queries as oncall
from bridge.oncall.message import PageMessage, Urgency
from bridge.oncall.models import Delivery
from bridge.outbox import actions as outbox
from bridge.outbox.actions import Claim
from bridge.outbox.budget import budget_seconds, kind_of
from bridge.outbox.models import OutboxEntry
from bridge.outbox.outcome import Delivered, Outcome
from bridge.sla import queries as sla
from bridge.sla.clock import ClockKind
from bridge.sla.models import Clock
from bridge.staff.models import Channel, StaffMember
from bridge.tickets import actions as tickets
from bridge.tickets.journal import BRIDGE, Event
from bridge.tickets.models import Ticket
from bridge.vault import actions as vault

# Source: docs/oncall.md, "R15".
RECEIPT_WITHIN = timedelta(seconds=90)
A_MOMENT = timedelta(seconds=2)


def of_entries(session: Session, entry_ids: Sequence[int]) -> Mapping[int, Delivery]:
    """Return a delivery that each outbox entry carries, by the entry's id; it may carry more."""
    return oncall.deliveries(session, entry_ids) if entry_ids else {}


@dataclass(frozen=True)
class Addresses:
    """Where pages go: people by their ids, and the addresses of their channels, sealed.

    bundling: so long after a page the next ones of its channel wait.
    """

    people: Mapping[int, StaffMember]
    ciphertexts: Mapping[str, str]
    keys: Keys
    bundling: timedelta

    @classmethod
    def load(
        cls, session: Session, directory: Directory, keys: Keys, pages: Mapping[int, list[Carried]]
    ) -> "Addresses":
        """Load where these pages go, all at once."""
        people = {person.id: person for person in directory.people.values()}
        paged = {one.page.staff_id for ours in pages.values() for one in ours}
        addresses = [c.address for one in paged if one in people for c in people[one].channels]
        found = vault.load(session, addresses)
        return cls(people, found, keys, directory.desk.bundling)

    def of(self, delivery: Delivery) -> tuple[StaffMember, str]:
        """Return whom a delivery is for, and the URL; raises ChannelGone and SecretMissing."""
        person = self.people.get(delivery.page.staff_id)
        channels = person.channels if person is not None else []
        found = [c for c in channels if c.id == delivery.channel_id and c.retired_at is None]
        if person is None or not found:
            raise ChannelGone("the person or the channel was taken out of the desk file")
        return person, vault.opened(self.keys, found[0].address, self.ciphertexts)

    def check(self, pages: Sequence[Carried]) -> bool:
        """Return whether any of what an entry carries is needed still; raises as `of` does."""
        needed = [one for one in pages if not bundling.is_void(one)]
        for one in needed[:1]:
            self.of(one.delivery)
        return bool(needed)


@dataclass(frozen=True)
class About:
    """What messages say of their tickets, loaded at once; tickets are not locked."""

    problems: Mapping[int, tuple[Problem, TicketProblem]]
    clocks: Mapping[int, Sequence[Clock]]

    @classmethod
    def load(cls, session: Session, leaving: Sequence[Departure]) -> "About":
        """Load what these messages say."""
        numbers = sorted({one.ticket.number for each in leaving for one in each.carried})
        return cls(
            problems=icinga.problems_of(session, numbers) if numbers else {},
            clocks=sla.running_clocks(session, numbers) if numbers else {},
        )


def make_ready(
    session: Session,
    addresses: Addresses,
    public_url: str,
    claims: Sequence[Claim],
    pages: Mapping[int, list[Carried]],
    now: datetime,
) -> list[Ready]:
    """Return the messages that leave now; what somebody was faster with is cancelled.

    claims: those whose address was found. Source: docs/oncall.md, "R18", "R21" and "R25".
    """
    leaving = bundling.departures(session, claims, pages, now, addresses.bundling)
    channels = [one.carried[0].delivery.channel_id for one in leaving]
    works = channel_health.may_try(session, channels, now)
    for one, channel_id in zip(leaving, channels, strict=True):
        if not works[channel_id]:
            # Another courier tries it at this moment; what comes of that is soon known.
            outbox.postpone(session, one.claim, channel_health.NOT_TRIED, now, A_MOMENT)
    leaving = [o for o, id_ in zip(leaving, channels, strict=True) if works[id_]]
    about = About.load(session, leaving)
    return [_ready(addresses, about, public_url, one, now) for one in leaving]


def _ready(
    addresses: Addresses, about: About, public_url: str, leaving: Departure, now: datetime
) -> Ready:
    claim, first = leaving.claim, leaving.carried[0]
    person, url = addresses.of(first.delivery)
    found = {one.ticket.number: one.ticket for one in leaving.carried}
    listed = sorted(found.values(), key=lambda one: (one.priority, one.number))
    links.remember(
        first.delivery.entry or first.entry, claim.generation, [o.number for o in listed]
    )
    page = first.page
    link = links.url(
        addresses.keys,
        public_url,
        PageLink(
            listed[0].number if len(listed) > 1 else first.ticket.number,
            person.id,
            page.run_id,
            page.generation,
            page.step,
            entry_id=claim.entry_id,
            attempt=claim.generation,
        ),
    )
    for one in leaving.carried:
        one.delivery.sent_at = now
        if one.delivery.state != "seen":
            one.delivery.state = "attempted"
    message = _message(about, leaving, listed, person, link, now)
    if door.has_receipts(url):
        back = receipts.url(addresses.keys, public_url, claim.entry_id)
        message = replace(message, receipt_url=back)
    payload = door.page_payload(url, message)
    return Ready(claim, payload, budget_seconds(kind_of(url)), door.destination(url))


def _message(
    about: About,
    leaving: Departure,
    listed: Sequence[Ticket],
    person: StaffMember,
    link: str,
    now: datetime,
) -> PageMessage:
    repeat, page, ticket = leaving.claim.repeat, leaving.carried[0].page, listed[0]
    is_high = any(one.page.urgency == "high" for one in leaving.carried)
    urgency = Urgency.HIGH if is_high else Urgency.LOW
    if len(listed) > 1:
        return messages.bundle(listed, about.problems, person, link, urgency, repeat=repeat)
    running = about.clocks.get(ticket.number, ())
    return messages.page(
        ticket,
        about.problems.get(ticket.number),
        next((one for one in running if one.kind == ClockKind.RESPONSE.value), None),
        person,
        link,
        urgency,
        repeat=repeat,
        opened_at=ticket.opened_at,
        why=messages.reason(ticket, page, person, now),
    )


def record(
    session: Session,
    directory: Directory,
    found: Mapping[int, Ticket],
    entry: OutboxEntry,
    pages: Sequence[Carried],
    delivered: Delivered,
    now: datetime,
) -> None:
    """Write down on each of its tickets how a message ended, or that it is tried again.

    found: the tickets, locked.
    """
    for one in pages:
        ticket, delivery = found[one.ticket.number], one.delivery
        _keep(delivery, entry, delivered, now)
        data = {
            "person": delivery.page.staff_id,
            "channel": _label(directory, session, delivery.channel_id),
            "outcome": delivered.outcome.value,
            "reason": delivered.reason,
            "again_at": None if entry.finished_at else entry.due_at,
            "repeat": entry.maybes > 0 or None,
            "bundled": len(pages) if len(pages) > 1 else None,
        }
        good = delivered.outcome is Outcome.ACCEPTED
        event = Event.DELIVERED if good else Event.DELIVERY_FAILED
        tickets.write(session, ticket, event, BRIDGE, now, now, data)
    ended = [(found[one.ticket.number], one.delivery) for one in pages]
    fates.deliveries_ended(session, directory, ended, now, first=entry.attempts <= 1)


def _keep(delivery: Delivery, entry: OutboxEntry, delivered: Delivered, now: datetime) -> None:
    arrived = delivered.outcome in {Outcome.ACCEPTED, Outcome.MAYBE}
    delivery.state = "seen" if delivery.seen_at and arrived else delivered.outcome.value
    delivery.reason, delivery.finished_at = delivered.reason, entry.finished_at
    receipt_id = delivered.told.get("receipt_id")
    if delivered.outcome is Outcome.ACCEPTED and receipt_id:
        delivery.receipt_id = str(receipt_id)
        delivery.receipt_due_at = None if delivery.seen_at else now + RECEIPT_WITHIN


def _label(directory: Directory, session: Session, channel_id: int) -> str:
    for person in directory.people.values():
        for channel in person.channels:
            if channel.id == channel_id:
                return channel.label
    return session.get_one(Channel, channel_id).label
