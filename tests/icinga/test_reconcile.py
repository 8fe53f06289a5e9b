"""What a look at Icinga finds after notifications were lost, it was reloaded, frozen or killed."""

import os
import signal
import time
from collections.abc import Iterable, Iterator

import pytest

from bridge.icinga import answers, session
from bridge.icinga.client import Icinga
from bridge.icinga.differences import Acknowledged, DifferenceKind, Shown, differences
from bridge.icinga.states import State
from tests.icinga.conftest import ODD_HOST, ODD_SERVICE, access_to
from tests.lab.icinga import Icinga as Daemon

REFERENCE = "[Ticket #10001]"
Found = list[tuple[DifferenceKind, str, str]]


@pytest.fixture
def own_door(own_daemon: Daemon) -> Iterator[Icinga]:
    """Our door to an Icinga that the test has for itself."""
    with Icinga(access_to(own_daemon)) as opened:
        yield opened


def ticket(service: str, state: State = State.CRITICAL, host: str = "web01") -> Shown:
    return Shown(host, service, state, time.time(), is_open=True, reference=REFERENCE)


def look(door: Icinga, shown: Iterable[Shown], program_start: float | None = None) -> Found:
    ours = list(shown)
    found = differences(door.snapshot(ours, program_start), ours)
    return [(one.kind, *one.shown.key) for one in found]


def test_every_lost_notification_is_found(own_daemon: Daemon, own_door: Icinga) -> None:
    own_daemon.check_result(ODD_HOST, None, state=1)
    own_daemon.check_result(ODD_HOST, ODD_SERVICE, state=2)
    own_daemon.check_result("web01", "http", state=0)
    own_daemon.check_result("web01", "disk", state=2)
    own_daemon.check_result("web01", "ssh", state=2)
    ours = [ticket("http"), ticket("disk", State.WARNING), ticket("ssh"), ticket("ntp")]

    assert look(own_door, ours) == [
        (DifferenceKind.MISSED_PROBLEM, ODD_HOST, ""),
        (DifferenceKind.MISSED_PROBLEM, ODD_HOST, ODD_SERVICE),
        (DifferenceKind.MISSED_PROBLEM, "web01", "disk"),
        (DifferenceKind.MISSED_RECOVERY, "web01", "http"),
    ]


def test_a_downtime_and_its_end_are_found(own_daemon: Daemon, own_door: Icinga) -> None:
    own_daemon.check_result("web01", "http", state=2)
    start = time.time()
    (downtime,) = own_daemon.action(
        "schedule-downtime",
        *("web01", "http"),
        author="ben",
        comment="patch",
        start_time=start - 1,
        end_time=start + 600,
        fixed=True,
    )
    during = look(own_door, [ticket("http")])
    own_daemon.api("POST", "/v1/actions/remove-downtime", {"downtime": downtime["name"]})
    after = look(own_door, [Shown("web01", "http", State.CRITICAL, in_downtime=True)])

    assert during == [(DifferenceKind.MISSED_DOWNTIME_START, "web01", "http")]
    assert after == [
        (DifferenceKind.MISSED_PROBLEM, "web01", "http"),
        (DifferenceKind.MISSED_DOWNTIME_END, "web01", "http"),
    ]


def test_a_foreign_acknowledgement_is_found_with_its_author(
    own_daemon: Daemon, own_door: Icinga
) -> None:
    own_daemon.check_result("web01", "http", state=2)
    own_daemon.action("acknowledge-problem", "web01", "http", author="ben", comment="mine")
    ours = [ticket("http")]

    (found,) = differences(own_door.snapshot(ours, None), ours)

    assert found.kind is DifferenceKind.FOREIGN_ACKNOWLEDGEMENT
    assert found.by is not None
    assert (found.by.author, found.by.text) == ("ben", "mine")


def test_our_own_acknowledgement_is_no_difference(own_daemon: Daemon, own_door: Icinga) -> None:
    own_daemon.check_result("web01", "http", state=2)
    own_door.acknowledge("web01", "http", "Anna", f"{REFERENCE} https://desk.example/t/10001")

    assert look(own_door, [ticket("http")]) == []


def acknowledged(door: Icinga, service: str) -> Shown:
    """Acknowledge a service's problem and return the ticket that knows it."""
    door.acknowledge("web01", service, "Anna", REFERENCE)
    at = door.one("web01", service).acknowledgement_changed_at
    return Shown(
        *("web01", service, State.CRITICAL, at),
        is_open=True,
        reference=REFERENCE,
        acknowledged=Acknowledged.OURS,
        acknowledged_at=at,
    )


