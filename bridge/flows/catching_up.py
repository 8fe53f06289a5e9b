"""Running clocks follow the configuration: their contract's version, their calendar's hours."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from bridge import database
from bridge.calendars.models import CalendarVersion
from bridge.customers.terms import Terms
from bridge.flows.courses import Courses
from bridge.flows.directory import Directory
from bridge.sla.models import RUNNING, Clock
from bridge.tables import Revision
from bridge.tickets.journal import BRIDGE, Event
from bridge.tickets.models import Ticket


def in_force(directory: Directory, now: datetime) -> dict[int, Terms]:
    """Return the version of each contract that counts at `now`, by contract id."""
    versions = {one: directory.book.version_at(one, now) for one in directory.terms}
    return {contract: version for contract, version in versions.items() if version is not None}


def behind(session: Session, directory: Directory, now: datetime, limit: int) -> Sequence[int]:
    """Return the numbers of up to `limit` tickets whose running clocks do not know what counts."""
    found: dict[int, None] = {}
    for which in (_other_version(in_force(directory, now)), _new_hours()):
        numbers = select(Clock.ticket_number).where(RUNNING, which).distinct().limit(limit)
        found |= dict.fromkeys(session.scalars(numbers))
    return sorted(found)[:limit]


def _other_version(versions: dict[int, Terms]) -> ColumnElement[bool]:
    ids = [one.version_id for one in versions.values()]
    return and_(Clock.contract_id.in_(list(versions)), Clock.contract_version_id.not_in(ids))


def _new_hours() -> ColumnElement[bool]:
    newer = select(CalendarVersion.id).where(
        CalendarVersion.calendar_id == Clock.calendar_id, CalendarVersion.revision > Clock.revision
    )
    return newer.exists()


def catch_up(session: Session, directory: Directory, now: datetime, numbers: Sequence[int]) -> int:
    """Tell these tickets what has changed under their running clocks; return how many.

    It counts from the change on, whenever this looks, but not from before the newest of what has
    happened to the ticket. One that somebody else has is left for the next time.
    Source: docs/sla.md, "R13".
    """
    statement = select(Ticket).where(Ticket.number.in_(numbers)).order_by(Ticket.number)
    found = session.scalars(statement.with_for_update(**database.skip_locked(session))).all()
    courses = Courses(session, directory, now)
    courses.load([ticket.number for ticket in found])
    for ticket in found:
        _hours(session, directory, courses, ticket, now)
        _terms(directory, courses, ticket, now)
    return len(found)


def _running(courses: Courses, ticket: Ticket) -> list[Clock]:
    return [clock for clock in courses.clocks(ticket) if clock.stopped_at is None]


def _counts_from(courses: Courses, ticket: Ticket, at: datetime, now: datetime) -> datetime:
    newest = max((fact.at for fact in courses.facts(ticket.number)), default=at)
    return min(now, max(at, newest))


def _terms(directory: Directory, courses: Courses, ticket: Ticket, now: datetime) -> None:
    versions = in_force(directory, now)
    for contract_id in sorted({clock.contract_id for clock in _running(courses, ticket)}):
        version = versions.get(contract_id)
        theirs = [c for c in _running(courses, ticket) if c.contract_id == contract_id]
        if version is None or all(c.contract_version_id == version.version_id for c in theirs):
            continue
        data = {"contract_version": version.version_id, "contract": contract_id}
        at = _counts_from(courses, ticket, version.effective_from, now)
        courses.happened(ticket, Event.TERMS_CHANGED, BRIDGE, at, data)


def _hours(
    session: Session, directory: Directory, courses: Courses, ticket: Ticket, now: datetime
) -> None:
    labels = {one_id: label for label, one_id in directory.calendar_ids.items()}
    new: dict[str, int] = {}
    for clock in _running(courses, ticket):
        label = labels[clock.calendar_id]
        for version in directory.book.calendars[label]:
            if version.revision > clock.revision:
                new[label] = min(version.revision, new.get(label, version.revision))
    for label, revision in sorted(new.items()):
        changed_at = session.scalar(select(Revision.changed_at).where(Revision.id == revision))
        at = _counts_from(courses, ticket, changed_at or now, now)
        courses.happened(ticket, Event.HOURS_CHANGED, BRIDGE, at, {"calendar": label})
