"""Reads the tickets that the board shows: one statement for each thing."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, literal_column, select
from sqlalchemy.orm import Session

from bridge.customers.models import Customer
from bridge.dashboard.facts import ClockFact, PageFact, ResolvedFact, TicketFact
from bridge.icinga.models import Problem, TicketProblem
from bridge.oncall.models import Delivery, Page, Run
from bridge.sla.models import Clock
from bridge.staff.models import Channel, StaffMember
from bridge.tickets.models import Ticket

# Literal, because only then can a partial index with the same condition answer.
UNFINISHED: ColumnElement[bool] = literal_column("tickets.state IN ('open', 'waiting', 'resolved')")
UNENDED: ColumnElement[bool] = literal_column("runs.state <> 'ended'")
# A line of a plugin's output; the whole of it, up to 16 KiB, is on the ticket's own page.
OUTPUT_SHOWN = 240


def _open_tickets() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Ticket.number,
            Ticket.title,
            Ticket.state,
            Ticket.priority,
            Ticket.opened_at,
            Ticket.acknowledged_at,
            Ticket.acknowledged_by,
            Ticket.owner_id,
            StaffMember.name,
            Ticket.contract_id,
            Customer.number,
            Customer.name,
            Customer.timezone,
            TicketProblem.state,
            func.coalesce(Problem.in_downtime, False),
            func.coalesce(Problem.flapping, False),
            func.substr(func.coalesce(TicketProblem.output, ""), 1, OUTPUT_SHOWN),
            Clock.kind,
            Clock.state,
            Clock.calendar_id,
            Clock.guaranteed,
            Clock.counted_minutes,
            Clock.due_at,
            Clock.stopped_at,
        )
        .outerjoin(StaffMember, StaffMember.id == Ticket.owner_id)
        .outerjoin(Customer, Customer.id == Ticket.customer_id)
        .outerjoin(TicketProblem, TicketProblem.ticket_number == Ticket.number)
        .outerjoin(Problem, Problem.id == TicketProblem.problem_id)
        .outerjoin(Clock, Clock.ticket_number == Ticket.number)
        .where(UNFINISHED, Ticket.state != "resolved")
        .order_by(Ticket.number, Clock.id)
    )


CLOCK_FROM = 17


def open_tickets(session: Session) -> list[TicketFact]:
    """Return every ticket that somebody still has work with, by number, each with its clocks."""
    rows = session.execute(_open_tickets()).all()
    return [_ticket(list(same)) for _, same in groupby(rows, key=lambda row: row[0])]


def _ticket(rows: Sequence[Row[Any]]) -> TicketFact:
    clocks = tuple(ClockFact(*row[CLOCK_FROM:]) for row in rows if row[CLOCK_FROM] is not None)
    values = rows[0][:CLOCK_FROM]
    return TicketFact(*values, clocks)  # type: ignore[call-arg]


def pages(session: Session, numbers: Iterable[int]) -> Mapping[int, Sequence[PageFact]]:
    """Return what the escalations of these tickets have done so far, by number, in order."""
    wanted = list(numbers)
    if not wanted:
        return {}
    statement = (
        select(
            Run.ticket_number,
            Run.state,
            Run.next_due_at,
            Run.step,
            Page.id,
            StaffMember.name,
            Page.created_at,
            Channel.label,
            Delivery.state,
        )
        .outerjoin(Page, Page.run_id == Run.id)
        .outerjoin(StaffMember, StaffMember.id == Page.staff_id)
        .outerjoin(Delivery, Delivery.page_id == Page.id)
        .outerjoin(Channel, Channel.id == Delivery.channel_id)
        .where(UNENDED, Run.ticket_number.in_(wanted))
        .order_by(Run.ticket_number, Page.id, Delivery.rule)
    )
    facts = (PageFact(*row) for row in session.execute(statement))
    return {
        number: list(same) for number, same in groupby(facts, key=lambda one: one.ticket_number)
    }


def resolved_since(session: Session, since: datetime, limit: int) -> list[ResolvedFact]:
    """Return the tickets that were resolved after `since`, the latest first."""
    verdict = (
        select(Clock.state)
        .where(Clock.ticket_number == Ticket.number, Clock.kind == "response")
        .order_by(Clock.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    statement = (
        select(
            Ticket.number,
            Ticket.title,
            Ticket.resolved_at,
            Ticket.acknowledged_by,
            Customer.timezone,
            verdict,
        )
        .outerjoin(Customer, Customer.id == Ticket.customer_id)
        .where(Ticket.resolved_at > since)
        .order_by(Ticket.resolved_at.desc(), Ticket.number.desc())
        .limit(limit)
    )
    return [ResolvedFact(*row) for row in session.execute(statement)]
