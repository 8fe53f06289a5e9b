"""How the desk is doing, read from the database, and what is wrong with that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bridge.flows import auditing
from bridge.heartbeats import queries as heartbeats
from bridge.icinga import queries as icinga
from bridge.icinga.models import Source
from bridge.inbox import queries as inbox
from bridge.oncall.models import Delivery, Finding
from bridge.outbox import queries as outbox
from bridge.sla import queries as sla
from bridge.tickets.models import Ticket

SILENT = timedelta(seconds=30)
STUCK = timedelta(seconds=60)
FINDINGS_TOLD = 5
AUDITED = frozenset({*auditing.KINDS, auditing.CLOCK})


@dataclass(frozen=True)
class DeskState:
    """The facts that decide whether the desk works; `since` None means nothing waits.

    tickets: unfinished ones by state. pages: deliveries that are over, by outcome.
    sla_differences: clocks that were not what the journal makes of them, when they were last
    compared. findings: of the auditor, those that are not over.
    """

    worker_beat_at: datetime | None
    courier_beat_at: datetime | None
    inbox_since: datetime | None
    inbox_failed: int
    outbox_since: datetime | None
    sources: Sequence[Source]
    tickets: Mapping[str, int]
    pages: Mapping[str, int]
    sla_differences: int
    findings: Sequence[Finding]


def desk_state(session: Session, now: datetime) -> DeskState:
    """Return how the desk is doing at `now`."""
    unfinished = (
        select(Ticket.state, func.count())
        .where(Ticket.state.in_(("open", "waiting", "resolved")))
        .group_by(Ticket.state)
    )
    # Those that are over: a counter never falls.
    pages = (
        select(Delivery.state, func.count())
        .where(Delivery.finished_at.is_not(None))
        .group_by(Delivery.state)
    )
    proof = sla.last_proof(session)
    return DeskState(
        worker_beat_at=heartbeats.last_beat(session, "worker"),
        courier_beat_at=heartbeats.last_beat(session, "courier"),
        inbox_since=inbox.oldest_waiting(session),
        inbox_failed=inbox.failed_count(session),
        outbox_since=outbox.oldest_due(session, now),
        sources=icinga.sources(session),
        tickets={row[0]: row[1] for row in session.execute(unfinished)},
        pages={row[0]: row[1] for row in session.execute(pages)},
        sla_differences=proof.differences if proof else 0,
        findings=auditing.of_the_pager(session),
    )


def _silent(kind: str, beat_at: datetime | None, now: datetime) -> list[str]:
    if beat_at is None:
        return [f"no {kind} has ever run: start bridge serve or bridge worker"]
    if now - beat_at > SILENT:
        return [f"the {kind} has been silent for {int((now - beat_at).total_seconds())} s"]
    return []


def _waiting(what: str, since: datetime | None, now: datetime) -> list[str]:
    if since is None or now - since <= STUCK:
        return []
    return [f"{what} has waited for {int((now - since).total_seconds())} s"]


def _unreconciled(source: Source, interval_seconds: float, now: datetime) -> list[str]:
    if not source.document.get("api"):
        return []
    last = source.reconciled_at
    if last is not None and (now - last).total_seconds() <= 3 * interval_seconds:
        return []
    why = f": {source.reconcile_error}" if source.reconcile_error else ""
    return [f"source {source.label} is not reconciled{why}"]


def _audited(findings: Sequence[Finding]) -> list[str]:
    """Return what the auditor found, the worst a line each, the rest as a count."""
    told = [
        f"[Ticket #{one.ticket_number}] {one.text}" if one.ticket_number else one.text
        for one in findings
        if one.kind in AUDITED
    ]
    more = len(told) - FINDINGS_TOLD
    return told[:FINDINGS_TOLD] + ([f"and {more} findings more"] if more > 0 else [])


def reasons(state: DeskState, interval_seconds: float, now: datetime) -> list[str]:
    """Return why the desk does not do its work at `now`; empty when it does."""
    return [
        *_silent("worker", state.worker_beat_at, now),
        *_silent("courier", state.courier_beat_at, now),
        *_waiting("an inbox entry", state.inbox_since, now),
        *_waiting("a due delivery", state.outbox_since, now),
        *(
            reason
            for source in state.sources
            for reason in _unreconciled(source, interval_seconds, now)
        ),
        *_audited(state.findings),
    ]
