"""A problem's ticket: opened, reopened, changed, held, acknowledged and resolved by monitoring."""

from collections.abc import Mapping
from datetime import datetime

from bridge.flows import paging, promises, to_icinga
from bridge.flows.batch import Batch
from bridge.icinga import actions as icinga
from bridge.icinga.differences import Acknowledged
from bridge.icinga.models import Problem
from bridge.icinga.notification import Notification, started_at
from bridge.icinga.states import State
from bridge.oncall.ladder_state import Held
from bridge.staff.models import StaffMember
from bridge.tickets import actions as tickets
from bridge.tickets.actions import NewTicket
from bridge.tickets.journal import BRIDGE, ICINGA, Event
from bridge.tickets.lifecycle import TicketState, is_unfinished
from bridge.tickets.models import Ticket
from bridge.tickets.priority import Priority, priority_of, promised

FAULT = "fault"


def open_or_reopen(
    batch: Batch, problem: Problem, received_at: datetime, said: Notification, at: datetime
) -> None:
    """Open a ticket for the problem, or reopen its last one within the window of its recovery."""
    last = batch.survivor(problem.last_ticket)
    began, flagged = started_at(said, received_at)
    flag = "implausible_time" if flagged else None
    if last is not None and is_unfinished(TicketState(last.state)):
        # A person took the ticket up again after the recovery, and was right.
        problem.open_ticket = problem.last_ticket
        change_state(batch, problem, said, at)
    elif last is not None and _is_reopened(batch, last, problem, at):
        _reopen(batch, last, problem, said, began, flag, at)
    else:
        _open(batch, problem, said, began, flag, last)


def _is_reopened(batch: Batch, last: Ticket, problem: Problem, at: datetime) -> bool:
    if last.state not in {TicketState.RESOLVED.value, TicketState.CLOSED.value}:
        return False
    over_at = problem.recovered_at or last.resolved_at
    return over_at is not None and at - over_at <= batch.directory.desk.reopen_window


def _title(said: Notification) -> str:
    host = said.host.display_name or said.host.name
    service = said.service
    return f"{host} / {service.display_name or service.name}" if service else host


def _open(
    batch: Batch,
    problem: Problem,
    said: Notification,
    began: datetime,
    flag: str | None,
    last: Ticket | None,
) -> None:
    session, directory, now = batch.session, batch.directory, batch.now
    whose = promises.belonging(directory, said.vars.address, said.vars.customer, began)
    priority = _priority(said, whose.terms.priorities if whose.terms else {})
    new = NewTicket(
        title=_title(said),
        ticket_class=FAULT,
        priority=priority.value,
        source=problem.source,
        opened_at=began,
        customer_id=whose.customer_id,
        contract_id=whose.terms.contract_id if whose.terms else None,
        address=whose.address,
        follows_number=last.number if last else None,
    )
    number = tickets.next_number(batch.numbers, directory.desk.first_number)
    ticket = tickets.open_ticket(session, number, new, now)
    state = said.state.value if said.state else "UNKNOWN"
    batch.tickets[number] = ticket
    batch.about[number] = icinga.attach(session, problem, number, state, said.output)
    data = promises.opening(whose, FAULT, priority.value, flag) | {
        "source": problem.source,
        "host": problem.host,
        "service": problem.service,
        "state": state,
        "found_by": said.found_by or None,
        "notes": list(said.notes) or None,
    }
    batch.happened(ticket, Event.OPENED, ICINGA, began, data, said.output)
    escalate(batch, ticket, problem)


def escalate(
    batch: Batch, ticket: Ticket, problem: Problem, owner: StaffMember | None = None
) -> None:
    """Begin the ticket's escalation, held where a downtime is on; none for one that is over.

    owner: who had it before, and is called first.
    """
    if not is_unfinished(TicketState(ticket.state)):
        return
    held = Held.DOWNTIME if problem.in_downtime else None
    about = batch.about.get(ticket.number)
    run = paging.begin(
        batch.session,
        batch.directory,
        ticket,
        batch.now,
        held=held,
        rank=State(about.state).rank if about else 0,
        owner=owner,
    )
    if run is not None:
        batch.runs[ticket.number] = run


def _priority(said: Notification, table: Mapping[str, str]) -> Priority:
    state = said.state.value if said.state else "UNKNOWN"
    wished = said.vars.priority
    return priority_of(state, table, wished, said.vars.impact)


