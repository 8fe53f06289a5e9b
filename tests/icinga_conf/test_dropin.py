"""A real Icinga with our drop-in: what arrives is what the webhook wants, whatever was said."""

import shutil
import time
from typing import Any

import pytest

from bridge.icinga import conf
from bridge.icinga.notification import parse
from tests.icinga_conf.world import World
from tests.lab import dropin
from tests.lab.icinga import Icinga
from tests.lab.sink import Sink

# As if a later Icinga had changed something under our feet.
BROKEN = 'globals.bridge_notification = function() { throw "no longer so" }\n'
LONELY = """
object Host "web01" { import "lab-host"; vars.bridge.customer = 1001 }
object Service "http" { import "lab-service"; host_name = "web01" }
"""


def test_icinga_accepts_the_whole_rendered_folder() -> None:
    icinga = Icinga()
    dropin.install(icinga, "https://bridge.example")
    icinga.write("conf.d/hosts.conf", 'object Host "h" { import "lab-host" }\n')

    verdict = icinga.validate()
    icinga.remove()

    assert verdict.returncode == 0, verdict.stdout
    assert "critical" not in verdict.stdout


def test_icinga_accepts_the_folder_as_it_is_shipped() -> None:
    icinga = Icinga()
    shutil.copytree(conf.shipped_folder() / "bridge", icinga.folder / "etc/conf.d/bridge")

    verdict = icinga.validate()
    icinga.remove()

    assert verdict.returncode == 0, verdict.stdout


def test_a_critical_service_arrives_as_the_webhook_wants_it(world: World) -> None:
    before = time.time()
    world.icinga.check_result("web01", output="up")
    world.icinga.check_result("web01", "http", 2, "CRITICAL - 503")

    found = world.next("web01", "http")

    moments = [
        found["time"],
        found["host"]["last_hard_state_change"],
        found["service"]["last_hard_state_change"],
    ]
    assert all(before - 1 < moment < time.time() + 1 for moment in moments)
    assert 0 < len(found.pop("id")) <= 128
    assert found == {
        "type": "PROBLEM",
        "time": moments[0],
        "number": 1,
        "notification": "web01!http!bridge",
        "author": "",
        "comment": "",
        "output": "CRITICAL - 503",
        "host": {
            "name": "web01",
            "display_name": "Web-Server „eins“",
            "address": "192.0.2.1",
            "state": "UP",
            "state_type": "HARD",
            "last_hard_state_change": moments[1],
            "groups": ["linux", 'web "quoted"'],
        },
        "service": {
            "name": "http",
            "display_name": "http",
            "state": "CRITICAL",
            "state_type": "HARD",
            "last_hard_state_change": moments[2],
            "groups": ["http"],
        },
        "vars": {
            "address": "acme-247@desk.example",
            "customer": "1001",
            "priority": 2,
            "impact": "high",
        },
    }
    assert parse({**found, "id": "1"}).notes == ()


def test_the_request_carries_token_and_type(world: World) -> None:
    world.icinga.check_result("no vars", "http", 1, "WARNING")
    world.next("no vars", "http")

    request = world.sink.requests[-1]

    assert request.path == "/webhooks/icinga"
    assert request.headers["authorization"] == f"Bearer {dropin.TOKEN}"
    assert request.headers["content-type"] == "application/json"


def test_a_host_that_was_never_checked_has_no_state(world: World) -> None:
    icinga = world.icinga
    icinga.action("send-custom-notification", "never checked", author="anna", comment="hello")

    found = world.next("never checked")

    assert (found["host"]["state"], found["host"]["state_type"]) == ("", "")
    assert parse(found).notes == ()


def test_a_host_goes_down_and_recovers(world: World) -> None:
    world.icinga.check_result("no vars", state=1, output="no answer")
    down = world.next("no vars")
    world.icinga.check_result("no vars", state=0, output="back")
    up = world.next("no vars", after=1)

    assert (down["type"], down["host"]["state"], down["service"]) == ("PROBLEM", "DOWN", None)
    assert down["vars"] == {}
    assert (up["type"], up["host"]["state"], up["output"]) == ("RECOVERY", "UP", "back")
    assert up["time"] > down["time"]
    assert up["id"] != down["id"]
    assert parse(down).notes == parse(up).notes == ()


