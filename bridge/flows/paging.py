"""Escalations: begun with a ticket, held in downtimes, ended by an answer, and whom they page."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.flows import endings
from bridge.flows.directory import Directory
from bridge.flows.promises import first_page_at
from bridge.icinga import queries as icinga
from bridge.oncall import actions as oncall
from bridge.oncall import policy as policies
from bridge.oncall import queries as oncall_queries
from bridge.oncall import rules
from bridge.oncall.models import Delivery, Page, Run
from bridge.oncall.policy import EscalationPolicy, Target, TargetKind
from bridge.oncall.rotation import on_call
from bridge.oncall.rules import Rule
from bridge.outbox import actions as outbox
from bridge.staff.models import Channel, StaffMember
from bridge.tickets import actions as tickets
from bridge.tickets.journal import BRIDGE, Event
from bridge.tickets.lifecycle import TicketState, is_unfinished
from bridge.tickets.models import Ticket
from bridge.tickets.priority import Priority

# What is worked through later than this is marked late. Source: docs/oncall.md, "R21".
LATE = timedelta(seconds=60)


def begin(
    session: Session, directory: Directory, ticket: Ticket, now: datetime, *, held: bool
) -> Run | None:
    """Begin the escalation that the ticket's contract asks for, if any; held in a downtime."""
    terms = directory.terms_at(ticket.contract_id, now) if ticket.contract_id else None
    first = first_page_at(directory, terms, ticket, now)
    if first is None:
        return None
    version_id, due_at = first
    run = oncall.begin_run(session, ticket.number, version_id, None if held else due_at, now)
    event = Event.ESCALATION_HELD if held else Event.ESCALATION_STARTED
    data = {"policy_version": version_id, "due_at": None if held else due_at}
    tickets.write(session, ticket, event, BRIDGE, now, now, data)
    return run


def hold(session: Session, ticket: Ticket, run: Run, now: datetime) -> None:
    """Page nobody until the downtime is over."""
    if run.state in {oncall.LIVE, oncall.ACKNOWLEDGED}:
        endings.silence(session, run, "downtime", now)
        oncall.hold_run(run)
        tickets.write(session, ticket, Event.ESCALATION_HELD, BRIDGE, now, now)


def resume(session: Session, directory: Directory, ticket: Ticket, run: Run, now: datetime) -> None:
    """Start an escalation that was held or acknowledged from its first step again."""
    terms = directory.terms_at(ticket.contract_id, now) if ticket.contract_id else None
    first = first_page_at(directory, terms, ticket, now)
    if run.state in {oncall.HELD, oncall.ACKNOWLEDGED} and first is not None:
        oncall.resume_run(run, first[1])
        tickets.write(
            session, ticket, Event.ESCALATION_STARTED, BRIDGE, now, now, {"due_at": first[1]}
        )


def hasten(directory: Directory, ticket: Ticket, run: Run, now: datetime) -> None:
    """Bring the first step forward, where the ticket's new priority asks for it."""
    terms = directory.terms_at(ticket.contract_id, now) if ticket.contract_id else None
    first = first_page_at(directory, terms, ticket, now)
    if first is not None and run.step == 0 and run.next_due_at is not None:
        run.next_due_at = min(run.next_due_at, first[1])


def adapt(
    session: Session, directory: Directory, ticket: Ticket, reason: str, now: datetime
) -> None:
    """Let the escalation follow a change of the ticket: begun, brought forward, or ended.

    reason: of the end, where nobody is to be paged for it any more.
    """
    terms = directory.terms_at(ticket.contract_id, now) if ticket.contract_id else None
    run = oncall_queries.unended_runs(session, [ticket.number]).get(ticket.number)
    if run is None:
        if ticket.acknowledged_at is None and is_unfinished(TicketState(ticket.state)):
            about = icinga.problem_of(session, ticket.number)
            held = about is not None and about[0].in_downtime
            begin(session, directory, ticket, now, held=held)
    elif first_page_at(directory, terms, ticket, now) is None:
        endings.end_escalation(session, ticket, run, reason, now)
    else:
        hasten(directory, ticket, run, now)


