"""What leaves the house: made ready when it is claimed, and written down when it is over."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from bridge.errors import BridgeError
from bridge.flows import deliver_mail, deliver_pages, deliver_to_icinga, notices
from bridge.flows.directory import Directory
from bridge.flows.ready import Ready
from bridge.keys import Keys
from bridge.mail.access import Access
from bridge.outbox import actions as outbox
from bridge.outbox.actions import Claim
from bridge.outbox.outcome import Delivered, Outcome
from bridge.tickets import queries as ticket_queries

PAGES = frozenset({"page", "quiet_page"})
MAIL = "mail"


def make_ready(
    session: Session,
    directory: Directory,
    keys: Keys,
    public_url: str,
    claims: Sequence[Claim],
    now: datetime,
    mail_server: Access | None = None,
) -> list[Ready]:
    """Return what delivery processes need for the claims, without those no longer needed.

    mail_server: None where none is configured: mails go on waiting.
    What cannot be made ready, because a secret or a channel is missing, fails with that reason,
    and so does what was interrupted too often.
    What the pages are about is loaded at once, because a storm brings hundreds.
    """
    entry_ids = [claim.entry_id for claim in claims if claim.door in PAGES]
    about = deliver_pages.About.load(session, directory, entry_ids)
    ready: list[Ready | None] = []
    failed: list[tuple[Claim, Delivered]] = []
    with session.no_autoflush:
        for claim in claims:
            if claim.spent:
                failed.append((claim, outbox.INTERRUPTED))
                continue
            try:
                if claim.door in PAGES:
                    one = deliver_pages.make_ready(session, about, keys, public_url, claim, now)
                elif claim.door == MAIL:
                    one = deliver_mail.make_ready(session, directory, keys, mail_server, claim, now)
                elif claim.door == notices.NOTICE:
                    one = notices.make_ready(session, directory, keys, public_url, claim, now)
                else:
                    one = deliver_to_icinga.make_ready(session, directory, keys, public_url, claim)
                ready.append(one)
            except BridgeError as error:
                failed.append((claim, Delivered(Outcome.FAILED_FOR_GOOD, str(error))))
    if failed:
        session.flush()  # their claims are read again, to be recorded as failed
        record(session, directory, failed, now)
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
    numbers = {entry.ticket_number for entry in entries.values()}
    tickets = ticket_queries.locked(session, [number for number in numbers if number is not None])
    pages = deliver_pages.of_entries(
        session, [one.id for one in entries.values() if one.door in PAGES]
    )
    with session.no_autoflush:
        for claim, delivered in ended:
            entry = entries.get(claim.entry_id)
            ticket = tickets.get(entry.ticket_number or 0) if entry is not None else None
            if entry is not None and entry.door == MAIL:
                deliver_mail.record(session, directory, ticket, entry, delivered, now)
            elif entry is None or ticket is None:
                continue
            elif entry.door in PAGES:
                deliver_pages.record(session, directory, ticket, entry, pages, delivered, now)
            elif entry.door == notices.NOTICE:
                notices.record(session, ticket, entry, delivered, now)
            else:
                deliver_to_icinga.record(session, directory, ticket, entry, delivered, now)
