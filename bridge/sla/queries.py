"""Reads what clocks follow from: the facts of tickets' journals, and the rows that keep them."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import ColumnElement, inspect, select
from sqlalchemy.orm import Session

from bridge.sla.facts import FACT_KINDS, Fact, fact_of
from bridge.sla.models import Clock, Verification
from bridge.sla.rows import Row
from bridge.tickets.models import JournalEntry

RUNNING_STATES = ("running", "paused")
# So many numbers go into one statement: SQLite takes no more than 32,766 values.
AT_ONCE = 5000

# What of a clock follows from the journal: all but the number of its row, and its ticket.
FIELDS = tuple(
    one.key for one in inspect(Clock).column_attrs if one.key not in {"id", "ticket_number"}
)
COLUMNS = tuple(getattr(Clock, name) for name in FIELDS)

Facts = dict[int, list[Fact]]


def facts_of(session: Session, numbers: Iterable[int]) -> Facts:
    """Return the facts of these tickets by number, each one's in the order we learned them."""
    wanted = list(numbers)
    found: Facts = {number: [] for number in wanted}
    for start in range(0, len(wanted), AT_ONCE):
        chosen = wanted[start : start + AT_ONCE]
        _gather(session, JournalEntry.ticket_number.in_(chosen), found)
    return found


def facts_between(session: Session, first: int, last: int) -> Facts:
    """Return the facts of the tickets from `first` to `last`, as `facts_of` does."""
    found: Facts = {}
    _gather(session, JournalEntry.ticket_number.between(first, last), found)
    return found


def _gather(session: Session, which: ColumnElement[bool], found: Facts) -> None:
    statement = (
        select(JournalEntry.ticket_number, JournalEntry.kind, JournalEntry.at, JournalEntry.data)
        .where(which, JournalEntry.kind.in_(FACT_KINDS))
        .order_by(JournalEntry.id)
    )
    for number, kind, at, data in session.execute(statement):
        fact = fact_of(kind, at, data)
        if fact is not None:
            found.setdefault(number, []).append(fact)


def rows_between(session: Session, first: int, last: int) -> dict[int, list[Row]]:
    """Return the values of all clocks of the tickets from `first` to `last`, by number.

    Plain values, because whoever compares many thousands needs no objects.
    """
    found: dict[int, list[Row]] = {}
    statement = select(Clock.ticket_number, *COLUMNS).where(
        Clock.ticket_number.between(first, last)
    )
    for number, *values in session.execute(statement.order_by(Clock.id)):
        found.setdefault(number, []).append(dict(zip(FIELDS, values, strict=True)))
    return found


def clocks_of(session: Session, numbers: Iterable[int]) -> dict[int, list[Clock]]:
    """Return all clocks of these tickets by number, in the order they began."""
    wanted = list(numbers)
    found: dict[int, list[Clock]] = {number: [] for number in wanted}
    for start in range(0, len(wanted), AT_ONCE):
        chosen = Clock.ticket_number.in_(wanted[start : start + AT_ONCE])
        for one in session.scalars(select(Clock).where(chosen).order_by(Clock.id)):
            found[one.ticket_number].append(one)
    return found


def running_clocks(
    session: Session, ticket_numbers: Iterable[int]
) -> Mapping[int, Sequence[Clock]]:
    """Return the clocks of these tickets that still run, by ticket number."""
    found: dict[int, list[Clock]] = {}
    statement = select(Clock).where(
        Clock.ticket_number.in_(list(ticket_numbers)), Clock.state.in_(RUNNING_STATES)
    )
    for one in session.scalars(statement):
        found.setdefault(one.ticket_number, []).append(one)
    return found


def last_proof(session: Session) -> Verification | None:
    """Return the comparison with the journal that ended last; None before the first."""
    statement = select(Verification).where(Verification.ended_at.is_not(None))
    return session.scalar(statement.order_by(Verification.id.desc()).limit(1))
