"""Pages that are due, put together by channel: what leaves now, with what, and what waits."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, joinedload

from bridge import database
from bridge.oncall import actions as oncall
from bridge.oncall.bundling import WINDOW, Candidate, parting
from bridge.oncall.loudness import loudness
from bridge.oncall.models import ChannelHealth, Delivery, Page, Run, Storm
from bridge.outbox import actions as outbox
from bridge.outbox.actions import Claim
from bridge.outbox.models import CANCELLED, WAITING, OutboxEntry
from bridge.staff.models import Channel
from bridge.tickets.models import Ticket

PAGES = frozenset({"page", "quiet_page"})
LOUD = "page"
HELD = "waits to leave together with others"
BUNDLED = "left together with another"
NOT_NEEDED = "no longer needed"
OVERTAKEN = "overtaken by a louder channel"
# Source: docs/oncall.md, "R21".
LATE = timedelta(seconds=60)
IS_FAILED = Delivery.state == "failed_for_now"


@dataclass(frozen=True)
class Carried:
    """A delivery with the entry that carries it, and the ticket that it is about."""

    delivery: Delivery
    entry: OutboxEntry
    ticket: Ticket

    @property
    def page(self) -> Page:
        """Return the page that this is a delivery of."""
        return self.delivery.page


@dataclass(frozen=True)
class Departure:
    """A message that leaves: the claim of its entry, and what it carries, of one channel."""

    claim: Claim
    carried: tuple[Carried, ...]


def carried(session: Session, entry_ids: Sequence[int]) -> dict[int, list[Carried]]:
    """Return what entries carry, by their ids, in order; not what is over."""
    found: dict[int, list[Carried]] = defaultdict(list)
    if entry_ids:
        for one in _select(session, OutboxEntry.id.in_(entry_ids)):
            found[one.entry.id].append(one)
    return found


def _select(
    session: Session, wanted: ColumnElement[bool], *, lock: bool = False
) -> Iterable[Carried]:
    statement = (
        select(Delivery, OutboxEntry, Ticket)
        .join(OutboxEntry, OutboxEntry.id == Delivery.outbox_id)
        .join(Page, Page.id == Delivery.page_id)
        .join(Run, Run.id == Page.run_id)
        .join(Ticket, Ticket.number == Run.ticket_number)
        .where(wanted, Delivery.finished_at.is_(None), Delivery.state != CANCELLED)
        .options(joinedload(Delivery.page).joinedload(Page.run), joinedload(Ticket.customer))
        .order_by(Delivery.id)
    )
    if lock:
        statement = statement.with_for_update(of=OutboxEntry, **database.skip_locked(session))
    for delivery, entry, ticket in session.execute(statement):
        yield Carried(delivery, entry, ticket)


def is_void(one: Carried) -> bool:
    """Return whether nobody needs the page any more.

    Who has the ticket is asked alone whether it is still theirs. Source: "R10", "R25".
    """
    run, page = one.page.run, one.page
    if page.generation != run.generation or run.state in {oncall.HELD, "ended"}:
        return True
    asks = (page.round, page.step) == (0, 0) and run.owner_until is not None
    return one.ticket.acknowledged_at is not None and not asks


def departures(
    session: Session,
    claims: Sequence[Claim],
    found: Mapping[int, list[Carried]],
    now: datetime,
    window: timedelta = WINDOW,
) -> list[Departure]:
    """Return what leaves now of the claimed pages; the rest is cancelled, or waits.

    found: what the claims carry. window: so long after a page the next ones of its channel wait.
    Locks the health of the channels, so that no two couriers take the same moment for the first.
    Source: docs/oncall.md, "R18", "R21" and "R25".
    """
    by_entry = {claim.entry_id: claim for claim in claims}
    leaving = {id_: _needed(session, id_, found.get(id_, []), now) for id_ in by_entry}
    overtaken = _overtaken(session, [one for ours in leaving.values() for one in ours], now)
    by_channel: dict[int, list[int]] = defaultdict(list)
    for entry_id, ours in leaving.items():
        if entry_id in overtaken:
            _end(session, entry_id, ours, OVERTAKEN, now)
        elif ours:
            by_channel[ours[0].delivery.channel_id].append(entry_id)
    health = health_of(session, by_channel)
    urgent = _urgent(session, [one for ours in leaving.values() for one in ours])
    parted: list[Departure] = []
    for channel_id in sorted(by_channel):
        due = {id_: leaving[id_] for id_ in by_channel[channel_id]}
        parted += _part(session, health[channel_id], by_entry, due, urgent, now, window)
    return parted


def _part(
    session: Session,
    health: ChannelHealth,
    claims: Mapping[int, Claim],
    due: Mapping[int, list[Carried]],
    urgent: set[int],
    now: datetime,
    window: timedelta,
) -> list[Departure]:
    candidates = [
        Candidate(
            id_,
            is_high=any(one.page.urgency == "high" for one in ours),
            is_retry=ours[0].entry.attempts > 1,
            is_repeat=claims[id_].repeat,
            is_urgent=id_ in urgent,
        )
        for id_, ours in due.items()
    ]
    found = parting(candidates, health.paged_at, now, window)
    for entry_id in found.held:
        outbox.postpone(session, claims[entry_id], HELD, now, (found.until or now) - now)
    parted = []
    for together in found.messages:
        first, rest = together[0], together[1:]
        ours = [*due[first], *(one for id_ in rest for one in due[id_])]
        if first == found.taking_all:
            health.paged_at = now
        if first in {found.taking_all, found.taking_failed}:
            taken = IS_FAILED if first == found.taking_failed else _is_ready(now)
            ours += _waiting(session, health.channel_id, claims, taken, now)
        _put_together(due[first][0].entry, ours, now)
        parted.append(Departure(claims[first], tuple(ours)))
    return parted


def _is_ready(now: datetime) -> ColumnElement[bool]:
    """Return the condition for what leaves with the next message: due, held for it, or failed."""
    return or_(OutboxEntry.due_at <= now, OutboxEntry.reason == HELD, IS_FAILED)


def _waiting(
    session: Session,
    channel_id: int,
    claims: Mapping[int, Claim],
    taken: ColumnElement[bool],
    now: datetime,
) -> list[Carried]:
    """Return what waits for the channel and is needed still, locked; what others have is left.

    What may have arrived is left, too: it is repeated alone, and marked.
    """
    wanted = and_(
        OutboxEntry.state == WAITING,
        OutboxEntry.door.in_(PAGES),
        OutboxEntry.maybes == 0,
        OutboxEntry.id.not_in(list(claims)),
        Delivery.channel_id == channel_id,
        taken,
    )
    by_entry: dict[int, list[Carried]] = defaultdict(list)
    for one in _select(session, wanted, lock=True):
        by_entry[one.entry.id].append(one)
    needed = (_needed(session, id_, ours, now) for id_, ours in by_entry.items())
    return [one for ours in needed for one in ours]


def _put_together(entry: OutboxEntry, ours: Iterable[Carried], now: datetime) -> None:
    """Let one entry carry all of them; those that carried them are over."""
    for one in ours:
        if one.page.urgency == "high":
            entry.door = LOUD
        if one.entry is not entry:
            one.delivery.entry = entry
            _cancel(one.entry, BUNDLED, now)


def _needed(session: Session, entry_id: int, ours: list[Carried], now: datetime) -> list[Carried]:
    """Return what is needed still; the rest is cancelled, and the entry with the last."""
    needed = []
    for one in ours:
        if is_void(one):
            _drop(one.delivery, NOT_NEEDED, now)
        else:
            needed.append(one)
    if not needed:
        _cancel(session.get_one(OutboxEntry, entry_id), NOT_NEEDED, now)
    return needed


def _end(
    session: Session, entry_id: int, ours: Iterable[Carried], reason: str, now: datetime
) -> None:
    for one in ours:
        _drop(one.delivery, reason, now)
    _cancel(session.get_one(OutboxEntry, entry_id), reason, now)


def _drop(delivery: Delivery, reason: str, now: datetime) -> None:
    delivery.finished_at = now
    # What may have arrived, or was seen, stays known as that.
    if delivery.state not in {"maybe", "seen"}:
        delivery.state, delivery.reason = CANCELLED, reason


def _cancel(entry: OutboxEntry, reason: str, now: datetime) -> None:
    entry.state, entry.reason, entry.finished_at = CANCELLED, reason, now
    entry.lease_until = None


def _overtaken(session: Session, ours: Sequence[Carried], now: datetime) -> set[int]:
    """Return the entries of late pages that a louder channel of the same page is due for, too."""
    late = {
        one.page.id: one
        for one in ours
        if one.delivery.state == "scheduled" and now - one.entry.due_at > LATE
    }
    if not late:
        return set()
    statement = (
        select(Delivery.page_id, Delivery.rule, Delivery.outbox_id, Channel.label)
        .join(Channel, Channel.id == Delivery.channel_id)
        .join(OutboxEntry, OutboxEntry.id == Delivery.outbox_id)
        .where(Delivery.page_id.in_(late), Delivery.state == "scheduled")
        .where(Delivery.due_at <= now, Channel.retired_at.is_(None))
    )
    by_page: dict[int, list[tuple[int, int, int | None]]] = defaultdict(list)
    for page_id, rule, entry_id, label in session.execute(statement):
        by_page[page_id].append((loudness(label), rule, entry_id))
    return {id_ for found in by_page.values() for _, _, id_ in sorted(found)[:-1] if id_}


def _urgent(session: Session, ours: Sequence[Carried]) -> set[int]:
    """Return the entries with the first page of a P1 ticket for its person, where no storm is on.

    Source: docs/oncall.md, "R18" and "R20".
    """
    of_p1 = [one for one in ours if one.ticket.priority == "P1"]
    if not of_p1:
        return set()
    statement = (
        select(Page.run_id, Page.generation, Page.staff_id)
        .join(Delivery, Delivery.page_id == Page.id)
        .where(Page.run_id.in_({one.page.run_id for one in of_p1}), Delivery.sent_at.is_not(None))
    )
    told = {tuple(row) for row in session.execute(statement)}
    storms = set(session.scalars(select(Storm.scope).where(Storm.ended_at.is_(None))))
    return {
        one.entry.id
        for one in of_p1
        if (one.page.run_id, one.page.generation, one.page.staff_id) not in told
        and not storms & {"all", f"customer:{one.ticket.customer_id}"}
    }


def health_of(session: Session, channel_ids: Iterable[int]) -> dict[int, ChannelHealth]:
    """Return the health of channels by their ids, locked in their order, made where there is none.

    Its rows are locked after tickets and runs, never before.
    """
    wanted = sorted(set(channel_ids))
    if not wanted:
        return {}
    session.flush()  # they are read anew below
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    rows = [{"channel_id": one, "failures": 0} for one in wanted]
    session.execute(insert(ChannelHealth).values(rows).on_conflict_do_nothing())
    statement = (
        select(ChannelHealth)
        .where(ChannelHealth.channel_id.in_(wanted))
        .order_by(ChannelHealth.channel_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {one.channel_id: one for one in session.scalars(statement)}


def let_go(session: Session, channel_id: int, now: datetime) -> None:
    """Let what waits for others on a channel leave now: what it waits for has reached nobody."""
    health_of(session, [channel_id])[channel_id].paged_at = None
    wanted = and_(OutboxEntry.reason == HELD, Delivery.channel_id == channel_id)
    for one in _select(session, wanted, lock=True):
        if one.entry.state == WAITING:
            one.entry.due_at = now


def withdraw(session: Session, deliveries: Iterable[Delivery], reason: str, now: datetime) -> None:
    """Cancel deliveries that nobody has claimed, and the entries that carry nothing else.

    Others may be bundled with them, and go on.
    """
    session.flush()  # entries get their numbers, and what is counted below is read from the tables
    wanted = [one for one in deliveries if one.outbox_id is not None]
    if not wanted:
        return
    entry_ids = {one.outbox_id for one in wanted if one.outbox_id is not None}
    mine = {one.id for one in wanted}
    others = {
        one.entry.id
        for ours in carried(session, sorted(entry_ids)).values()
        for one in ours
        if one.delivery.id not in mine
    }
    gone = set(outbox.cancel(session, sorted(entry_ids - others), reason, now))
    statement = select(OutboxEntry.id).where(
        OutboxEntry.id.in_(entry_ids & others), OutboxEntry.state == WAITING
    )
    gone |= set(session.scalars(statement.with_for_update())) if entry_ids & others else set()
    for delivery in wanted:
        if delivery.outbox_id in gone:
            _drop(delivery, reason, now)
