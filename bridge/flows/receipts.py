"""Receipts of providers: what reached the phone, what did not, and what they keep quiet about."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from bridge.errors import Temporary
from bridge.flows import fates
from bridge.flows.directory import Directory
from bridge.keys import BadLink, Keys
from bridge.oncall.models import AWAITED, Delivery, Page, Run
from bridge.outbox import actions as outbox
from bridge.outbox.models import OutboxEntry
from bridge.tickets import actions as tickets
from bridge.tickets import queries as ticket_queries
from bridge.tickets.journal import BRIDGE, Event
from bridge.tickets.models import Ticket

PURPOSE = "receipt"
MAX_AGE_SECONDS = 24 * 3600
# What a receipt can say more about; what was seen, or has failed, is known.
OPEN_TO_NEWS = frozenset({"accepted", "maybe", "failed_for_now"})
ARRIVED = "a receipt says that it has arrived"
LOST = "a receipt says that it has not arrived"
NEXT_AT = select(func.min(Delivery.receipt_due_at)).where(AWAITED)


class TooEarly(Temporary):
    """The provider was faster than our own record of what it answered."""


def url(keys: Keys, public_url: str, entry_id: int) -> str:
    """Return the address to which a provider posts what became of an entry of the outbox."""
    return f"{public_url.rstrip('/')}/webhooks/receipts/{keys.sign(PURPOSE, entry_id)}"


def read(keys: Keys, token: str) -> int:
    """Return the entry that a receipt is about; raises BadLink."""
    value = keys.unsign(PURPOSE, token, MAX_AGE_SECONDS)
    if not isinstance(value, int):
        raise BadLink("this link is not valid, or no longer")
    return value


def came(
    session: Session, directory: Directory, entry_id: int, now: datetime, *, arrived: bool
) -> int:
    """Write down what a receipt says; return for how many deliveries that was news.

    The same once more is no news. What has arrived is not repeated; what has not has failed for
    good, and the next rule leaves. Raises TooEarly. Source: docs/oncall.md, "R15".
    """
    session.get(OutboxEntry, entry_id, with_for_update=True)
    found = _of_entry(session, entry_id)
    if any(one.state == "attempted" for one in found):
        raise TooEarly("not recorded as sent yet: the same again in a few seconds")
    news = [one for one in found if one.state in OPEN_TO_NEWS]
    numbers = {one.page.run.ticket_number for one in news}
    by_number = ticket_queries.locked(session, sorted(numbers))
    if arrived and news:
        outbox.cancel(session, [entry_id], ARRIVED, now)
    for one in news:
        _note(session, directory, by_number[one.page.run.ticket_number], one, now, arrived=arrived)
    return len(news)


def _of_entry(session: Session, entry_id: int) -> Sequence[Delivery]:
    statement = (
        select(Delivery)
        .where(Delivery.outbox_id == entry_id)
        .options(joinedload(Delivery.page).joinedload(Page.run))
        .order_by(Delivery.id)
        .execution_options(populate_existing=True)
    )
    return session.scalars(statement).all()


def _note(
    session: Session,
    directory: Directory,
    ticket: Ticket,
    delivery: Delivery,
    now: datetime,
    *,
    arrived: bool,
) -> None:
    delivery.state = "delivered" if arrived else "failed"
    delivery.reason, delivery.finished_at = (ARRIVED if arrived else LOST), now
    delivery.receipt_due_at = None
    data = {
        "person": delivery.page.staff_id,
        "channel": _label(directory, delivery.channel_id),
        "outcome": delivery.state,
        "reason": delivery.reason,
        "rule": "R15",
    }
    event = Event.DELIVERED if arrived else Event.DELIVERY_FAILED
    tickets.write(session, ticket, event, BRIDGE, now, now, data)
    fates.delivery_ended(session, directory, ticket, delivery, now, first=True)


def _label(directory: Directory, channel_id: int) -> str:
    every = (one for person in directory.people.values() for one in person.channels)
    return next((one.label for one in every if one.id == channel_id), "")


def missing_due(session: Session, directory: Directory, now: datetime, limit: int) -> int:
    """Let the next rule leave where a receipt is overdue; return of how many deliveries.

    Source: docs/oncall.md, "R15".
    """
    statement = (
        select(Delivery.id, Run.ticket_number)
        .join(Page, Page.id == Delivery.page_id)
        .join(Run, Run.id == Page.run_id)
        .where(AWAITED, Delivery.receipt_due_at <= now)
        .order_by(Delivery.receipt_due_at, Delivery.id)
        .limit(limit)
    )
    due = session.execute(statement).all()
    by_number = ticket_queries.locked(session, sorted({row.ticket_number for row in due}))
    done = 0
    for row in due:
        # Read anew: while the ticket was waited for, the receipt may have come.
        delivery = session.get_one(Delivery, row.id, populate_existing=True)
        if delivery.receipt_due_at is not None:
            delivery.receipt_due_at = None
            fates.receipt_missing(session, directory, by_number[row.ticket_number], delivery, now)
            done += 1
    return done
