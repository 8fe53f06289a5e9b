"""What is played: the real rules, at the moments at which they count."""

from datetime import timedelta
from typing import Any

import pytest

from bridge import utc
from bridge.simulation.events import EventsRefused
from bridge.simulation.playing import LONGEST_AFTER, PAGED_AFTER
from tests.builders import EXAMPLE, later, notification
from tests.simulation.world import action, desk, played, told

CRITICAL = notification(at=later(0))
DOWN = notification(at=later(0), host="db01", service=None)


def test_a_ticket_is_timed_and_paged_as_its_contract_says() -> None:
    report = played(CRITICAL)

    (ticket,) = report.tickets
    assert (ticket.priority, ticket.contract, ticket.state) == ("P2", "acme-care", "open")
    assert [(clock.kind, clock.due_at) for clock in ticket.clocks] == [("response", later(60))]
    assert told(report)[:2] == ["09:01:00 anna push", "09:03:00 anna sms"]


def test_a_promise_that_nobody_keeps_is_broken_and_open() -> None:
    (breach,) = played(CRITICAL).breaches

    assert breach.plain() == {
        "ticket": 10001,
        "clock": "response",
        "target_minutes": 60,
        "guaranteed": True,
        "due_at": "2026-11-23T10:00:00Z",
        "stopped_at": None,
        "missed_by": None,
        "still_open": True,
    }


@pytest.mark.parametrize(
    ("minutes", "state", "missed_by"),
    [
        pytest.param(59, "kept", [], id="a minute before"),
        pytest.param(60, "kept", [], id="at the moment itself"),
        pytest.param(61, "missed", [60.0], id="a minute after"),
    ],
)
def test_who_answers_in_time_keeps_it(minutes: float, state: str, missed_by: list[float]) -> None:
    report = played(CRITICAL, action(later(minutes), "acknowledge"))

    assert [clock.state for clock in report.tickets[0].clocks] == [state]
    assert [one.missed_by_seconds for one in report.breaches] == missed_by
    assert report.tickets[0].owner == "ben"


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        pytest.param(0.5, [], id="before the first step"),
        pytest.param(1, [], id="when the first step is due"),
        pytest.param(2, ["09:01:00 anna push"], id="before the second channel"),
        pytest.param(4, ["09:01:00 anna push", "09:03:00 anna sms"], id="after both"),
    ],
)
def test_an_acknowledgement_ends_the_pages(minutes: float, expected: list[str]) -> None:
    report = played(CRITICAL, action(later(minutes), "acknowledge", "web01!http"), until=later(60))

    assert told(report) == expected


def test_an_acknowledgement_that_nothing_follows_is_asked_about_again() -> None:
    report = played(CRITICAL, action(later(4), "acknowledge"), until=later(4 + 4 * 60 + 3))

    assert told(report)[2:] == ["13:04:00 anna push", "13:06:00 anna sms"]
    assert report.tickets[0].acknowledged_by is None


def test_a_recovery_resolves_and_the_quiet_time_closes() -> None:
    report = played(DOWN, notification("RECOVERY", at=later(10), host="db01", service=None))

    (ticket,) = report.tickets
    assert (ticket.state, ticket.resolved_at) == ("closed", later(10))
    assert ticket.updated_at == later(15)
    assert report.played.ended_at == later(15)


def test_every_action_of_a_day_is_done() -> None:
    report = played(
        CRITICAL,
        action(later(1), "note", 1, text="it is the database"),
        action(later(2), "assign", 10001, owner="anna"),
        action(later(3), "acknowledge", "[Ticket #10001]"),
        action(later(10), "resolve", text="restarted"),
        action(later(11), "close"),
        action(later(20), "reopen", 1),
    )

    (ticket,) = report.tickets
    assert report.played.actions == 6
    assert (ticket.state, ticket.owner, ticket.acknowledged_by) == ("open", "ben", None)


def test_what_the_state_does_not_allow_is_listed_and_the_play_goes_on() -> None:
    report = played(
        CRITICAL, action(later(1), "close"), action(later(2), "acknowledge"), until=later(60)
    )

    (refused,) = report.plain()["refused"]
    assert (refused["where"], refused["action"], refused["ticket"]) == (
        "events.jsonl:2",
        "close",
        10001,
    )
    assert "it cannot become closed" in refused["reason"]
    assert report.tickets[0].acknowledged_by == "Ben Beispiel"


