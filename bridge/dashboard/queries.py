"""Reads the tickets that the board shows: one statement for each thing."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, literal_column, select
from sqlalchemy.orm import Session

from bridge.customers.models import Customer
from bridge.dashboard.facts import (
    ClockFact,
    CustomerFact,
    OpenTicket,
    PageFact,
    ResolvedFact,
    TicketFact,
)
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


TICKET = (
    Ticket.number,
    Ticket.state,
    Ticket.priority,
    Ticket.acknowledged_at.is_not(None),
    Ticket.owner_id,
    Ticket.contract_id,
    Ticket.customer_id,
    Ticket.waiting_for,
)
CLOCK = (
    Clock.kind,
    Clock.state,
    Clock.calendar_id,
    Clock.guaranteed,
    Clock.counted_minutes,
    Clock.due_at,
    # Only a clock that is paused is asked for them, and to read them takes its time.
    case((Clock.state == "paused", Clock.counted_from), else_=None),
    case((Clock.state == "paused", Clock.pauses), else_=None),
)
CLOCK_FROM = len(TICKET)


def _open_tickets() -> Select[*tuple[Any, ...]]:
    shown = Clock.stopped_at.is_(None) | (Clock.kind == "response")
    return (
        select(*TICKET, *CLOCK)
        .outerjoin(Clock, (Clock.ticket_number == Ticket.number) & shown)
        .where(UNFINISHED, Ticket.state != "resolved")
        .order_by(Ticket.number, Clock.id)
    )


def open_tickets(session: Session) -> list[OpenTicket]:
    """Return every ticket that somebody still has work with, by number.

    Each with its unfinished clocks and its responses, in the order in which they began.
    """
    found: list[OpenTicket] = []
    last: OpenTicket | None = None
    for row in session.execute(_open_tickets()).all():
        clock = () if row[CLOCK_FROM] is None else (ClockFact._make(row[CLOCK_FROM:]),)
        if last is not None and last.number == row[0]:
            last = found[-1] = last._replace(clocks=last.clocks + clock)
        else:
            last = OpenTicket._make((*row[:CLOCK_FROM], clock))
            found.append(last)
    return found


def ticket_facts(session: Session, numbers: Iterable[int]) -> Mapping[int, TicketFact]:
    """Return what rows say of these tickets, by number."""
    statement = (
        select(
            Ticket.number,
            Ticket.title,
            Ticket.acknowledged_at,
            Ticket.acknowledged_by,
            StaffMember.name,
            TicketProblem.state,
            func.coalesce(Problem.in_downtime, False),
            func.coalesce(Problem.flapping, False),
            func.substr(func.coalesce(TicketProblem.output, ""), 1, OUTPUT_SHOWN),
        )
        .outerjoin(StaffMember, StaffMember.id == Ticket.owner_id)
        .outerjoin(TicketProblem, TicketProblem.ticket_number == Ticket.number)
        .outerjoin(Problem, Problem.id == TicketProblem.problem_id)
        .where(Ticket.number.in_(list(numbers)))
    )
    return {row[0]: TicketFact(*row) for row in session.execute(statement)}


def customers(session: Session) -> Mapping[int, CustomerFact]:
    """Return all customers by their id, those that have gone too."""
    team = Customer.document["team"].as_string()
    statement = select(Customer.id, Customer.number, Customer.name, Customer.timezone, team)
    return {row[0]: CustomerFact(*row) for row in session.execute(statement)}


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
