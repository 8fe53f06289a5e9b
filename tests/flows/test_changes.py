"""What people change: priority, class, contract; merged tickets; corrections of the past."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from bridge.flows import answers, changes, conversation, corrections, listening, merging, requests
from bridge.flows.acting import EmptyText
from bridge.flows.conversation import NotThen
from bridge.flows.requests import NewRequest
from bridge.icinga.models import Problem
from bridge.installation import Installation
from bridge.oncall.models import Run
from bridge.tickets.lifecycle import WrongState
from bridge.tickets.models import JournalEntry, Ticket
from bridge.tickets.priority import UnknownPriority
from bridge.tickets.queries import UnknownTicket
from tests.builders import (
    act,
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
)

FIRST, SECOND = 10001, 10002
FULL = "full@desk.example"


@pytest.fixture
def desk(installation: Installation) -> Installation:
    """An installation whose customer was promised everything."""
    apply_desk(installation, full_desk())
    return installation


def called(desk: Installation, minutes: float, **more: Any) -> int:
    wanted = {"title": "Printer", "customer_number": "1001", "address": FULL} | more
    new = NewRequest(**wanted)
    number: int = act(desk, requests.open_request, new, person(desk), later(minutes)).number
    return number


def merge(desk: Installation, number: int, into: int, minutes: float) -> None:
    act(desk, merging.merge, number, person(desk), into, later(minutes))


def ticket_of(desk: Installation, number: int) -> Ticket:
    with looking(desk) as session:
        return session.get_one(Ticket, number)


def due(desk: Installation, number: int, clock: str = "response 1") -> datetime | None:
    with looking(desk) as session:
        return clocks_of(session, number)[clock].due_at


@pytest.mark.parametrize(
    ("wanted", "minutes"),
    [
        pytest.param("P1", 10 + 60, id="an upgrade counts from now"),
        pytest.param("P2", 10 + 120, id="and so does a small one"),
        pytest.param("P3", 240, id="the same again changes nothing"),
    ],
)
def test_another_priority_gives_another_target(
    desk: Installation, wanted: str, minutes: float
) -> None:
    number = called(desk, 0)

    for _ in range(2):
        act(desk, changes.change_priority, number, person(desk), wanted, "boss asked", later(10))

    assert due(desk, number) == later(minutes)
    with looking(desk) as session:
        assert journal_kinds(session, number).count("priority_changed") == (wanted != "P3")


def test_a_priority_needs_a_reason_and_has_to_exist(desk: Installation) -> None:
    number = called(desk, 0)

    with pytest.raises(EmptyText):
        act(desk, changes.change_priority, number, person(desk), "P1", " ", later(1))
    with pytest.raises(UnknownPriority, match="P1, P2, P3, P4"):
        act(desk, changes.change_priority, number, person(desk), "high", "so", later(1))
    act(desk, answers.resolve, number, person(desk), "done", later(2))
    with pytest.raises(WrongState, match="reopen"):
        act(desk, changes.change_priority, number, person(desk), "P1", "so", later(3))


def test_what_becomes_a_fault_is_counted_and_paged_as_one(desk: Installation) -> None:
    number = called(desk, 0, address="acme-247@desk.example", priority="P2")
    # In office hours: Monday 10:00 local, two hours.
    assert due(desk, number) == later(120)

    act(desk, changes.change_class, number, person(desk), "fault", later(10), priority="P1")

    assert due(desk, number) == later(40)
    with looking(desk) as session:
        assert session.scalars(select(Run)).one().state == "live"

    act(desk, changes.change_class, number, person(desk), "request", later(20))
    with looking(desk) as session:
        run = session.scalars(select(Run)).one()
        assert (run.state, run.end_reason) == ("ended", "class_changed")
    assert differing(desk) == []


@pytest.mark.parametrize(
    ("label", "guaranteed", "error"),
    [
        pytest.param("acme", False, requests.UnknownContract, id="unknown"),
        pytest.param("later", False, changes.ContractNotValid, id="not valid yet"),
        pytest.param("bare", True, changes.NoContractAddress, id="without address"),
    ],
)
def test_a_contract_that_promises_nothing_is_refused(
    installation: Installation, label: str, guaranteed: bool, error: type[Exception]
) -> None:
    more = (
        "      - {id: later, valid_from: 2027-01-01, fault: {calendar: always}}\n"
        "      - {id: bare, fault: {calendar: always, response: {P1: 1h}}}\n"
    )
    apply_desk(installation, full_desk().replace('  - number: "1002"', more + '  - number: "1002"'))
    number = called(installation, 0)
    given = (number, person(installation), label, later(5))

    with pytest.raises(error):
        act(installation, changes.change_contract, *given, guaranteed=guaranteed)


def test_an_unassigned_problem_gets_its_contract_and_its_promise(desk: Installation) -> None:
    hear(desk, notification(vars={}))
    with looking(desk) as session:
        assert clocks_of(session, FIRST) == {}

    for _ in range(2):
        act(desk, changes.change_contract, FIRST, person(desk), "acme-full", later(10))

    with looking(desk) as session:
        clock = clocks_of(session, FIRST)["response 1"]
        assert (clock.started_at, clock.due_at, clock.guaranteed) == (later(10), later(70), False)
        assert journal_kinds(session, FIRST).count("contract_changed") == 1
        customer = session.get_one(Ticket, FIRST).customer
        assert customer is not None
        assert customer.number == "1001"


def test_a_person_may_say_that_it_came_through_the_address(desk: Installation) -> None:
    hear(desk, notification(vars={"address": "typo@desk.example", "customer": "1001"}))

    given = (FIRST, person(desk), "acme-full", later(10))
    act(desk, changes.change_contract, *given, guaranteed=True)

    with looking(desk) as session:
        assert clocks_of(session, FIRST)["response 1"].guaranteed
        assert session.get_one(Ticket, FIRST).address == FULL
    assert differing(desk) == []


def test_the_survivor_takes_the_earlier_due(desk: Installation) -> None:
    first, second = called(desk, 0), called(desk, 60)

    merge(desk, first, second, 70)
    merge(desk, first, second, 71)

    merged = ticket_of(desk, first)
    assert (merged.state, merged.merged_into) == ("merged", second)
    assert due(desk, second) == later(240)
    with looking(desk) as session:
        assert clocks_of(session, first)["response 1"].state == "merged"
        assert journal_kinds(session, second).count("absorbed") == 1
    assert differing(desk) == []


@pytest.mark.parametrize(
    ("into", "error"),
    [
        pytest.param(FIRST, merging.SameTicket, id="itself"),
        pytest.param(SECOND, merging.TwoCustomers, id="another customer's"),
        pytest.param(10003, WrongState, id="one that is over"),
        pytest.param(10099, UnknownTicket, id="one that is not there"),
    ],
)
def test_a_ticket_goes_into_no(desk: Installation, into: int, error: type[Exception]) -> None:
    called(desk, 0)
    called(desk, 0, customer_number="1002", address=None)
    act(desk, answers.resolve, called(desk, 0), person(desk), "done", later(1))

    with pytest.raises(error):
        merge(desk, FIRST, into, 5)


def test_what_is_said_about_a_merged_ticket_is_about_the_other(desk: Installation) -> None:
    first, second = called(desk, 0), called(desk, 1)
    merge(desk, first, second, 5)

    given = (first, "<1@mail>", "mail", FULL, "and?", later(10), later(10))
    wrote = act(desk, listening.customer_wrote, *given)
    sent = act(desk, conversation.answer_accepted, first, 7, later(20), later(20))

    assert (wrote.number, sent.number) == (second, second)
    with looking(desk) as session:
        assert clocks_of(session, second)["response 1"].state == "kept"


def test_a_ticket_of_two_problems_is_resolved_with_the_last_of_them(desk: Installation) -> None:
    hear(desk, notification(host="a"), notification(host="b"))
    merge(desk, FIRST, SECOND, 5)

    hear(desk, notification("RECOVERY", later(10), host="b"))
    assert ticket_of(desk, SECOND).state == "open"
    hear(desk, notification("RECOVERY", later(20), host="a"))

    assert ticket_of(desk, SECOND).state == "resolved"
    with looking(desk) as session:
        runs = {run.ticket_number: run.end_reason for run in session.scalars(select(Run))}
        assert runs == {FIRST: "merged", SECOND: "recovered"}
    hear(desk, notification(at=later(30), host="a"))
    assert ticket_of(desk, SECOND).state == "open"
    assert ticket_of(desk, FIRST).state == "merged"
    assert differing(desk) == []


def test_both_recoveries_in_one_batch_resolve_it_too(desk: Installation) -> None:
    hear(desk, notification(host="a"), notification(host="b"))
    merge(desk, FIRST, SECOND, 5)

    hear(
        desk,
        notification("RECOVERY", later(10), host="b"),
        notification("RECOVERY", later(10), host="a"),
    )

    assert ticket_of(desk, SECOND).state == "resolved"


def test_a_problem_that_grows_worse_raises_the_ticket_it_went_into(desk: Installation) -> None:
    for host in ("a", "b"):
        hear(desk, notification(host=host, state="WARNING"))
    merge(desk, FIRST, SECOND, 5)

    hear(desk, notification(host="a", at=later(10)))

    assert ticket_of(desk, SECOND).priority == "P2"
    with looking(desk) as session:
        statement = select(JournalEntry.data).where(JournalEntry.kind == "state_changed")
        said = session.scalars(statement).one()
        assert (said["host"], said["to"]) == ("a", "CRITICAL")


def test_a_recovery_leaves_to_people_what_a_customer_asked(desk: Installation) -> None:
    hear(desk, notification(vars={"address": FULL}))
    second = called(desk, 5)
    merge(desk, FIRST, second, 10)

    hear(desk, notification("RECOVERY", later(20)))

    assert ticket_of(desk, second).state == "open"
    with looking(desk) as session:
        assert session.scalars(select(Problem)).one().open_ticket is None
        assert "state_changed" in journal_kinds(session, second)


@pytest.mark.parametrize(
    ("more", "state"),
    [
        pytest.param({"stopped_at": later(60)}, "kept", id="it was answered in time"),
        pytest.param({"started_at": later(150)}, "kept", id="it began later"),
        pytest.param({"cancel": True}, "cancelled", id="it does not count"),
    ],
)
def test_a_correction_changes_a_finished_clock_and_says_who_and_why(
    desk: Installation, more: dict[str, Any], state: str
) -> None:
    number = called(desk, 0)
    act(desk, conversation.answer, number, person(desk), "so", "phone", later(300))
    given = (number, person(desk), "response", 1, "he called at ten", later(400))

    for _ in range(2):
        act(desk, corrections.correct_clock, *given, **more)

    with looking(desk) as session:
        assert clocks_of(session, number)["response 1"].state == state
        written = select(JournalEntry).where(JournalEntry.kind == "clock_corrected")
        entry = session.scalars(written).one()
        assert entry.words is not None
        assert entry.words.text == "he called at ten"
        assert entry.actor == f"staff:{person(desk).id}"
    assert differing(desk) == []


@pytest.mark.parametrize(
    ("kind", "reason", "more", "error"),
    [
        pytest.param("response", " ", {"cancel": True}, EmptyText, id="no reason"),
        pytest.param("response", "so", {}, corrections.WhatToCorrect, id="nothing"),
        pytest.param(
            "response",
            "so",
            {"cancel": True, "stopped_at": later(1)},
            corrections.WhatToCorrect,
            id="two things",
        ),
        pytest.param("response", "so", {"stopped_at": later(99)}, NotThen, id="to come"),
        pytest.param("response", "so", {"stopped_at": later(-1)}, NotThen, id="before it began"),
        pytest.param("update", "so", {"cancel": True}, corrections.UnknownClock, id="no clock"),
    ],
)
def test_a_correction_that_cannot_be_is_refused(
    desk: Installation, kind: str, reason: str, more: dict[str, Any], error: type[Exception]
) -> None:
    number = called(desk, 0)

    with pytest.raises(error):
        act(
            desk, corrections.correct_clock, number, person(desk), kind, 1, reason, later(9), **more
        )
