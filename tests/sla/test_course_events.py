"""Which event does what: each row of the table, for each kind of clock."""

from datetime import UTC, datetime

import pytest

from bridge.sla.facts import FACT_KINDS, Fact, FactKind, fact_of
from bridge.sla.rules import RULES
from bridge.tickets.journal import Event
from tests.sla.courses import book, terms, told

REQUEST = "mon 09:00 opened"
FAULT = "mon 09:00 opened class=fault"
ANSWERED = f"{REQUEST}; mon 10:00 answered answer=1"
ASKED = f"{ANSWERED}; mon 11:00 customer_wrote"
WAITING = f"{ANSWERED}; mon 10:00 waiting for=customer"
RESOLVED = f"{ANSWERED}; mon 12:00 resolved"

RESPONSE_RUNS = "response running mon 09:00, due mon 13:00"
SOLUTION_RUNS = "solution running mon 09:00, due mon 17:00"
FAULT_RUNS = "solution running mon 09:00, due mon 17:00"
MESSAGE_RUNS = "message running mon 11:00, due mon 14:00"


def row(name: str, facts: str, response: str, update: str, solution: str) -> list[object]:
    """Return the three cells of a row; empty for a clock that there is not."""
    cells = {"response": response, "update": update, "solution": solution}
    return [
        pytest.param(facts, kind, [cell] if cell else [], id=f"{name}: {kind}")
        for kind, cell in cells.items()
    ]


ROWS = [
    *row("customer mail, portal or monitoring opens", REQUEST, RESPONSE_RUNS, "", SOLUTION_RUNS),
    *row("monitoring opens", FAULT, RESPONSE_RUNS, "", FAULT_RUNS),
    *row(
        "acknowledged fault",
        f"{FAULT}; mon 09:30 acknowledged via=page",
        "response kept mon 09:00, due mon 13:00, mon 09:30",
        "",
        FAULT_RUNS,
    ),
    *row(
        "acknowledged request",
        f"{REQUEST}; mon 09:30 acknowledged via=page",
        RESPONSE_RUNS,
        "",
        SOLUTION_RUNS,
    ),
    *row(
        "acknowledged while an update runs",
        f"{ASKED}; mon 11:30 acknowledged via=page",
        "response kept mon 09:00, due mon 13:00, mon 10:00",
        MESSAGE_RUNS,
        SOLUTION_RUNS,
    ),
    *row(
        "public answer",
        f"{ASKED}; mon 12:00 answered answer=2",
        "response kept mon 09:00, due mon 13:00, mon 10:00",
        "message kept mon 11:00, due mon 14:00, mon 12:00",
        SOLUTION_RUNS,
    ),
    *row(
        "late public answer",
        f"{REQUEST}; mon 13:01 answered answer=1",
        "response missed mon 09:00, due mon 13:00, mon 13:01",
        "",
        SOLUTION_RUNS,
    ),
    *row(
        "further customer mail",
        ASKED,
        "response kept mon 09:00, due mon 13:00, mon 10:00",
        MESSAGE_RUNS,
        SOLUTION_RUNS,
    ),
    *row(
        "second customer mail",
        f"{ASKED}; mon 12:00 customer_wrote",
        "response kept mon 09:00, due mon 13:00, mon 10:00",
        MESSAGE_RUNS,
        SOLUTION_RUNS,
    ),
    *row(
        "customer mail before the first response",
        f"{REQUEST}; mon 09:30 customer_wrote",
        RESPONSE_RUNS,
        "",
        SOLUTION_RUNS,
    ),
    *row(
        "customer mail while waiting for the customer",
        f"{WAITING}; mon 11:00 customer_wrote",
        "response kept mon 09:00, due mon 13:00, mon 10:00",
        MESSAGE_RUNS,
        "solution running mon 09:00, due tue 09:00",
    ),
    *row(
        "waiting for the customer",
        WAITING,
        "response kept mon 09:00, due mon 13:00, mon 10:00",
        "",
        "solution paused mon 09:00, due ?",
    ),
    *row(
        "resolved by a person",
        f"{ASKED}; mon 12:00 resolved",
        "response kept mon 09:00, due mon 13:00, mon 10:00",
        "message kept mon 11:00, due mon 14:00, mon 12:00",
        "solution kept mon 09:00, due mon 17:00, mon 12:00",
    ),
    *row(
        "resolved before any answer",
        f"{REQUEST}; tue 09:00 resolved",
        "response missed mon 09:00, due mon 13:00, tue 09:00",
        "",
        "solution missed mon 09:00, due mon 17:00, tue 09:00",
    ),
    *row(
        "recovery before anybody answered, before due",
        f"{FAULT}; mon 13:00 recovered state=OK",
        "response cancelled mon 09:00, due mon 13:00, mon 13:00",
        "",
        "solution kept mon 09:00, due mon 17:00, mon 13:00",
    ),
    *row(
        "recovery before anybody answered, past due",
        f"{FAULT}; mon 17:01 recovered state=OK",
        "response missed mon 09:00, due mon 13:00, mon 17:01",
        "",
        "solution missed mon 09:00, due mon 17:00, mon 17:01",
    ),
    *row(
        "customer mail on a resolved ticket",
        f"{RESOLVED}; mon 14:00 reopened after=mon-12:00; mon 14:00 customer_wrote",
        "response kept mon 09:00, due mon 13:00, mon 10:00",
        "message running mon 14:00, due mon 17:00",
        "solution running mon 09:00, due tue 10:00",
    ),
]


