"""Which tickets a list shows: those that fit the filters, on every page of it."""

from typing import Any

import pytest
from sqlalchemy import update

from bridge.installation import Installation
from bridge.tickets.models import Ticket
from tests.api.world import Caller, every_number, numbers, sentence
from tests.builders import hear, later, notification


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


def test_the_next_page_keeps_the_filters(mixed: Installation, reader: Caller) -> None:
    filters = {"state": ["open", "closed"], "limit": 1, "text": "o"}

    first = reader.get("/tickets", **filters).get_json()

    assert first["next"].startswith("http://localhost/api/v1/tickets?")
    assert every_number(reader, **filters) == numbers(reader, **{**filters, "limit": 50})
    assert every_number(reader, state="open", limit=1) == [10002, 10001]
