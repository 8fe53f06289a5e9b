"""The work on a ticket by programs: opened, answered, waiting, changed, merged, corrected."""

from typing import Any

import pytest
import time_machine

from bridge.installation import Installation
from tests.api.world import Caller, act
from tests.builders import MONDAY_9_UTC, later


def opened(writer: Caller, **fields: Any) -> dict[str, Any]:
    with time_machine.travel(MONDAY_9_UTC, tick=False):
        answer = writer.post("/tickets", **fields)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


CALL = {"title": "Drucker druckt nicht", "customer": "1001"}


def test_a_call_opens_a_request_without_guarantee(desk: Installation, writer: Caller) -> None:
    found = opened(writer, **CALL)

    assert (found["class"], found["priority"], found["source"]) == ("request", "P3", "phone")
    [clock] = found["clocks"]
    assert (clock["kind"], clock["guaranteed"]) == ("response", False)
    # 10:00 in Berlin, and four hours of the office.
    assert clock["due_at"] == "2026-11-23T13:00:00Z"


def test_the_contract_address_makes_it_guaranteed(desk: Installation, writer: Caller) -> None:
    found = opened(writer, **CALL, address="acme-247@desk.example")

    assert found["clocks"][0]["guaranteed"] is True


def test_an_answer_stops_the_response_of_a_request(desk: Installation, writer: Caller) -> None:
    number = opened(writer, **CALL)["number"]

    found = act(writer, "answer", 30, number=number, text="Wir kommen um elf.")

    assert [(one["state"], one["stopped_at"]) for one in found["clocks"]] == [
        ("kept", "2026-11-23T09:30:00Z")
    ]


def test_waiting_for_the_customer_needs_an_answer(desk: Installation, writer: Caller) -> None:
    number = opened(writer, **CALL)["number"]

    with time_machine.travel(later(10), tick=False):
        answer = writer.post(f"/tickets/{number}/wait", **{"for": "customer"})
    assert answer.status_code in {400, 409}

    found = act(
        writer, "wait", 10, number=number, **{"for": "customer", "text": "Welcher Drucker?"}
    )
    assert found["state"] == "waiting"
    assert act(writer, "go-on", 20, number=number)["state"] == "open"


def test_a_ticket_changes_priority_and_class(desk: Installation, writer: Caller) -> None:
    number = opened(writer, **CALL)["number"]

    urgent = act(writer, "priority", 10, number=number, priority="P1", reason="alle betroffen")
    fault = act(writer, "class", 20, number=number, **{"class": "fault"})

    # One hour from the change is earlier than four from the call.
    assert urgent["clocks"][0]["due_at"] == "2026-11-23T10:10:00Z"
    assert (fault["class"], fault["priority"]) == ("fault", "P1")
    # Half an hour, day and night, for a fault.
    assert fault["clocks"][0]["due_at"] == "2026-11-23T09:50:00Z"


def test_a_ticket_goes_into_another(desk: Installation, writer: Caller) -> None:
    first, second = opened(writer, **CALL)["number"], opened(writer, **CALL)["number"]

    found = act(writer, "merge", 10, number=second, into=first)

    assert (found["state"], found["merged_into"]) == ("merged", first)
    assert [one["state"] for one in found["clocks"]] == ["merged"]


def test_a_clock_of_the_past_is_corrected_with_a_reason(desk: Installation, writer: Caller) -> None:
    number = opened(writer, **CALL)["number"]
    act(writer, "answer", 400, number=number, text="Erledigt.")

    found = act(
        writer,
        "correct-clock",
        500,
        number=number,
        clock="response",
        stopped_at="2026-11-23T09:20:00Z",
        reason="Der Anruf war um 10:20.",
    )

    assert [(one["state"], one["stopped_at"]) for one in found["clocks"]] == [
        ("kept", "2026-11-23T09:20:00Z")
    ]


@pytest.mark.parametrize(
    ("action", "fields", "field"),
    [
        pytest.param("answer", {"via": "pigeon", "text": "x"}, "via", id="a way nobody has"),
        pytest.param("answer", {"text": "x", "at": "2026-11-23T09:00:00"}, "at", id="no offset"),
        pytest.param("priority", {"priority": "P9", "reason": "x"}, "priority", id="no priority"),
        pytest.param("class", {"class": "wish"}, "class", id="no class"),
        pytest.param("merge", {}, "into", id="into nothing"),
        pytest.param("correct-clock", {"clock": "sun", "reason": "x"}, "clock", id="no clock"),
    ],
)
def test_what_is_wrong_is_named(
    desk: Installation, writer: Caller, action: str, fields: dict[str, Any], field: str
) -> None:
    number = opened(writer, **CALL)["number"]

    answer = writer.post(f"/tickets/{number}/{action}", **fields)

    assert answer.status_code == 400
    assert [one["field"] for one in answer.get_json()["errors"]] == [field]
