"""One way for facts: into the journal, through the fold, and into the rows of the clocks."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bridge.flows.directory import Directory
from bridge.sla import actions as sla
from bridge.sla import queries
from bridge.sla.course import ClockCourse, course
from bridge.sla.facts import FACT_KINDS, REVISION, Fact, FactKind
from bridge.sla.models import Clock
from bridge.tickets import actions as tickets
from bridge.tickets.journal import BRIDGE, Actor, Event
from bridge.tickets.models import Ticket


class Courses:
    """The clocks of some tickets, which whoever makes this has locked."""

    def __init__(self, session: Session, directory: Directory, now: datetime) -> None:
        self._session = session
        self._directory = directory
        self._now = now
        self._facts: dict[int, list[Fact]] = {}
        self._clocks: dict[int, list[Clock]] = {}
        self._courses: dict[int, tuple[ClockCourse, ...]] = {}

    @classmethod
    def of(cls, session: Session, directory: Directory, number: int, now: datetime) -> "Courses":
        """Return those of one ticket."""
        courses = cls(session, directory, now)
        courses.load([number])
        return courses

    def load(self, numbers: Iterable[int]) -> None:
        """Read the facts and clocks of these tickets, all at once."""
        wanted = [number for number in numbers if number not in self._facts]
        if wanted:
            self._facts |= queries.facts_of(self._session, wanted)
            self._clocks |= queries.clocks_of(self._session, wanted)

    def happened(
        self,
        ticket: Ticket,
        event: Event,
        actor: Actor,
        at: datetime,
        data: Mapping[str, Any] | None = None,
        text: str = "",
    ) -> None:
        """Write what happened to the ticket at `at` into its journal; its clocks follow.

        What became of them is written there too, for people.
        """
        if event.value not in FACT_KINDS:
            tickets.write(self._session, ticket, event, actor, at, self._now, data, text)
            return
        said = dict(data or {}) | {REVISION: self._directory.revision}
        tickets.write(self._session, ticket, event, actor, at, self._now, said, text)
        self._add(ticket, FactKind(event.value), at, tickets.plain(said))
        self._follow(ticket, at)

    def course(self, number: int) -> tuple[ClockCourse, ...]:
        """Return the ticket's clocks as its facts give them."""
        self.load([number])
        if number not in self._courses:
            self._courses[number] = course(self._facts[number], self._directory.book)
        return self._courses[number]

    def clocks(self, ticket: Ticket) -> Sequence[Clock]:
        """Return all clocks of the ticket, in the order they began."""
        self.load([ticket.number])
        return self._clocks[ticket.number]

    def facts(self, number: int) -> Sequence[Fact]:
        """Return the ticket's facts, in the order we learned them."""
        self.load([number])
        return self._facts[number]

    def _add(self, ticket: Ticket, kind: FactKind, at: datetime, data: Mapping[str, Any]) -> None:
        if kind is FactKind.OPENED:
            # Nothing is known of a ticket that begins, so that there is nothing to read.
            self._facts[ticket.number], self._clocks[ticket.number] = [], []
        else:
            self.load([ticket.number])
        self._facts[ticket.number].append(Fact(kind, at, data[REVISION], data))

    def _follow(self, ticket: Ticket, at: datetime) -> None:
        number = ticket.number
        self._courses.pop(number, None)
        self._clocks[number], told = sla.store(
            self._session, number, self._clocks[number], self.course(number)
        )
        for one in told:
            tickets.write(
                self._session, ticket, one.event, BRIDGE, one.at or at, self._now, one.data
            )


def course_of(session: Session, directory: Directory, number: int) -> tuple[ClockCourse, ...]:
    """Return a ticket's clocks, worked out from its journal; for pages."""
    return course(queries.facts_of(session, [number])[number], directory.book)
