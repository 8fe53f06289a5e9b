"""What a batch of notifications is about, loaded at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.flows.directory import Directory
from bridge.icinga.models import Problem, TicketProblem
from bridge.oncall import queries as oncall_queries
from bridge.oncall.models import Run
from bridge.sla import actions as sla
from bridge.sla.models import Clock
from bridge.tickets import actions as tickets
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
    clocks: dict[int, list[Clock]] = field(default_factory=dict)

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
            running = sla.running_clocks(session, wanted)
            batch.clocks = {number: list(clocks) for number, clocks in running.items()}
        return batch

    @cached_property
    def numbers(self) -> NumberRange:
        """Return the ticket numbers, locked from the first ticket that is opened on."""
        return tickets.number_range(self.session)

    def ticket_of(self, problem: Problem) -> Ticket | None:
        """Return the problem's open ticket."""
        return self.tickets.get(problem.open_ticket) if problem.open_ticket else None

    def clocks_of(self, ticket: Ticket) -> Sequence[Clock]:
        """Return the ticket's running clocks."""
        return [one for one in self.clocks.get(ticket.number, []) if one.stopped_at is None]

    def run_of(self, ticket: Ticket) -> Run | None:
        """Return the ticket's escalation, if it has not ended."""
        run = self.runs.get(ticket.number)
        return run if run is not None and run.ended_at is None else None
