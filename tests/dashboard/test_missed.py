"""Why a promise was missed."""

from datetime import timedelta
from typing import Any

import pytest

from bridge.dashboard.missed import Cause, Happening, MissedFact, Warned, why
from tests.builders import MONDAY_9_UTC as NOW
from tests.builders import later

ANNA, LEA = 1, 3


def missed(kind: str = "response", stopped: float | None = None, **more: Any) -> MissedFact:
    facts: dict[str, Any] = {
        "number": 1,
        "title": "web01",
        "customer_id": 1,
        "priority": "P2",
        "kind": kind,
        "nth": 1,
        "rule": None,
        "guaranteed": True,
        "due_at": later(-60),
        "stopped_at": None if stopped is None else later(stopped),
        "ended_by": None,
    }
    return MissedFact(**(facts | more))


def happened(kind: str, minutes: float, **data: Any) -> Happening:
    return Happening(1, later(minutes), kind, f"staff:{ANNA}", data, None)


@pytest.mark.parametrize(
    ("fact", "entries", "cause", "late"),
    [
        pytest.param(missed(), [], Cause.UNANSWERED, 60, id="nobody has answered"),
        pytest.param(missed("update"), [], Cause.NO_UPDATE, 60, id="nobody has told more"),
        pytest.param(missed("solution"), [], Cause.UNSOLVED, 60, id="it is not solved"),
        pytest.param(
            missed(stopped=-48), [happened("acknowledged", -48)], Cause.LATE, 12, id="late"
        ),
        pytest.param(
            missed(stopped=-48, ended_by="answered"), [], Cause.LATE, 12, id="late, by whom unknown"
        ),
        pytest.param(
            missed(stopped=-48, ended_by="recovered"),
            [happened("recovered", -48)],
            Cause.WENT_AWAY,
            12,
            id="it went away",
        ),
    ],
)
def test_the_cause_is_named_with_how_late_it_was(
    fact: MissedFact, entries: list[Happening], cause: Cause, late: float
) -> None:
    found = why(fact, entries, NOW)

    assert (found.cause, found.late) == (cause, timedelta(minutes=late))


def test_who_was_too_late_is_who_did_it_when_the_clock_stopped() -> None:
    entries = [happened("acknowledged", -70), happened("answered", -48), happened("answered", -9)]

    found = why(missed(stopped=-48, ended_by="answered"), entries, NOW)

    assert found.ending == entries[1]


def test_the_warnings_of_this_clock_and_the_pages_before_its_due_are_told() -> None:
    entries = [
        happened("paged", -110, people=[ANNA]),
        happened("clock_warned", -90, clock="response", nth=1, percent=50, people=[ANNA]),
        happened("clock_warned", -80, clock="solution", nth=1, percent=50, people=[ANNA]),
        happened("clock_warned", -75, clock="response", nth=1, percent=75, people=[ANNA, LEA]),
        happened("paged", -70, people=[ANNA, LEA]),
        happened("clock_warned", -60, clock="response", nth=1, percent=100, people=[LEA]),
        happened("paged", -50, people=[LEA]),
    ]

    found = why(missed(), entries, NOW)

    assert found.warned == (
        Warned(50, later(-90), (ANNA,)),
        Warned(75, later(-75), (ANNA, LEA)),
    )
    assert (found.pages, found.paged) == (2, (ANNA, LEA))
