"""What notifications of Icinga do to tickets, clocks and escalations."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bridge.flows import answers
from bridge.icinga.models import Problem, Source, TicketProblem
from bridge.installation import Installation
from bridge.oncall.models import Run
from bridge.outbox.models import OutboxEntry
from bridge.sla.models import Clock
from bridge.tickets.models import JournalEntry
from tests.builders import (
    EXAMPLE,
    MONDAY_9_UTC,
    all_tickets,
    apply_desk,
    fire,
    hear,
    journal_kinds,
    later,
    looking,
    notification,
    the_ticket,
)

AT = MONDAY_9_UTC


@pytest.fixture
def desk(installation: Installation) -> Installation:
    """An installation with the desk file of the tests."""
    apply_desk(installation)
    return installation


def test_a_problem_opens_one_ticket_with_priority_contract_and_running_clock(
    desk: Installation,
) -> None:
    hear(desk, notification(since=later(-2)), now=later(0))

    with looking(desk) as session:
        ticket = the_ticket(session)
        clock = session.scalars(select(Clock)).one()
        assert (ticket.number, ticket.title, ticket.state) == (10001, "web01 / http", "open")
        assert (ticket.priority, ticket.ticket_class) == ("P2", "fault")
        assert ticket.customer is not None
        assert ticket.customer.name == "ACME GmbH"
        assert clock.started_at == later(-2)
        assert clock.due_at == later(58)
        assert (clock.state, clock.guaranteed, clock.target_minutes) == ("running", True, 60)
        assert journal_kinds(session, 10001) == ["opened", "clock_started", "escalation_started"]


def test_the_same_notification_twice_changes_nothing(desk: Installation) -> None:
    said = notification()

    hear(desk, said)
    with looking(desk) as session:
        before = journal_kinds(session, 10001)
    again = dict(said, id="other")
    hear(desk, again)

    with looking(desk) as session:
        assert [ticket.number for ticket in all_tickets(session)] == [10001]
        assert journal_kinds(session, 10001) == before


@pytest.mark.parametrize(
    ("about", "priority"),
    [
        pytest.param({"service": None}, "P1", id="host down"),
        pytest.param({"state": "CRITICAL"}, "P2", id="critical"),
        pytest.param({"state": "UNKNOWN"}, "P3", id="unknown"),
        pytest.param({"state": "WARNING"}, "P4", id="warning"),
        pytest.param({"vars": {"priority": 1}}, "P1", id="the object's own wish"),
        pytest.param({"state": "WARNING", "vars": {"priority": "P2"}}, "P2", id="the wish as text"),
        pytest.param({"vars": {"impact": "high"}}, "P1", id="high impact"),
        pytest.param({"vars": {"impact": "low"}}, "P3", id="low impact"),
        pytest.param({"service": None, "vars": {"impact": "high"}}, "P1", id="never above P1"),
        pytest.param({"vars": {"priority": 3, "impact": "high"}}, "P3", id="a wish beats impact"),
        pytest.param({"vars": {"priority": 9}}, "P2", id="a wish that makes no sense is left out"),
    ],
)
def test_priority_follows_state_wish_and_impact(
    desk: Installation, about: dict[str, Any], priority: str
) -> None:
    hear(desk, notification(**about))

    with looking(desk) as session:
        assert the_ticket(session).priority == priority


@pytest.mark.parametrize(
    ("wishes", "contract", "guaranteed", "reason"),
    [
        pytest.param({"address": "acme-247@desk.example"}, "acme-care", True, None, id="address"),
        pytest.param({"address": "ACME-247@Desk.Example"}, "acme-care", True, None, id="any case"),
        pytest.param({"customer": "1001"}, "acme-care", False, None, id="customer: no guarantee"),
        pytest.param({"customer": 1001}, "acme-care", False, None, id="the customer as a number"),
        pytest.param(
            {"address": "wrong@desk.example", "customer": "1001"},
            "acme-care",
            False,
            "unknown_address",
            id="wrong address, right customer",
        ),
        pytest.param({"customer": "77"}, None, None, "unknown_customer", id="unknown customer"),
        pytest.param({}, None, None, "no_address", id="nothing said"),
    ],
)
def test_the_contract_is_found_by_address_then_customer(
    desk: Installation,
    wishes: dict[str, Any],
    contract: str | None,
    guaranteed: bool | None,
    reason: str | None,
) -> None:
    hear(desk, notification(vars=wishes))

    with looking(desk) as session:
        ticket = the_ticket(session)
        clock = session.scalar(select(Clock))
        opened = session.scalars(select(JournalEntry).where(JournalEntry.kind == "opened")).one()
        assert (ticket.contract.label if ticket.contract else None) == contract
        assert (clock.guaranteed if clock else None) == guaranteed
        assert opened.data["unassigned"] == reason


def test_an_object_that_opts_out_opens_nothing(desk: Installation) -> None:
    hear(desk, notification(vars={"enabled": False, "customer": "1001"}))

    with looking(desk) as session:
        assert all_tickets(session) == []


def test_recovery_resolves_cancels_the_clock_and_ends_the_escalation(desk: Installation) -> None:
    hear(desk, notification())
    hear(desk, notification("RECOVERY", later(10)))

    with looking(desk) as session:
        ticket = the_ticket(session)
        clock = session.scalars(select(Clock)).one()
        run = session.scalars(select(Run)).one()
        assert (ticket.state, ticket.resolved_at) == ("resolved", later(10))
        assert ticket.close_due_at == later(15)
        assert (clock.state, clock.stopped_at) == ("cancelled", later(10))
        assert (run.state, run.end_reason) == ("ended", "recovered")


def test_a_recovery_past_due_is_a_missed_response(desk: Installation) -> None:
    hear(desk, notification())
    hear(desk, notification("RECOVERY", later(61)))

    with looking(desk) as session:
        clock = session.scalars(select(Clock)).one()
        assert (clock.state, clock.stopped_at) == ("missed", later(61))
        assert clock.frozen is not None
        assert clock.frozen["consumed_seconds"] == 61 * 60


def test_problem_and_recovery_in_one_batch_open_and_resolve(desk: Installation) -> None:
    hear(desk, notification(), notification("RECOVERY", later(1)), now=later(2))

    with looking(desk) as session:
        assert the_ticket(session).state == "resolved"


def test_out_of_order_in_one_batch_is_put_in_order(desk: Installation) -> None:
    hear(desk, notification("RECOVERY", later(1)), notification(), now=later(2))

    with looking(desk) as session:
        assert the_ticket(session).state == "resolved"


def test_a_recovery_without_ticket_is_remembered(desk: Installation) -> None:
    hear(desk, notification("RECOVERY", later(1)))
    hear(desk, notification(), now=later(2))

    with looking(desk) as session:
        assert all_tickets(session) == []


def test_a_problem_that_says_ok_opens_nothing_and_asks_for_a_reconcile(desk: Installation) -> None:
    hear(desk, notification(state="OK"))

    with looking(desk) as session:
        source = session.scalars(select(Source)).one()
        assert all_tickets(session) == []
        assert source.reconcile_asked_at == AT


def test_an_older_state_never_overwrites_a_newer_one(desk: Installation) -> None:
    hear(desk, notification(at=later(5)))
    hear(desk, notification(at=later(1), state="WARNING"), now=later(6))

    with looking(desk) as session:
        about = session.scalars(select(TicketProblem)).one()
        assert about.state == "CRITICAL"


def test_worsening_raises_and_improvement_keeps_the_priority(desk: Installation) -> None:
    hear(desk, notification(state="WARNING"))
    hear(desk, notification(at=later(10)))
    hear(desk, notification(at=later(20), state="WARNING"))

    with looking(desk) as session:
        ticket = the_ticket(session)
        about = session.scalars(select(TicketProblem)).one()
        clock = session.scalars(select(Clock)).one()
        assert (ticket.priority, about.state) == ("P2", "WARNING")
        # P4 gave 8 h; the upgrade counts the hour of P2 from the moment of the change.
        assert clock.due_at == later(70)
        assert clock.target_minutes == 60


def test_a_new_problem_within_the_window_reopens_the_ticket(desk: Installation) -> None:
    hear(desk, notification())
    hear(desk, notification("RECOVERY", later(10)))
    hear(desk, notification(at=later(40)))

    with looking(desk) as session:
        ticket = the_ticket(session)
        clocks = session.scalars(select(Clock).order_by(Clock.started_at)).all()
        assert ticket.state == "open"
        assert ticket.resolved_at is None
        assert [clock.state for clock in clocks] == ["cancelled", "running"]
        assert clocks[1].started_at == later(40)


def test_a_new_problem_after_the_window_opens_a_new_linked_ticket(desk: Installation) -> None:
    hear(desk, notification())
    hear(desk, notification("RECOVERY", later(10)))
    hear(desk, notification(at=later(40.5)))

    with looking(desk) as session:
        first, second = all_tickets(session)
        problem = session.scalars(select(Problem)).one()
        assert second.follows_number == first.number
        assert problem.open_ticket == second.number


def test_equal_names_of_two_sources_do_not_mix(desk: Installation) -> None:
    hear(desk, notification())
    hear(desk, notification(), source="icinga-two")

    with looking(desk) as session:
        assert len(all_tickets(session)) == 2


@pytest.mark.parametrize(
    ("since", "started"),
    [
        pytest.param(later(-7 * 24 * 60), later(-7 * 24 * 60), id="seven days before"),
        pytest.param(later(-7 * 24 * 60 - 1), AT, id="more than seven days: at arrival"),
        pytest.param(later(5), later(5), id="five minutes ahead"),
        pytest.param(later(5.1), AT, id="more than five minutes ahead: at arrival"),
    ],
)
def test_an_implausible_start_is_the_arrival_and_flagged(
    desk: Installation, since: Any, started: Any
) -> None:
    hear(desk, notification(since=since), now=AT)

    with looking(desk) as session:
        clock = session.scalars(select(Clock)).one()
        assert clock.started_at == started
        assert (clock.flagged is not None) == (since != started)


def test_an_acknowledgement_in_icinga_stops_clock_and_pages(desk: Installation) -> None:
    hear(desk, notification())
    fire(desk, later(2))
    hear(desk, notification("ACKNOWLEDGEMENT", later(3), author="anna", comment="looking into it"))

    with looking(desk) as session:
        ticket = the_ticket(session)
        clock = session.scalars(select(Clock)).one()
        run = session.scalars(select(Run)).one()
        pages = session.scalars(select(OutboxEntry).where(OutboxEntry.door == "page")).all()
        assert (ticket.acknowledged_by, ticket.acknowledged_at) == ("Anna Beispiel", later(3))
        assert (clock.state, clock.stopped_at) == ("kept", later(3))
        assert run.state == "acknowledged"
        assert {page.state for page in pages} == {"cancelled"}
        assert not [one for one in pages if one.door == "icinga"]


def test_an_acknowledgement_that_comes_before_its_problem_opens_the_ticket(
    desk: Installation,
) -> None:
    hear(desk, notification("ACKNOWLEDGEMENT", author="nagiosadmin"))

    with looking(desk) as session:
        ticket = the_ticket(session)
        assert (ticket.acknowledged_by, ticket.state) == ("nagiosadmin", "open")


def test_a_custom_notification_is_a_comment(desk: Installation) -> None:
    hear(desk, notification())
    hear(desk, notification("CUSTOM", later(1), author="bob", comment="disk ordered"))

    with looking(desk) as session:
        entry = session.scalars(select(JournalEntry).where(JournalEntry.kind == "comment")).one()
        assert entry.words is not None
        assert (entry.words.author, entry.words.text) == ("bob", "disk ordered")


def test_an_unknown_type_does_no_harm_and_is_shown(desk: Installation) -> None:
    hear(desk, notification())
    hear(desk, notification("SOMETHINGNEW", later(1)))

    with looking(desk) as session:
        assert journal_kinds(session, 10001)[-1] == "unknown_notification"
        assert the_ticket(session).state == "open"


def test_a_downtime_holds_the_escalation_and_its_end_starts_it(desk: Installation) -> None:
    hear(desk, notification())
    hear(desk, notification("DOWNTIMESTART", later(0.5)))
    held = fire(desk, later(5))
    hear(desk, notification("DOWNTIMEEND", later(30)))
    fired = fire(desk, later(32))

    with looking(desk) as session:
        assert (held, fired) == (0, 1)
        assert "downtime_started" in journal_kinds(session, 10001)
        assert "downtime_ended" in journal_kinds(session, 10001)


def test_a_problem_that_starts_while_flapping_opens_its_ticket(desk: Installation) -> None:
    hear(desk, notification("FLAPPINGSTART", state="CRITICAL"))
    hear(desk, notification("FLAPPINGEND", later(20), state="OK"))

    with looking(desk) as session:
        assert the_ticket(session).state == "resolved"


def test_fallback_of_a_storm_is_one_ticket_per_object(desk: Installation) -> None:
    said = [notification(host=f"host{n:03}", at=later(n / 100)) for n in range(200)]

    hear(desk, *said, now=later(3))

    with looking(desk) as session:
        numbers = [ticket.number for ticket in all_tickets(session)]
        assert numbers == list(range(10001, 10201))


def test_a_ticket_solved_by_hand_reopens_when_the_problem_gets_worse(desk: Installation) -> None:
    hear(desk, notification(state="WARNING"))
    with desk.database.transaction() as session:
        directory = desk.directories.current(session)
        answers.resolve(session, directory, 10001, directory.people["anna"], "ok", later(1))
    hear(desk, notification(at=later(2)))

    with looking(desk) as session:
        assert the_ticket(session).state == "open"


def test_a_contract_that_is_not_valid_any_more_guarantees_nothing(
    installation: Installation,
) -> None:
    apply_desk(installation)
    hear(installation, notification(at=AT - timedelta(days=400)), now=AT - timedelta(days=400))

    with looking(installation) as session:
        assert the_ticket(session).contract is None


def test_a_priority_that_rises_to_a_promise_starts_its_clock(installation: Installation) -> None:
    text = EXAMPLE.read_text().replace(
        "response: {P1: 30m, P2: 1h, P3: 4h, P4: 8h}\n          page",
        "response: {P2: 1h}\n          page",
    )
    apply_desk(installation, text)
    hear(installation, notification(state="WARNING"))
    with looking(installation) as session:
        assert session.scalars(select(Clock)).all() == []
    hear(installation, notification(at=later(10)))

    with looking(installation) as session:
        clock = session.scalars(select(Clock)).one()
        assert (clock.started_at, clock.due_at) == (later(10), later(70))


def test_a_reopened_ticket_that_nobody_answered_gets_a_new_clock(
    installation: Installation,
) -> None:
    text = EXAMPLE.read_text().replace(
        "        policy: standby\n",
        "        policy: standby\n        response_met_by: {fault: answer}\n",
    )
    apply_desk(installation, text)
    hear(installation, notification())
    hear(installation, notification("ACKNOWLEDGEMENT", later(1), author="anna"))
    hear(installation, notification("RECOVERY", later(10)))
    hear(installation, notification(at=later(20)))

    with looking(installation) as session:
        states = session.scalars(select(Clock.state).order_by(Clock.started_at)).all()
        assert states == ["cancelled", "running"]


def test_a_ticket_reopened_by_hand_takes_its_problem_back(desk: Installation) -> None:
    hear(desk, notification())
    hear(desk, notification("RECOVERY", later(5)))
    with desk.database.transaction() as session:
        directory = desk.directories.current(session)
        answers.reopen(session, directory, 10001, directory.people["anna"], later(50))
    hear(desk, notification(at=later(60)))

    with looking(desk) as session:
        problem = session.scalars(select(Problem)).one()
        assert [ticket.number for ticket in all_tickets(session)] == [10001]
        assert problem.open_ticket == 10001


def test_an_acknowledgement_older_than_the_problem_takes_nobody_off_call(
    desk: Installation,
) -> None:
    hear(desk, notification())
    hear(desk, notification("ACKNOWLEDGEMENT", later(-30), author="bob"), now=later(1))

    with looking(desk) as session:
        assert the_ticket(session).acknowledged_by is None
        assert session.scalars(select(Run)).one().state == "live"


def test_a_late_start_of_a_downtime_that_is_over_holds_nothing(desk: Installation) -> None:
    hear(desk, notification())
    hear(desk, notification("DOWNTIMEEND", later(5)))
    hear(desk, notification("DOWNTIMESTART", later(2)), now=later(6))

    with looking(desk) as session:
        assert session.scalars(select(Problem)).one().in_downtime is False
        assert session.scalars(select(Run)).one().state == "live"


def test_a_problem_older_than_the_downtime_does_not_end_it(desk: Installation) -> None:
    hear(desk, notification("DOWNTIMESTART", later(2)))
    hear(desk, notification(at=later(1)), now=later(3))

    with looking(desk) as session:
        assert session.scalars(select(Problem)).one().in_downtime is True
        assert session.scalars(select(Run)).one().state == "held"


def test_an_acknowledgement_removed_in_a_downtime_pages_nobody(desk: Installation) -> None:
    hear(desk, notification())
    hear(desk, notification("ACKNOWLEDGEMENT", later(1), author="bob"))
    hear(desk, notification("DOWNTIMESTART", later(2)))
    hear(desk, notification("ACKNOWLEDGEMENTREMOVED", later(3)))

    with looking(desk) as session:
        assert the_ticket(session).acknowledged_by is None
        assert session.scalars(select(Run)).one().state == "held"
