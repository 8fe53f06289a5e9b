"""How the results of Icinga's API are read; they are those of a real one, shortened."""

from typing import Any

import pytest

from bridge.icinga import objects
from bridge.icinga.answers import NotIcinga
from bridge.icinga.states import State

HOST = {
    "name": "acme-web01",
    "display_name": "Web 1",
    "address": "192.0.2.10",
    "state": 0,
    "groups": ["cust-acme"],
    "vars": {"bridge": {"customer": "1001"}, "community": "public"},
}
SERVICE = {
    "host_name": "acme-web01",
    "name": "disk",
    "display_name": "Disk /",
    "state": 2,
    "state_type": 1,
    "last_hard_state_change": 1795418319.99338,
    "last_state_change": 1795418310.5,
    "acknowledgement": 0,
    "acknowledgement_expiry": 0,
    "acknowledgement_last_change": 0,
    "downtime_depth": 1,
    "flapping": False,
    "groups": [],
    "last_check_result": {"output": "crit\x00 <b>\nline 2", "state": 2, "performance_data": None},
    "vars": {"bridge_priority": 1, "dummy_state": 0},
}


def service(**attrs: Any) -> dict[str, Any]:
    return {
        "attrs": {**SERVICE, **attrs},
        "joins": {"host": HOST},
        "meta": {},
        "name": "acme-web01!disk",
    }


def host(**attrs: Any) -> dict[str, Any]:
    own = {**SERVICE, **HOST, "state": 1}
    return {"attrs": {**own, **attrs}, "joins": {}, "meta": {}, "name": "acme-web01"}


def test_a_service_comes_with_its_host() -> None:
    seen = objects.service_seen(service())

    assert seen.key == ("acme-web01", "disk")
    assert (seen.state, seen.hard, seen.checked) == (State.CRITICAL, True, True)
    assert (seen.hard_since, seen.changed_at) == (1795418319.99338, 1795418310.5)
    assert seen.in_downtime
    assert not seen.acknowledged
    assert seen.output == "crit <b>\nline 2"
    assert seen.host.display_name == "Web 1"
    assert seen.host.state is State.UP


def test_of_the_variables_only_what_is_for_us_is_kept() -> None:
    assert objects.service_seen(service()).wishes == {"customer": "1001", "priority": 1}


def test_a_host_is_about_itself() -> None:
    seen = objects.host_seen(host())

    assert seen.key == ("acme-web01", "")
    assert seen.state is State.DOWN
    assert seen.is_problem


EVIDENCE = [
    pytest.param({}, True, False, id="critical, hard, checked"),
    pytest.param({"state": 0}, False, True, id="OK, hard, checked"),
    pytest.param({"state_type": 0}, False, False, id="critical, but soft"),
    pytest.param({"state": 0, "state_type": 0}, False, False, id="OK, but soft"),
    pytest.param({"last_check_result": None, "state": 3}, False, False, id="pending"),
    pytest.param({"last_check_result": None, "state": 0}, False, False, id="pending, says OK"),
    pytest.param({"state": 4}, True, False, id="a state nobody knows"),
]


@pytest.mark.parametrize(("attrs", "is_problem", "is_well"), EVIDENCE)
def test_only_a_hard_checked_state_is_evidence(
    attrs: dict[str, Any], is_problem: bool, is_well: bool
) -> None:
    seen = objects.service_seen(service(**attrs))

    assert (seen.is_problem, seen.is_well) == (is_problem, is_well)


@pytest.mark.parametrize(
    ("kind", "until", "holds"),
    [(0, 0, False), (1, 0, True), (2, 0, True), (1, 200.0, True), (1, 100.0, False)],
    ids=["none", "for ever", "sticky", "not yet over", "over, still shown"],
)
def test_an_acknowledgement_holds_until_it_expires(kind: int, until: float, holds: bool) -> None:
    seen = objects.service_seen(service(acknowledgement=kind, acknowledgement_expiry=until))

    assert seen.is_acknowledged(at=100.0) is holds
    assert seen.sticky is (kind == 2)


@pytest.mark.parametrize(
    "result",
    [
        {"name": "x"},
        {"attrs": None},
        service(name=None),
        service(state=None),
        service(state=True),
        service(last_hard_state_change="yesterday"),
        {**service(), "joins": {}},
    ],
    ids=["no attrs", "null", "no name", "no state", "state true", "a text for a time", "no host"],
)
def test_what_is_not_of_icinga_is_refused(result: dict[str, Any]) -> None:
    with pytest.raises(NotIcinga):
        objects.service_seen(result)


def test_the_newest_comment_says_who_acknowledged() -> None:
    def comment(author: str, at: float, service: str) -> dict[str, Any]:
        attrs = {"host_name": "h", "service_name": service, "author": author, "text": "t"}
        return {"attrs": {**attrs, "entry_time": at, "expire_time": 0}}

    found = objects.acknowledged_by(
        [comment("new", 2.0, "s"), comment("old", 1.0, "s"), comment("host", 1.0, "")]
    )

    assert {key: by.author for key, by in found.items()} == {("h", "s"): "new", ("h", ""): "host"}


def test_icingas_clock_is_its_start_and_how_long_it_runs() -> None:
    app = {"program_start": 1000.5, "pid": 7272, "version": "r2.13.6-1", "node_name": "master"}

    status = objects.status(
        {"status": {"icingaapplication": {"app": app}}}, {"status": {"uptime": 60.25}}
    )

    assert (status.now, status.pid, status.version, status.node) == (
        1060.75,
        7272,
        "r2.13.6-1",
        "master",
    )