def test_who_took_our_acknowledgement_away_is_told(own_daemon: Daemon, own_door: Icinga) -> None:
    for service in ("http", "disk"):
        own_daemon.check_result("web01", service, state=2)
    ours = [acknowledged(own_door, "http"), acknowledged(own_door, "disk")]
    assert look(own_door, ours) == []
    # Less than a second after the last change of state it could be Icinga's own clearing.
    time.sleep(1.1)

    own_daemon.action("remove-acknowledgement", "web01", "http")
    own_daemon.check_result("web01", "disk", state=1)

    assert look(own_door, ours) == [
        (DifferenceKind.MISSED_PROBLEM, "web01", "disk"),
        (DifferenceKind.ACKNOWLEDGEMENT_LOST, "web01", "disk"),
        (DifferenceKind.ACKNOWLEDGEMENT_REMOVED, "web01", "http"),
    ]


def test_a_crash_forgets_our_acknowledgement_but_not_its_comment(
    own_daemon: Daemon, own_door: Icinga
) -> None:
    own_daemon.check_result("web01", "http", state=2)
    own_daemon.reload()
    ours = acknowledged(own_door, "http")
    before = own_door.snapshot([ours], None)

    own_daemon.crash()
    with pytest.raises(answers.Unreachable):
        own_door.status()
    own_daemon.start()
    after = own_door.snapshot([ours], before.program_start)

    assert (before.restarted, after.restarted) == (False, True)
    assert not own_door.is_acknowledged("web01", "http")
    assert own_door.acknowledged_by()["web01", "http"].text == REFERENCE
    assert [one.kind for one in differences(after, [ours])] == [DifferenceKind.ACKNOWLEDGEMENT_LOST]


def test_a_crash_that_forgets_a_problem_is_no_recovery(
    own_daemon: Daemon, own_door: Icinga
) -> None:
    own_daemon.check_result("web01", "http", state=2)

    own_daemon.crash()
    own_daemon.start()

    assert not own_door.one("web01", "http").checked
    assert look(own_door, [ticket("http")]) == []


def test_a_reload_is_seen_and_needs_no_new_door(own_daemon: Daemon, own_door: Icinga) -> None:
    own_daemon.check_result("web01", "http", state=2)
    before = own_door.snapshot([], None)

    own_daemon.reload()
    after = own_door.snapshot([], before.program_start)

    assert after.restarted
    assert [one.key for one in after.problems] == [("web01", "http")]


def test_questions_during_a_reload_are_answered_or_refused_but_never_empty(
    own_daemon: Daemon, own_door: Icinga
) -> None:
    own_daemon.check_result("web01", "http", state=2)
    # The state is written down by the first reload.
    own_daemon.reload()
    first = own_door.status().pid
    os.kill(own_daemon.pid, signal.SIGHUP)
    end = time.monotonic() + 20
    seen: list[int | str] = []

    while time.monotonic() < end:
        try:
            seen.append(len(own_door.snapshot([ticket("http")], None).problems))
            if own_door.status().pid != first:
                break
        except (answers.Unreachable, answers.Busy) as error:
            seen.append(type(error).__name__)

    assert own_door.status().pid != first
    assert 1 in seen
    assert 0 not in seen


def test_an_object_taken_out_of_the_configuration_is_gone_not_recovered(
    own_daemon: Daemon, own_door: Icinga
) -> None:
    own_daemon.check_result(ODD_HOST, ODD_SERVICE, state=2)
    objects = own_daemon.folder / "etc/conf.d/objects.conf"
    kept, _, rest = objects.read_text().partition('object Service "disk C')
    objects.write_text(kept + rest[rest.index("object ApiUser") :])

    own_daemon.reload()

    assert look(own_door, [ticket(ODD_SERVICE, host=ODD_HOST)]) == [
        (DifferenceKind.OBJECT_GONE, ODD_HOST, ODD_SERVICE)
    ]


def test_nothing_is_gone_for_a_user_who_sees_nothing(own_daemon: Daemon) -> None:
    with Icinga(access_to(own_daemon, "nobodys", "x")) as blind:
        assert look(blind, [ticket("http")]) == []


def test_who_may_not_see_comments_still_finds_problems(own_daemon: Daemon) -> None:
    own_daemon.check_result("web01", "http", state=2)
    own_daemon.action("acknowledge-problem", "web01", "http", author="ben", comment="mine")

    with Icinga(access_to(own_daemon, "half", "x")) as door:
        assert look(door, []) == [
            (DifferenceKind.MISSED_PROBLEM, "web01", "http"),
            (DifferenceKind.FOREIGN_ACKNOWLEDGEMENT, "web01", "http"),
        ]


def test_a_frozen_daemon_does_not_hold_us(
    own_daemon: Daemon, own_door: Icinga, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_door.status()
    monkeypatch.setattr(session, "TIMEOUT", (1, 1))
    os.killpg(own_daemon.pid, signal.SIGSTOP)
    began = time.monotonic()
    try:
        with pytest.raises(answers.NoAnswer):
            own_door.problems()
    finally:
        os.killpg(own_daemon.pid, signal.SIGCONT)

    assert time.monotonic() - began < 5
    monkeypatch.undo()
    assert own_door.status().pid > 0
