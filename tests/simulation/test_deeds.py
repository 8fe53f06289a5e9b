"""What people may do in a simulation: everything that programs may do by the API."""

import re
from typing import Any

import pytest
from flask import Flask

from bridge.simulation.deeds import ACTIONS
from bridge.simulation.events import EventsRefused
from tests.builders import later, notification
from tests.simulation.world import action, played

CRITICAL = notification(at=later(0))
OPENING = {
    "at": "2026-11-23T09:00:00Z",
    "action": "open",
    "actor": "ben",
    "title": "a new laptop",
    "address": "acme-247@desk.example",
}


def test_every_action_of_the_api_can_be_simulated(app: Flask) -> None:
    paths = [rule.rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())]
    found = [re.fullmatch(r"/api/v1/tickets/<[^>]*>/([\w-]+)", path) for path in paths]

    missing = {one[1] for one in found if one} - set(ACTIONS)

    # Time spent is booked on a contract, and changes no clock.
    assert missing - {"time-entries"} == set()
    assert sum(one is not None for one in found) > 5


def test_a_ticket_is_opened_by_phone_and_answered() -> None:
    told = {"at": later(30).timestamp(), "text": "it is ordered"}

    report = played(OPENING, action(later(30), "answer", 1) | told)

    (ticket,) = report.tickets
    assert (ticket.ticket_class, ticket.priority, ticket.source) == ("request", "P3", "phone")
    assert (ticket.clocks[0].kind, ticket.clocks[0].state) == ("response", "kept")


def test_a_ticket_waits_until_its_time_or_until_the_customer_writes() -> None:
    asked = {"text": "which colour?", "until": "2026-11-23T12:00:00Z"}
    wrote = {"at": later(60).timestamp(), "action": "customer-wrote", "ticket": 1, "text": "red"}

    waited = played(OPENING, action(later(30), "wait", 1, **asked))
    woken = played(OPENING, action(later(30), "wait", 1, **asked), wrote)
    still = played(OPENING, action(later(30), "wait", 1, text="which colour?"))
    gone_on = played(
        OPENING,
        action(later(30), "wait", 1, text="which colour?"),
        action(later(40), "go-on", 1),
    )

    states = [report.tickets[0].state for report in (waited, woken, still, gone_on)]
    assert states == ["open", "open", "waiting", "open"]
    assert waited.tickets[0].updated_at == later(180)


@pytest.mark.parametrize("into", [10002, 2, "last", "db01"], ids=str)
def test_a_ticket_goes_into_another_by_any_of_its_names(into: object) -> None:
    other = notification(at=later(1), host="db01", service=None)

    report = played(CRITICAL, other, action(later(5), "merge", 1, into=into))

    merged, survivor = report.tickets
    assert (merged.state, merged.merged_into) == ("merged", survivor.number)
    assert [clock.state for clock in merged.clocks] == ["merged"]


def test_a_priority_changes_the_target() -> None:
    changed = action(later(5), "priority", 1, priority="P1", reason="the whole shop is down")

    (ticket,) = played(CRITICAL, changed, until=later(6)).tickets

    assert (ticket.priority, ticket.clocks[0].target_minutes) == ("P1", 30)


def test_class_contract_and_clocks_can_be_corrected() -> None:
    report = played(
        CRITICAL,
        action(later(5), "class", 1, **{"class": "request"}),
        action(later(6), "contract", 1, contract="nordlicht-office"),
        action(later(7), "correct-clock", 1, clock="response", cancel=True, reason="a mistake"),
        until=later(8),
    )

    (ticket,) = report.tickets
    assert report.plain()["refused"] == []
    assert (ticket.ticket_class, ticket.contract) == ("request", "nordlicht-office")
    assert ticket.clocks[0].state == "cancelled"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        pytest.param({"action": "merge"}, "'into' is missing", id="into nothing"),
        pytest.param({"action": "merge", "into": 0}, "into: name the ticket", id="into zero"),
        pytest.param({"action": "merge", "into": "db01"}, "no ticket of db01", id="into nowhere"),
        pytest.param({"action": "wait", "for": "me", "text": "x"}, "for cannot be", id="for whom"),
        pytest.param({"action": "class"}, "'class' is missing", id="no class"),
        pytest.param({"action": "wait", "until": "noon"}, "until", id="until when"),
    ],
)
def test_fields_that_are_wrong_are_named(fields: dict[str, Any], sentence: str) -> None:
    with pytest.raises(EventsRefused, match=sentence) as refused:
        played(CRITICAL, action(later(5), "close", 1) | fields)

    assert str(refused.value).startswith("events.jsonl:2: ")
