"""Warnings: a promise is being used up, and whoever has the ticket should know in time."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bridge import database
from bridge.customers.models import Customer
from bridge.flows import notices
from bridge.flows.courses import Courses
from bridge.flows.directory import Directory
from bridge.sla.course import ClockCourse
from bridge.sla.models import WARNS, Clock
from bridge.staff.models import StaffMember, Team
from bridge.tickets.journal import BRIDGE, Event
from bridge.tickets.models import Ticket

NEXT_AT = select(func.min(Clock.warn_at)).where(WARNS)


def send_due(session: Session, directory: Directory, now: datetime, limit: int) -> int:
    """Queue the warnings that are due at `now`; return of how many clocks.

    Of several that were slept through only the highest is sent. Source: docs/sla.md, "R17".
    """
    due = _due(session, now, limit)
    courses = Courses(session, directory, now)
    courses.load({clock.ticket_number for clock, _ in due})
    for clock, ticket in due:
        _warn(session, directory, courses, ticket, clock, now)
    return len(due)


def _due(session: Session, now: datetime, limit: int) -> Sequence[tuple[Clock, Ticket]]:
    """Return the clocks whose warning is due with their tickets, locked, the longest due first.

    Those whose ticket somebody else has are left for the next time.
    """
    statement = (
        select(Clock, Ticket)
        .join(Ticket, Ticket.number == Clock.ticket_number)
        .where(WARNS, Clock.warn_at <= now)
        .order_by(Clock.warn_at, Clock.id)
        .limit(limit)
        .with_for_update(of=Ticket, **database.skip_locked(session))
    )
    return [(clock, ticket) for clock, ticket in session.execute(statement)]


def _warn(
    session: Session,
    directory: Directory,
    courses: Courses,
    ticket: Ticket,
    clock: Clock,
    now: datetime,
) -> None:
    which = (clock.kind, clock.nth)
    course = courses.course(ticket.number)
    found = next((one for one in course if (one.kind, one.nth) == which), None)
    percent = _highest(directory, found, now) if found is not None else None
    if found is None or percent is None:
        # The row does not say what the journal says, by which nothing is due. The proof will tell;
        # here it must not come again at once, and keep what else is due from people.
        clock.warn_at = found.warn_at if found is not None else None
        clock.warn_percent = found.warn_percent if found is not None else None
        return
    people = recipients(session, directory, ticket, found, percent)
    data = {
        "clock": found.kind.value,
        "nth": found.nth,
        "percent": percent,
        "due_at": found.due,
        "people": [person.id for person in people],
    }
    courses.happened(ticket, Event.CLOCK_WARNED, BRIDGE, now, data)
    for person in people:
        notices.queue_warning(session, ticket, found, percent, person, now)


def _highest(directory: Directory, found: ClockCourse, now: datetime) -> int | None:
    """Return the highest percent that is due at `now`; None where no warning is."""
    if found.warn_at is None or found.warn_percent is None or found.warn_at > now:
        return None
    percents = warn_percents(directory, found)
    passed = [
        one.percent for one in found.promise.warnings(percents, found.pauses) if one.at <= now
    ]
    return max([found.warn_percent, *passed])


def warn_percents(directory: Directory, found: ClockCourse) -> tuple[int, ...]:
    """Return at which percents of its open time the clock's contract wants warnings, in order."""
    versions = directory.book.terms.get(found.contract_id, ())
    terms = next(one for one in versions if one.version_id == found.contract_version_id)
    return tuple(sorted(terms.warn_at))


def recipients(
    session: Session, directory: Directory, ticket: Ticket, found: ClockCourse, percent: int
) -> list[StaffMember]:
    """Return who is warned: the owner first, from the second warning on the team lead too.

    Where nobody owns the ticket, the lead is told from the first; where the customer has no team,
    it is the account manager. Each once.
    """
    owner = _person(directory, ticket.owner_id)
    lead = _lead(session, directory, ticket)
    is_first = percent <= min(warn_percents(directory, found))
    told = [owner] if owner is not None and is_first else [owner, lead]
    return list({person.id: person for person in told if person is not None}.values())


def _person(directory: Directory, staff_id: int | None) -> StaffMember | None:
    return next((one for one in directory.people.values() if one.id == staff_id), None)


def _lead(session: Session, directory: Directory, ticket: Ticket) -> StaffMember | None:
    customer = session.get(Customer, ticket.customer_id) if ticket.customer_id else None
    if customer is None:
        return None
    wanted = customer.document.get("team")
    team = session.scalar(select(Team).where(Team.label == wanted)) if wanted else None
    lead = directory.people.get(team.document.get("lead") or "") if team is not None else None
    return lead or directory.people.get(customer.document.get("manager") or "")
