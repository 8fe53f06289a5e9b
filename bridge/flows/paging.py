"""Escalations: begun with a ticket, held, answered, ended; each time the ladder decides."""

from datetime import datetime

from sqlalchemy import case, select, update
from sqlalchemy.orm import Session

from bridge.flows import families, ladders
from bridge.flows.acting import Acting, actor
from bridge.flows.courses import Courses
from bridge.flows.directory import Directory
from bridge.flows.escalating import Carrier
from bridge.flows.ladders import Standing
from bridge.flows.promises import first_page_at
from bridge.icinga import queries as icinga
from bridge.icinga.states import State
from bridge.oncall import actions as oncall
from bridge.oncall import ladder
from bridge.oncall import queries as oncall_queries
from bridge.oncall.ladder_state import Held, Phase
from bridge.oncall.models import Run
from bridge.staff.models import StaffMember
from bridge.tickets import actions as tickets
from bridge.tickets.journal import BRIDGE, Event
from bridge.tickets.lifecycle import TicketState, is_unfinished
from bridge.tickets.models import Ticket


def begin(
    session: Session,
    directory: Directory,
    ticket: Ticket,
    now: datetime,
    *,
    held: Held | None = None,
    rank: int = 0,
    owner: StaffMember | None = None,
    due_at: datetime | None = None,
) -> Run | None:
    """Begin the escalation that the ticket's contract asks for, if any.

    held: why nobody is paged for now. rank: of the problem's state. owner: who had the ticket
    before it was over. due_at: of the first step, where it is not as the contract says.
    """
    first = _first(directory, ticket, now)
    if first is None:
        return None
    version_id, due_at = first[0], due_at or first[1]
    run = oncall.begin_run(session, ticket.number, version_id, now)
    decision = ladder.start(
        ladders.policy_of(directory, run),
        ticket.priority,
        rank,
        directory.roster,
        now,
        due_at=due_at,
        held=held,
        owner=owner.label if owner else None,
    )
    event = Event.ESCALATION_HELD if held else Event.ESCALATION_STARTED
    data = {
        "policy_version": version_id,
        "due_at": None if held else due_at,
        "because": held.value if held else None,
        "rule": ladder.RULE_OF_HOLD[held] if held else "R1",
    }
    tickets.write(session, ticket, event, BRIDGE, now, now, data)
    standing = Standing(ticket, run, decision.ladder)
    Carrier(session, directory, now).carry_out(standing, decision)
    return run


def _first(directory: Directory, ticket: Ticket, now: datetime) -> tuple[int, datetime] | None:
    terms = directory.terms_at(ticket.contract_id, now) if ticket.contract_id else None
    return first_page_at(directory, terms, ticket, now)


def hold(
    session: Session,
    directory: Directory,
    ticket: Ticket,
    run: Run,
    now: datetime,
    because: Held = Held.DOWNTIME,
    until: datetime | None = None,
    who: Acting | None = None,
) -> None:
    """Page nobody for a while; until: the end of a snooze. Of several reasons the first counts."""
    standing = ladders.standing(session, directory, ticket, run)
    decision = ladder.hold(standing.ladder, directory.roster, because, now, until)
    if decision.ladder == standing.ladder:
        return
    Carrier(session, directory, now).carry_out(standing, decision)
    data = {"because": because.value, "until": until, "rule": ladder.RULE_OF_HOLD[because]}
    by = actor(who) if who else BRIDGE
    tickets.write(session, ticket, Event.ESCALATION_HELD, by, now, now, data)


def resume(
    session: Session,
    directory: Directory,
    ticket: Ticket,
    run: Run,
    now: datetime,
    because: Held = Held.DOWNTIME,
    due_at: datetime | None = None,
) -> None:
    """Begin an escalation anew that was held for this reason; for another one it stays held."""
    first = _first(directory, ticket, now)
    if run.held_because == because.value and first is not None:
        standing = ladders.standing(session, directory, ticket, run)
        due_at = due_at or first[1]
        decision = ladder.resume(standing.ladder, directory.roster, now, due_at=due_at)
        Carrier(session, directory, now).carry_out(standing, decision)


def unacknowledged(
    session: Session, directory: Directory, ticket: Ticket, run: Run, why: str, now: datetime
) -> None:
    """Begin the escalation anew, because somebody took the acknowledgement back."""
    first = _first(directory, ticket, now)
    if run.state == oncall.ACKNOWLEDGED and first is not None:
        standing = ladders.standing(session, directory, ticket, run)
        decision = ladder.unacknowledge(standing.ladder, directory.roster, now, why, first[1])
        Carrier(session, directory, now).carry_out(standing, decision)


