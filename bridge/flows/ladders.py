"""Escalations between their rows and the values that are decided on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.flows.directory import Directory
from bridge.oncall import policy as policies
from bridge.oncall.ladder_state import (
    Held,
    Ladder,
    LadderDelivery,
    LadderPage,
    PageKey,
    Phase,
    Sent,
)
from bridge.oncall.models import Delivery, Page, Run
from bridge.oncall.policy import EscalationPolicy
from bridge.sla import queries as sla
from bridge.sla.clock import ClockKind
from bridge.staff.models import Channel, StaffMember
from bridge.tickets.models import Ticket

# What a ladder and the row of its run both have, under one name.
SHARED = (
    "generation",
    "round",
    "step",
    "exhausted",
    "fallbacks",
    "step_due_at",
    "owner_until",
    "remind_at",
    "expires_at",
    "handover_at",
    "held_until",
    "worst_rank",
    "worst_priority",
)


@dataclass(frozen=True)
class Standing:
    """How the escalation of one ticket stands, with the rows behind it."""

    ticket: Ticket
    run: Run
    ladder: Ladder
    deliveries: dict[tuple[PageKey, int], Delivery] = field(default_factory=dict)


def standing(session: Session, directory: Directory, ticket: Ticket, run: Run) -> Standing:
    """Return how one escalation stands, as `standings` does."""
    return standings(session, directory, [(ticket, run)])[ticket.number]


def standings(
    session: Session, directory: Directory, runs: Sequence[tuple[Ticket, Run]]
) -> dict[int, Standing]:
    """Return how these escalations stand, by ticket number, in one statement for each table."""
    paged = [run for _, run in runs if _has_paged(run)]
    pages = _pages(session, paged)
    deadlines = _deadlines(session, [ticket.number for ticket, _ in runs])
    labels = {person.id: label for label, person in directory.people.items()}
    found = {}
    for ticket, run in runs:
        rows = pages.get(run.id, {}) if run.id is not None else {}
        ladder = Ladder(
            policy=policy_of(directory, run),
            priority=ticket.priority,
            phase=Phase(run.state),
            started_at=run.started_at,
            held_because=Held(run.held_because) if run.held_because else None,
            owner=labels.get(ticket.owner_id or 0) if ticket.acknowledged_at else None,
            deadline=deadlines.get(ticket.number),
            pages=tuple(_page_value(key, page, ours) for key, (page, ours) in rows.items()),
            **{name: getattr(run, name) for name in SHARED},
        )
        by_rule = {(key, one.rule): one for key, (_, ours) in rows.items() for one, _ in ours}
        found[ticket.number] = Standing(ticket, run, ladder, by_rule)
    return found


def store(run: Run, ladder: Ladder) -> None:
    """Write down what an escalation has become."""
    for name in SHARED:
        setattr(run, name, getattr(ladder, name))
    run.state = ladder.phase.value
    run.held_because = ladder.held_because.value if ladder.held_because else None
    run.next_due_at = ladder.next_due_at


def policy_of(directory: Directory, run: Run) -> EscalationPolicy:
    """Return what the version of the policy says that the run began with."""
    known = (value for id_, value in directory.policies.values() if id_ == run.policy_version_id)
    return next(known, None) or policies.from_document(run.version.document)


def key_of(session: Session, directory: Directory, page: Page) -> PageKey:
    """Return which page a row is."""
    labels = (label for label, one in directory.people.items() if one.id == page.staff_id)
    label = next(labels, None) or session.get_one(StaffMember, page.staff_id).label
    return PageKey(page.generation, page.round, page.step, label)


def _has_paged(run: Run) -> bool:
    return bool(run.id) and (
        run.round > 0 or run.fallbacks > 0 or run.generation > 1 or run.owner_until is not None
    )


Rows = dict[PageKey, tuple[Page, list[tuple[Delivery, str]]]]


def _pages(session: Session, runs: Iterable[Run]) -> dict[int, Rows]:
    """Return the pages of these runs with their deliveries and channels, in order."""
    run_ids = [run.id for run in runs]
    if not run_ids:
        return {}
    session.flush()  # what this transaction has paged is read again
    statement = (
        select(Page, StaffMember.label, Delivery, Channel.label)
        .join(StaffMember, StaffMember.id == Page.staff_id)
        .outerjoin(Delivery, Delivery.page_id == Page.id)
        .outerjoin(Channel, Channel.id == Delivery.channel_id)
        .where(Page.run_id.in_(run_ids))
        .order_by(Page.id, Delivery.rule)
    )
    found: dict[int, Rows] = {}
    for page, person, delivery, channel in session.execute(statement):
        key = PageKey(page.generation, page.round, page.step, person)
        ours = found.setdefault(page.run_id, {}).setdefault(key, (page, []))[1]
        if delivery is not None:
            ours.append((delivery, channel))
    return found


def _page_value(key: PageKey, page: Page, ours: list[tuple[Delivery, str]]) -> LadderPage:
    deliveries = tuple(
        LadderDelivery(one.rule, channel, one.due_at, Sent(one.state)) for one, channel in ours
    )
    return LadderPage(key, page.urgency == "high", page.created_at, deliveries)


def _deadlines(session: Session, numbers: Sequence[int]) -> dict[int, datetime]:
    clocks = sla.running_clocks(session, numbers) if numbers else {}
    return {
        number: one.due_at
        for number, ours in clocks.items()
        for one in ours
        if one.kind == ClockKind.RESPONSE.value and one.due_at is not None
    }
