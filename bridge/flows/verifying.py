"""Are the rows of clocks what the journal makes of them? Compared, and brought in line."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.database import Database
from bridge.flows.directory import Directories, promise_book
from bridge.sla import actions as sla
from bridge.sla import queries
from bridge.sla.book import PromiseBook
from bridge.sla.course import course
from bridge.sla.models import RUNNING, Clock
from bridge.sla.rows import Difference, differences, key_of, row_of
from bridge.tickets import queries as tickets
from bridge.tickets.models import Ticket

# Tickets that are held in memory at once, and tickets whose clocks are written at once.
PORTION = 1000
WRITTEN_AT_ONCE = 50


@dataclass(frozen=True)
class Portion:
    """Some tickets that were compared: up to which number, how much there was, what differs."""

    last: int
    tickets: int
    clocks: int
    differences: Sequence[Difference]

    @property
    def differing(self) -> int:
        """Return how many clocks differ."""
        return len({(one.ticket, one.clock) for one in self.differences})


def compare(
    session: Session, book: PromiseBook, after: int, limit: int = PORTION
) -> Portion | None:
    """Compare the first `limit` tickets with a number above `after`; None where there are none.

    Source: docs/sla.md, "R19".
    """
    chosen = select(Ticket.number).where(Ticket.number > after).order_by(Ticket.number)
    numbers = session.scalars(chosen.limit(limit)).all()
    if not numbers:
        return None
    facts = queries.facts_between(session, numbers[0], numbers[-1])
    stored = queries.rows_between(session, numbers[0], numbers[-1])
    found: list[Difference] = []
    clocks = 0
    for number in numbers:
        worked_out = course(facts.get(number, ()), book)
        clocks += len(worked_out)
        found += differences(number, stored.get(number, ()), worked_out)
    return Portion(numbers[-1], len(numbers), clocks, found)


def portions(database: Database, directories: Directories) -> Iterator[Portion]:
    """Compare all tickets, and yield what came of them portion by portion.

    Each portion is one state of the database, whatever happens to tickets meanwhile.
    """
    after = -1
    while True:
        with database.reading() as session:
            portion = compare(session, directories.current(session).book, after)
        if portion is None:
            return
        yield portion
        after = portion.last


def rebuild(session: Session, book: PromiseBook, numbers: Sequence[int]) -> None:
    """Write what the journal says into the rows of these tickets' clocks."""
    tickets.locked(session, numbers)
    facts, clocks = queries.facts_of(session, numbers), queries.clocks_of(session, numbers)
    for number in numbers:
        sla.store(session, number, clocks[number], course(facts[number], book))


def complete_running(session: Session) -> None:
    """Write what the journal says into the rows of the clocks that run; finished ones stay."""
    book = promise_book(session)
    ids = session.scalars(select(Clock.id).where(RUNNING).order_by(Clock.id)).all()
    for start in range(0, len(ids), PORTION):
        rows = session.scalars(select(Clock).where(Clock.id.in_(ids[start : start + PORTION])))
        found = rows.all()
        facts = queries.facts_of(session, {row.ticket_number for row in found})
        for row in found:
            for one in course(facts[row.ticket_number], book):
                wanted = row_of(one)
                if key_of(wanted) == (row.kind, row.nth) and one.stop is None:
                    sla.fill(row, wanted)


def rebuild_all(database: Database, directories: Directories, numbers: Iterable[int]) -> None:
    """Write the clocks of these tickets, in small transactions."""
    wanted = sorted(numbers)
    for start in range(0, len(wanted), WRITTEN_AT_ONCE):
        with database.transaction() as session:
            book = directories.current(session).book
            rebuild(session, book, wanted[start : start + WRITTEN_AT_ONCE])
