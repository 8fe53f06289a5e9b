"""A program begins the work on a ticket again: who is paged, and what is promised."""

from bridge import utc
from bridge.installation import Installation
from tests.api.world import ACTED, Caller, act, journal, last_run, refused
from tests.builders import fire, hear, later, notification


def test_a_reopened_ticket_is_nobodys_and_pages_begin_anew(
    desk: Installation, ticket: int, writer: Caller
) -> None:
    act(writer, "acknowledge", 3)
    act(writer, "resolve", 30, text="Done.")
    act(writer, "close", 31)

    found = act(writer, "reopen", 60)

    assert (found["state"], found["resolved_at"]) == ("open", None)
    assert (found["acknowledged_at"], found["acknowledged_by"]) == (None, None)
    # The response was kept once and for all.
    assert [clock["state"] for clock in found["clocks"]] == ["kept"]
    assert (last_run(desk).state, last_run(desk).next_due_at) == ("live", later(61))
    assert fire(desk, later(61)) == 1
    [told] = [one for one in journal(writer) if one["event"] == "reopened"]
    said = {"after": utc.iso(later(30)), "revision": 1}
    assert (told["actor"], told["data"]) == (ACTED, said)


def test_a_response_that_a_recovery_cancelled_is_promised_anew(
    desk: Installation, ticket: int, writer: Caller
) -> None:
    hear(desk, notification("RECOVERY", later(10)))

    found = act(writer, "reopen", 20)

    assert [clock["state"] for clock in found["clocks"]] == ["cancelled", "running"]
    assert found["clocks"][1]["due_at"] == utc.iso(later(80))


def test_a_ticket_reopened_in_a_downtime_pages_nobody_before_its_end(
    desk: Installation, ticket: int, writer: Caller
) -> None:
    hear(desk, notification("DOWNTIMESTART", later(1)))
    act(writer, "resolve", 2, text="Planned.")

    act(writer, "reopen", 3)
    assert last_run(desk).state == "held"
    hear(desk, notification("DOWNTIMEEND", later(30)))

    assert (last_run(desk).state, last_run(desk).next_due_at) == ("live", later(31))


def test_a_ticket_is_not_reopened_beside_a_newer_one_of_the_same_problem(
    desk: Installation, ticket: int, writer: Caller
) -> None:
    hear(desk, notification("RECOVERY", later(1)))
    hear(desk, notification(at=later(60)))

    assert "[Ticket #10002]" in refused(writer, "reopen", 409)


def test_a_reopened_ticket_is_resolved_by_the_recovery_of_its_problem(
    desk: Installation, ticket: int, writer: Caller
) -> None:
    act(writer, "resolve", 2, text="I thought so.")
    act(writer, "reopen", 3)

    hear(desk, notification("RECOVERY", later(10)))

    assert writer.get("/tickets/10001").get_json()["state"] == "resolved"
