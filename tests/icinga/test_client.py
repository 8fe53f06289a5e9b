"""The door to Icinga, tried on a real one."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from requests.adapters import HTTPAdapter

from bridge.errors import BridgeError
from bridge.icinga import answers
from bridge.icinga.client import Icinga
from bridge.icinga.states import State
from tests.icinga.conftest import ODD_HOST, ODD_SERVICE, access_to
from tests.lab.icinga import Icinga as Daemon

REFERENCE = "[Ticket #10001]"
NAMES = [
    pytest.param("web01", "http", id="plain service"),
    pytest.param("web01", "", id="plain host"),
    pytest.param(ODD_HOST, "", id="odd host"),
    pytest.param(ODD_HOST, ODD_SERVICE, id="odd service"),
]


def test_the_daemon_says_who_it_is_and_what_time_it_is(door: Icinga) -> None:
    status = door.status()

    assert status.node == "localhost"
    assert status.version.startswith("r2.")
    assert status.pid > 0
    assert abs(status.now - time.time()) < 5


@pytest.mark.parametrize(("host", "service"), NAMES)
def test_a_problem_is_seen_acknowledged_and_over(
    daemon: Daemon, door: Icinga, host: str, service: str
) -> None:
    daemon.check_result(host, service or None, state=2 if service else 1, output="bad")

    assert (host, service) in [one.key for one in door.problems()]
    assert door.objects([(host, service)])[host, service].output == "bad"
    assert door.one(host, service).is_problem

    door.acknowledge(host, service, "Anna", f"{REFERENCE} https://desk.example/t/10001")
    assert door.is_acknowledged(host, service)
    assert door.acknowledged_by()[host, service].author == "Anna"
    door.remove_acknowledgement(host, service, "Anna")
    assert not door.is_acknowledged(host, service)

    daemon.check_result(host, service or None, state=0, output="good")
    assert door.one(host, service).is_well
    assert (host, service) not in [one.key for one in door.problems()]


def test_a_problem_comes_with_all_a_ticket_needs(daemon: Daemon, door: Icinga) -> None:
    began = time.time()
    daemon.check_result("web01", "prio", state=1, output="slow\n<b>line 2</b>")

    seen = next(one for one in door.problems() if one.service == "prio")

    assert (seen.state, seen.hard, seen.checked) == (State.WARNING, True, True)
    assert abs(seen.hard_since - began) < 5
    assert seen.output == "slow\n<b>line 2</b>"
    assert (seen.host.display_name, seen.host.address) == ("Web 1", "192.0.2.1")
    assert seen.host.groups == ("linux",)
    assert seen.wishes == {"customer": "1001", "priority": 1}
    assert not any((seen.acknowledged, seen.in_downtime, seen.flapping))


def test_soft_and_pending_are_no_problems(daemon: Daemon, door: Icinga) -> None:
    daemon.check_result("web01", "soft", state=2)

    assert {"soft", "ntp"}.isdisjoint(one.service for one in door.problems())
    assert not door.one("web01", "soft").hard
    assert not door.one("web01", "ntp").checked


def test_what_icinga_does_not_know_is_left_out_of_a_list(door: Icinga) -> None:
    asked = [("web01", ""), ("web02", ""), ("web01", "ssh"), ("web01", "no"), ("a!b", "c!d")]

    assert set(door.objects(asked)) == {("web01", ""), ("web01", "ssh")}
    assert door.objects([]) == {}


def test_long_lists_are_asked_for_in_parts(door: Icinga) -> None:
    asked = [("web01", f"{number:05}-" + "ü" * 240) for number in range(2000)]

    assert set(door.objects([*asked, ("web01", "ssh")])) == {("web01", "ssh")}
    assert traffic(door) == (1, 6)


@pytest.mark.parametrize(
    ("host", "service"),
    [("web02", ""), ("web01", "none"), ("web01!ssh", ""), ("../status", ""), ("", "x")],
)
def test_an_unknown_object_is_told_as_missing(door: Icinga, host: str, service: str) -> None:
    with pytest.raises(answers.ObjectMissing):
        door.one(host, service)
    with pytest.raises(answers.ObjectMissing):
        door.acknowledge(host, service, "Anna", REFERENCE)
    with pytest.raises(answers.ObjectMissing):
        door.add_comment(host, service, "Anna", REFERENCE)


def test_the_acknowledgement_ends_with_the_next_change(daemon: Daemon, door: Icinga) -> None:
    daemon.check_result("web01", "disk", state=1)
    door.acknowledge("web01", "disk", "Anna", REFERENCE)
    assert not door.one("web01", "disk").sticky

    daemon.check_result("web01", "disk", state=2)

    assert not door.is_acknowledged("web01", "disk")
    assert ("web01", "disk") not in door.acknowledged_by()


def test_acknowledging_twice_is_told(daemon: Daemon, door: Icinga) -> None:
    daemon.check_result("web01", "mail", state=2)
    door.acknowledge("web01", "mail", "Anna", REFERENCE)

    with pytest.raises(answers.AlreadyAcknowledged):
        door.acknowledge("web01", "mail", "Ben", "mine")

    assert REFERENCE in door.acknowledged_by()["web01", "mail"].text


def test_what_is_well_cannot_be_acknowledged(daemon: Daemon, door: Icinga) -> None:
    daemon.check_result("web01", "ssh", state=0)

    with pytest.raises(answers.NotAProblem):
        door.acknowledge("web01", "ssh", "Anna", REFERENCE)


def test_an_acknowledgement_may_expire(daemon: Daemon, door: Icinga) -> None:
    daemon.check_result("web01", "dns", state=2)
    door.acknowledge("web01", "dns", "Anna", REFERENCE, datetime.now(UTC) + timedelta(seconds=1))
    assert door.is_acknowledged("web01", "dns")

    time.sleep(1.2)

    assert not door.is_acknowledged("web01", "dns")
    with pytest.raises(answers.ActionRefused, match="future"):
        door.acknowledge("web01", "dns", "Anna", REFERENCE, datetime(2026, 1, 1, tzinfo=UTC))


def test_comments_downtimes_and_checks_reach_icinga(daemon: Daemon, door: Icinga) -> None:
    begin = datetime.now(UTC) - timedelta(minutes=1)
    daemon.check_result("web01", "cron", state=2)

    door.add_comment("web01", "cron", "Anna", "Hällo")
    door.set_downtime("web01", "cron", "Anna", "patch", begin, begin + timedelta(hours=1))
    door.check_again("web01", "cron")

    assert door.one("web01", "cron").in_downtime
    comments = daemon.api("GET", "/v1/objects/comments?service=web01!cron")[1]["results"]
    assert [one["attrs"]["text"] for one in comments if one["attrs"]["entry_type"] == 1] == [
        "Hällo"
    ]


def traffic(door: Icinga) -> tuple[int, int]:
    """Return how many connections were made, and how many requests."""
    adapter = door._api.session.get_adapter(door._api.url)
    assert isinstance(adapter, HTTPAdapter)
    (key,) = adapter.poolmanager.pools.keys()
    pool = adapter.poolmanager.pools[key]
    return pool.num_connections, pool.num_requests


def test_calls_share_one_connection(door: Icinga) -> None:
    for _ in range(10):
        door.visible_hosts()

    assert traffic(door) == (1, 10)


PERMISSIONS = [
    pytest.param("root", "wrong", answers.Unauthorised, id="wrong password"),
    pytest.param("nobody", "x", answers.Unauthorised, id="unknown user"),
    pytest.param("nothing", "x", answers.QueryRefused, id="no permission"),
]


@pytest.mark.parametrize(("user", "password", "error"), PERMISSIONS)
def test_who_may_not_ask_is_told_so_and_never_that_all_is_well(
    daemon: Daemon, user: str, password: str, error: type[BridgeError]
) -> None:
    with Icinga(access_to(daemon, user, password)) as door:
        with pytest.raises(error):
            door.problems()
        with pytest.raises(error):
            door.objects([("web01", "http")])


def test_who_may_see_no_host_sees_an_empty_world(daemon: Daemon) -> None:
    with Icinga(access_to(daemon, "nobodys", "x")) as door:
        assert door.problems() == []
        assert door.visible_hosts() == 0


def test_an_action_that_is_not_permitted_is_refused(daemon: Daemon) -> None:
    daemon.check_result("web01", "ldap", state=2)

    with Icinga(access_to(daemon, "half", "x")) as door:
        assert ("web01", "ldap") in [one.key for one in door.problems()]
        with pytest.raises(answers.ObjectMissing):
            door.acknowledge("web01", "ldap", "Anna", REFERENCE)
