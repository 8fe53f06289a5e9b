"""What programs ask of a ticket's escalation."""

from typing import Any

import pytest

from bridge.installation import Installation
from tests.api.world import Caller, act, journal, last_run, refused
from tests.builders import fire, later


@pytest.mark.parametrize(
    ("name", "fields", "event"),
    [
        pytest.param("escalate", {}, "escalated", id="the next ones are called"),
        pytest.param("decline", {"person": "anna"}, "declined", id="not this one"),
        pytest.param("hand-over", {"to": "ben"}, "handover_asked", id="somebody else"),
        pytest.param("snooze", {"until": "2026-11-23T10:00:00Z"}, "escalation_held", id="later"),
    ],
)
def test_each_wish_is_carried_out_and_written_down(
    desk: Installation, ticket: int, writer: Caller, name: str, fields: dict[str, Any], event: str
) -> None:
    fire(desk, later(2))

    act(writer, name, 3, **fields)

    assert [one["event"] for one in journal(writer)].count(event) == 1


def test_a_snooze_holds_the_escalation_until_its_moment(
    desk: Installation, ticket: int, writer: Caller
) -> None:
    act(writer, "snooze", 3, until="2026-11-23T11:00:00+01:00")

    run = last_run(desk)
    assert (run.state, run.held_because) == ("held", "snooze")
    assert fire(desk, later(59)) == 0
    assert fire(desk, later(61)) == 1


@pytest.mark.parametrize(
    ("name", "fields", "status"),
    [
        pytest.param("decline", {"person": "anan"}, 400, id="nobody of ours"),
        pytest.param("hand-over", {"to": "nobody"}, 400, id="to nobody"),
        pytest.param("snooze", {"until": "2026-11-23T09:03:00Z"}, 400, id="until now"),
        pytest.param("snooze", {"until": "2026-12-23T09:03:00Z"}, 400, id="for a month"),
        pytest.param("decline", {"person": "lead"}, 409, id="one who is not called"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(
    desk: Installation, ticket: int, writer: Caller, name: str, fields: dict[str, Any], status: int
) -> None:
    fire(desk, later(2))
    before = journal(writer)

    assert refused(writer, name, status, **fields)

    assert journal(writer) == before


@pytest.mark.parametrize("name", ["escalate", "snooze"])
def test_nothing_can_be_asked_of_a_ticket_that_is_over(
    ticket: int, writer: Caller, name: str
) -> None:
    act(writer, "resolve", 3, text="restarted")
    fields: dict[str, Any] = {"until": "2026-11-23T12:00:00Z"} if name == "snooze" else {}

    assert refused(writer, name, 409, **fields)