def _reopen(
    batch: Batch,
    ticket: Ticket,
    problem: Problem,
    said: Notification,
    began: datetime,
    flag: str | None,
    at: datetime,
) -> None:
    state = said.state.value if said.state else "UNKNOWN"
    tickets.change_state(ticket, TicketState.OPEN, at)
    tickets.unacknowledge(ticket)
    problem.open_ticket = problem.last_ticket
    about = batch.about_of(problem)
    about.state, about.output = state, said.output
    about.acknowledgement = Acknowledged.NOBODYS.value
    data = {"state": state, "after": problem.recovered_at, "began": began, "flagged": flag}
    batch.happened(ticket, Event.REOPENED, ICINGA, at, data, said.output)
    _raise_priority(batch, ticket, said, at)
    people = batch.directory.people.values()
    owner = next((one for one in people if one.id == ticket.owner_id), None)
    escalate(batch, ticket, problem, owner)


def change_state(batch: Batch, problem: Problem, said: Notification, at: datetime) -> None:
    """Show the problem's new state on its open ticket; worsening raises the priority."""
    ticket = batch.ticket_of(problem)
    if ticket is None or said.state is None:
        return
    about = batch.about_of(problem)
    data = {"from": about.state, "to": said.state.value} | _which(problem, ticket)
    about.state, about.output = said.state.value, said.output
    batch.happened(ticket, Event.STATE_CHANGED, ICINGA, at, data, said.output)
    if is_unfinished(TicketState(ticket.state)):
        _raise_priority(batch, ticket, said, at)
        _worsen(batch, ticket, problem, said.state)
    elif said.state.rank > State(data["from"]).rank:
        # Somebody called it solved while it was not, and now it has become worse.
        _reopen(batch, ticket, problem, said, at, None, at)


def _which(problem: Problem, ticket: Ticket) -> dict[str, str]:
    """Return which problem it is, on a ticket that took over another one's."""
    if problem.last_ticket == ticket.number:
        return {}
    return {"host": problem.host, "service": problem.service}


def _worsen(batch: Batch, ticket: Ticket, problem: Problem, state: State) -> None:
    """Let the escalation know how bad it is; begin one where none was asked for before."""
    run = batch.run_of(ticket)
    if run is not None:
        now, courses = batch.now, batch.courses
        paging.worsened(batch.session, batch.directory, ticket, run, state.rank, now, courses)
    elif ticket.acknowledged_at is None:
        escalate(batch, ticket, problem)


def _raise_priority(batch: Batch, ticket: Ticket, said: Notification, at: datetime) -> None:
    directory = batch.directory
    terms = directory.terms_at(ticket.contract_id, at) if ticket.contract_id else None
    before = Priority(ticket.priority)
    after = promised(_priority(said, terms.priorities if terms else {}), before)
    if after is before:
        return
    ticket.priority = after.value
    data = {"from": before.value, "to": after.value}
    batch.happened(ticket, Event.PRIORITY_RAISED, BRIDGE, at, data)


def recover(batch: Batch, problem: Problem, at: datetime) -> None:
    """Resolve the problem's ticket, if one is open, and remember when the problem was over.

    A ticket that others went into is resolved with the last of their problems; one that a person
    opened is left to people.
    """
    ticket = batch.ticket_of(problem)
    problem.open_ticket = None
    if ticket is not None or problem.recovered_at is None:
        problem.recovered_at = at
    if ticket is None:
        return
    session, now = batch.session, batch.now
    about = batch.about_of(problem)
    before, about.state = about.state, "OK" if problem.service else "UP"
    if not batch.is_all_over(ticket):
        data = {"from": before, "to": about.state} | _which(problem, ticket)
        batch.happened(ticket, Event.STATE_CHANGED, ICINGA, at, data)
        return
    batch.happened(ticket, Event.RECOVERED, ICINGA, at, {"state": about.state})
    if not is_unfinished(TicketState(ticket.state)):
        return
    tickets.change_state(ticket, TicketState.RESOLVED, at)
    ticket.close_due_at = now + batch.directory.desk.quiet_time
    paging.end(session, batch.directory, ticket, batch.run_of(ticket), "recovered", now)
    to_icinga.forget(session, ticket, now)


def hold(batch: Batch, problem: Problem) -> None:
    """Page nobody for the problem while its downtime lasts."""
    ticket = batch.ticket_of(problem)
    run = batch.run_of(ticket) if ticket else None
    if ticket is not None and run is not None and _pages_for(problem, ticket):
        paging.hold(batch.session, batch.directory, ticket, run, batch.now)


def _pages_for(problem: Problem, ticket: Ticket) -> bool:
    """Return whether people are paged because of this problem, and nobody has the ticket yet."""
    return ticket.acknowledged_at is None and problem.last_ticket == ticket.number


def resume(batch: Batch, problem: Problem) -> None:
    """Start the escalation of a problem that outlived its downtime."""
    ticket = batch.ticket_of(problem)
    if ticket is None or not _pages_for(problem, ticket):
        return
    run = batch.run_of(ticket)
    if run is None:
        escalate(batch, ticket, problem)
    else:
        paging.resume(batch.session, batch.directory, ticket, run, batch.now)