def acknowledge(session: Session, run: Run, now: datetime) -> None:
    """Stop paging, because somebody has the ticket."""
    endings.silence(session, run, "acknowledged", now)
    oncall.acknowledge_run(run)


def fire_due(session: Session, directory: Directory, now: datetime, limit: int) -> int:
    """Fire the first step of the runs that are due; return how many."""
    runs = oncall.due_runs(session, now, limit)
    numbers = [run.ticket_number for run in runs]
    found = session.scalars(select(Ticket).where(Ticket.number.in_(numbers))) if numbers else ()
    by_number = {ticket.number: ticket for ticket in found}
    for run in runs:
        _fire(session, directory, by_number[run.ticket_number], run, now)
    return len(runs)


def _resolved(directory: Directory, targets: Iterable[Target], now: datetime) -> list[StaffMember]:
    """Return the people that the targets mean at `now`, each once, in order."""
    labels: dict[str, None] = {}
    for target in targets:
        match target.kind:
            case TargetKind.PERSON:
                labels[target.label] = None
            case TargetKind.SCHEDULE:
                schedule = directory.schedules.get(target.label)
                labels |= dict.fromkeys(on_call(schedule, now) if schedule else ())
            case TargetKind.ROOM:
                # A room is told, not called: nobody in it has the duty to answer.
                continue
    return [directory.people[label] for label in labels if label in directory.people]


def _rules(person: StaffMember, ticket: Ticket) -> list[tuple[int, Rule, Channel]]:
    """Return the person's rules for the ticket, numbered, with the channel of each in use."""
    high = Priority(ticket.priority).is_high_urgency
    channels = {one.label: one for one in person.channels if one.retired_at is None}
    return [
        (number, rule, channels[rule.channel])
        for number, rule in enumerate(rules.of_person(person.document, high_urgency=high), 1)
        if rule.channel in channels
    ]


def _reachable(people: Iterable[StaffMember], ticket: Ticket) -> list[StaffMember]:
    """Return those who have a channel to be paged through: nobody else counts as somebody."""
    return [person for person in people if _rules(person, ticket)]


def _fire(session: Session, directory: Directory, ticket: Ticket, run: Run, now: datetime) -> None:
    """Page the people of the first step that finds somebody; an empty one passes on at once.

    Source: docs/oncall.md, "R2", "R3", "R21" and "R26".
    """
    policy: EscalationPolicy = policies.from_document(run.version.document)
    late = run.next_due_at is not None and now - run.next_due_at > LATE
    run.next_due_at = None
    run.round = 1
    for number, step in enumerate(policy.steps, 1):
        run.step = number
        people = _reachable(_resolved(directory, step.targets, now), ticket)
        if people:
            for person in people:
                _page(session, ticket, run, person, now)
            data = {"step": number, "people": [p.id for p in people], "late": late or None}
            tickets.write(session, ticket, Event.PAGED, BRIDGE, now, now, data)
            return
        tickets.write(session, ticket, Event.NOBODY_ON_CALL, BRIDGE, now, now, {"step": number})


def _page(session: Session, ticket: Ticket, run: Run, person: StaffMember, now: datetime) -> None:
    high = Priority(ticket.priority).is_high_urgency
    page = Page(
        run=run,
        generation=run.generation,
        round=run.round,
        step=run.step,
        staff_id=person.id,
        urgency="high" if high else "low",
        created_at=now,
    )
    session.add(page)
    key = f"page:{run.id}:{run.generation}:{run.round}:{run.step}:{person.id}"
    for number, rule, channel in _rules(person, ticket):
        due_at = now + rule.offset
        entry = outbox.queue(session, "page", f"{key}:{number}", {}, ticket.number, now, due_at)
        session.add(
            Delivery(
                page=page,
                rule=number,
                channel_id=channel.id,
                entry=entry,
                due_at=due_at,
                state="scheduled",
            )
        )
