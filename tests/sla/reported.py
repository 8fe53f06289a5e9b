"""Clocks of a customer's months, as rows: what reports are made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge import utc
from bridge.calendars.models import Calendar
from bridge.customers.models import Contract, Customer
from bridge.installation import Installation
from bridge.sla.models import Clock
from bridge.tickets.models import Ticket
from tests import builders

# Monday, 2 November 2026, 9:00 in Berlin.
MONDAY = datetime(2026, 11, 2, 8, tzinfo=UTC)
FIRST_NUMBER = 20001


@dataclass(frozen=True)
class Promised:
    """One promise about one ticket: `started` and the rest in minutes after MONDAY.

    stopped: None while it runs. consumed: minutes of open time; by default all that passed.
    """

    started: float
    due: float | None
    stopped: float | None
    state: str
    kind: str = "response"
    priority: str = "P2"
    ticket_class: str = "fault"
    guaranteed: bool = True
    contract: str = "acme-care"
    title: str = "web01 / http: CRITICAL"
    target: int | None = None
    ended_by: str | None = "acknowledged"
    consumed: float | None = None
    nth: int = 1


def set_up(installation: Installation) -> None:
    """Apply the desk file of the tests, long before the months that are reported."""
    builders.apply_desk(installation, now=MONDAY - timedelta(days=300))


def add(session: Session, promises: Sequence[Promised], first: int = FIRST_NUMBER) -> list[Clock]:
    """Add a ticket with its clock for each of these."""
    found = []
    for number, one in enumerate(promises, first):
        contract = session.scalars(select(Contract).where(Contract.label == one.contract)).one()
        session.add(_ticket(number, one, contract))
        clock = _clock(session, number, one, contract)
        session.add(clock)
        found.append(clock)
    session.flush()
    return found


def at(minutes: float) -> datetime:
    """Return the moment so many minutes after MONDAY."""
    return MONDAY + timedelta(minutes=minutes)


def _ticket(number: int, one: Promised, contract: Contract) -> Ticket:
    return Ticket(
        number=number, title=one.title, state="open", ticket_class=one.ticket_class,
        priority=one.priority, customer_id=contract.customer_id, contract_id=contract.id,
        source="icinga-main", created_at=at(one.started), opened_at=at(one.started),
        updated_at=at(one.started),
    )  # fmt: skip


def _clock(session: Session, number: int, one: Promised, contract: Contract) -> Clock:
    calendar_id = session.scalar(_calendar_id("always"))
    started, due = at(one.started), at(one.due) if one.due is not None else None
    stopped = at(one.stopped) if one.stopped is not None else None
    target = one.target or int((one.due or one.started + 60) - one.started)
    known = [moment for moment in (due, stopped) if moment is not None]
    return Clock(
        ticket_number=number, kind=one.kind, nth=one.nth, rule=None,
        customer_id=contract.customer_id, contract_id=contract.id,
        contract_version_id=contract.versions[0].id, calendar_id=calendar_id,
        ticket_class=one.ticket_class, priority=one.priority, target_minutes=target,
        guaranteed=one.guaranteed, started_at=started, counted_from=started,
        counted_minutes=target, due_at=due, stopped_at=stopped,
        falls_at=min(known, default=None), state=one.state, pauses=[], flagged=None,
        frozen=frozen(one, started, due, stopped, target) if stopped else None,
        warn_at=None, warn_percent=None, revision=1,
    )  # fmt: skip


def frozen(
    one: Promised, started: datetime, due: datetime | None, stopped: datetime, target: int
) -> dict[str, Any]:
    """Return what a verdict was given by, as flows keep it."""
    consumed = (stopped - started).total_seconds()
    return {
        "consumed_seconds": consumed if one.consumed is None else one.consumed * 60,
        "target_minutes": target,
        "started_at": utc.iso(started),
        "due_at": utc.iso(due) if due else None,
        "stopped_at": utc.iso(stopped),
        "class": one.ticket_class,
        "priority": one.priority,
        "guaranteed": one.guaranteed,
        "ended_by": one.ended_by,
    }


def _calendar_id(label: str) -> Any:
    """Return the statement for the id of a calendar."""
    return select(Calendar.id).where(Calendar.label == label)


def acme(session: Session) -> Customer:
    """Return the customer of most of these tests."""
    return session.scalars(select(Customer).where(Customer.number == "1001")).one()


DAY = 24 * 60
# A month with something of everything; ends in Berlin at minute 29 * DAY - 9 * 60.
NOVEMBER = (
    Promised(0, 60, 10, "kept"),
    Promised(DAY, DAY + 60, DAY + 34, "kept", title="db02 / mysql: CRITICAL"),
    Promised(DAY * 2, DAY * 2 + 30, DAY * 2 + 30, "kept", priority="P1", title="fw01: DOWN"),
    Promised(DAY * 3, DAY * 3 + 30, DAY * 3 + 47.5, "missed", priority="P1", title="fw02: DOWN"),
    Promised(DAY * 4, DAY * 4 + 240, DAY * 4 + 55, "kept", priority="P3", ticket_class="request",
             ended_by="answered", title="Drucker im 2. OG: Papierstau, bitte „dringend“"),
    Promised(DAY * 5, DAY * 5 + 240, None, "running", priority="P3", title="nas01 / disk: 91 %"),
    Promised(DAY * 6, DAY * 6 + 60, DAY * 6 + 5, "cancelled", ended_by="recovered"),
    Promised(DAY * 7, DAY * 7 + 60, DAY * 7 + 9, "merged", ended_by="merged"),
    Promised(DAY * 8, DAY * 8 + 60, DAY * 8 + 100, "missed", ended_by="recovered"),
    Promised(DAY * 9, DAY * 9 + 480, DAY * 9 + 470, "kept", kind="solution", priority="P1"),
    Promised(DAY * 9, DAY * 9 + 480, DAY * 9 + 900, "missed", kind="solution", priority="P1",
             ended_by="resolved"),
    Promised(DAY * 10, DAY * 10 + 480, DAY * 10 + 100, "kept", kind="update", priority="P3",
             ticket_class="request", ended_by="answered"),
    Promised(DAY * 11, DAY * 11 + 60, DAY * 11 + 70, "missed", guaranteed=False,
             title="lab03: DOWN"),
    Promised(DAY * 12, DAY * 12 + 60, DAY * 12 + 20, "kept", guaranteed=False),
    Promised(DAY * 20, DAY * 29 + 60, None, "running", kind="solution", priority="P4",
             title="=HYPERLINK(\"http://x\")"),
    Promised(DAY * 21, None, None, "paused", kind="solution", priority="P4",
             title="Warten auf Kunde 😀 漢字 \u202egnp"),
)  # fmt: skip
# What is there of it on Tuesday, 24 November: kept, missed, cancelled, merged, still running.
ON_THE_24TH = MONDAY + timedelta(days=22)
