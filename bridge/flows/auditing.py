"""The pager looks after itself: escalations without a future, deliveries without an end, clocks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bridge.flows.directory import Directory
from bridge.flows.promises import first_page_at
from bridge.oncall.ladder_state import Phase
from bridge.oncall.models import Delivery, Finding, Page, Run
from bridge.outbox.models import CLAIMED, WAITING, OutboxEntry
from bridge.tickets.models import Ticket

# Later than this, what is due is stuck, and not only late.
STUCK = timedelta(minutes=2)
# No channel may take so long; what is under way still was lost.
ENDLESS = timedelta(minutes=10)
# Leases last 90 s: a node whose clock is further off takes what others still have.
DRIFT = timedelta(seconds=5)
AT_MOST = 100
KINDS = ("run_without_future", "run_stuck", "ticket_without_run", "delivery_without_end")
CLOCK = "clock_drift"
# That nobody will be on call is the desk's affair: the pager itself is well.
GAP = "gap"


@dataclass(frozen=True)
class Found:
    """One thing that is wrong. key: what it is about; the same key is the same thing."""

    kind: str
    key: str
    text: str
    ticket_number: int | None = None


def look(session: Session, directory: Directory, now: datetime) -> list[Found]:
    """Return what is wrong with escalations and deliveries at `now`; at most 100 of a kind."""
    return [
        *_runs_without_future(session),
        *_stuck_runs(session, now),
        *_tickets_without_run(session, directory, now),
        *_deliveries_without_end(session, now),
    ]


def drift(node: str, ours: datetime, theirs: datetime) -> list[Found]:
    """Return whether the clock of `node` is too far from the database's, which all compare by."""
    seconds = (ours - theirs).total_seconds()
    if abs(seconds) <= DRIFT.total_seconds():
        return []
    text = f"the clock of {node} is {seconds:+.1f} s off the database's: set it by NTP"
    return [Found(CLOCK, f"{CLOCK}:{node}", text)]


def _runs_without_future(session: Session) -> list[Found]:
    """Return live runs in which nothing will ever happen."""
    statement = (
        select(Run.id, Run.ticket_number)
        .where(Run.state == Phase.LIVE.value, Run.next_due_at.is_(None))
        .limit(AT_MOST)
    )
    text = "nobody will ever be paged again for it"
    return [
        Found("run_without_future", f"run_without_future:{run_id}", text, number)
        for run_id, number in session.execute(statement)
    ]


def _stuck_runs(session: Session, now: datetime) -> list[Found]:
    statement = (
        select(Run.id, Run.ticket_number)
        .where(Run.next_due_at < now - STUCK)
        .order_by(Run.next_due_at)
        .limit(AT_MOST)
    )
    text = "what its escalation has to do is overdue: is a worker running?"
    return [
        Found("run_stuck", f"run_stuck:{run_id}", text, number)
        for run_id, number in session.execute(statement)
    ]


def _tickets_without_run(session: Session, directory: Directory, now: datetime) -> list[Found]:
    """Return open tickets that nobody has, that somebody must be paged for, and nobody will be."""
    has_run = select(Run.id).where(Run.ticket_number == Ticket.number, Run.state != "ended")
    statement = select(Ticket).where(
        Ticket.state.in_(("open", "waiting")),
        Ticket.acknowledged_at.is_(None),
        Ticket.contract_id.is_not(None),
        Ticket.created_at < now - STUCK,
        ~has_run.exists(),
    )
    text = "its contract wants somebody paged, and nothing is planned"
    found = []
    for ticket in session.scalars(statement):
        terms = directory.terms_at(ticket.contract_id or 0, now)
        if first_page_at(directory, terms, ticket, now) is not None:
            key = f"ticket_without_run:{ticket.number}"
            found.append(Found("ticket_without_run", key, text, ticket.number))
    return found[:AT_MOST]


def _deliveries_without_end(session: Session, now: datetime) -> list[Found]:
    """Return deliveries that are under way for ever, or wait for an entry that is over."""
    open_entry = select(OutboxEntry.id).where(
        OutboxEntry.id == Delivery.outbox_id, OutboxEntry.state.in_((WAITING, CLAIMED))
    )
    statement = (
        select(Delivery.id, Run.ticket_number)
        .join(Page, Page.id == Delivery.page_id)
        .join(Run, Run.id == Page.run_id)
        .where(
            Delivery.finished_at.is_(None),
            Delivery.due_at < now - ENDLESS,
            Delivery.state.in_(("scheduled", "attempted")),
            ~open_entry.exists(),
        )
        .limit(AT_MOST)
    )
    text = "a page was to leave, and nothing carries it"
    return [
        Found("delivery_without_end", f"delivery_without_end:{delivery_id}", text, number)
        for delivery_id, number in session.execute(statement)
    ]


def settle(
    session: Session, found: Sequence[Found], looked_for: Iterable[str], now: datetime
) -> None:
    """Write down what is new, and end what is over.

    looked_for: beginnings of keys, of which everything that is not found is over. Another node
    that finds the same at the same time changes nothing.
    """
    known = {one.key: one for one in open_findings(session)}
    for key, finding in known.items():
        if key not in {one.key for one in found} and key.startswith(tuple(looked_for)):
            finding.ended_at = now
    rows = [
        {
            "key": one.key,
            "kind": one.kind,
            "ticket_number": one.ticket_number,
            "text": one.text,
            "found_at": now,
        }
        for one in found
        if one.key not in known
    ]
    if rows:
        insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
        session.execute(insert(Finding).on_conflict_do_nothing(), rows)


def of_the_pager(session: Session) -> Sequence[Finding]:
    """Return what is wrong with the pager itself, the longest first."""
    return [one for one in open_findings(session) if one.kind != GAP]


def open_findings(session: Session) -> Sequence[Finding]:
    """Return what is wrong still, the longest first."""
    statement = select(Finding).where(Finding.ended_at.is_(None)).order_by(Finding.id)
    return session.scalars(statement).all()
