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
# SQLite takes 32,766 values in one statement; an entry has seven.
ROWS_PER_STATEMENT = 1000
# An entry during which the worker has died so often is set aside.
MOST_ATTEMPTS = 3


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


def keep(session: Session, incoming: Sequence[Incoming], now: datetime) -> set[tuple[str, str]]:
    """Store what is not there yet; return the (source, event_id) of what is new."""
    rows = {
        (one.source, one.event_id): {
            "source": one.source,
            "kind": one.kind,
            "event_id": one.event_id,
            "lane": lane(one.source, one.about),
            "event_at": one.event_at,
            "received_at": now,
            "payload": one.payload,
        }
        # The first of two with one id is the one that counts.
        for one in reversed(incoming)
    }
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    found: set[tuple[str, str]] = set()
    in_order = list(reversed(rows.values()))
    for start in range(0, len(in_order), ROWS_PER_STATEMENT):
        statement = (
            insert(InboxEntry)
            .values(in_order[start : start + ROWS_PER_STATEMENT])
            .on_conflict_do_nothing(index_elements=["source", "event_id"])
            .returning(InboxEntry.source, InboxEntry.event_id)
        )
        found.update((source, event_id) for source, event_id in session.execute(statement))
    return found


def _in_lanes(lanes: Sequence[int], limit: int) -> Select[InboxEntry]:
    return (
        select(InboxEntry)
        .where(InboxEntry.state == WAITING, InboxEntry.lane.in_(lanes))
        .order_by(InboxEntry.event_at, InboxEntry.id)
        .limit(limit)
    )


def take(session: Session, limit: int) -> list[InboxEntry]:
    """Return up to `limit` waiting entries in the order to process them, those of a lane together.

    Their lanes are locked until the transaction ends: nobody else takes what is about the same
    thing, and a worker that dies gives its lanes back. The longest waiting lanes come first.
    """
    longest = (
        select(InboxEntry.lane)
        .where(InboxEntry.state == WAITING)
        .group_by(InboxEntry.lane)
        .order_by(func.min(InboxEntry.id))
    )
    waiting = session.scalars(longest).all()
    if not waiting:
        return []
    free = set(
        session.scalars(
            select(InboxLane.lane)
            .where(InboxLane.lane.in_(waiting))
            .order_by(InboxLane.lane)
            .with_for_update(**database.skip_locked(session))
        )
        if len(waiting) <= LANES_AT_ONCE
        else _lock_some(session, waiting)
    )
    lanes = [one for one in waiting if one in free]
    return list(session.scalars(_in_lanes(lanes, limit))) if lanes else []


def _lock_some(session: Session, waiting: Sequence[int]) -> list[int]:
    found: list[int] = []
    for start in range(0, len(waiting), LANES_AT_ONCE):
        some = waiting[start : start + LANES_AT_ONCE]
        found += session.scalars(
            select(InboxLane.lane)
            .where(InboxLane.lane.in_(some))
            .with_for_update(**database.skip_locked(session))
        )
        if found:
            break
    return found


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
    session.execute(
        update(InboxEntry)
        .where(InboxEntry.id == entry_id, InboxEntry.state == WAITING)
        .values(state=FAILED, finished_at=now, reason=reason[:500])
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
        .order_by(InboxEntry.id)
        .limit(limit)
    )
    result = session.execute(
        delete(InboxEntry).where(InboxEntry.id.in_(old.scalar_subquery())).returning(InboxEntry.id)
    )
    return len(result.all())
