"""Rows of the board: which clock they show, what it is worth, and whom they are for."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from bridge import utc
from bridge.calendars.desk_form import calendar_from_plain
from bridge.calendars.open_time import OpenTime
from bridge.dashboard.board_rows import BoardNow, Guarantee, Row, Show, Worth, counts, is_shown
from bridge.dashboard.facts import ClockFact, CustomerFact, OpenTicket
from bridge.dashboard.urgency import Section
from tests.builders import MONDAY_9_UTC as NOW
from tests.builders import later

ALWAYS = OpenTime.of(
    calendar_from_plain({"timezone": "UTC", "hours": {"mon-sun": ["00:00-24:00"]}})
)
HOURS = {1: ALWAYS}
ACME = CustomerFact(1, "1001", "ACME GmbH", "Europe/Berlin", "infra")
ANNA, BEN = 1, 2


def clock(kind: str = "response", due_in: float = 60, **more: Any) -> ClockFact:
    facts: dict[str, Any] = {
        "kind": kind,
        "state": "running",
        "calendar_id": 1,
        "guaranteed": True,
        "counted_minutes": 120,
        "due_at": later(due_in),
    }
    return ClockFact(**(facts | more))


def ticket(*clocks: ClockFact, **more: Any) -> OpenTicket:
    facts: dict[str, Any] = {
        "number": 1,
        "state": "open",
        "priority": "P2",
        "is_acknowledged": False,
        "owner_id": None,
        "contract_id": 1,
        "customer_id": 1,
        "waiting_for": None,
    }
    return OpenTicket(**(facts | more), clocks=clocks)


def row(found: OpenTicket, hours: Mapping[int, OpenTime], now: datetime) -> Row:
    return BoardNow(hours, {1: ACME}, now).row(found)


TAKEN = {"is_acknowledged": True, "owner_id": BEN}
KEPT = clock(state="kept")


@pytest.mark.parametrize(
    ("found", "guarantee"),
    [
        pytest.param(ticket(clock()), Guarantee.GUARANTEED, id="through a contract address"),
        pytest.param(
            ticket(clock(guaranteed=False)), Guarantee.TARGET_ONLY, id="by its customer alone"
        ),
        pytest.param(ticket(), Guarantee.NO_TARGET, id="nothing promised for this priority"),
        pytest.param(ticket(contract_id=None), Guarantee.NOBODYS, id="without a contract"),
    ],
)
def test_what_a_promise_is_worth_is_said(found: OpenTicket, guarantee: Guarantee) -> None:
    assert row(found, HOURS, NOW).guarantee is guarantee


@pytest.mark.parametrize(
    ("found", "waits"),
    [
        pytest.param(ticket(clock()), True, id="a new one"),
        pytest.param(ticket(), True, id="one without a clock"),
        pytest.param(ticket(KEPT, **TAKEN), False, id="one that somebody has"),
        pytest.param(
            ticket(clock(), **TAKEN), True, id="a request that was taken but not answered"
        ),
        pytest.param(
            ticket(KEPT, clock("solution"), **TAKEN), False, id="one whose solution is due"
        ),
        pytest.param(ticket(KEPT), True, id="one that was given back"),
    ],
)
def test_a_ticket_waits_until_somebody_has_it_and_has_answered(
    found: OpenTicket, waits: bool
) -> None:
    assert row(found, HOURS, NOW).waits is waits


def test_the_most_urgent_unfinished_clock_is_shown_before_an_ended_one() -> None:
    both = row(ticket(clock("solution", 90), clock("response", 50)), HOURS, NOW)
    solution = row(ticket(KEPT, clock("solution", 10)), HOURS, NOW)
    overtaken = row(ticket(clock("response", 50), clock("solution", 10)), HOURS, NOW)
    ended = row(ticket(KEPT), HOURS, NOW)

    assert [one.clock.kind for one in (both, solution, overtaken, ended) if one.clock] == [
        "response",
        "solution",
        "solution",
        "response",
    ]
    assert (both.risk, overtaken.risk, ended.risk) == ("on_time", "at_risk", "none")


def test_a_paused_clock_shows_what_is_left_without_its_pauses() -> None:
    paused = clock(
        "solution",
        state="paused",
        due_at=None,
        counted_from=later(-60),
        pauses=[[utc.iso(later(-50)), utc.iso(later(-40))], [utc.iso(later(-20)), None]],
    )

    found = row(ticket(KEPT, paused, state="waiting", waiting_for="customer", **TAKEN), HOURS, NOW)

    assert found.standing is not None
    assert (found.risk, found.standing.left) == ("paused", timedelta(minutes=120 - 30))
    assert found.section is Section.IN_WORK


def test_a_calendar_that_is_gone_does_not_break_the_board() -> None:
    assert row(ticket(clock(calendar_id=99)), HOURS, NOW).risk == "at_risk"


@pytest.mark.parametrize(
    ("worth", "wanted"),
    [
        (Worth.ANY, set(Guarantee)),
        (Worth.GUARANTEED, {Guarantee.GUARANTEED}),
        (Worth.TARGET_ONLY, {Guarantee.TARGET_ONLY}),
        (Worth.NONE, {Guarantee.NO_TARGET, Guarantee.NOBODYS}),
    ],
)
def test_a_guarantee_is_chosen(worth: Worth, wanted: set[Guarantee]) -> None:
    assert {one for one in Guarantee if worth.has(one)} == wanted


MINE = row(ticket(KEPT, **(TAKEN | {"owner_id": ANNA})), HOURS, NOW)
BENS = row(ticket(KEPT, **TAKEN), HOURS, NOW)
NEW = row(ticket(clock()), HOURS, NOW)
LATE = row(ticket(clock(due_in=-1)), HOURS, NOW)
SOON = row(ticket(clock(due_in=5)), HOURS, NOW)
NOBODYS = row(ticket(contract_id=None), HOURS, NOW)


@pytest.mark.parametrize(
    ("show", "shown"),
    [
        (Show.ALL, [MINE, BENS, NEW, NOBODYS]),
        (Show.WAITING, [NEW, NOBODYS]),
        (Show.MINE, [MINE]),
        (Show.UNASSIGNED, [NOBODYS]),
    ],
)
def test_a_visitor_sees_what_was_asked_for(show: Show, shown: list[object]) -> None:
    rows = [MINE, BENS, NEW, NOBODYS]

    assert [one for one in rows if is_shown(one, show, ANNA)] == shown


def test_every_ticket_is_counted_once() -> None:
    found = counts([MINE, BENS, NEW, LATE, SOON, NOBODYS], ANNA)

    assert (found.missed, found.at_risk, found.on_time, found.without_clock, found.in_work) == (
        1,
        1,
        1,
        1,
        2,
    )
    assert found.by_show == {Show.ALL: 6, Show.WAITING: 4, Show.MINE: 1, Show.UNASSIGNED: 1}


def test_a_row_changes_its_colour_a_moment_after_it_is_due() -> None:
    due = ticket(clock(due_in=0))

    assert row(due, HOURS, NOW).risk == "at_risk"
    assert row(due, HOURS, NOW + timedelta(seconds=1)).risk == "missed"
