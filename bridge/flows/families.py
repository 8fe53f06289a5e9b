"""A host that is down and its services: one escalation for all of them, the host's.

Source: docs/oncall.md, "R19".
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session, aliased

from bridge import database
from bridge.flows import ladders
from bridge.flows.batch import Batch
from bridge.flows.escalating import Carrier
from bridge.flows.ladders import Standing
from bridge.icinga.models import Problem
from bridge.oncall import ladder
from bridge.oncall.ladder_climb import Climb, is_lost, pages_of
from bridge.oncall.ladder_state import Held, Ladder, Phase
from bridge.oncall.models import Run
from bridge.oncall.moves import Decision, News, Tell
from bridge.tickets import actions as tickets
from bridge.tickets.journal import BRIDGE, Event
from bridge.tickets.lifecycle import TicketState, is_unfinished
from bridge.tickets.models import Ticket

# An escalation this young goes over to the host's, and this long services have to follow it up.
GRACE = timedelta(minutes=5)
HELD_CHILDREN: Select[int] = (
    select(Run.id)
    .join(Ticket, Ticket.number == Run.ticket_number)
    .where(
        Run.state == Phase.HELD.value,
        Run.held_because == Held.PARENT.value,
        Run.held_until.is_(None),
    )
)


def settle(batch: Batch, problems: Iterable[Problem]) -> None:
    """Let the services of hosts that are down leave paging to them, and take it up again.

    problems: what the batch was about. Only how things stand at its end counts, so that it does
    not matter in which order hosts and services were heard of.
    """
    families: dict[tuple[str, str], dict[str, Problem]] = defaultdict(dict)
    for problem in (*batch.relatives, *problems):
        families[problem.source, problem.host][problem.service] = problem
    over = []
    for family in families.values():
        host = family.get("")
        parent = batch.ticket_of(host) if host is not None else None
        if parent is not None and is_unfinished(TicketState(parent.state)):
            _adopt(batch, parent, [one for service, one in family.items() if service])
        elif host is not None and host.last_ticket is not None:
            over.append(host.last_ticket)
    release(batch.session, over, batch.now)


def release(session: Session, numbers: Sequence[int], now: datetime) -> None:
    """Let the children of these tickets page for themselves, if they are not over soon, too.

    Waits for nobody: who works on a child may wait for its host. What is passed over for that is
    for `release_left`.
    """
    if not numbers:
        return
    session.flush()
    _release(session, HELD_CHILDREN.where(Ticket.parent_number.in_(numbers)), now)


def release_left(session: Session, now: datetime) -> None:
    """Let those children page for themselves that were passed over when their host was over."""
    parent = aliased(Ticket)
    over = HELD_CHILDREN.join(parent, parent.number == Ticket.parent_number).where(
        parent.state.not_in((TicketState.OPEN.value, TicketState.WAITING.value))
    )
    _release(session, over, now)


def _release(session: Session, wanted: Select[int], now: datetime) -> None:
    locked = wanted.order_by(Run.id).with_for_update(of=Run, **database.skip_locked(session))
    run_ids = session.scalars(locked).all()
    if run_ids:
        until = now + GRACE
        session.execute(
            update(Run)
            .where(Run.id.in_(run_ids))
            .values(held_until=until, next_due_at=until)
            .execution_options(synchronize_session="fetch")
        )


def _adopt(batch: Batch, parent: Ticket, services: Iterable[Problem]) -> None:
    batch.session.flush()  # both tickets are there before one refers to the other
    run = batch.run_of(parent)
    held: list[tuple[Ticket, Run]] = []
    for problem in services:
        child = batch.ticket_of(problem)
        if child is None or child is parent or not is_unfinished(TicketState(child.state)):
            continue
        child.parent_number = parent.number
        theirs = batch.run_of(child)
        if run is not None and theirs is not None and child.acknowledged_at is None:
            held.append((child, theirs))
    if run is None or not held:
        return
    standings = ladders.standings(batch.session, batch.directory, [(parent, run), *held])
    host = standings.pop(parent.number)
    children = [one for one in standings.values() if _is_paged_by(host.ladder, one.ladder)]
    _take_over(batch, host, children)
    for one in children:
        _hold(batch, one)


def _is_paged_by(host: Ladder, child: Ladder) -> bool:
    """Return whether the host's escalation calls people as soon as the child's would.

    Where its contract lets it wait for service hours, and the child's does not, the child goes on.
    """
    has_fired = host.round > 0 or host.fallbacks > 0 or host.owner_until is not None
    if has_fired or host.phase is not Phase.LIVE or child.phase is not Phase.LIVE:
        return True
    if host.step_due_at is None or child.step_due_at is None:
        return True
    return host.step_due_at <= child.step_due_at + GRACE


def _hold(batch: Batch, child: Standing) -> None:
    decision = ladder.hold(child.ladder, batch.directory.roster, Held.PARENT, batch.now)
    if decision.ladder == child.ladder:
        return
    Carrier(batch.session, batch.directory, batch.now, batch.courses).carry_out(child, decision)
    data = {"because": Held.PARENT.value, "rule": "R19", "parent": child.ticket.parent_number}
    now = batch.now
    tickets.write(batch.session, child.ticket, Event.ESCALATION_HELD, BRIDGE, now, now, data)


def _take_over(batch: Batch, host: Standing, children: Sequence[Standing]) -> None:
    """Let a new escalation of a host go on where the one of a service has got to.

    The people who have been paged hear of it quietly; the step is not paged once more.
    """
    roster, now = batch.directory.roster, batch.now
    mine = host.ladder
    is_new = host.run.started_at == now and mine.phase is Phase.LIVE and mine.owner_until is None
    young = [one for one in children if _has_called(host, one, now)]
    if not is_new or mine.round or mine.fallbacks or not young:
        return
    theirs = min(young, key=lambda one: (one.ladder.step_due_at or now, one.ticket.number)).ladder
    due_at = Climb(mine, roster, now).hurried(theirs.step_due_at or now)
    becomes = replace(
        mine,
        round=theirs.round,
        step=theirs.step,
        exhausted=theirs.exhausted,
        step_due_at=due_at,
    )
    pages = pages_of(theirs, theirs.round, theirs.step)
    people = tuple(page.key.person for page in pages if not is_lost(page))
    tell = Tell("R19", News.CHILD_OF_HOST, people)
    Carrier(batch.session, batch.directory, now).carry_out(host, Decision(becomes, (tell,)))


def _has_called(host: Standing, child: Standing, now: datetime) -> bool:
    """Return whether a child's escalation has just called people as loudly as the host's would."""
    mine, theirs = host.ladder, child.ladder
    return (
        child.run.policy_version_id == host.run.policy_version_id
        and now - child.run.started_at <= GRACE
        and theirs.phase is Phase.LIVE
        and theirs.round > 0
        and not theirs.fallbacks
        and theirs.owner_until is None
        and (theirs.is_high or not mine.is_high)
        and any(not is_lost(page) for page in pages_of(theirs, theirs.round, theirs.step))
    )
