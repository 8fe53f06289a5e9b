"""How a ticket's escalation ends, and what of it is no longer sent."""

from datetime import datetime

from sqlalchemy.orm import Session

from bridge.oncall import actions as oncall
from bridge.oncall.models import Run
from bridge.outbox import actions as outbox
from bridge.tickets import actions as tickets
from bridge.tickets.journal import BRIDGE, Event
from bridge.tickets.models import Ticket


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
