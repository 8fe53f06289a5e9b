"""Everything that the board shows at a moment, and what tells whether it has changed."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy.orm import Session

from bridge.dashboard import board_rows, desk_queries, queries
from bridge.dashboard.ahead import Ahead, ahead
from bridge.dashboard.board_rows import BoardNow, Counts, Row, Show, Worth
from bridge.dashboard.facts import CustomerFact, ResolvedFact, TicketFact
from bridge.dashboard.month import Tally, month_begin, total
from bridge.dashboard.on_call import OnCall, on_call_now
from bridge.dashboard.page_outs import PageOut
from bridge.dashboard.trouble import Pulse, Trouble, troubles
from bridge.dashboard.urgency import Risk, Section
from bridge.flows.directory import Directory

ROWS_AT_FIRST = 60
ROWS_ON_WALL = 8
LATELY = timedelta(hours=12)
LATELY_SHOWN = 8
# Risk and order change with time alone; for so long they are taken as they were.
FRESH_SECONDS = 15


@dataclass(frozen=True)
class Wanted:
    """What a visitor wants to see; `customer` is a customer's number, `team` a label, or empty.

    wall: as it is shown on a screen that nobody touches.
    """

    staff_id: int
    show: Show = Show.ALL
    customer: str = ""
    team: str = ""
    worth: Worth = Worth.ANY
    everything: bool = False
    wall: bool = False

    @property
    def is_choice(self) -> bool:
        """Return whether some tickets are left out."""
        return bool(self.show is not Show.ALL or self.customer or self.team or self.worth.value)

    @property
    def limit(self) -> int | None:
        """Return how many rows are shown; None: all of them."""
        if self.wall:
            return ROWS_ON_WALL
        return None if self.everything else ROWS_AT_FIRST


@dataclass(frozen=True)
class Desk:
    """What the board shows beside the tickets: who is on call, and what is broken."""

    pulse: Pulse
    on_call: Sequence[OnCall]
    troubles: Sequence[Trouble]


class ShownRow(NamedTuple):
    """A row, and what is only looked up for those that are shown.

    ahead: what its browser counts down by; None where the clock does not run or rest.
    look: what stays the same as long as the row looks the same, but for its countdown.
    """

    row: Row
    facts: TicketFact
    ahead: Ahead | None
    page_out: PageOut | None
    look: str


@dataclass(frozen=True)
class Choices:
    """What the board may be narrowed to: customers by number and name, teams by label."""

    customers: Sequence[tuple[str, str]]
    teams: Sequence[str]


@dataclass(frozen=True)
class Board:
    """What the board shows; `rows` are the first of `found`, in order."""

    now: datetime
    desk: Desk
    rows: Sequence[ShownRow]
    found: int
    counts: Counts
    choices: Choices
    resolved: Sequence[ResolvedFact]
    month: Tally

    def of_section(self, section: Section) -> list[ShownRow]:
        """Return the rows of a part of the board."""
        return [one for one in self.rows if one.row.section is section]


def read_desk(session: Session, directory: Directory, interval: timedelta, now: datetime) -> Desk:
    """Return what the board shows beside the tickets; cheap enough to ask every second."""
    pulse = desk_queries.pulse(session, now)
    names = {label: person.name for label, person in directory.people.items()}
    return Desk(
        pulse=pulse,
        on_call=on_call_now(directory.schedules, names, now),
        troubles=troubles(
            pulse, desk_queries.sources(session), interval, now, desk_queries.mail(session, now)
        ),
    )


def read_board(
    session: Session, directory: Directory, desk: Desk, wanted: Wanted, now: datetime
) -> Board:
    """Return what the board shows to a visitor at `now`."""
    customers = queries.customers(session)
    board_now = _board_now(directory, customers, now)
    everything = [board_now.row(one) for one in queries.open_tickets(session)]
    chosen = found = everything
    if wanted.is_choice:
        chosen = [one for one in everything if _is_chosen(one, wanted)]
        found = [one for one in chosen if board_rows.is_shown(one, wanted.show, wanted.staff_id)]
    found = sorted(found, key=lambda one: one.place)
    return Board(
        now=now,
        desk=desk,
        rows=_shown(session, board_now, found[: wanted.limit], now),
        found=len(found),
        counts=board_rows.counts(chosen, wanted.staff_id),
        choices=_choices(everything),
        resolved=() if wanted.wall else queries.resolved_since(session, now - LATELY, LATELY_SHOWN),
        month=total(read_month(session, customers, now)),
    )


def read_in_danger(
    session: Session,
    directory: Directory,
    customers: Mapping[int, CustomerFact],
    limit: int,
    now: datetime,
) -> tuple[Sequence[ShownRow], int]:
    """Return the first tickets that are overdue or near it, and how many there are of them.

    Those too whose clock rests and that are at risk as soon as it runs again.
    """
    board_now = _board_now(directory, customers, now)
    rows = [board_now.row(one) for one in queries.open_tickets(session)]
    found = [
        one
        for one in rows
        if one.standing and one.standing.is_near and one.standing.risk is not Risk.PAUSED
    ]
    found.sort(key=lambda one: one.place)
    return _shown(session, board_now, found[:limit], now), len(found)


def _board_now(
    directory: Directory, customers: Mapping[int, CustomerFact], now: datetime
) -> BoardNow:
    hours = {directory.calendar_ids[label]: open_ for label, open_ in directory.hours.items()}
    return BoardNow(hours, customers, now)


def _shown(
    session: Session, board_now: BoardNow, rows: Sequence[Row], now: datetime
) -> list[ShownRow]:
    numbers = [one.ticket.number for one in rows]
    facts = queries.ticket_facts(session, numbers)
    outs = board_rows.page_outs(queries.pages(session, numbers))
    found = []
    for one in rows:
        number = one.ticket.number
        ahead_of = _ahead(board_now, one, now)
        look = _look(one, facts[number], outs.get(number))
        found.append(ShownRow(one, facts[number], ahead_of, outs.get(number), look))
    return found


def _look(row: Row, facts: TicketFact, page_out: PageOut | None) -> str:
    halts = (row.standing.stops_at, row.standing.resumes_at) if row.standing else None
    is_near = row.standing.is_near if row.standing else None
    values = (row.ticket, row.customer, row.clock, row.risk, is_near, halts, facts, page_out)
    return repr(values)


def _ahead(board_now: BoardNow, one: Row, now: datetime) -> Ahead | None:
    clock = one.clock
    runs = one.standing is not None and one.standing.risk is not Risk.PAUSED
    if clock is None or clock.due_at is None or not runs:
        return None
    target = timedelta(minutes=clock.counted_minutes)
    return ahead(clock.due_at, target, board_now.hours(clock.calendar_id), now)


def _is_chosen(row: Row, wanted: Wanted) -> bool:
    number = row.customer.number if row.customer else None
    team = row.customer.team if row.customer else None
    return (
        wanted.customer in {"", number}
        and wanted.team in {"", team}
        and wanted.worth.has(row.guarantee)
    )


def _choices(rows: Sequence[Row]) -> Choices:
    known = {row.customer for row in rows if row.customer is not None}
    customers = sorted(((one.number, one.name) for one in known), key=lambda one: one[1].casefold())
    return Choices(customers, sorted({one.team for one in known if one.team}))


def read_month(
    session: Session, customers: Mapping[int, CustomerFact], now: datetime
) -> Mapping[int, Tally]:
    """Return how this month's guaranteed promises ended so far, by customer, in its zone."""
    begins = {zone: month_begin(zone, now) for zone in {one.zone for one in customers.values()}}
    return desk_queries.month(session, begins, now)


def pulse_tag(desk: Desk, revision: int, wanted: Wanted, language: str, now: datetime) -> str:
    """Return what stays the same as long as nothing has happened and little time has passed."""
    minutes = int(now.timestamp()) // FRESH_SECONDS
    return _hashed(desk.pulse.last_journal_id, revision, minutes, _beside(desk), wanted, language)


def content_tag(board: Board, language: str) -> str:
    """Return what stays the same as long as the board looks the same, but for its countdowns."""
    rows = [one.look for one in board.rows]
    beside = (board.found, board.counts, board.choices, board.resolved, board.month)
    # Moments of today are written without their day.
    hour = int(board.now.timestamp()) // 3600
    return _hashed(rows, beside, _beside(board.desk), hour, language)


def _beside(desk: Desk) -> object:
    # How long it has been silent is told by the moment it began, not by every beat.
    return desk.on_call, desk.troubles


def _hashed(*parts: object) -> str:
    return hashlib.blake2b(repr(parts).encode(), digest_size=9).hexdigest()
