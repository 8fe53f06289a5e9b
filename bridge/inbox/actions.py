"""Keeps what comes in, hands it out in order, and writes down how it ended."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bridge import database
from bridge.inbox.models import DONE, FAILED, LANES, WAITING, InboxEntry, InboxLane

# A worker takes so many lanes at once, which leaves some for its colleagues.
LANES_AT_ONCE = 8
# Done entries are kept so long: within it, the same id is known as a duplicate.
KEPT_FOR = timedelta(days=30)
# An entry during which the worker has died so often is set aside. A worker may be killed from
# outside as well, and the entry it has in hand just then is not to blame: hardly so often, though.
MOST_ATTEMPTS = 6


@dataclass(frozen=True)
class Incoming:
    """What an entrance wants kept.

    event_id: unique in its source. about: entries about the same thing are processed in the
    order of `event_at`, then of arrival. payload: as it came.
    """

    source: str
    kind: str
    event_id: str
    about: str
    event_at: datetime
    payload: str


def lane(source: str, about: str) -> int:
    """Return the lane (0 to 63) of a thing: the same for ever, on every node."""
    return zlib.crc32(f"{source}\0{about}".encode()) % LANES


def _row(incoming: Incoming, now: datetime) -> dict[str, object]:
    return {
        "source": incoming.source,
        "kind": incoming.kind,
        "event_id": incoming.event_id,
        "lane": lane(incoming.source, incoming.about),
        "event_at": incoming.event_at,
        "received_at": now,
        "payload": incoming.payload,
    }


def keep(session: Session, incoming: Sequence[Incoming], now: datetime) -> set[tuple[str, str]]:
    """Store what is not there yet; return the (source, event_id) of what is new.

    The ids of the rows rise in the order of arrival; of two with one id the first counts.
    """
    firsts: dict[tuple[str, str], Incoming] = {}
    for one in incoming:
        firsts.setdefault((one.source, one.event_id), one)
    if not firsts:
        return set()
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    # The table, not the entity: the statement is compiled once, and many rows go in at a time.
    statement = (
        insert(InboxEntry.metadata.tables[InboxEntry.__tablename__])
        .on_conflict_do_nothing(index_elements=["source", "event_id"])
        .returning(InboxEntry.source, InboxEntry.event_id)
    )
    rows = [_row(one, now) for one in firsts.values()]
    new = session.connection().execute(statement, rows)
    return {(source, event_id) for source, event_id in new}


def _with_work() -> Select[int]:
    """Select the lanes in which something waits, the one with the oldest entry first."""
    # The first entry of each lane by its index: with many waiting, to look at all takes too long.
    first = (
        select(func.min(InboxEntry.event_at))
        .where(InboxEntry.state == WAITING, InboxEntry.lane == InboxLane.lane)
        .scalar_subquery()
    )
    return select(InboxLane.lane).where(first.is_not(None)).order_by(first)


def _lock_some(session: Session) -> list[int]:
    waiting = session.scalars(_with_work()).all()
    for start in range(0, len(waiting), LANES_AT_ONCE):
        some = waiting[start : start + LANES_AT_ONCE]
        free = set(
            session.scalars(
                select(InboxLane.lane)
                .where(InboxLane.lane.in_(some))
                .with_for_update(**database.skip_locked(session))
            )
        )
        if free:
            return [lane for lane in some if lane in free]
    return []


def take(session: Session, limit: int) -> list[InboxEntry]:
    """Return up to `limit` waiting entries in the order to process them, those of a lane together.

    Their lanes are locked until the transaction ends: nobody else takes what is about the same
    thing, and a worker that dies gives its lanes back. The lanes with the oldest entries come
    first.
    """
    found: list[InboxEntry] = []
    for lane_of_ours in _lock_some(session):
        found += session.scalars(
            select(InboxEntry)
            .where(InboxEntry.state == WAITING, InboxEntry.lane == lane_of_ours)
            .order_by(InboxEntry.event_at, InboxEntry.id)
            .limit(limit - len(found))
        )
        if len(found) == limit:
            break
    return found


def take_one(session: Session, entry_id: int) -> InboxEntry | None:
    """Return this entry if it still waits, its lane locked as by `take`; waits for the lane."""
    lane_of_it = select(InboxEntry.lane).where(InboxEntry.id == entry_id).scalar_subquery()
    session.execute(select(InboxLane.lane).where(InboxLane.lane == lane_of_it).with_for_update())
    return session.scalar(
        select(InboxEntry).where(InboxEntry.id == entry_id, InboxEntry.state == WAITING)
    )


def finish(session: Session, entries: Sequence[InboxEntry], now: datetime) -> None:
    """Write down that these entries are processed."""
    session.execute(
        update(InboxEntry)
        .where(InboxEntry.id.in_([entry.id for entry in entries]))
        .values(state=DONE, finished_at=now, reason=None)
        .execution_options(synchronize_session=False)
    )


def fail(session: Session, entry_id: int, reason: str, now: datetime) -> None:
    """Set an entry aside with the reason; it stays until somebody replays it."""
    # An error may quote what no database can store.
    storable = reason.encode(errors="replace").decode().replace("\0", "")
    session.execute(
        update(InboxEntry)
        .where(InboxEntry.id == entry_id, InboxEntry.state == WAITING)
        .values(state=FAILED, finished_at=now, reason=storable[:500])
    )


def attempt(session: Session, entry: InboxEntry, now: datetime) -> bool:
    """Count a try before it is made; return False when an entry has killed too many workers."""
    entry.attempts += 1
    if entry.attempts <= MOST_ATTEMPTS:
        return True
    fail(session, entry.id, f"the worker died {MOST_ATTEMPTS} times while processing this", now)
    return False


def replay(session: Session, ids: Sequence[int] | None) -> int:
    """Let failed entries be processed again (all of them for None); return how many."""
    statement = update(InboxEntry).where(InboxEntry.state == FAILED)
    if ids is not None:
        statement = statement.where(InboxEntry.id.in_(ids))
    result = session.execute(
        statement.values(state=WAITING, attempts=0, finished_at=None).returning(InboxEntry.id)
    )
    return len(result.all())


def forget_done(session: Session, now: datetime, limit: int = 1000) -> int:
    """Delete up to `limit` entries that were done long ago; return how many."""
    old = (
        select(InboxEntry.id)
        .where(InboxEntry.state == DONE, InboxEntry.received_at < now - KEPT_FOR)
        .order_by(InboxEntry.received_at)
        .limit(limit)
    )
    result = session.execute(
        delete(InboxEntry).where(InboxEntry.id.in_(old.scalar_subquery())).returning(InboxEntry.id)
    )
    return len(result.all())