@pytest.mark.parametrize(("facts", "kind", "cell"), ROWS)
def test_which_event_does_what(facts: str, kind: str, cell: list[str]) -> None:
    assert told(facts, only=kind) == cell


@pytest.mark.parametrize(
    "event",
    [
        pytest.param(Event.NOTE, id="internal note"),
        pytest.param(Event.COMMENT, id="comment of the monitoring"),
        pytest.param(Event.DELIVERED, id="automatic mail, out-of-office, a page"),
        pytest.param(Event.DELIVERY_FAILED, id="public answer that failed"),
        pytest.param(Event.DELIVERY_REPEATED, id="public answer in the outbox"),
        pytest.param(Event.ASSIGNED, id="somebody is to take it"),
        pytest.param(Event.UNACKNOWLEDGED, id="nobody has it any more"),
        pytest.param(Event.CLOCK_STOPPED, id="what is told of clocks"),
    ],
)
def test_what_is_no_fact_does_nothing(event: Event) -> None:
    assert fact_of(event.value, datetime(2026, 11, 23, tzinfo=UTC), {"revision": 1}) is None


def test_what_is_a_fact_keeps_what_was_known_then() -> None:
    moment = datetime(2026, 11, 23, tzinfo=UTC)
    data = {"revision": 3, "began": "2026-11-23T09:00:00+01:00"}

    found = fact_of("reopened", moment, data)

    assert found == Fact(FactKind.REOPENED, moment, 3, data)
    assert found is not None
    assert found.moment("began") == datetime(2026, 11, 23, 8, tzinfo=UTC)
    assert found.moment("after") is None


def test_each_kind_of_fact_is_an_event_of_the_journal_and_has_its_rule() -> None:
    assert {event.value for event in Event} >= FACT_KINDS
    assert set(RULES) == set(FactKind)


@pytest.mark.parametrize(
    ("ticket_class", "met_by", "state"),
    [
        pytest.param("fault", {}, "kept", id="a fault, unless said otherwise"),
        pytest.param("fault", {"fault": "answer"}, "running", id="a fault that wants an answer"),
        pytest.param("request", {}, "running", id="a request, unless said otherwise"),
        pytest.param("request", {"request": "acknowledge"}, "kept", id="a request to be taken"),
        pytest.param("request", {"fault": "acknowledge"}, "running", id="the other class"),
    ],
)
def test_the_contract_says_whether_taking_it_is_a_response(
    ticket_class: str, met_by: dict[str, str], state: str
) -> None:
    by = book(terms(response_met_by=met_by))
    taken = f"mon 09:00 opened class={ticket_class}; mon 10:00 acknowledged"

    response = told(taken, by, "response")
    asked = told(f"{taken}; mon 11:00 customer_wrote", by, "update")

    assert response[0].split()[1] == state
    # No update clock runs before the first response.
    assert len(asked) == (1 if state == "kept" else 0)


def test_taking_it_is_a_response_too_where_none_is_promised() -> None:
    taken = "mon 09:00 opened class=fault priority=P4; mon 10:00 acknowledged"

    assert told(taken) == []
    assert told(f"{taken}; mon 11:00 priority_raised to=P3") == [
        "solution running mon 11:00, due mon 19:00"
    ]
