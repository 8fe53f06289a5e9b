"""Lists of tickets: their shape, their pages, and what they cost."""

from datetime import timedelta

from sqlalchemy import select, update

from bridge.installation import Installation
from bridge.tickets.models import Ticket
from tests.api.world import Caller, every_number, numbers, statements
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


def test_pages_follow_each_other_and_show_everything_once(
    desk: Installation, reader: Caller
) -> None:
    open_many(desk, 7)

    assert every_number(reader, limit=3) == list(range(10007, 10000, -1))
    assert every_number(reader, limit=7) == list(range(10007, 10000, -1))


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
