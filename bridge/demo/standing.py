"""How the tickets of a scene stand: read before it and after it, so that both can be compared."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from bridge import utc
from bridge.customers.models import Customer
from bridge.icinga.models import Problem
from bridge.oncall.models import Page, Run
from bridge.sla.models import Clock
from bridge.staff.models import StaffMember
from bridge.tickets.models import Ticket


@dataclass(frozen=True)
class Standing:
    """How one ticket stands.

    due_at: of the running response clock. paging: live, held, acknowledged, ended or empty.
    page_at: when somebody is paged next. pages: how many were made. people: whom the last was for.
    """

    number: int
    title: str
    customer: str | None
    state: str
    priority: str
    due_at: datetime | None
    paging: str
    page_at: datetime | None
    pages: int
    people: tuple[str, ...]
    taken_by: str | None

    def plain(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return vars(self) | {
            "due_at": utc.iso(self.due_at) if self.due_at else None,
            "page_at": utc.iso(self.page_at) if self.page_at else None,
            "people": list(self.people),
        }

    @classmethod
    def of_plain(cls, plain: dict[str, Any]) -> "Standing":
        """Return what `plain` was made of."""
        moments = {
            name: utc.from_iso(plain[name]) if plain[name] else None
            for name in ("due_at", "page_at")
        }
        return cls(**(plain | moments | {"people": tuple(plain["people"])}))


def standings(
    session: Session, about: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], Standing]:
    """Return how the newest ticket of each host and service stands; nothing where there is none."""
    statement = (
        select(Problem.host, Problem.service, Ticket, Customer.name)
        .join(Ticket, Ticket.number == func.coalesce(Problem.open_ticket, Problem.last_ticket))
        .outerjoin(Customer, Customer.id == Ticket.customer_id)
        .where(tuple_(Problem.host, Problem.service).in_(list(about)))
    )
    return {
        (host, service): _standing(session, ticket, customer)
        for host, service, ticket, customer in session.execute(statement)
    }


def standing(session: Session, number: int) -> Standing:
    """Return how the ticket of this number stands."""
    ticket = session.get_one(Ticket, number)
    return _standing(session, ticket, ticket.customer.name if ticket.customer else None)


def _standing(session: Session, ticket: Ticket, customer: str | None) -> Standing:
    due_at = session.scalar(
        select(Clock.due_at).where(
            Clock.ticket_number == ticket.number,
            Clock.kind == "response",
            Clock.stopped_at.is_(None),
        )
    )
    run = session.scalar(
        select(Run).where(Run.ticket_number == ticket.number).order_by(Run.id.desc()).limit(1)
    )
    pages = _pages(session, ticket.number)
    return Standing(
        number=ticket.number,
        title=ticket.title,
        customer=customer,
        state=ticket.state,
        priority=ticket.priority,
        due_at=due_at,
        paging=run.state if run else "",
        page_at=run.next_due_at if run else None,
        pages=len(pages),
        people=tuple(name for at, name in pages if at == pages[-1][0]),
        taken_by=ticket.acknowledged_by,
    )


def _pages(session: Session, number: int) -> Sequence[tuple[datetime, str]]:
    """Return when and for whom the ticket's pages were made, the oldest first."""
    statement = (
        select(Page.created_at, StaffMember.name)
        .join(Run, Run.id == Page.run_id)
        .join(StaffMember, StaffMember.id == Page.staff_id)
        .where(Run.ticket_number == number)
        .order_by(Page.id)
    )
    return [(at, name) for at, name in session.execute(statement)]
