"""Two tickets about one matter: one goes into the other, which takes over what is unanswered."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bridge import utc
from bridge.errors import Refused
from bridge.flows import paging
from bridge.flows.acting import Acting, actor
from bridge.flows.courses import Courses
from bridge.flows.directory import Directory
from bridge.oncall import queries as oncall
from bridge.sla.course import ClockCourse
from bridge.tickets import actions as tickets
from bridge.tickets import queries
from bridge.tickets.journal import Event
from bridge.tickets.lifecycle import TicketState, WrongState, is_unfinished
from bridge.tickets.models import Ticket

MINUTE = timedelta(minutes=1)


class SameTicket(Refused):
    """A ticket cannot go into itself."""


class TwoCustomers(Refused):
    """Tickets of two customers stay two: each would read what the other wrote."""


def merge(
    session: Session, directory: Directory, number: int, who: Acting, into: int, now: datetime
) -> Ticket:
    """Let ticket `number` go into ticket `into`, and return that one.

    The first one's clocks end as merged and its escalation ends. The other takes the earlier due of
    what is still unanswered, and hears of the first one's problem in Icinga from now on.
    Once more changes nothing. Raises SameTicket, TwoCustomers, UnknownTicket, and WrongState for
    one that is over already, or went elsewhere. Source: docs/sla.md, "R16".
    """
    if number == into:
        raise SameTicket(f"[Ticket #{number}] cannot go into itself")
    found = queries.locked(session, [number, into])
    for wanted in (number, into):
        if wanted not in found:
            raise queries.UnknownTicket(f"there is no ticket {wanted}")
    ticket, survivor = found[number], found[into]
    if ticket.merged_into == into:
        return survivor
    if not is_unfinished(TicketState(survivor.state)):
        raise WrongState(f"{survivor.reference} is {survivor.state}: nothing can go into it")
    if len({ticket.customer_id, survivor.customer_id} - {None}) > 1:
        raise TwoCustomers(f"{survivor.reference} is another customer's than {ticket.reference}")
    tickets.change_state(ticket, TicketState.MERGED, now)
    ticket.merged_into = into
    courses = Courses(session, directory, now)
    courses.load([number, into])
    unanswered = [_plain(one) for one in courses.course(number) if one.stop is None]
    courses.happened(ticket, Event.MERGED, actor(who), now, {"into": into})
    data = {"number": number, "clocks": unanswered}
    courses.happened(survivor, Event.ABSORBED, actor(who), now, data)
    run = oncall.unended_runs(session, [number]).get(number)
    paging.end(session, directory, ticket, run, "merged", now)
    paging.adapt(session, directory, survivor, "merged", now)
    return survivor


def _plain(one: ClockCourse) -> dict[str, Any]:
    """Return a running clock as the journal of the other ticket keeps it."""
    count = one.promise.count
    return {
        "kind": one.kind.value,
        "rule": one.rule,
        "started_at": utc.iso(one.promise.start),
        "counted_from": utc.iso(count.since),
        "counted_minutes": count.allowance // MINUTE,
        "target_minutes": one.promise.target // MINUTE,
        "calendar": one.calendar,
        "contract_version": one.contract_version_id,
        "contract": one.contract_id,
        "customer": one.customer_id,
        "guaranteed": one.guaranteed,
        "priority": one.priority,
        "class": one.ticket_class,
        "due_at": utc.iso(one.due) if one.due else None,
    }
