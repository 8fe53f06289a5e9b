"""Where Icinga and our desk disagree, told from values alone."""

from dataclasses import replace
from typing import Any

import pytest

from bridge.icinga.differences import (
    Acknowledged,
    DifferenceKind,
    Shown,
    Snapshot,
    differences,
)
from bridge.icinga.objects import AcknowledgedBy, Host, Key, Seen
from bridge.icinga.states import State

NOW = 1795421400.0
BEGAN = NOW - 100
KEY = ("web01", "http")
REFERENCE = "[Ticket #10001]"

PROBLEM = DifferenceKind.MISSED_PROBLEM
RECOVERY = DifferenceKind.MISSED_RECOVERY
GONE = DifferenceKind.OBJECT_GONE
LOST = DifferenceKind.ACKNOWLEDGEMENT_LOST
REMOVED = DifferenceKind.ACKNOWLEDGEMENT_REMOVED
FOREIGN = DifferenceKind.FOREIGN_ACKNOWLEDGEMENT
DOWNTIME_START = DifferenceKind.MISSED_DOWNTIME_START
DOWNTIME_END = DifferenceKind.MISSED_DOWNTIME_END
FLAPPING_START = DifferenceKind.MISSED_FLAPPING_START
FLAPPING_END = DifferenceKind.MISSED_FLAPPING_END


def seen(state: State = State.CRITICAL, **changes: Any) -> Seen:
    """Return a service in a hard, checked state, as Icinga shows it."""
    usual = Seen(Host("web01"), "http", state, hard=True, checked=True, hard_since=BEGAN)
    return replace(usual, **{"changed_at": BEGAN, **changes})


def shown(state: State | None = State.CRITICAL, **changes: Any) -> Shown:
    """Return the same service with an open ticket."""
    usual = Shown(*KEY, state, state_at=BEGAN + 1, is_open=True, reference=REFERENCE)
    return replace(usual, **changes)


def snapshot(*objects: Seen, asked: tuple[Key, ...] = (), **more: Any) -> Snapshot:
    """Return an answer with these objects, those in trouble as problems."""
    return Snapshot(
        at=NOW,
        program_start=NOW - 9000,
        problems=tuple(one for one in objects if one.is_problem),
        found={one.key: one for one in objects if not one.is_problem},
        asked=frozenset(asked) | {one.key for one in objects if not one.is_problem},
        **more,
    )


def kinds(answer: Snapshot, *ours: Shown) -> list[DifferenceKind]:
    return [one.kind for one in differences(answer, ours)]


def test_where_both_agree_there_is_no_difference() -> None:
    assert kinds(snapshot(seen()), shown()) == []


NEVER_OPENED = [
    pytest.param(seen(), [PROBLEM], id="nothing was heard of it"),
    pytest.param(seen(State.WARNING), [PROBLEM], id="warning"),
    pytest.param(seen(flapping=True), [PROBLEM], id="began while flapping: no notification at all"),
    pytest.param(seen(acknowledged=True), [PROBLEM, FOREIGN], id="acknowledged before we came"),
    pytest.param(seen(in_downtime=True), [], id="in a downtime: Icinga tells at its end"),
    pytest.param(seen(wishes={"enabled": False}), [], id="opted out"),
    pytest.param(seen(wishes={"enabled": "n"}), [], id="opted out by a form"),
    pytest.param(seen(State.OK), [], id="well"),
]


@pytest.mark.parametrize(("object_", "expected"), NEVER_OPENED)
def test_a_problem_without_ticket_is_missed(object_: Seen, expected: list[DifferenceKind]) -> None:
    assert kinds(snapshot(object_)) == expected


CLOSED = [
    pytest.param({}, seen(), [PROBLEM], id="closed after a recovery that was not one"),
    pytest.param({"closed_by_hand": True}, seen(), [], id="closed by hand, still critical"),
    pytest.param({"closed_by_hand": True}, seen(State.WARNING), [], id="by hand, now better"),
    pytest.param({"closed_by_hand": True, "state": State.WARNING}, seen(), [PROBLEM], id="worse"),
    pytest.param(
        {"closed_by_hand": True}, seen(hard_since=NOW - 5), [PROBLEM], id="by hand, began anew"
    ),
]


