"""Lists of tickets: their shape, their filters, their pages, and what they cost."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bridge.installation import Installation
from bridge.tickets.models import Ticket
from tests.api.world import Caller, sentence, statements
from tests.builders import MONDAY_9_UTC, hear, later, notification

FIRST = {
    "number": 10001,
    "reference": "[Ticket #10001]",
    "title": "web01 / http",
    "state": "open",
    "class": "fault",
    "priority": "P2",
    "customer": {"number": "1001", "name": "ACME GmbH"},
    "contract": "acme-care",
    "address": "acme-247@desk.example",
    "owner": None,
    "source": "icinga-main",
    "problem": {
        "host": "web01",
        "service": "http",
        "state": "CRITICAL",
        "in_downtime": False,
        "acknowledged": False,
        "flapping": False,
    },
    "parent": None,
    "children": [],
    "linked": [],
    "merged_into": None,
    "acknowledged_at": None,
    "acknowledged_by": None,
    "created_at": "2026-11-23T09:00:00Z",
    "updated_at": "2026-11-23T09:00:00Z",
    "resolved_at": None,
    "clocks": [
        {
            "kind": "response",
            "target_minutes": 60,
            "started_at": "2026-11-23T08:58:00Z",
            "due_at": "2026-11-23T09:58:00Z",
            "stopped_at": None,
            "state": "running",
            "guaranteed": True,
        }
    ],
}


def numbers(caller: Caller, **filters: Any) -> list[int]:
    """Return the numbers of the tickets in the order of the list."""
    answer = caller.get("/tickets", **filters)
    assert answer.status_code == 200
    return [one["number"] for one in answer.get_json()["items"]]


def every_number(caller: Caller, **filters: Any) -> list[int]:
    """Return the numbers on all pages, by following `next`."""
    found = []
    answer = caller.get("/tickets", **filters).get_json()
    while True:
        found += [one["number"] for one in answer["items"]]
        if answer["next"] is None:
            return found
        answer = caller.get(answer["next"]).get_json()


def open_many(installation: Installation, count: int, prefix: str = "app") -> None:
    """Open so many tickets of different hosts."""
    said = [notification(host=f"{prefix}{each:03}") for each in range(count)]
    hear(installation, *said)


def test_a_ticket_has_exactly_the_fields_that_programs_build_on(
    desk: Installation, reader: Caller
) -> None:
    hear(desk, notification(since=later(-2)), now=later(0))

    answer = reader.get("/tickets")

    assert answer.get_json() == {"items": [FIRST], "next": None}
    assert answer.mimetype == "application/json"


def test_without_tickets_the_list_is_empty(reader: Caller) -> None:
    assert reader.get("/tickets").get_json() == {"items": [], "next": None}


def test_a_host_has_no_service_and_nobodys_ticket_no_customer(
    desk: Installation, reader: Caller
) -> None:
    hear(desk, notification(service=None, vars={}))

    [ticket] = reader.get("/tickets").get_json()["items"]

    assert ticket["problem"]["service"] is None
    assert ticket["problem"]["state"] == "DOWN"
    assert (ticket["customer"], ticket["contract"], ticket["address"]) == (None, None, None)
    assert ticket["clocks"] == []


def test_a_ticket_that_is_about_no_problem_says_null(desk: Installation, reader: Caller) -> None:
    with desk.database.transaction() as session:
        session.add(
            Ticket(
                number=7,
                title="A mail",
                state="open",
                ticket_class="request",
                priority="P3",
                source="mail",
                created_at=MONDAY_9_UTC,
                opened_at=MONDAY_9_UTC,
                updated_at=MONDAY_9_UTC + timedelta(microseconds=5),
            )
        )

    [ticket] = reader.get("/tickets").get_json()["items"]

    assert (ticket["problem"], ticket["class"]) == (None, "request")
    assert ticket["updated_at"] == "2026-11-23T09:00:00.000005Z"


def test_marks_of_the_problem_are_shown(desk: Installation, reader: Caller) -> None:
    hear(desk, notification())
    hear(desk, notification("DOWNTIMESTART", later(1)))
    hear(desk, notification("FLAPPINGSTART", later(2)))
    hear(desk, notification("ACKNOWLEDGEMENT", later(3), author="anna"))

    [ticket] = reader.get("/tickets").get_json()["items"]

    problem = ticket["problem"]
    assert (problem["in_downtime"], problem["flapping"], problem["acknowledged"]) == (
        True,
        True,
        True,
    )
    assert (ticket["acknowledged_by"], ticket["owner"]) == ("Anna Beispiel", "anna")


def test_relatives_are_named_by_their_numbers(desk: Installation, reader: Caller) -> None:
    open_many(desk, 5)
    with desk.database.transaction() as session:
        for number in (10002, 10005):
            session.execute(
                update(Ticket).where(Ticket.number == number).values(parent_number=10001)
            )
            session.execute(
                update(Ticket).where(Ticket.number == number).values(follows_number=10003)
            )
        session.execute(update(Ticket).where(Ticket.number == 10003).values(follows_number=10001))
        session.execute(
            update(Ticket).where(Ticket.number == 10004).values(state="merged", merged_into=10001)
        )

    by_number = {one["number"]: one for one in reader.get("/tickets").get_json()["items"]}

    assert by_number[10001]["children"] == [10002, 10005]
    assert by_number[10005]["parent"] == 10001
    assert by_number[10003]["linked"] == [10001, 10002, 10005]
    assert by_number[10001]["linked"] == [10003]
    assert by_number[10004]["merged_into"] == 10001


@pytest.fixture
def mixed(desk: Installation) -> Installation:
    """Four tickets of two customers, two sources, three states and four priorities."""
    hear(desk, notification(host="db01", service=None))  # 10001 P1 ACME
    hear(desk, notification(host="db01", service="disk C:", output="100% voll_er"))  # 10002 P2 ACME
    hear(desk, notification(state="WARNING", vars={"address": "nordlicht@desk.example"}))  # 10003
    hear(desk, notification(host="fw", state="UNKNOWN", vars={}), source="icinga-two")  # 10004
    hear(desk, notification("RECOVERY", later(5)), now=later(5))  # 10003
    with desk.database.transaction() as session:
        session.execute(update(Ticket).where(Ticket.number == 10004).values(state="closed"))
    return desk


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        pytest.param({}, [10004, 10003, 10002, 10001], id="none: all, the newest first"),
        pytest.param({"state": "open"}, [10002, 10001], id="state"),
        pytest.param({"state": "open,closed"}, [10004, 10002, 10001], id="states by comma"),
        pytest.param({"state": ["resolved", "closed"]}, [10004, 10003], id="states by repeating"),
        pytest.param({"state": "waiting"}, [], id="a state nobody is in"),
        pytest.param({"customer": "1001"}, [10002, 10001], id="customer"),
        pytest.param({"customer": "4711"}, [], id="a customer there is not"),
        pytest.param({"priority": "P1"}, [10001], id="priority"),
        pytest.param({"priority": "P3,P4"}, [10004, 10003], id="priorities"),
        pytest.param({"source": "icinga-two"}, [10004], id="source"),
        pytest.param({"text": "DB01"}, [10002, 10001], id="text: a host, in any case"),
        pytest.param({"text": "disk"}, [10002], id="text: a service"),
        pytest.param({"text": "web01 /"}, [10003], id="text: a title"),
        pytest.param({"text": "voll"}, [10002], id="text: what the check said"),
        pytest.param({"text": "0% v"}, [10002], id="text: a percent sign is one"),
        pytest.param({"text": "100_"}, [], id="text: an underscore is one"),
        pytest.param({"text": "voll_er"}, [10002], id="text: and is found"),
        pytest.param({"text": "'; DROP TABLE tickets"}, [], id="text: quotes are text"),
        pytest.param({"customer": "1001", "priority": "P2"}, [10002], id="two filters: both"),
    ],
)
def test_a_filter_leaves_what_fits(
    mixed: Installation, reader: Caller, filters: dict[str, Any], found: list[int]
) -> None:
    assert numbers(reader, **filters) == found


@pytest.mark.parametrize(
    ("filters", "hint"),
    [
        pytest.param({"state": "opne"}, "did you mean open?", id="state: mistyped"),
        pytest.param({"state": ""}, "choose from open, waiting", id="state: empty"),
        pytest.param({"state": "open,P1"}, "'P1'", id="state: one of two is none"),
        pytest.param({"priority": "1"}, "choose from P1, P2, P3, P4", id="priority"),
        pytest.param({"costumer": "1001"}, "did you mean customer?", id="a mistyped parameter"),
        pytest.param({"xyz": "1"}, "there are cursor, limit, state", id="an unknown parameter"),
        pytest.param({"limit": "0"}, "limit", id="limit: none"),
        pytest.param({"limit": "201"}, "200", id="limit: too many"),
        pytest.param({"limit": "many"}, "limit", id="limit: a word"),
        pytest.param({"cursor": "-1"}, "cursor", id="cursor: less than nothing"),
        pytest.param({"cursor": str(2**63)}, "cursor", id="cursor: more than a number"),
        pytest.param({"cursor": "abc"}, "cursor", id="cursor: a word"),
        pytest.param({"text": ""}, "text", id="text: empty"),
        pytest.param({"text": "x" * 201}, "text", id="text: too long"),
        pytest.param({"text": "a\0b"}, "text holds a character", id="text: what none has"),
        pytest.param({"customer": "\0"}, "customer holds", id="customer: what none has"),
        pytest.param({"customer": ["1001", "1002"]}, "2 times", id="customer: two"),
    ],
)
def test_a_bad_filter_is_400_and_says_what_to_do(
    reader: Caller, filters: dict[str, Any], hint: str
) -> None:
    answer = reader.get("/tickets", **filters)

    assert answer.status_code == 400
    assert hint in sentence(answer)
    assert [one["field"] for one in answer.get_json(force=True)["errors"]] == list(filters)


def test_pages_follow_each_other_and_show_everything_once(
    desk: Installation, reader: Caller
) -> None:
    open_many(desk, 7)

    assert every_number(reader, limit=3) == list(range(10007, 10000, -1))
    assert every_number(reader, limit=7) == list(range(10007, 10000, -1))


def test_the_next_page_keeps_the_filters(mixed: Installation, reader: Caller) -> None:
    filters = {"state": ["open", "closed"], "limit": 1, "text": "o"}

    first = reader.get("/tickets", **filters).get_json()

    assert first["next"].startswith("http://localhost/api/v1/tickets?")
    assert every_number(reader, **filters) == numbers(reader, **{**filters, "limit": 50})
    assert every_number(reader, state="open", limit=1) == [10002, 10001]


def test_what_is_opened_meanwhile_moves_nothing_to_another_page(
    desk: Installation, reader: Caller
) -> None:
    open_many(desk, 4)
    first = reader.get("/tickets", limit=2).get_json()

    open_many(desk, 3, prefix="new")
    second = reader.get(first["next"]).get_json()

    assert [one["number"] for one in first["items"]] == [10004, 10003]
    assert [one["number"] for one in second["items"]] == [10002, 10001]
    assert second["next"] is None


def test_without_a_limit_a_page_holds_fifty(desk: Installation, reader: Caller) -> None:
    open_many(desk, 51)

    answer = reader.get("/tickets").get_json()

    assert len(answer["items"]) == 50
    assert answer["next"]


def test_a_list_of_200_costs_as_many_statements_as_a_list_of_one(
    desk: Installation, reader: Caller
) -> None:
    open_many(desk, 201)
    with desk.database.transaction() as session:
        few = session.scalars(select(Ticket).where(Ticket.number > 10100)).all()
        for ticket in few:
            ticket.parent_number, ticket.follows_number = 10001, ticket.number - 1

    with statements(desk) as for_one:
        assert len(numbers(reader, limit=1)) == 1
    with statements(desk) as for_many:
        assert len(numbers(reader, limit=200)) == 200

    # One for the token, one for the page.
    assert len(for_one) == len(for_many) == 2