def worsened(
    session: Session,
    directory: Directory,
    ticket: Ticket,
    run: Run,
    rank: int,
    now: datetime,
    courses: Courses | None = None,
) -> None:
    """Let the escalation follow the ticket's new priority and its problem's state."""
    first = _first(directory, ticket, now)
    standing = ladders.standing(session, directory, ticket, run)
    decision = ladder.worsen(
        standing.ladder,
        rank,
        ticket.priority,
        directory.roster,
        now,
        due_at=first[1] if first else None,
    )
    Carrier(session, directory, now, courses).carry_out(standing, decision)


def adapt(
    session: Session, directory: Directory, ticket: Ticket, reason: str, now: datetime
) -> None:
    """Let the escalation follow a change of the ticket: begun, brought forward, or ended.

    reason: of the end, where nobody is to be paged for it any more.
    """
    run = oncall_queries.unended_runs(session, [ticket.number]).get(ticket.number)
    rank, held = _of_problem(session, ticket)
    if run is None:
        if ticket.acknowledged_at is None and is_unfinished(TicketState(ticket.state)):
            begin(session, directory, ticket, now, held=held, rank=rank)
    elif _first(directory, ticket, now) is None:
        end(session, directory, ticket, run, reason, now)
    else:
        worsened(session, directory, ticket, run, rank, now)


def _of_problem(session: Session, ticket: Ticket) -> tuple[int, Held | None]:
    """Return how bad the ticket's problem is, and whether a downtime holds its pages."""
    about = icinga.problem_of(session, ticket.number)
    if about is None:
        return 0, None
    return State(about[1].state).rank, Held.DOWNTIME if about[0].in_downtime else None


def acknowledge(
    session: Session,
    directory: Directory,
    ticket: Ticket,
    run: Run,
    by: StaffMember | None,
    now: datetime,
) -> None:
    """Stop paging, because somebody has the ticket; `by` is None for nobody of ours."""
    rank, _ = _of_problem(session, ticket)
    standing = ladders.standing(session, directory, ticket, run)
    who = by.label if by else None
    decision = ladder.acknowledge(standing.ladder, who, directory.roster, now, rank=rank)
    Carrier(session, directory, now).carry_out(standing, decision)


def sign_of_life(session: Session, directory: Directory, ticket: Ticket, now: datetime) -> None:
    """Let the time of an acknowledgement begin anew, because somebody works on the ticket."""
    run = oncall_queries.unended_runs(session, [ticket.number]).get(ticket.number)
    if run is not None and run.expires_at is not None:
        standing = ladders.standing(session, directory, ticket, run)
        decision = ladder.sign_of_life(standing.ladder, directory.roster, now)
        Carrier(session, directory, now).carry_out(standing, decision)


def end(
    session: Session,
    directory: Directory,
    ticket: Ticket,
    run: Run | None,
    reason: str,
    now: datetime,
) -> None:
    """End the ticket's escalation, if it has one, and journal it; a recovery is told, quietly."""
    if run is None:
        return
    standing = ladders.standing(session, directory, ticket, run)
    if reason == "recovered":
        decision = ladder.recover(standing.ladder, directory.roster, now)
    else:
        decision = ladder.end(standing.ladder, directory.roster, now, reason)
    Carrier(session, directory, now).carry_out(standing, decision)
    run.ended_at, run.end_reason = now, reason
    data = {"run": run.id, "reason": reason, "rule": "R8" if reason == "recovered" else None}
    tickets.write(session, ticket, Event.ESCALATION_ENDED, BRIDGE, now, now, data)
    if reason != "recovered":
        # Of what recovers a whole batch is released at once.
        families.release(session, [ticket.number], now)


def tick_due(session: Session, directory: Directory, now: datetime, limit: int) -> int:
    """Do what is due in escalations, at most one step of each; return of how many.

    Source: docs/oncall.md, "R21".
    """
    runs = oncall.due_runs(session, now, limit)
    numbers = [run.ticket_number for run in runs]
    found = session.scalars(select(Ticket).where(Ticket.number.in_(numbers))) if numbers else ()
    by_number = {ticket.number: ticket for ticket in found}
    both = [(by_number[run.ticket_number], run) for run in runs]
    for standing in ladders.standings(session, directory, both).values():
        decision = ladder.tick(standing.ladder, directory.roster, now)
        Carrier(session, directory, now).carry_out(standing, decision)
    return len(runs)


def schedules_changed(session: Session, now: datetime) -> None:
    """Let every escalation look at its next tick whether somebody else is on call."""
    session.execute(
        update(Run)
        .where(Run.state.in_((Phase.LIVE.value, Phase.ACKNOWLEDGED.value)), Run.step > 0)
        .values(
            handover_at=now,
            next_due_at=case((Run.next_due_at < now, Run.next_due_at), else_=now),
        )
        .execution_options(synchronize_session="fetch")
    )