def test_people_and_downtimes_arrive_with_author_and_comment(world: World) -> None:
    icinga, host = world.icinga, "vars is text"
    said = {"author": "Änne", "comment": 'because of "$host.name$"\nand $5'}
    icinga.check_result(host, state=1, output="down")
    world.next(host)

    icinga.action("acknowledge-problem", host, **said, notify=True)
    acknowledged = world.next(host, after=1)
    icinga.action("send-custom-notification", host, **said)
    custom = world.next(host, after=2)
    now = time.time()
    icinga.action("schedule-downtime", host, **said, start_time=now, end_time=now + 600)
    started = world.next(host, after=3)
    icinga.action("remove-downtime", host)
    ended = world.next(host, after=4)

    found = [acknowledged, custom, started, ended]
    assert _types(found[:3]) == ["ACKNOWLEDGEMENT", "CUSTOM", "DOWNTIMESTART"]
    # 2.13.6 calls a removed downtime ended.
    assert ended["type"] in {"DOWNTIMEEND", "DOWNTIMECANCELLED"}
    assert [entry["author"] for entry in found] == ["Änne"] * 4
    assert {entry["comment"] for entry in found} == {said["comment"]}
    assert world.sent(host)[0]["vars"] == {}


def test_flapping_says_when_it_starts_and_ends(world: World) -> None:
    for turn in range(10):
        world.icinga.check_result("web01", "flapping", 2 if turn % 2 else 0, f"turn {turn}")
    for _ in range(20):
        world.icinga.check_result("web01", "flapping", 2, "steady")

    end = time.monotonic() + 20
    while "FLAPPINGEND" not in (found := _types(world.sent("web01", "flapping"))):
        assert time.monotonic() < end, found
        time.sleep(0.1)

    assert "FLAPPINGSTART" in found


@pytest.mark.parametrize(
    ("host", "service", "expected"),
    [
        pytest.param(
            "web01",
            "flat",
            {
                "address": "globex@desk.example",
                "customer": "2002",
                "priority": "P1",
                "impact": "high",
            },
            id="flat ones of a service win over its host's dictionary",
        ),
        pytest.param(
            "web01",
            "empty form",
            {
                "address": "acme-247@desk.example",
                "customer": "1001",
                "priority": 3,
                "impact": "high",
            },
            id="empty ones ask for nothing",
        ),
        pytest.param(
            "web01",
            "nonsense",
            {
                "address": "acme-247@desk.example",
                "customer": "costs 5$$ and $host.name$",
                "priority": "urgent",
                "impact": "[ 1.000000, 2.000000 ]",
            },
            id="nonsense goes along, to be seen",
        ),
        pytest.param("opted out", "back in", {"enabled": True}, id="a service opts in again"),
    ],
)
def test_vars_are_merged(world: World, host: str, service: str, expected: dict[str, Any]) -> None:
    seen = len(world.sent(host, service))
    world.icinga.check_result(host, service, 1 + seen % 2, "x")

    assert world.next(host, service, after=seen)["vars"] == expected


def test_what_opted_out_is_silent(world: World) -> None:
    world.icinga.check_result("opted out", state=1, output="silent")
    world.icinga.check_result("opted out", state=0, output="silent")
    for host, service in [
        ("opted out", "out too"),
        ("web01", "opted out"),
        ("web01", "opted out by form"),
    ]:
        world.icinga.check_result(host, service, 2, "silent")
    world.icinga.check_result("storm0", state=1, output="the last one")
    world.next("storm0")

    assert "silent" not in [found["output"] for found in world.sink.notifications()]


def test_a_function_that_throws_costs_the_details_but_not_the_alarm() -> None:
    icinga = Icinga({"conf.d/zz.conf": BROKEN + LONELY})
    with Sink() as sink:
        dropin.install(icinga, sink.public_url)
        with icinga:
            icinga.check_result("web01", "http", 2, "said in vain")
            (found,) = sink.wait_for(1)

    assert (found["type"], found["number"], found["output"]) == ("PROBLEM", 1, "")
    assert found["notification"] == "web01!http!bridge"
    assert (found["host"]["name"], found["host"]["state"]) == ("web01", "")
    assert (found["service"]["name"], found["service"]["state"]) == ("http", "CRITICAL")
    assert found["vars"] == {"customer": "1001"}
    assert parse(found).notes == ()


def test_many_hosts_at_once_all_arrive_once(world: World) -> None:
    names = {f"storm{number}" for number in range(1, 99)}
    status, _ = world.icinga.api(
        "POST",
        "/v1/actions/process-check-result",
        {
            "type": "Host",
            "filter": 'match("storm*", host.name) && !(host.name in [ "storm0", "storm99" ])',
            "exit_status": 1,
            "plugin_output": "storm",
        },
    )
    assert status == 200

    for name in names:
        world.next(name)

    assert all(len(world.sent(name)) == 1 for name in names)
    assert world.drop_in.waiting() == []


def _types(found: list[dict[str, Any]]) -> list[str]:
    return [entry["type"] for entry in found]
