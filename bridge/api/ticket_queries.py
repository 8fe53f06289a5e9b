"""Reads tickets as the API shows them: one statement for a page of them, however many there are."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Row,
    Select,
    String,
    Subquery,
    cast,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from bridge.api import shapes
from bridge.api.forms import TicketFilter
from bridge.customers.models import Contract, Customer
from bridge.icinga.differences import Acknowledged
from bridge.icinga.models import Problem, TicketProblem
from bridge.sla.models import Clock
from bridge.staff.models import StaffMember
from bridge.tickets.models import Ticket
from bridge.tickets.queries import UnknownTicket

# Literal, because only then can the partial index with the same condition answer.
UNFINISHED: ColumnElement[bool] = literal_column("tickets.state IN ('open', 'waiting', 'resolved')")
UNFINISHED_STATES = frozenset({"open", "waiting", "resolved"})

COLUMNS = (
    Ticket.number,
    Ticket.title,
    Ticket.state,
    Ticket.ticket_class.label("ticket_class"),
    Ticket.priority,
    Customer.number.label("customer_number"),
    Customer.name.label("customer_name"),
    Contract.label.label("contract"),
    Ticket.address,
    StaffMember.label.label("owner"),
    Ticket.source,
    Problem.host,
    Problem.service,
    TicketProblem.state.label("problem_state"),
    TicketProblem.acknowledgement,
    Problem.in_downtime,
    Problem.flapping,
    Ticket.parent_number,
    Ticket.follows_number,
    Ticket.merged_into,
    Ticket.acknowledged_at,
    Ticket.acknowledged_by,
    Ticket.created_at,
    Ticket.updated_at,
    Ticket.resolved_at,
)
CLOCK_COLUMNS = (
    Clock.kind.label("clock_kind"),
    Clock.target_minutes,
    Clock.started_at,
    Clock.due_at,
    Clock.stopped_at,
    Clock.state.label("clock_state"),
    Clock.guaranteed,
)


def tickets(session: Session, wanted: TicketFilter) -> tuple[Sequence[shapes.Ticket], bool]:
    """Return the tickets that are wanted, the newest first, and whether there are more.

    In order of their numbers, so that what is opened meanwhile moves nothing to another page.
    """
    chosen = (
        _chosen().where(*_conditions(wanted)).order_by(Ticket.number.desc()).limit(wanted.limit + 1)
    )
    found = list(_read(session, chosen))
    return found[: wanted.limit], len(found) > wanted.limit


def ticket(session: Session, number: int) -> shapes.Ticket:
    """Return the ticket; raises UnknownTicket."""
    found = list(_read(session, _chosen().where(Ticket.number == number)))
    if not found:
        raise UnknownTicket(f"there is no ticket {number}")
    return found[0]


def _chosen() -> Select[*tuple[Any, ...]]:
    return (
        select(*COLUMNS)
        .outerjoin(Customer, Customer.id == Ticket.customer_id)
        .outerjoin(Contract, Contract.id == Ticket.contract_id)
        .outerjoin(StaffMember, StaffMember.id == Ticket.owner_id)
        .outerjoin(TicketProblem, TicketProblem.ticket_number == Ticket.number)
        .outerjoin(Problem, Problem.id == TicketProblem.problem_id)
    )


def _conditions(wanted: TicketFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.cursor is not None:
        yield Ticket.number < wanted.cursor
    if wanted.state:
        yield Ticket.state.in_(wanted.state)
        if UNFINISHED_STATES.issuperset(wanted.state):
            yield UNFINISHED
    if wanted.customer is not None:
        theirs = select(Customer.id).where(Customer.number == wanted.customer)
        yield Ticket.customer_id == theirs.scalar_subquery()
    if wanted.priority:
        yield Ticket.priority.in_(wanted.priority)
    if wanted.source is not None:
        yield Ticket.source == wanted.source
    if wanted.text is not None:
        texts = (Ticket.title, Problem.host, Problem.service, TicketProblem.output)
        yield or_(*(one.icontains(wanted.text, autoescape=True) for one in texts))


def _related(column: InstrumentedAttribute[int | None], page: CTE) -> Subquery:
    """Return the tickets whose `column` names one of the page, as one text for each of those."""
    numbers = func.aggregate_strings(cast(Ticket.number, String), ",")
    return (
        select(column.label("of"), numbers.label("numbers"))
        .where(column.in_(select(page.c.number)))
        .group_by(column)
        .subquery()
    )


def _read(session: Session, chosen: Select[*tuple[Any, ...]]) -> Iterator[shapes.Ticket]:
    page = chosen.cte("page")
    children = _related(Ticket.parent_number, page)
    followers = _related(Ticket.follows_number, page)
    statement = (
        select(
            page,
            children.c.numbers.label("children"),
            followers.c.numbers.label("followers"),
            *CLOCK_COLUMNS,
        )
        .outerjoin(children, children.c.of == page.c.number)
        .outerjoin(followers, followers.c.of == page.c.number)
        .outerjoin(Clock, Clock.ticket_number == page.c.number)
        .order_by(page.c.number.desc(), Clock.started_at, Clock.id)
    )
    for _, rows in groupby(session.execute(statement), key=lambda row: row.number):
        yield _ticket(list(rows))


def _ticket(rows: Sequence[Row[Any]]) -> shapes.Ticket:
    row = rows[0]
    followed = [] if row.follows_number is None else [row.follows_number]
    return shapes.Ticket(
        number=row.number,
        reference=Ticket(number=row.number).reference,
        title=row.title,
        state=row.state,
        ticket_class=row.ticket_class,
        priority=row.priority,
        customer=_customer(row),
        contract=row.contract,
        address=row.address,
        owner=row.owner,
        source=row.source,
        problem=_problem(row),
        parent=row.parent_number,
        children=_numbers(row.children),
        linked=followed + _numbers(row.followers),
        merged_into=row.merged_into,
        acknowledged_at=row.acknowledged_at,
        acknowledged_by=row.acknowledged_by,
        created_at=row.created_at,
        updated_at=row.updated_at,
        resolved_at=row.resolved_at,
        clocks=[_clock(one) for one in rows if one.clock_kind is not None],
    )


def _customer(row: Row[Any]) -> shapes.CustomerReference | None:
    if row.customer_number is None:
        return None
    return shapes.CustomerReference(number=row.customer_number, name=row.customer_name)


def _problem(row: Row[Any]) -> shapes.Problem | None:
    if row.host is None:
        return None
    return shapes.Problem(
        host=row.host,
        service=row.service or None,
        state=row.problem_state,
        in_downtime=row.in_downtime,
        acknowledged=Acknowledged(row.acknowledgement) is not Acknowledged.NOBODYS,
        flapping=row.flapping,
    )


def _clock(row: Row[Any]) -> shapes.Clock:
    return shapes.Clock(
        kind=row.clock_kind,
        target_minutes=row.target_minutes,
        started_at=row.started_at,
        due_at=row.due_at,
        stopped_at=row.stopped_at,
        state=row.clock_state,
        guaranteed=row.guaranteed,
    )


def _numbers(together: str | None) -> list[int]:
    return sorted(map(int, together.split(","))) if together else []
