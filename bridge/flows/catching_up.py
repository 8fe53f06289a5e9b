"""Running clocks follow the configuration: their contract's version, their calendar's hours."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bridge import database
from bridge.calendars.models import CalendarVersion
from bridge.flows.courses import Courses
from bridge.flows.directory import Directory
from bridge.sla.models import RUNNING, Clock
from bridge.tables import Revision
from bridge.tickets.journal import BRIDGE, Event
from bridge.tickets.models import Ticket


@dataclass(frozen=True)
class Behind:
    """What a ticket's clocks do not know yet: versions of contracts, hours of calendars.

    calendars: by label, with the first revision that they do not know.
    """

    contract_versions: frozenset[int]
    calendars: tuple[tuple[str, int], ...]


def in_force(directory: Directory, now: datetime) -> frozenset[int]:
    """Return the ids of the contracts' versions that count at `now`."""
    versions = (directory.book.version_at(contract, now) for contract in directory.terms)
    return frozenset(one.version_id for one in versions if one is not None)


def is_behind(session: Session, directory: Directory, now: datetime) -> bool:
    """Return whether any running clock goes by a version that no longer counts."""
    other = _other_version(directory, now)
    return bool(
        session.scalar(select(Clock.id).where(RUNNING, other).limit(1))
        or session.scalar(_new_hours().with_only_columns(Clock.id).limit(1))
    )


def catch_up(session: Session, directory: Directory, now: datetime, limit: int) -> int:
    """Tell up to `limit` tickets what has changed under their running clocks; return how many.

    It counts from the change on, whenever this looks, but not from before what is known already.
    Source: docs/sla.md, "R13".
    """
    numbers = _behind_numbers(session, directory, now, limit)
    if not numbers:
        return 0
    statement = select(Ticket).where(Ticket.number.in_(numbers)).order_by(Ticket.number)
    locked = statement.with_for_update(**database.skip_locked(session))
    found = session.scalars(locked).all()
    courses = Courses(session, directory, now)
    courses.load([ticket.number for ticket in found])
    for ticket in found:
        _tell(session, directory, courses, ticket, now)
    return len(found)


def _other_version(directory: Directory, now: datetime):  # type: ignore[no-untyped-def]
    return Clock.contract_version_id.not_in(sorted(in_force(directory, now)))