@pytest.mark.parametrize(("changes", "object_", "expected"), CLOSED)
def test_a_closed_ticket_comes_back_unless_a_person_closed_it(
    changes: dict[str, Any], object_: Seen, expected: list[DifferenceKind]
) -> None:
    assert kinds(snapshot(object_), shown(is_open=False, **changes)) == expected


STATES = [
    pytest.param(State.WARNING, State.CRITICAL, True, id="worse"),
    pytest.param(State.UNKNOWN, State.CRITICAL, True, id="critical is worse than unknown"),
    pytest.param(State.CRITICAL, State.WARNING, False, id="better"),
    pytest.param(None, State.CRITICAL, False, id="state not known"),
]


@pytest.mark.parametrize(("ours", "icingas", "is_worse"), STATES)
def test_another_state_is_missed(ours: State | None, icingas: State, is_worse: bool) -> None:
    (found,) = differences(snapshot(seen(icingas)), [shown(ours)])

    assert (found.kind, found.is_worse) == (PROBLEM, is_worse)


EVIDENCE = [
    pytest.param(seen(State.OK), [RECOVERY], id="OK, hard, checked"),
    pytest.param(seen(State.OK, hard=False), [], id="OK, but soft"),
    pytest.param(seen(State.OK, checked=False), [], id="OK, but never checked"),
    pytest.param(seen(State.UNKNOWN, checked=False), [], id="pending"),
    pytest.param(seen(State.CRITICAL, hard=False), [], id="critical again, but soft"),
]


@pytest.mark.parametrize(("object_", "expected"), EVIDENCE)
def test_only_positive_evidence_is_a_recovery(
    object_: Seen, expected: list[DifferenceKind]
) -> None:
    assert kinds(snapshot(object_), shown()) == expected


def test_a_host_that_is_up_has_recovered() -> None:
    up = Seen(Host("web01"), "", State.UP, hard=True, checked=True, hard_since=BEGAN)

    assert kinds(snapshot(up), shown(State.DOWN, service="")) == [RECOVERY]


def test_a_ticket_that_shows_the_recovery_needs_no_other() -> None:
    assert kinds(snapshot(seen(State.OK)), shown(State.OK)) == []


def test_an_empty_answer_says_nothing_about_anything() -> None:
    assert kinds(snapshot(), shown()) == []


MISSING = [
    pytest.param(shown(), 12, [GONE], id="gone"),
    pytest.param(shown(), 0, [], id="the API user sees no host at all"),
    pytest.param(shown(), None, [], id="whether it sees any was not asked"),
    pytest.param(shown(is_open=False, in_downtime=True), 12, [], id="gone, but without ticket"),
]


@pytest.mark.parametrize(("ours", "hosts", "expected"), MISSING)
def test_what_icinga_does_not_show_is_never_recovered(
    ours: Shown, hosts: int | None, expected: list[DifferenceKind]
) -> None:
    assert kinds(snapshot(asked=(KEY,), visible_hosts=hosts), ours) == expected


def cleared(at: float, **changes: Any) -> Seen:
    return seen(acknowledgement_changed_at=at, **changes)


OURS = {"acknowledged": Acknowledged.OURS, "acknowledged_at": BEGAN + 20}
ACKNOWLEDGED = [
    pytest.param(seen(acknowledged=True), OURS, False, [], id="both know it"),
    pytest.param(cleared(0.0), OURS, True, [LOST], id="forgotten in a crash"),
    pytest.param(cleared(0.0), OURS, False, [LOST], id="forgotten without a restart"),
    pytest.param(cleared(BEGAN + 10), OURS, False, [LOST], id="back to one before ours"),
    pytest.param(cleared(BEGAN + 50), OURS, False, [REMOVED], id="taken away by a person"),
    pytest.param(cleared(BEGAN + 50), OURS, True, [LOST], id="taken away, or forgotten: restarted"),
    pytest.param(
        cleared(BEGAN + 50.00001, changed_at=BEGAN + 50), OURS, False, [LOST], id="state changed"
    ),
    pytest.param(
        seen(acknowledged=True, acknowledged_until=NOW - 1), OURS, False, [LOST], id="expired"
    ),
    pytest.param(
        seen(), {"acknowledged": Acknowledged.FOREIGN}, False, [REMOVED], id="a foreign one ended"
    ),
    pytest.param(seen(), {}, False, [], id="nobody knows any"),
    pytest.param(
        seen(hard=False), OURS, False, [], id="no certain problem, so nothing to acknowledge"
    ),
]


