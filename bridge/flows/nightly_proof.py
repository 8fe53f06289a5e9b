"""The proof of each night that the clocks are what the journal makes of them."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bridge.flows.directory import Directory
from bridge.flows.verifying import Portion
from bridge.sla.models import Verification

# The quiet hours in which it begins, by the clock on the wall.
FIRST_HOUR, LAST_HOUR = 3, 6
# Longer than one portion takes; after it another process goes on.
LEASE = timedelta(seconds=60)
# So many differences are kept in full.
SHOWN = 100


def zone_of(directory: Directory) -> ZoneInfo:
    """Return the desk's zone: that of most of its calendars, UTC where there is none."""
    known = (versions[-1] for versions in directory.book.calendars.values())
    zones = Counter(one.definition.definition.timezone for one in known)
    return ZoneInfo(min(zones, key=lambda zone: (-zones[zone], zone), default="UTC"))


def night_of(zone: ZoneInfo, now: datetime) -> str | None:
    """Return the day of the night that is to be proved at `now`; None outside its hours."""
    local = now.astimezone(zone)
    return local.date().isoformat() if FIRST_HOUR <= local.hour < LAST_HOUR else None


def take_turn(session: Session, night: str | None, process: str, now: datetime) -> int | None:
    """Lease the proof of this night, or one that was begun and left; return its row's id.

    None: there is nothing to do, or another process is at it.
    """
    if night is not None:
        _begin(session, night, now)
    unended = select(Verification).where(
        Verification.ended_at.is_(None), Verification.night.is_not(None)
    )
    for one in session.scalars(unended.order_by(Verification.id).with_for_update()):
        if one.leased_by == process or one.lease_until is None or one.lease_until < now:
            one.leased_by, one.lease_until = process, now + LEASE
            return one.id
    return None


def is_due(session: Session, night: str | None) -> bool:
    """Return whether a proof has still to begin or to end."""
    if night is not None:
        known = select(Verification.id).where(Verification.night == night)
        if session.scalar(known) is None:
            return True
    unended = select(Verification.id).where(
        Verification.ended_at.is_(None), Verification.night.is_not(None)
    )
    return session.scalar(unended.limit(1)) is not None


def _begin(session: Session, night: str, now: datetime) -> None:
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = _row(now) | {"night": night, "ended_at": None}
    session.execute(insert(Verification).values(row).on_conflict_do_nothing())


def _row(now: datetime) -> dict[str, Any]:
    return {
        "began_at": now,
        "last_ticket": -1,
        "tickets": 0,
        "clocks": 0,
        "differences": 0,
        "document": {"differences": []},
    }


def progress(session: Session, proof_id: int) -> int:
    """Return the number of the last ticket that a proof has compared; -1 before the first."""
    return session.get_one(Verification, proof_id).last_ticket


def advance(
    session: Session, proof_id: int, process: str, portion: Portion | None, now: datetime
) -> bool:
    """Write down what came of a portion, None for the end; return whether it is still ours.

    What another process has taken over is left to it.
    """
    proof = session.get_one(Verification, proof_id, with_for_update=True)
    if proof.leased_by != process or proof.ended_at is not None:
        return False
    if portion is None:
        proof.ended_at, proof.leased_by, proof.lease_until = now, None, None
        return False
    add(proof, portion)
    proof.lease_until = now + LEASE
    return True


def add(proof: Verification, portion: Portion) -> None:
    """Count a portion in."""
    proof.last_ticket = portion.last
    proof.tickets += portion.tickets
    proof.clocks += portion.clocks
    proof.differences += portion.differing
    shown = [*proof.document["differences"], *(one.plain() for one in portion.differences)]
    proof.document = {**proof.document, "differences": shown[:SHOWN]}


def keep(
    session: Session,
    portion: Portion,
    differing: int,
    began_at: datetime,
    now: datetime,
    *,
    mended: bool,
) -> None:
    """Write down a whole comparison that a person asked for.

    portion: all tickets, with the first differences; differing: how many clocks differed.
    mended: they no longer do.
    """
    proof = Verification(**_row(began_at), ended_at=now)
    add(proof, portion)
    proof.differences = 0 if mended else differing
    if mended:
        proof.document = {"differences": [], "mended": proof.document["differences"]}
    session.add(proof)
