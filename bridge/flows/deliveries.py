"""What leaves the house: made ready when it is claimed, and written down when it is over."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bridge.errors import BridgeError
from bridge.flows import (
    bundling,
    channel_health,
    deliver_mail,
    deliver_pages,
    deliver_to_icinga,
    drills,
    notices,
)
from bridge.flows.bundling import PAGES, Carried
from bridge.flows.directory import Directory
from bridge.flows.ready import Ready
from bridge.keys import Keys
from bridge.mail.access import Access
from bridge.outbox import actions as outbox
from bridge.outbox.actions import Claim
from bridge.outbox.models import OutboxEntry
from bridge.outbox.outcome import Delivered, Outcome
from bridge.tickets import queries as ticket_queries
from bridge.tickets.models import Ticket

MAIL = "mail"


@dataclass(frozen=True)
class Leaving:
    """What it takes to make claims ready in one transaction."""

    session: Session
    directory: Directory
    keys: Keys
    public_url: str
    mail_server: Access | None
    now: datetime

    def one(self, claim: Claim) -> Ready | None:
        """Return what is no page as it leaves, or None where it is needed no longer."""
        session, directory, keys, now = self.session, self.directory, self.keys, self.now
        if claim.door == MAIL:
            return deliver_mail.make_ready(session, directory, keys, self.mail_server, claim, now)
        if claim.door == notices.NOTICE:
            return notices.make_ready(session, directory, keys, self.public_url, claim, now)
        if claim.door == drills.DOOR:
            return drills.make_ready(session, directory, keys, claim)
        return deliver_to_icinga.make_ready(session, directory, keys, self.public_url, claim)


def make_ready(
    session: Session,
    directory: Directory,
    keys: Keys,
    public_url: str,
    claims: Sequence[Claim],
    now: datetime,
    mail_server: Access | None = None,
    failed: list[tuple[Claim, Delivered]] | None = None,
) -> list[Ready]:
    """Return what delivery processes need for the claims, without those no longer needed.

    mail_server: None where none is configured: mails go on waiting.
    What cannot be made ready, because a secret or a channel is missing, fails with that reason.
    failed: gets it, to be recorded later: recording locks tickets, which whoever has claimed
    entries must not wait for. Without it, it is recorded here; others must not be at work then.
    Pages that leave through one channel may be put together; they come last, because they lock
    their channels, which comes after the tickets.
    """
    leaving = Leaving(session, directory, keys, public_url, mail_server, now)
    refused: list[tuple[Claim, Delivered]] = []
    ready: list[Ready | None] = []
    pages: list[Claim] = []
    carried = bundling.carried(session, [one.entry_id for one in claims if one.door in PAGES])
    addresses = deliver_pages.Addresses.load(session, directory, keys, carried)
    channels = {one.delivery.channel_id for ours in carried.values() for one in ours}
    shut = channel_health.shut(session, channels, now) if channels else {}
    with session.no_autoflush:
        for claim in claims:
            try:
                if claim.door in PAGES:
                    ours = carried.get(claim.entry_id, [])
                    needed = addresses.check(ours)
                    if needed and (why := shut.get(ours[0].delivery.channel_id)):
                        refused.append((claim, why))
                    else:
                        pages.append(claim)
                else:
                    ready.append(leaving.one(claim))
            except BridgeError as error:
                refused.append((claim, Delivered(Outcome.FAILED_FOR_GOOD, str(error))))
    if failed is not None:
        failed += refused
    elif refused:
        session.flush()  # their claims are read again, to be recorded as failed
        record(session, directory, refused, now)
    with session.no_autoflush:
        ready += deliver_pages.make_ready(session, addresses, public_url, pages, carried, now)
    return [one for one in ready if one is not None]


def record(
    session: Session,
    directory: Directory,
    ended: Sequence[tuple[Claim, Delivered]],
    now: datetime,
) -> None:
    """Write down how deliveries went, on their tickets too; not those whose lease has passed on."""
    outcomes = [(claim.entry_id, claim.generation, delivered) for claim, delivered in ended]
    entries = outbox.record_all(session, outcomes, now)
    carried = bundling.carried(session, [one.id for one in entries.values() if one.door in PAGES])
    numbers = {one.ticket_number for one in entries.values() if one.ticket_number is not None}
    numbers |= {one.ticket.number for ours in carried.values() for one in ours}
    tickets = ticket_queries.locked(session, sorted(numbers))
    through: dict[int, list[Delivered]] = defaultdict(list)
    with session.no_autoflush:
        for claim, delivered in ended:
            entry = entries.get(claim.entry_id)
            if entry is not None:
                _record(session, directory, tickets, entry, carried, delivered, now)
                through[_channel(session, entry, carried)].append(delivered)
    through.pop(0, None)
    # Channels are locked after tickets and runs, in their order.
    for channel_id in sorted(through):
        for delivered in through[channel_id]:
            channel_health.note(session, channel_id, delivered.outcome, delivered.reason, now)
            if delivered.outcome is Outcome.FAILED_FOR_GOOD:
                bundling.let_go(session, channel_id, now)


def _channel(session: Session, entry: OutboxEntry, carried: Mapping[int, Sequence[Carried]]) -> int:
    """Return the channel that a page or a test went through; 0 for anything else."""
    if entry.door == drills.DOOR:
        return drills.channel_of(session, entry)
    return next((one.delivery.channel_id for one in carried.get(entry.id, ())), 0)


def _record(
    session: Session,
    directory: Directory,
    tickets: Mapping[int, Ticket],
    entry: OutboxEntry,
    carried: Mapping[int, Sequence[Carried]],
    delivered: Delivered,
    now: datetime,
) -> None:
    ticket = tickets.get(entry.ticket_number or 0)
    if entry.door == MAIL:
        deliver_mail.record(session, directory, ticket, entry, delivered, now)
    elif entry.door == drills.DOOR:
        drills.record(session, entry, delivered)
    elif entry.door in PAGES:
        pages = carried.get(entry.id, ())
        deliver_pages.record(session, directory, tickets, entry, pages, delivered, now)
    elif ticket is None:
        return
    elif entry.door == notices.NOTICE:
        notices.record(session, ticket, entry, delivered, now)
    else:
        deliver_to_icinga.record(session, directory, ticket, entry, delivered, now)
