"""What a batch of notifications is about, loaded at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.flows.courses import Courses
from bridge.flows.directory import Directory
from bridge.icinga.models import Problem, TicketProblem
from bridge.oncall import queries as oncall_queries
from bridge.oncall.models import Run
from bridge.tickets import actions as tickets
from bridge.tickets.journal import Actor, Event
from bridge.tickets.models import NumberRange, Ticket


@dataclass
class Batch:
    """What a batch of notifications is about, loaded at once; new tickets join it."""

    session: Session
    directory: Directory
    now: datetime
    tickets: dict[int, Ticket] = field(default_factory=dict)
    about: dict[int, TicketProblem] = field(default_factory=dict)
    runs: dict[int, Run] = field(default_factory=dict)
    courses: Courses = field(init=False)

    def __post_init__(self) -> None:
        """Know the clocks of no ticket yet."""
        self.courses = Courses(self.session, self.directory, self.now)

    @classmethod
    def load(
        cls, session: Session, directory: Directory, problems: Iterable[Problem], now: datetime
    ) -> "Batch":
        """Load the tickets, locked, that the problems have open or had last, and what is theirs."""
        batch = cls(session, directory, now)
        found = list(problems)
        numbers = {p.open_ticket or p.last_ticket for p in found} - {None}
        if numbers:
            wanted = [number for number in numbers if number is not None]
            chosen = select(Ticket).where(Ticket.number.in_(wanted)).order_by(Ticket.number)
            batch.tickets = {t.number: t for t in session.scalars(chosen.with_for_update())}
            about = select(TicketProblem).where(TicketProblem.ticket_number.in_(wanted))
            batch.about = {one.ticket_number: one for one in session.scalars(about)}
            batch.runs = oncall_queries.unended_runs(session, wanted)
            batch.courses.load(wanted)
        return batch

    @cached_property
    def numbers(self) -> NumberRange:
        """Return the ticket numbers, locked from the first ticket that is opened on."""
        return tickets.number_range(self.session)

    def ticket_of(self, problem: Problem) -> Ticket | None:
        """Return the problem's open ticket."""
        return self.tickets.get(problem.open_ticket) if problem.open_ticket else None

    def happened(
        self,
        ticket: Ticket,
        event: Event,
        actor: Actor,
        at: datetime,
        data: Mapping[str, Any] | None = None,
        text: str = "",
    ) -> None:
        """Write what happened to a ticket into its journal; its clocks follow."""
        self.courses.happened(ticket, event, actor, at, data, text)

    def run_of(self, ticket: Ticket) -> Run | None:
        """Return the ticket's escalation, if it has not ended."""
        run = self.runs.get(ticket.number)
        return run if run is not None and run.ended_at is None else None
