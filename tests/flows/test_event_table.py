"""Each row of the table "Which event does what", through the flows and into the rows of clocks."""

from collections.abc import Callable
from typing import Any

import pytest

from bridge.flows import (
    answers,
    conversation,
    listening,
    requests,
    waiting,
)
from bridge.flows.requests import NewRequest
from bridge.installation import Installation
from bridge.staff.models import StaffMember
from tests.builders import (
    act,
    apply_desk,
    clocks_of,
    differing,
    full_desk,
    hear,
    later,
    looking,
    notification,
    person,
)

NUMBER = 10001
FULL = "full@desk.example"
VARS: dict[str, Any] = {"vars": {"address": FULL}}

Step = Callable[[Installation, StaffMember], Any]


@pytest.fixture
def desk(installation: Installation) -> Installation:
    """An installation whose customer was promised everything."""
    apply_desk(installation, full_desk())
    return installation


def fault(desk: Installation, _anna: StaffMember) -> None:
    hear(desk, notification(**VARS))


def request(desk: Installation, anna: StaffMember) -> None:
    new = NewRequest("Printer", "does not print", "1001", address=FULL, priority="P2")
    act(desk, requests.open_request, new, anna, later(0))


def acknowledged(minutes: float) -> Step:
    return lambda desk, anna: act(desk, answers.acknowledge, NUMBER, anna, "page", later(minutes))


def noted(minutes: float) -> Step:
    def step(desk: Installation, anna: StaffMember) -> None:
        with desk.database.transaction() as session:
            directory = desk.directories.current(session)
            answers.note(session, directory, NUMBER, anna, "hm", later(minutes))

    return step


def answered(minutes: float) -> Step:
    return lambda desk, anna: act(
        desk, conversation.answer, NUMBER, anna, "We know", "phone", later(minutes)
    )


def accepted(minutes: float, answer: int = 7) -> Step:
    return lambda desk, _: act(
        desk, conversation.answer_accepted, NUMBER, answer, later(minutes), later(minutes)
    )


def returned(minutes: float, answer: int = 7) -> Step:
    return lambda desk, _: act(
        desk, conversation.answer_undeliverable, NUMBER, answer, "5.1.1", later(minutes)
    )


def wrote(minutes: float, address: str = FULL) -> Step:
    return lambda desk, _: act(
        desk,
        listening.customer_wrote,
        NUMBER,
        f"<{minutes}@mail>",
        "mail",
        address,
        "and now?",
        later(minutes),
        later(minutes),
    )


def waits(minutes: float, for_: str = "customer") -> Step:
    return lambda desk, anna: act(
        desk, waiting.wait, NUMBER, anna, for_, later(minutes), text="Which printer?"
    )


def resolved(minutes: float) -> Step:
    return lambda desk, anna: act(
        desk, answers.resolve, NUMBER, anna, "Switched it on", later(minutes)
    )


def recovered(minutes: float) -> Step:
    return lambda desk, _: hear(desk, notification("RECOVERY", later(minutes), **VARS))


@pytest.mark.parametrize(
    ("steps", "states"),
    [
        pytest.param(
            [fault], {"response 1": "running", "solution 1": "running"}, id="monitoring opens it"
        ),
        pytest.param(
            [request], {"response 1": "running", "solution 1": "running"}, id="a call opens it"
        ),
        pytest.param(
            [fault, acknowledged(5)],
            {"response 1": "kept", "solution 1": "running"},
            id="acknowledging a fault is a response",
        ),
        pytest.param(
            [request, acknowledged(5)],
            {"response 1": "running", "solution 1": "running"},
            id="acknowledging a request is none",
        ),
        pytest.param(
            [fault, noted(5)],
            {"response 1": "running", "solution 1": "running"},
            id="a note is nothing",
        ),
        pytest.param(
            [request, answered(5)],
            {"response 1": "kept", "solution 1": "running"},
            id="a call is an answer",
        ),
        pytest.param(
            [request, accepted(5)],
            {"response 1": "kept", "solution 1": "running"},
            id="an accepted mail is an answer",
        ),
        pytest.param(
            [request, accepted(5), returned(6)],
            {"response 1": "running", "solution 1": "running"},
            id="one that came back is none",
        ),
        pytest.param(
            [request, accepted(5), returned(6), answered(130)],
            {"response 1": "missed", "solution 1": "running"},
            id="a later one counts at its own time",
        ),
        pytest.param(
            [request, wrote(5)],
            {"response 1": "running", "solution 1": "running"},
            id="no update before the first response",
        ),
        pytest.param(
            [request, answered(5), wrote(10), wrote(20)],
            {"response 1": "kept", "solution 1": "running", "update 1": "running"},
            id="a message starts the update clock once",
        ),
        pytest.param(
            [request, answered(5), wrote(10), answered(20)],
            {"response 1": "kept", "solution 1": "running", "update 1": "kept"},
            id="an answer stops it",
        ),
        pytest.param(
            [request, waits(5)],
            {"response 1": "kept", "solution 1": "paused"},
            id="waiting for the customer pauses the solution",
        ),
        pytest.param(
            [request, waits(5, "third_party")],
            {"response 1": "running", "solution 1": "running"},
            id="waiting for a third party does not, unless it was agreed",
        ),
        pytest.param(
            [request, waits(5), wrote(60)],
            {"response 1": "kept", "solution 1": "running", "update 1": "running"},
            id="a message ends the waiting",
        ),
        pytest.param(
            [request, answered(5), wrote(10), resolved(30)],
            {"response 1": "kept", "solution 1": "kept", "update 1": "kept"},
            id="resolving stops all",
        ),
        pytest.param(
            [fault, recovered(30)],
            {"response 1": "cancelled", "solution 1": "kept"},
            id="a recovery before anybody came cancels the response",
        ),
        pytest.param(
            [fault, recovered(61)],
            {"response 1": "missed", "solution 1": "kept"},
            id="past its due it is missed",
        ),
        pytest.param(
            [request, resolved(30), wrote(60)],
            {"response 1": "kept", "solution 1": "running", "update 1": "running"},
            id="a message on a resolved ticket opens it again",
        ),
    ],
)
def test_an_event_does_to_the_clocks_what_the_table_says(
    desk: Installation, steps: list[Step], states: dict[str, str]
) -> None:
    anna = person(desk)

    for step in steps:
        step(desk, anna)

    with looking(desk) as session:
        assert {name: c.state for name, c in clocks_of(session, NUMBER).items()} == states
    assert differing(desk) == []
