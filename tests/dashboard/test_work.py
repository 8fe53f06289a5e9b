"""The rest of the work on a ticket, and a call that comes in, as people do it on the pages."""

import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bridge.installation import Installation
from bridge.tickets import queries as tickets
from bridge.tickets.models import Ticket
from tests import builders
from tests.builders import MONDAY_9_UTC as NOW
from tests.builders import later
from tests.dashboard import world


@pytest.fixture
def number(desk: Installation) -> int:
    """A ticket that nobody has."""
    return world.open_problem(desk, later(-5), NOW)


def ticket(desk: Installation, number: int) -> Ticket:
    with builders.looking(desk) as session:
        return tickets.ticket(session, number)


def kinds(desk: Installation, number: int) -> list[str]:
    with builders.looking(desk) as session:
        return builders.journal_kinds(session, number)


def do(client: FlaskClient, number: int, work: str, **form: str) -> TestResponse:
    form |= {"csrf_token": world.csrf(client, f"/tickets/{number}/work")}
    return client.post(f"/tickets/{number}/work/{work}", data=form)


@pytest.mark.parametrize(
    ("work", "form", "event"),
    [
        pytest.param("answer", {"text": "Wir kommen.", "via": "phone"}, "answered", id="answer"),
        pytest.param("wait", {"for": "customer", "text": "Welcher?"}, "waiting", id="wait"),
        pytest.param("wait", {"for": "third_party", "text": "DSL"}, "waiting", id="wait for DSL"),
        pytest.param(
            "priority", {"priority": "P1", "text": "alle"}, "priority_changed", id="priority"
        ),
        pytest.param("class", {"class": "request"}, "class_changed", id="class"),
        pytest.param(
            "contract", {"contract": "nordlicht-office"}, "contract_changed", id="contract"
        ),
        pytest.param("escalate", {}, "escalated", id="escalate"),
        pytest.param("hand-over", {"to": "ben"}, "handover_asked", id="hand over"),
        pytest.param("snooze", {"minutes": "60"}, "escalation_held", id="snooze"),
        pytest.param("snooze", {"until": "2026-11-23T20:00"}, "escalation_held", id="snooze till"),
    ],
)
def test_each_form_does_what_it_says_and_shows_the_ticket(
    anna: FlaskClient, desk: Installation, number: int, work: str, form: dict[str, str], event: str
) -> None:
    answer = do(anna, number, work, **form)

    assert (answer.status_code, answer.location) == (303, f"/tickets/{number}")
    assert event in kinds(desk, number)


def test_a_ticket_that_waits_can_go_on(anna: FlaskClient, desk: Installation, number: int) -> None:
    do(anna, number, "wait", **{"for": "third_party", "text": "Telekom"})
    assert ticket(desk, number).state == "waiting"

    assert do(anna, number, "go-on").status_code == 303

    assert ticket(desk, number).state == "open"


def test_a_ticket_goes_into_another(anna: FlaskClient, desk: Installation, number: int) -> None:
    other = world.open_problem(desk, later(-4), NOW, service="smtp")

    assert do(anna, other, "merge", into=f"#{number}").status_code == 303

    assert ticket(desk, other).merged_into == number


@pytest.mark.parametrize(
    ("work", "form", "why"),
    [
        pytest.param("answer", {"text": " ", "via": "phone"}, "A few words", id="no words"),
        pytest.param(
            "answer",
            {"text": "kept text", "via": "phone", "at": "2030-01-01T09:00"},
            "That moment cannot be right",
            id="still to come",
        ),
        pytest.param("merge", {"into": "99"}, "no ticket with this number", id="no such ticket"),
        pytest.param("merge", {"into": "x"}, "no ticket with this number", id="no number"),
        pytest.param("contract", {"contract": "none"}, "Choose a contract", id="no contract"),
        pytest.param("priority", {"priority": "P9", "text": "x"}, "not one of the", id="P9"),
    ],
)
def test_what_is_refused_comes_back_with_the_reason_and_the_text(
    anna: FlaskClient, desk: Installation, number: int, work: str, form: dict[str, str], why: str
) -> None:
    before = kinds(desk, number)

    answer = do(anna, number, work, **form)

    html = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert why in html
    assert form.get("text", "").strip() in html
    assert kinds(desk, number) == before


def test_a_time_is_local_to_the_customer(
    anna: FlaskClient, desk: Installation, number: int
) -> None:
    """Nine in UTC is ten in Berlin; the call was two minutes before, in the customer's time."""
    do(anna, number, "answer", text="Am Telefon", via="phone", at="2026-11-23T09:58")

    with builders.looking(desk) as session:
        entry = next(e for e in tickets.journal(session, number) if e.kind == "answered")
    assert entry.at == later(-2)


def test_only_managers_correct_clocks(
    anna: FlaskClient, lea: FlaskClient, desk: Installation, number: int
) -> None:
    form = {"clock": "response.1", "what": "cancel", "text": "Test der Überwachung"}

    refused, done = do(anna, number, "correct", **form), do(lea, number, "correct", **form)

    assert (refused.status_code, done.status_code) == (403, 303)
    assert "clock_corrected" in kinds(desk, number)


def test_who_may_only_look_sees_no_forms(reader: FlaskClient, number: int) -> None:
    assert reader.get(f"/tickets/{number}/work").status_code == 403
    assert reader.get("/tickets/new").status_code == 403


def opening(client: FlaskClient, **form: str) -> TestResponse:
    html = client.get("/tickets/new").get_data(as_text=True)
    found = re.search(r'name="key" value="(\w+)"', html)
    assert found is not None
    form = {"key": found.group(1), "csrf_token": world.csrf(client, "/tickets/new")} | form
    return client.post("/tickets/new", data=form)


def opened(desk: Installation) -> Ticket:
    with builders.looking(desk) as session:
        return builders.the_ticket(session)


def test_a_call_becomes_a_ticket_with_a_target_and_no_guarantee(
    anna: FlaskClient, desk: Installation
) -> None:
    answer = opening(anna, title="Drucker", contract="acme-care", author="Frau Beispiel")

    one = opened(desk)
    assert (answer.status_code, answer.location) == (303, f"/tickets/{one.number}")
    assert (one.title, one.source, one.ticket_class, one.priority, one.address) == (
        "Drucker",
        "phone",
        "request",
        "P3",
        None,
    )


def test_the_contract_address_says_whose_it_is(anna: FlaskClient, desk: Installation) -> None:
    opening(anna, title="Drucker", address="acme-247@desk.example", **{"class": "fault"})

    assert opened(desk).address == "acme-247@desk.example"


def test_the_same_form_sent_twice_opens_one_ticket(anna: FlaskClient, desk: Installation) -> None:
    answers = [opening(anna, title="Drucker", key="abc") for _ in range(2)]

    assert {one.location for one in answers} == {f"/tickets/{opened(desk).number}"}


def test_without_a_title_the_rest_comes_back(anna: FlaskClient, desk: Installation) -> None:
    answer = opening(anna, title=" ", text="was gesagt wurde")

    assert answer.status_code == 400
    assert "was gesagt wurde" in answer.get_data(as_text=True)
    with builders.looking(desk) as session:
        assert builders.all_tickets(session) == []
