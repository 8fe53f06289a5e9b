"""Reads what reports are made of: one statement for the clocks of a customer's month."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, column, func, or_, select, values
from sqlalchemy.orm import Session, undefer

from bridge import utc
from bridge.calendars.spans import Span
from bridge.customers.models import Contract, Customer
from bridge.errors import NotFound
from bridge.sla.corrections import Key, Standing
from bridge.sla.models import Clock, SlaReport
from bridge.sla.month import Month
from bridge.sla.report import ClockFact, outcome
from bridge.tables import UtcDateTime
from bridge.tickets.models import Ticket


class UnknownCustomer(NotFound):
    """No customer has this number."""


def customer(session: Session, number: str) -> Customer:
    """Return the customer with this number, in use or not; raises UnknownCustomer."""
    found = session.scalar(select(Customer).where(Customer.number == number))
    if found is None:
        raise UnknownCustomer(f"there is no customer {number!r:.70}")
    return found


def customers(session: Session) -> Sequence[Customer]:
    """Return the customers in use, by name and number."""
    statement = select(Customer).where(Customer.retired_at.is_(None))
    return session.scalars(statement.order_by(Customer.name, Customer.number)).all()


def clocks_of(
    session: Session, customer_id: int, begin: datetime, end: datetime | None
) -> list[ClockFact]:
    """Return a customer's clocks of a month, in the order of their due times.

    begin, end: the month, which a clock falls into by the earlier of due and stop. Without an
    end: also those that fall later, or nobody knows when, because they run.
    """
    begun = Clock.falls_at >= begin
    falls = and_(begun, Clock.falls_at < end) if end else or_(begun, Clock.falls_at.is_(None))
    statement = (
        select(
            Clock.ticket_number,
            Ticket.title,
            Clock.kind,
            Clock.nth,
            Clock.rule,
            Contract.label,
            Clock.calendar_id,
            Clock.ticket_class,
            Clock.priority,
            Clock.guaranteed,
            Clock.started_at,
            Clock.due_at,
            Clock.stopped_at,
            Clock.state,
            Clock.target_minutes,
            Clock.counted_from,
            Clock.counted_minutes,
            Clock.pauses,
            Clock.frozen,
        )
        .join(Ticket, Ticket.number == Clock.ticket_number)
        .join(Contract, Contract.id == Clock.contract_id)
        .where(Clock.customer_id == customer_id, falls)
    )
    found = [_fact(*row) for row in session.execute(statement)]
    return sorted(found, key=_place)


def _place(fact: ClockFact) -> tuple[bool, float, int, str, int]:
    due = fact.due_at.timestamp() if fact.due_at else 0.0
    return fact.due_at is None, due, fact.ticket, fact.kind, fact.nth


def _fact(*row: Any) -> ClockFact:
    *before, pauses, frozen = row
    spans = tuple(Span(utc.from_iso(a), utc.from_iso(b) if b else None) for a, b in pauses)
    if frozen is None:
        return ClockFact(*before, spans, None, None)  # type: ignore[call-arg]
    # Reports read what a verdict was given by. Source: docs/sla.md, "R14".
    ended = (frozen["consumed_seconds"], frozen.get("ended_by"))
    return _as_frozen(ClockFact(*before, spans, *ended), frozen)  # type: ignore[call-arg]


def _as_frozen(fact: ClockFact, frozen: Mapping[str, Any]) -> ClockFact:
    """Return the clock by its verdict; older ones lack what the row alone has."""
    return replace(
        fact,
        ticket_class=frozen.get("class", fact.ticket_class),
        priority=frozen.get("priority", fact.priority),
        guaranteed=frozen.get("guaranteed", fact.guaranteed),
        started_at=utc.from_iso(frozen["started_at"]),
        due_at=utc.from_iso(frozen["due_at"]) if frozen["due_at"] else None,
        stopped_at=utc.from_iso(frozen["stopped_at"]),
        target_minutes=frozen["target_minutes"],
    )


def standings(
    session: Session, customer_id: int, begin: datetime, end: datetime, now: datetime
) -> list[tuple[datetime, Key, Standing]]:
    """Return how the guaranteed clocks of a stretch of time stand, and when each falls."""
    statement = select(
        Clock.falls_at, Clock.ticket_number, Clock.kind, Clock.nth,
        Clock.state, Clock.due_at, Clock.stopped_at,
    ).where(
        Clock.customer_id == customer_id,
        Clock.falls_at >= begin,
        Clock.falls_at < end,
        Clock.guaranteed,
    )  # fmt: skip
    return [
        (falls_at, (number, kind, nth), Standing(outcome(state, due, now), due, stopped))
        for falls_at, number, kind, nth, state, due, stopped in session.execute(statement)
        if falls_at is not None
    ]


def titles(session: Session, numbers: Iterable[int]) -> dict[int, str]:
    """Return the titles of these tickets by number."""
    wanted = sorted(set(numbers))
    if not wanted:
        return {}
    statement = select(Ticket.number, Ticket.title).where(Ticket.number.in_(wanted))
    return {row.number: row.title for row in session.execute(statement)}


def frozen(session: Session, customer_id: int, month: Month) -> SlaReport | None:
    """Return the frozen report of a month without its contents, or None."""
    return session.scalar(
        select(SlaReport).where(SlaReport.customer_id == customer_id, SlaReport.month == str(month))
    )


def frozen_months(session: Session, customer_id: int) -> Sequence[SlaReport]:
    """Return all frozen reports of a customer in the order they were frozen, with `told`."""
    statement = (
        select(SlaReport)
        .where(SlaReport.customer_id == customer_id)
        .options(undefer(SlaReport.told))
        .order_by(SlaReport.id)
    )
    return session.scalars(statement).all()


@dataclass(frozen=True, slots=True)
class Tally:
    """How the guaranteed promises of a customer's month ended so far."""

    customer_id: int
    month: str
    kept: int
    missed: int


Stretch = tuple[str, str, datetime, datetime]


def tallies(session: Session, stretches: Sequence[Stretch], now: datetime) -> list[Tally]:
    """Return the counts of all customers in these months (zone, month, begin, end).

    Where a month has nothing, there is none.
    """
    if not stretches:
        return []
    spans = (
        values(
            column("zone", Customer.timezone.type),
            column("month", SlaReport.month.type),
            column("begins_at", UtcDateTime()),
            column("ends_at", UtcDateTime()),
            name="spans",
        )
        .data(list(stretches))
        .cte("spans")
    )
    missed = (Clock.state == "missed") | (
        Clock.state.in_(("running", "paused")) & (Clock.due_at < now)
    )

    def total(which: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((which, 1), else_=0)), 0)

    statement = (
        select(Clock.customer_id, spans.c.month, total(Clock.state == "kept"), total(missed))
        .select_from(spans)
        .join(Customer, Customer.timezone == spans.c.zone)
        .join(
            Clock,
            and_(
                Clock.customer_id == Customer.id,
                Clock.falls_at >= spans.c.begins_at,
                Clock.falls_at < spans.c.ends_at,
            ),
        )
        .where(Clock.guaranteed)
        .group_by(Clock.customer_id, spans.c.month)
    )
    return [Tally(*row) for row in session.execute(statement)]


def all_frozen(session: Session, since: Month) -> Sequence[SlaReport]:
    """Return the frozen reports of `since` and later months, of all customers."""
    statement = select(SlaReport).where(SlaReport.month >= str(since)).order_by(SlaReport.id)
    return session.scalars(statement).all()
