"""Everything that the board shows at a moment, and what tells whether it has changed."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bridge.dashboard import board_rows, desk_queries, queries
from bridge.dashboard.board_rows import Counts, Row, Show
from bridge.dashboard.desk_queries import MonthFact
from bridge.dashboard.facts import ResolvedFact
from bridge.dashboard.on_call import OnCall, on_call_now
from bridge.dashboard.page_outs import PageOut
from bridge.dashboard.trouble import Pulse, Trouble, troubles
from bridge.flows.directory import Directory

ROWS_AT_FIRST = 60
LATELY = timedelta(hours=12)
LATELY_SHOWN = 8
# Risk and order change with time alone; for so long they are taken as they were.
FRESH_SECONDS = 15


@dataclass(frozen=True)
class Wanted:
    """What a visitor wants to see; `customer` is a customer's number or empty."""

    staff_id: int
    show: Show
    customer: str
    everything: bool


@dataclass(frozen=True)
class Desk:
    """What the board shows beside the tickets: who is on call, and what is broken."""

    pulse: Pulse
    on_call: Sequence[OnCall]
    troubles: Sequence[Trouble]


@dataclass(frozen=True)
class Board:
    """What the board shows; `rows` are the first of `found`, in order.

    customers: number and name of those with open tickets, by name.
    """

    now: datetime
    desk: Desk
    rows: Sequence[Row]
    found: int
    counts: Counts
    page_outs: Mapping[int, PageOut]
    customers: Sequence[tuple[str, str]]
    resolved: Sequence[ResolvedFact]
    month: MonthFact


def read_desk(session: Session, directory: Directory, interval: timedelta, now: datetime) -> Desk:
    """Return what the board shows beside the tickets; cheap enough to ask every second."""
    pulse = desk_queries.pulse(session, now)
    names = {label: person.name for label, person in directory.people.items()}
    return Desk(
        pulse=pulse,
        on_call=on_call_now(directory.schedules, names, now),
        troubles=troubles(pulse, desk_queries.sources(session), interval, now),
    )


def read_board(
    session: Session, directory: Directory, desk: Desk, wanted: Wanted, now: datetime
) -> Board:
    """Return what the board shows to a visitor at `now`."""
    hours = {directory.calendar_ids[label]: open_ for label, open_ in directory.hours.items()}
    everything = [board_rows.row(one, hours, now) for one in queries.open_tickets(session)]
    of_customer = [one for one in everything if _is_of(one, wanted.customer)]
    found = [r for r in of_customer if board_rows.is_shown(r, wanted.show, wanted.staff_id)]
    found.sort(key=lambda one: one.place)
    rows = found if wanted.everything else found[:ROWS_AT_FIRST]
    pages = queries.pages(session, [one.ticket.number for one in rows])
    return Board(
        now=now,
        desk=desk,
        rows=rows,
        found=len(found),
        counts=board_rows.counts(of_customer, wanted.staff_id),
        page_outs=board_rows.page_outs(pages),
        customers=_customers(everything),
        resolved=queries.resolved_since(session, now - LATELY, LATELY_SHOWN),
        month=read_month(session, now),
    )


def _is_of(row: Row, customer: str) -> bool:
    return not customer or row.ticket.customer_number == customer


def _customers(rows: Sequence[Row]) -> list[tuple[str, str]]:
    known = {
        row.ticket.customer_number: row.ticket.customer_name or row.ticket.customer_number
        for row in rows
        if row.ticket.customer_number is not None
    }
    return sorted(known.items(), key=lambda one: one[1].casefold())


def read_month(session: Session, now: datetime) -> MonthFact:
    """Return how this month's guaranteed promises ended so far, each in its customer's zone."""
    begins = {}
    for zone in desk_queries.zones_of_customers(session):
        local = now.astimezone(ZoneInfo(zone))
        begins[zone] = datetime(local.year, local.month, 1, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    return desk_queries.month(session, begins, now)


def pulse_tag(desk: Desk, revision: int, wanted: Wanted, language: str, now: datetime) -> str:
    """Return what stays the same as long as nothing has happened and little time has passed."""
    minutes = int(now.timestamp()) // FRESH_SECONDS
    return _hashed(desk.pulse.last_journal_id, revision, minutes, _beside(desk), wanted, language)


def content_tag(board: Board, language: str) -> str:
    """Return what stays the same as long as the board looks the same, but for its countdowns."""
    rows = [(r.ticket, r.clock, r.risk, _halts(r), r.guarantee) for r in board.rows]
    beside = (board.found, board.counts, board.page_outs, board.customers, board.resolved)
    return _hashed(rows, beside, board.month, _beside(board.desk), language)


def _halts(row: Row) -> object:
    return (row.standing.stops_at, row.standing.resumes_at) if row.standing else None


def _beside(desk: Desk) -> object:
    # How long it has been silent is told by the moment it began, not by every beat.
    return desk.on_call, desk.troubles


def _hashed(*parts: object) -> str:
    return hashlib.blake2b(repr(parts).encode(), digest_size=9).hexdigest()
