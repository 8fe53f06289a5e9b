"""A difference goes the way of a notification, and is one however often it is found."""

from dataclasses import replace
from typing import Any

import pytest

from bridge.icinga import found
from bridge.icinga.differences import Difference, DifferenceKind, Shown
from bridge.icinga.notification import NotificationType, parse
from bridge.icinga.objects import AcknowledgedBy, Host, Seen
from bridge.icinga.states import State

AT = 1795421400.75
HOST = Host("web 01/ü", "Web 1", "192.0.2.1", State.UP, ("linux",))
SEEN = Seen(
    host=HOST,
    service="disk C: 50%",
    state=State.CRITICAL,
    hard=True,
    checked=True,
    hard_since=AT - 100,
    output="3 % free",
    display_name="Disk",
    groups=("disks",),
    wishes={"customer": "1001", "priority": 1},
)
SHOWN = Shown(*SEEN.key, State.WARNING, state_at=AT - 500, is_open=True)


def difference(kind: DifferenceKind = DifferenceKind.MISSED_PROBLEM, **more: Any) -> Difference:
    usual = Difference(kind, AT, SHOWN, SEEN)
    return replace(usual, **more)


@pytest.mark.parametrize("kind", list(DifferenceKind), ids=lambda kind: kind.name)
def test_every_difference_is_a_notification_of_a_known_type(kind: DifferenceKind) -> None:
    said = parse(found.notification(difference(kind)))

    assert said.type is NotificationType(kind.value)
    assert said.type is not NotificationType.UNKNOWN
    assert said.key == SEEN.key
    assert said.found_by == "reconcile"
    assert said.notes == ()


def test_it_says_all_that_icinga_showed() -> None:
    flags: dict[str, Any] = dict.fromkeys(
        ("acknowledged", "sticky", "in_downtime", "flapping"), True
    )

    said = parse(found.notification(difference(seen=replace(SEEN, **flags))))

    assert (said.state, said.subject.hard) == (State.CRITICAL, True)
    assert said.subject.last_hard_state_change == AT - 100
    assert (said.output, said.subject.display_name) == ("3 % free", "Disk")
    assert (said.host.state, said.host.address) == (State.UP, "192.0.2.1")
    assert (said.vars.customer, said.vars.priority) == ("1001", "P1")
    assert all((said.acknowledged, said.sticky, said.in_downtime, said.flapping))


def test_a_host_is_told_as_a_host() -> None:
    down = replace(SEEN, host=replace(HOST, state=State.DOWN), service="", state=State.DOWN)

    said = parse(found.notification(difference(seen=down, shown=Shown(*down.key))))

    assert said.service is None
    assert (said.state, said.subject.last_hard_state_change) == (State.DOWN, AT - 100)


def test_an_object_that_is_gone_is_told_by_name_alone() -> None:
    said = parse(found.notification(difference(DifferenceKind.OBJECT_GONE, seen=None)))

    assert (said.type, said.key, said.state) == (NotificationType.OBJECTGONE, SEEN.key, None)


def test_only_a_foreign_acknowledgement_is_signed() -> None:
    by = AcknowledgedBy("ben", "I am on it", AT - 10)

    foreign = parse(found.notification(difference(DifferenceKind.FOREIGN_ACKNOWLEDGEMENT, by=by)))
    problem = parse(found.notification(difference(by=by)))

    assert (foreign.author, foreign.comment) == ("ben", "I am on it")
    assert (problem.author, problem.comment) == ("", "")


def test_it_is_as_new_as_icingas_answer_in_whole_seconds() -> None:
    assert found.notification(difference())["time"] == 1795421400.0


def test_it_is_never_older_than_what_was_heard_before() -> None:
    ahead = replace(SHOWN, state_at=AT + 60)

    assert found.notification(difference(shown=ahead))["time"] == AT + 60


SAME = [
    pytest.param({"at": AT + 30}, id="found again half a minute later"),
    pytest.param({"seen": replace(SEEN, output="2 % free")}, id="with another output"),
]


@pytest.mark.parametrize("changes", SAME)
def test_the_same_difference_has_one_id(changes: dict[str, Any]) -> None:
    first, again = difference(), difference(**changes)

    assert found.notification(first)["id"] == found.notification(again)["id"]


OTHERS = [
    pytest.param({"kind": DifferenceKind.MISSED_DOWNTIME_START}, id="of another kind"),
    pytest.param({"shown": replace(SHOWN, host="web02")}, id="of another host"),
    pytest.param({"shown": replace(SHOWN, service="")}, id="of the host"),
    pytest.param({"seen": replace(SEEN, state=State.UNKNOWN)}, id="another state"),
    pytest.param({"seen": replace(SEEN, hard_since=AT - 1)}, id="began anew"),
    pytest.param({"shown": replace(SHOWN, state_at=AT - 9)}, id="something was heard meanwhile"),
    pytest.param({"shown": replace(SHOWN, acknowledged_at=AT)}, id="acknowledged again"),
    pytest.param({"at": AT + 3600}, id="still there an hour later"),
]


@pytest.mark.parametrize("changes", OTHERS)
def test_another_difference_has_another_id(changes: dict[str, Any]) -> None:
    first, other = difference(), difference(**changes)

    assert found.notification(first)["id"] != found.notification(other)["id"]


def test_an_object_that_is_gone_is_told_of_once() -> None:
    first = difference(DifferenceKind.OBJECT_GONE, seen=None)
    next_day = replace(first, at=AT + 86400)

    assert found.notification(first)["id"] == found.notification(next_day)["id"]


def test_names_do_not_run_into_each_other() -> None:
    one = difference(DifferenceKind.OBJECT_GONE, seen=None, shown=Shown("a", "bc"))
    other = difference(DifferenceKind.OBJECT_GONE, seen=None, shown=Shown("ab", "c"))

    assert found.notification(one)["id"] != found.notification(other)["id"]
