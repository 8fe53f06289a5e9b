"""Brings the rows of clocks in line with what a ticket's journal makes of them."""

from collections.abc import Sequence

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from bridge.sla.changes import ClockChange, changes, vanished
from bridge.sla.course import ClockCourse
from bridge.sla.models import Clock
from bridge.sla.rows import Row, key_of, row_of


def store(
    session: Session, ticket_number: int, rows: Sequence[Clock], courses: Sequence[ClockCourse]
) -> tuple[list[Clock], list[ClockChange]]:
    """Bring a ticket's rows in line with what was worked out.

    rows: all that the ticket has. Returns its rows then, in the order of `courses`, and what has
    happened to its clocks, for people.
    """
    known = {(row.kind, row.nth): row for row in rows}
    kept: list[Clock] = []
    told: list[ClockChange] = []
    for one in courses:
        wanted = row_of(one)
        row = known.pop(key_of(wanted), None)
        told += changes(vars(row) if row is not None else None, one)
        if row is None:
            row = Clock(ticket_number=ticket_number, **wanted)
            session.add(row)
        else:
            fill(row, wanted)
        kept.append(row)
    for row in known.values():
        told.append(vanished(vars(row)))
        _drop(session, row)
    return kept, told


def fill(row: Clock, wanted: Row) -> None:
    """Write into a row what differs."""
    for name, value in wanted.items():
        if getattr(row, name) != value:
            setattr(row, name, value)


def _drop(session: Session, row: Clock) -> None:
    if inspect(row).persistent:
        session.delete(row)
    else:
        session.expunge(row)