def _owner(name: str) -> dict[str, Any]:
    return action(later(1), "assign", owner=name)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        pytest.param(action(later(1), "close", 2), "there is no ticket number 2", id="too few"),
        pytest.param(action(later(1), "close", 99999), "no ticket 99999 by then", id="number"),
        pytest.param(action(later(1), "close", "db01"), "no ticket of db01 by then", id="host"),
        pytest.param(action(later(-1), "close", "last"), "no last ticket by then", id="too early"),
        pytest.param(_owner("anan"), "did you mean anna?", id="owner"),
        pytest.param(action(later(1), "note", text=" "), "write a few words", id="empty note"),
    ],
)
def test_what_makes_no_sense_ends_the_play_with_its_line(
    line: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(EventsRefused, match=sentence) as refused:
        played(CRITICAL, line)

    assert str(refused.value).startswith("events.jsonl:2: ")


def test_the_same_id_counts_once() -> None:
    report = played(CRITICAL, CRITICAL | {"time": later(5).timestamp()})

    assert (report.played.notifications, report.played.duplicates) == (1, 1)


def test_a_provider_that_fails_is_tried_again() -> None:
    fails = {"at": later(0).timestamp(), "outcome": "failed_for_now", "channel": "push"}
    works = {"at": later(2).timestamp(), "outcome": "accepted", "channel": "push"}

    acknowledged = action(later(5), "acknowledge")
    report = played(fails, works, CRITICAL, acknowledged, until=later(60))

    # The next channel at once; push again after 10, 30 and 90 seconds.
    assert told(report) == ["09:01:00 anna sms", "09:03:10 anna push"]


def test_what_a_person_cannot_be_reached_by_fails_for_good() -> None:
    gone = {"at": later(0).timestamp(), "outcome": "failed", "person": "anna"}

    report = played(gone, CRITICAL, action(later(4), "acknowledge"), until=later(60))

    outcomes = [(one.person, one.outcome) for one in report.pages]
    assert outcomes == [*[("anna", "failed")] * 2, *[("lead", "accepted")] * 2]


def test_the_end_may_be_named() -> None:
    report = played(CRITICAL, action(later(30), "acknowledge"), until=later(2))

    assert told(report) == ["09:01:00 anna push"]
    assert (report.played.left_out, report.played.ended_at) == (1, later(2))
    assert report.breaches == []


@pytest.mark.parametrize(
    ("days", "state"),
    [pytest.param(6, "open", id="within"), pytest.param(8, "waiting", id="beyond")],
)
def test_nothing_is_played_for_longer_than_a_week(days: int, state: str) -> None:
    end = later(1 + days * 24 * 60)

    report = played(DOWN, action(later(1), "wait", text="Please test.", until=utc.iso(end)))

    assert report.tickets[0].state == state
    assert report.played.ended_at <= later(1) + LONGEST_AFTER


def test_what_only_repeats_itself_is_played_for_a_day() -> None:
    last = played(CRITICAL).pages[-1]

    assert timedelta(hours=23) < last.at - later(0) <= PAGED_AFTER + timedelta(minutes=5)


def test_two_desk_files_differ() -> None:
    faster = EXAMPLE.read_text("utf8").replace("P2: 1h, P3: 4h, P4: 8h", "P2: 10m, P3: 4h, P4: 8h")
    acknowledged = action(later(30), "acknowledge")

    assert played(CRITICAL, acknowledged).breaches == []
    (breach,) = played(CRITICAL, acknowledged, document=desk(faster)).breaches
    assert breach.missed_by_seconds == 20 * 60


def test_notifications_of_one_moment_are_taken_by_icingas_time() -> None:
    arrived = {"received_at": later(2).timestamp()}
    recovery = notification("RECOVERY", at=later(1)) | arrived

    report = played(recovery, CRITICAL | arrived)

    assert [ticket.state for ticket in report.tickets] == ["closed"]


def test_a_text_for_people_says_the_same() -> None:
    text = played(CRITICAL, action(later(75), "acknowledge"), action(later(76), "close")).text()

    assert "[Ticket #10001] P2 web01 / http (ACME GmbH, acme-care): open" in text
    assert "due 2026-11-23T10:00:00Z: MISSED by 15 min 0 s" in text
    assert "2026-11-23T09:01:00Z anna paged by push, step 1" in text
    assert "events.jsonl:3: close was refused" in text
    assert "nothing was sent" in text
