"""Answers, messages and waiting: what is refused, what is done once, what begins again."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bridge.flows import answers, conversation, listening, requests, waiting, waiting_ends
from bridge.flows.acting import EmptyText
from bridge.flows.conversation import NotThen, UnknownWay
from bridge.flows.requests import NewRequest
from bridge.flows.waiting import UnknownWaiting
from bridge.installation import Installation
from bridge.oncall.models import Run
from bridge.tickets.lifecycle import WrongState
from bridge.tickets.models import JournalEntry, Ticket
from bridge.tickets.priority import UnknownPriority
from tests.builders import (
    act,
    all_tickets,
    apply_desk,
    clocks_of,
    differing,
    full_desk,
    hear,
    journal_kinds,
    later,
    looking,
    notification,
    person,
    the_ticket,
)

NUMBER = 10001
FULL = "full@desk.example"
DAYS = 24 * 60


@pytest.fixture
def desk(installation: Installation) -> Installation:
    """An installation with a ticket that was called in, and promises for everything."""
    apply_desk(installation, full_desk())
    new = NewRequest("Printer", "does not print", "1001", address=FULL, author="Frau Muster")
    act(installation, requests.open_request, new, person(installation), later(0))
    return installation


def answer(desk: Installation, minutes: float, **more: Any) -> None:
    anna = person(desk)
    act(desk, conversation.answer, NUMBER, anna, "so it is", "phone", later(minutes), **more)


def wrote(desk: Installation, minutes: float, key: str = "1", address: str = FULL) -> Ticket:
    given = (f"<{key}@mail>", "mail", address, "and?", later(minutes), later(minutes))
    found: Ticket = act(desk, listening.customer_wrote, NUMBER, *given, author="Frau Muster")
    return found


def resolve(desk: Installation, minutes: float) -> None:
    act(desk, answers.resolve, NUMBER, person(desk), "switched on", later(minutes))


@pytest.mark.parametrize(
    ("text", "via", "minutes", "error"),
    [
        pytest.param(" ", "phone", 5, EmptyText, id="no words"),
        pytest.param("so", "pigeon", 5, UnknownWay, id="no such way"),
        pytest.param("so", "phone", 11, NotThen, id="in the future"),
        pytest.param("so", "phone", -1, NotThen, id="before the ticket was there"),
    ],
)
def test_an_answer_that_cannot_be_is_refused(
    desk: Installation, text: str, via: str, minutes: float, error: type[Exception]
) -> None:
    given = (NUMBER, person(desk), text, via, later(10))

    with pytest.raises(error):
        act(desk, conversation.answer, *given, at=later(minutes))


def test_a_call_that_is_logged_twice_is_one_answer(desk: Installation) -> None:
    answer(desk, 10, at=later(5))
    answer(desk, 11, at=later(5))

    with looking(desk) as session:
        assert journal_kinds(session, NUMBER).count("answered") == 1
        assert clocks_of(session, NUMBER)["response 1"].stopped_at == later(5)


def test_a_closed_ticket_is_not_answered(desk: Installation) -> None:
    resolve(desk, 5)
    with desk.database.transaction() as session:
        answers.close(session, NUMBER, person(desk), later(6))

    with pytest.raises(WrongState, match="closed"):
        answer(desk, 7)


def test_an_answer_that_came_back_before_it_was_accepted_never_counts(desk: Installation) -> None:
    act(desk, conversation.answer_undeliverable, NUMBER, 7, "550 5.1.1", later(5))
    act(desk, conversation.answer_undeliverable, NUMBER, 7, "550 5.1.1", later(6))
    act(desk, conversation.answer_accepted, NUMBER, 7, later(4), later(7))

    with looking(desk) as session:
        kinds = journal_kinds(session, NUMBER)
        assert (kinds.count("answer_withdrawn"), kinds.count("answered")) == (1, 0)
        assert clocks_of(session, NUMBER)["response 1"].state == "running"


def test_waiting_for_the_customer_needs_an_answer(desk: Installation) -> None:
    with pytest.raises(EmptyText):
        act(desk, waiting.wait, NUMBER, person(desk), "customer", later(5))


@pytest.mark.parametrize(
    ("for_", "until", "error"),
    [
        pytest.param("godot", None, UnknownWaiting, id="for nobody we know"),
        pytest.param("third_party", later(5), NotThen, id="until now"),
    ],
)
def test_waiting_for_nothing_is_refused(
    desk: Installation, for_: str, until: Any, error: type[Exception]
) -> None:
    with pytest.raises(error):
        act(desk, waiting.wait, NUMBER, person(desk), for_, later(5), until=until)


def test_waiting_ends_at_its_time_whenever_we_look(desk: Installation) -> None:
    given = (NUMBER, person(desk), "customer", later(5))
    act(desk, waiting.wait, *given, until=later(65), text="Which one?")

    early = act(desk, waiting_ends.end_due, later(64), 10)
    late = act(desk, waiting_ends.end_due, later(300), 10)

    with looking(desk) as session:
        ticket = the_ticket(session)
        assert (early, late) == (0, 1)
        assert (ticket.state, ticket.waiting_for, ticket.waiting_until) == ("open", None, None)
        solution = clocks_of(session, NUMBER)["solution 1"]
        assert solution.pauses == [["2026-11-23T09:05:00Z", "2026-11-23T10:05:00Z"]]
        assert solution.due_at == later(48 * 60 + 60)


def test_going_on_twice_is_once(desk: Installation) -> None:
    act(desk, waiting.wait, NUMBER, person(desk), "third_party", later(5), text="ordered")
    for minutes in (10, 11):
        act(desk, waiting.go_on, NUMBER, person(desk), later(minutes))

    with looking(desk) as session:
        assert journal_kinds(session, NUMBER).count("waiting_ended") == 1
        assert the_ticket(session).state == "open"


def test_a_returned_answer_ends_the_waiting_for_a_reply_to_it(desk: Installation) -> None:
    act(desk, waiting.wait, NUMBER, person(desk), "customer", later(5), text="Which one?")
    with looking(desk) as session:
        statement = select(JournalEntry.data).where(JournalEntry.kind == "answered")
        answer_id = session.scalars(statement).one()["answer"]

    act(desk, conversation.answer_undeliverable, NUMBER, answer_id, "5.1.1", later(30))

    with looking(desk) as session:
        assert the_ticket(session).state == "open"
        states = {name: one.state for name, one in clocks_of(session, NUMBER).items()}
        assert states == {"response 1": "running", "solution 1": "running"}
        # The customer never got the question, so that nothing was ever waited for.
        assert clocks_of(session, NUMBER)["solution 1"].pauses == []
    assert differing(desk) == []


def test_a_message_counts_once(desk: Installation) -> None:
    answer(desk, 5)
    wrote(desk, 10)
    wrote(desk, 20)

    with looking(desk) as session:
        assert journal_kinds(session, NUMBER).count("customer_wrote") == 1


def test_a_message_inside_the_window_opens_the_ticket_again(desk: Installation) -> None:
    resolve(desk, 60)
    with desk.database.transaction() as session:
        answers.close(session, NUMBER, person(desk), later(70))

    assert wrote(desk, 60 + 7 * DAYS).number == NUMBER

    with looking(desk) as session:
        clocks = clocks_of(session, NUMBER)
        assert the_ticket(session).state == "open"
        assert clocks["response 1"].state == "kept"
        assert clocks["solution 1"].state == "running"
        # The gap is a pause: what was left of the 48 hours is left still.
        assert clocks["solution 1"].due_at == later(48 * 60) + timedelta(days=7)
    assert differing(desk) == []


def test_a_message_after_the_window_is_followed_by_a_linked_ticket(desk: Installation) -> None:
    resolve(desk, 60)

    new = wrote(desk, 61 + 7 * DAYS)
    again = wrote(desk, 62 + 7 * DAYS)

    with looking(desk) as session:
        old, follower = all_tickets(session)
        assert (new.number, again.number) == (follower.number, follower.number)
        assert (old.state, follower.follows_number) == ("resolved", NUMBER)
        assert (follower.title, follower.source, follower.priority) == ("Printer", "mail", "P3")
        assert clocks_of(session, follower.number)["response 1"].guaranteed


def test_a_guarantee_begins_with_the_message_through_a_contract_address(
    installation: Installation,
) -> None:
    apply_desk(installation, full_desk())
    new = NewRequest("Printer", customer_number="1001", contract_label="acme-full")
    act(installation, requests.open_request, new, person(installation), later(0))

    wrote(installation, 30)

    with looking(installation) as session:
        found = clocks_of(session, NUMBER)
        told = [(n, c.state, c.guaranteed, c.started_at) for n, c in found.items()]
        assert ("response 1", "cancelled", False, later(0)) in told
        assert ("response 2", "running", True, later(30)) in told
        assert found["response 2"].due_at == later(30 + 240)
        assert the_ticket(session).address == FULL


def test_another_customers_address_guarantees_nothing(desk: Installation) -> None:
    with desk.database.transaction() as session:
        session.get_one(Ticket, NUMBER).address = None

    wrote(desk, 5, address="nordlicht@desk.example")

    with looking(desk) as session:
        statement = select(JournalEntry.data).where(JournalEntry.kind == "customer_wrote")
        said = session.scalars(statement).one()
        assert (said["guaranteed"], said["contract"]) == (False, None)
        assert the_ticket(session).address is None


def test_a_message_about_a_fault_that_came_back_goes_to_the_newer_ticket(
    installation: Installation,
) -> None:
    apply_desk(installation, full_desk())
    hear(installation, notification())
    hear(installation, notification("RECOVERY", later(5)))
    hear(installation, notification(at=later(60)))

    assert wrote(installation, 90).number == 10002


def test_a_reopened_fault_pages_again(installation: Installation) -> None:
    apply_desk(installation, full_desk())
    hear(installation, notification())
    hear(installation, notification("RECOVERY", later(5)))

    wrote(installation, 60, address="acme-247@desk.example")

    with looking(installation) as session:
        runs = session.scalars(select(Run).order_by(Run.id)).all()
        assert [run.state for run in runs] == ["ended", "live"]
        assert clocks_of(session, NUMBER)["response 2"].started_at == later(60)


@pytest.mark.parametrize(
    ("arrived", "counts"),
    [
        pytest.param(later(-7 * DAYS), later(-7 * DAYS), id="seven days ago"),
        pytest.param(later(-7 * DAYS - 1), later(0), id="longer ago: now"),
        pytest.param(later(1), later(0), id="to come: now"),
    ],
)
def test_a_call_that_cannot_be_counts_from_now_and_is_flagged(
    installation: Installation, arrived: Any, counts: Any
) -> None:
    apply_desk(installation, full_desk())
    new = NewRequest("Printer", customer_number="1001", address=FULL, called_at=arrived)

    ticket = act(installation, requests.open_request, new, person(installation), later(0))

    with looking(installation) as session:
        clock = clocks_of(session, ticket.number)["response 1"]
        assert clock.started_at == counts
        assert (clock.flagged is not None) == (arrived != counts)


@pytest.mark.parametrize(
    ("more", "error"),
    [
        pytest.param({"title": " "}, EmptyText, id="no title"),
        pytest.param({"customer_number": "77"}, requests.UnknownCustomer, id="unknown customer"),
        pytest.param({"contract_label": "acme"}, requests.UnknownContract, id="unknown contract"),
        pytest.param(
            {"contract_label": "nordlicht-office"}, requests.OtherCustomer, id="others' contract"
        ),
        pytest.param(
            {"address": "nordlicht@desk.example"}, requests.OtherCustomer, id="others' address"
        ),
        pytest.param({"ticket_class": "wish"}, requests.UnknownClass, id="unknown class"),
        pytest.param({"priority": "P9"}, UnknownPriority, id="unknown priority"),
        pytest.param({"source": "pigeon"}, requests.UnknownSource, id="unknown source"),
    ],
)
def test_a_request_that_cannot_be_is_refused(
    installation: Installation, more: dict[str, Any], error: type[Exception]
) -> None:
    apply_desk(installation, full_desk())
    wanted: dict[str, Any] = {"title": "Printer", "customer_number": "1001"} | more

    with pytest.raises(error):
        act(installation, requests.open_request, NewRequest(**wanted), None, later(0))


@pytest.mark.parametrize(
    ("more", "contract", "guaranteed"),
    [
        pytest.param({"address": FULL}, "acme-full", True, id="through the address"),
        pytest.param({"contract_label": "acme-full"}, "acme-full", False, id="chosen by hand"),
        pytest.param({}, "acme-care", False, id="the customer's first"),
        pytest.param({"customer_number": None}, None, None, id="nobody's"),
    ],
)
def test_a_request_is_guaranteed_only_through_a_contract_address(
    installation: Installation, more: dict[str, Any], contract: str | None, guaranteed: bool | None
) -> None:
    apply_desk(installation, full_desk())
    wanted: dict[str, Any] = {"title": "Printer", "customer_number": "1001"} | more

    act(installation, requests.open_request, NewRequest(**wanted), None, later(0))

    with looking(installation) as session:
        ticket = the_ticket(session)
        clock = clocks_of(session, ticket.number).get("response 1")
        assert (ticket.contract.label if ticket.contract else None) == contract
        assert (clock.guaranteed if clock else None) == guaranteed
        assert ticket.priority == "P3"
