"""What a batch of notifications is about, loaded at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.flows.courses import Courses
from bridge.flows.directory import Directory
from bridge.icinga import queries as icinga
from bridge.icinga.models import Problem, TicketProblem
from bridge.oncall import queries as oncall_queries
from bridge.oncall.models import Run
from bridge.tickets import actions as tickets
from bridge.tickets import queries
from bridge.tickets.journal import Actor, Event
from bridge.tickets.models import NumberRange, Ticket


@dataclass
class Batch:
    """What a batch of notifications is about, loaded at once; new tickets join it.

    absorbed: the tickets that went into another one, by that one's number.
    relatives: the open problems of the same hosts that it is not about itself: of a host all of
    its services, of a service its host.
    """

    session: Session
    directory: Directory
    now: datetime
    tickets: dict[int, Ticket] = field(default_factory=dict)
    about: dict[int, TicketProblem] = field(default_factory=dict)
    runs: dict[int, Run] = field(default_factory=dict)
    absorbed: dict[int, list[int]] = field(default_factory=dict)
    relatives: list[Problem] = field(default_factory=list)
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
        batch.relatives = icinga.relatives(session, found)
        known = (*found, *batch.relatives)
        numbers = {p.open_ticket or p.last_ticket for p in known} - {None}
        if numbers:
            wanted = _with_survivors(session, [n for n in numbers if n is not None])
            batch.tickets = queries.locked(session, wanted)
            about = select(TicketProblem).where(TicketProblem.ticket_number.in_(wanted))
            batch.about = {one.ticket_number: one for one in session.scalars(about)}
            batch.runs = oncall_queries.unended_runs(session, wanted)
            batch.absorbed = queries.absorbed(session, wanted)
            batch.courses.load(wanted)
        return batch

    @cached_property
    def numbers(self) -> NumberRange:
        """Return the ticket numbers, locked from the first ticket that is opened on."""
        return tickets.number_range(self.session)

    def survivor(self, number: int | None) -> Ticket | None:
        """Return the ticket of this number, or the one that it went into at last."""
        ticket = self.tickets.get(number) if number else None
        while ticket is not None and ticket.merged_into is not None:
            ticket = self.tickets.get(ticket.merged_into)
        return ticket

    def ticket_of(self, problem: Problem) -> Ticket | None:
        """Return the problem's open ticket; the one it went into, where it did."""
        return self.survivor(problem.open_ticket)

    def about_of(self, problem: Problem) -> TicketProblem:
        """Return what is kept of the problem with the ticket that it opened last."""
        assert problem.last_ticket is not None
        return self.about[problem.last_ticket]

    def is_all_over(self, ticket: Ticket) -> bool:
        """Return whether Icinga opened the ticket and sees none of its problems any more.

        Those of the tickets that went into it are its own, too.
        """
        if ticket.number not in self.about:
            return False
        others = self.absorbed.get(ticket.number)
        if not others:
            return True
        # What this batch has heard of them may not be written yet.
        self.session.flush()
        still = select(Problem.id).where(Problem.open_ticket.in_([ticket.number, *others]))
        return self.session.scalar(still.limit(1)) is None

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


def _with_survivors(session: Session, numbers: Sequence[int]) -> Sequence[int]:
    """Return these tickets and those that they went into."""
    known, new = set(numbers), set(numbers)
    while new:
        new = queries.survivors_of(session, new) - known
        known |= new
    return sorted(known)