@pytest.mark.parametrize(("object_", "changes", "restarted", "expected"), ACKNOWLEDGED)
def test_an_acknowledgement_that_ended_is_lost_or_removed(
    object_: Seen, changes: dict[str, Any], restarted: bool, expected: list[DifferenceKind]
) -> None:
    assert kinds(snapshot(object_, restarted=restarted), shown(**changes)) == expected


def test_a_foreign_acknowledgement_comes_with_its_author() -> None:
    by = AcknowledgedBy("ben", "I am on it", NOW - 10)
    answer = snapshot(seen(acknowledged=True), acknowledged_by={KEY: by})

    (found,) = differences(answer, [shown()])

    assert (found.kind, found.by) == (FOREIGN, by)


@pytest.mark.parametrize(
    ("text", "expected"),
    [(f"{REFERENCE} https://desk.example/t/10001", []), ("[Ticket #100010]", [FOREIGN])],
    ids=["with our reference", "with another's"],
)
def test_the_echo_of_ours_is_recognised(text: str, expected: list[DifferenceKind]) -> None:
    by = AcknowledgedBy("Anna", text, NOW - 10)
    answer = snapshot(seen(acknowledged=True), acknowledged_by={KEY: by})

    assert kinds(answer, shown()) == expected


def test_a_sticky_acknowledgement_does_not_hide_a_worsening() -> None:
    hidden = seen(acknowledged=True, sticky=True)
    ours = shown(State.WARNING, acknowledged=Acknowledged.FOREIGN)

    (found,) = differences(snapshot(hidden), [ours])

    assert (found.kind, found.is_worse) == (PROBLEM, True)


MARKS = [
    pytest.param(seen(in_downtime=True), {}, [DOWNTIME_START], id="downtime began"),
    pytest.param(seen(), {"in_downtime": True}, [DOWNTIME_END], id="downtime ended"),
    pytest.param(seen(flapping=True), {}, [FLAPPING_START], id="flapping began"),
    pytest.param(seen(), {"flapping": True}, [FLAPPING_END], id="flapping ended"),
    pytest.param(
        seen(), {"in_downtime": True, "is_open": False}, [PROBLEM, DOWNTIME_END], id="outlived it"
    ),
    pytest.param(
        seen(State.OK),
        {"in_downtime": True, "is_open": False, "state": State.OK},
        [DOWNTIME_END],
        id="ended, all well",
    ),
    pytest.param(seen(State.OK), {"in_downtime": True}, [RECOVERY, DOWNTIME_END], id="recovered"),
]


@pytest.mark.parametrize(("object_", "changes", "expected"), MARKS)
def test_downtimes_and_flapping_are_compared_too(
    object_: Seen, changes: dict[str, Any], expected: list[DifferenceKind]
) -> None:
    assert kinds(snapshot(object_), shown(**changes)) == expected


def test_hosts_come_before_services() -> None:
    def problem(host: str, service: str) -> Seen:
        return replace(seen(), host=Host(host), service=service)

    answer = snapshot(problem("a", "x"), problem("b", ""), problem("a", ""))

    assert [one.shown.key for one in differences(answer, [])] == [("a", ""), ("b", ""), ("a", "x")]


@pytest.mark.parametrize(
    ("changes", "needed"),
    [
        ({}, True),
        ({"is_open": False}, False),
        ({"is_open": False, "in_downtime": True}, True),
        ({"is_open": False, "flapping": True}, True),
    ],
)
def test_what_we_show_something_of_needs_a_look(changes: dict[str, Any], needed: bool) -> None:
    assert shown(**changes).needs_a_look is needed
