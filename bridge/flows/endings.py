"""How a ticket's clocks and escalation end: acknowledged, recovered, resolved, closed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from bridge.flows.directory import Directory
from bridge.flows.promises import hours_of
from bridge.oncall import actions as oncall
from bridge.oncall.models import Run
from bridge.outbox import actions as outbox
from bridge.sla import actions as sla
from bridge.sla.clock import ClockKind
from bridge.sla.models import Clock
from bridge.tickets import actions as tickets
from bridge.tickets.journal import BRIDGE, Event
from bridge.tickets.models import Ticket


def _journal_stop(session: Session, ticket: Ticket, clock: Clock, now: datetime) -> None:
    at = clock.stopped_at or now
    data = {"clock": clock.kind, "verdict": clock.state, "due_at": clock.due_at}
    tickets.write(session, ticket, Event.CLOCK_STOPPED, BRIDGE, at, now, data)


def stop_clocks(
    session: Session,
    directory: Directory,
    ticket: Ticket,
    clocks: Sequence[Clock],
    at: datetime,
    now: datetime,
) -> None:
    """Stop these running clocks at `at`, and journal their verdicts."""
    for clock in clocks:
        sla.stop_clock(clock, hours_of(directory, clock), at)
        _journal_stop(session, ticket, clock, now)


def end_clocks_by_recovery(
    session: Session,
    directory: Directory,
    ticket: Ticket,
    clocks: Sequence[Clock],
    at: datetime,
    now: datetime,
) -> None:
    """End the running clocks by a recovery that nobody had to work for.

    Source: docs/sla.md, "Which event does what".
    """
    for clock in clocks:
        if clock.kind == ClockKind.RESPONSE.value:
            sla.cancel_or_miss(clock, hours_of(directory, clock), at)
        else:
            sla.stop_clock(clock, hours_of(directory, clock), at)
        _journal_stop(session, ticket, clock, now)


def silence(session: Session, run: Run, reason: str, now: datetime) -> None:
    """Cancel what the run has scheduled and nobody has claimed; what is in flight finishes."""
    waiting = oncall.unclaimed(session, [run]) if run.step else []
    oncall.cancelled(session, outbox.cancel(session, waiting, reason, now), now)


def end_escalation(
    session: Session, ticket: Ticket, run: Run | None, reason: str, now: datetime
) -> None:
    """End the ticket's escalation, if it has one, and journal it."""
    if run is None:
        return
    silence(session, run, reason, now)
    oncall.end_run(run, reason, now)
    data = {"run": run.id, "reason": reason}
    tickets.write(session, ticket, Event.ESCALATION_ENDED, BRIDGE, now, now, data)


def answered_by_acknowledging(
    session: Session,
    directory: Directory,
    ticket: Ticket,
    clocks: Sequence[Clock],
    at: datetime,
    now: datetime,
) -> None:
    """Stop the response clock of a fault: work has started; unless the contract wants an answer.

    Source: docs/sla.md, "Which event does what".
    """
    terms = directory.terms_at(ticket.contract_id, ticket.opened_at) if ticket.contract_id else None
    met_by = terms.response_met_by if terms else {}
    by_class = {"fault": "acknowledge", "request": "answer"} | dict(met_by)
    if by_class[ticket.ticket_class] == "acknowledge":
        running = [one for one in clocks if one.kind == ClockKind.RESPONSE.value]
        stop_clocks(session, directory, ticket, running, at, now)
