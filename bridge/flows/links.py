"""Links that act without a log-in: signed, for one person, for a day."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.keys import BadLink, Keys
from bridge.oncall.models import Delivery
from bridge.outbox.models import OutboxEntry

PURPOSE = "page"
# Source: docs/oncall.md, "R24".
MAX_AGE_SECONDS = 24 * 3600
# Of so many tries it is remembered which tickets they listed.
REMEMBERED = 5
# Whoever opens its link has got it; what was given up stays given up.
ARRIVES = frozenset({"accepted", "delivered", "maybe"})


@dataclass(frozen=True)
class PageLink:
    """What the link in a page carries: whose it is, and which page of which ticket it was in.

    entry_id, attempt: of the message that it was in, which may list several tickets; 0 where it
    was in none.
    """

    ticket_number: int
    staff_id: int
    run_id: int
    generation: int
    step: int
    action: str = "acknowledge"
    entry_id: int = 0
    attempt: int = 0


def url(keys: Keys, public_url: str, link: PageLink) -> str:
    """Return the address that shows the page's tickets, and acts on them when posted to."""
    value = list(astuple(link))
    # Short: an SMS has little room.
    return f"{public_url}/a/{keys.sign(PURPOSE, value if link.entry_id else value[:6])}"


def read(keys: Keys, token: str) -> PageLink:
    """Return what a link carries; raises BadLink for one that is forged or more than a day old."""
    match keys.unsign(PURPOSE, token, MAX_AGE_SECONDS):
        case [int(), int(), int(), int(), int(), str(), *_] as value if len(value) in {6, 8}:
            return PageLink(*value)
        case _other:
            raise BadLink("this link is not valid, or no longer")


def remember(entry: OutboxEntry, attempt: int, numbers: Sequence[int]) -> None:
    """Keep with an entry which tickets its message lists in this attempt."""
    listed = {**entry.payload.get("listed", {}), str(attempt): list(numbers)}
    newest = sorted(listed, key=int)[-REMEMBERED:]
    entry.payload = {**entry.payload, "listed": {one: listed[one] for one in newest}}


def listed(session: Session, link: PageLink) -> list[int]:
    """Return the numbers of the tickets that the link's message listed, in their order.

    Acting on a bundle acts on exactly these. Source: docs/oncall.md, "R18".
    """
    entry = session.get(OutboxEntry, link.entry_id) if link.entry_id else None
    numbers = entry.payload.get("listed", {}).get(str(link.attempt)) if entry is not None else None
    return list(numbers or [link.ticket_number])


def opened(session: Session, link: PageLink, now: datetime) -> list[Delivery]:
    """Write down that the link's message has been seen; return what was not known to be.

    What had failed stays failed for the escalation, with the moment beside it: a later "seen"
    would undo what has followed. Source: docs/oncall.md, "R15".
    """
    if not link.entry_id:
        return []
    statement = (
        select(Delivery)
        .where(Delivery.outbox_id == link.entry_id, Delivery.seen_at.is_(None))
        .where(Delivery.sent_at.is_not(None))
        .order_by(Delivery.id)
        .with_for_update()
    )
    found = list(session.scalars(statement))
    for one in found:
        one.seen_at, one.receipt_due_at = now, None
        if one.state in ARRIVES:
            one.state = "seen"
    return found
