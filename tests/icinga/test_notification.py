"""What one webhook object becomes, and what is said about a bad one."""

import math
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.icinga.notification import (
    NotANotification,
    Notification,
    NotificationType,
    happened_at,
    parse,
    started_at,
)
from bridge.icinga.states import State
from tests.icinga.entries import ARRIVED, host_problem, service_problem, without


def errors_of(entry: object) -> tuple[tuple[str, str], ...]:
    with pytest.raises(NotANotification) as refused:
        parse(entry)
    return refused.value.errors


def said_about(name: str, entry: object) -> str:
    return dict(errors_of(entry))[name]


def test_a_service_problem_says_what_and_where() -> None:
    found = parse(service_problem())

    assert found.type is NotificationType.PROBLEM
    assert found.key == ("web01", "http")
    assert found.lane == "web01!http"
    assert found.state is State.CRITICAL
    assert found.subject.display_name == "HTTP"
    assert found.host.state is State.UP
    assert found.host.groups == ("linux",)
    assert found.subject.hard is True
    assert found.vars.address == "acme-247@desk.example"
    assert (found.vars.customer, found.vars.priority, found.vars.impact) == ("1001", "P2", "high")
    assert found.notes == ()


@pytest.mark.parametrize("changes", [{"service": None}, {}], ids=["null", "absent"])
def test_without_a_service_it_is_about_the_host(changes: dict[str, Any]) -> None:
    found = parse(without(host_problem(), "service") | changes)

    assert found.key == ("web01", "")
    assert found.subject is found.host
    assert found.state is State.DOWN


def test_a_notification_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        parse(service_problem()).output = "fine"  # type: ignore[misc]


@pytest.mark.parametrize("kind", list(NotificationType), ids=lambda kind: kind.value)
def test_every_type_is_known_by_its_name(kind: NotificationType) -> None:
    assert parse(service_problem(type=kind.value)).type is kind


def test_icingas_two_words_for_a_cancelled_downtime_are_one() -> None:
    found = parse(service_problem(type="DOWNTIMEREMOVED"))

    assert found.type is NotificationType.DOWNTIMECANCELLED
    assert found.raw_type == "DOWNTIMEREMOVED"


def test_an_unknown_type_is_kept_with_its_name() -> None:
    entry = without(service_problem(type="ECLIPSE\x00"), "service", "state")

    found = parse(entry)

    assert found.type is NotificationType.UNKNOWN
    assert found.raw_type == "ECLIPSE"


REQUIRED = [
    pytest.param("id", without(service_problem(), "id"), "128", id="no id"),
    pytest.param("id", service_problem(id=""), "1 to", id="empty id"),
    pytest.param("id", service_problem(id="x" * 129), "128", id="id of 129 characters"),
    pytest.param("id", service_problem(id=7), "text", id="id is a number"),
    pytest.param("id", service_problem(id="a\x00b"), "text", id="id with NUL"),
    pytest.param("id", service_problem(id="a\ud800b"), "text", id="id with half a character"),
    pytest.param("type", without(service_problem(), "type"), "PROBLEM", id="no type"),
    pytest.param("type", service_problem(type=" "), "PROBLEM", id="blank type"),
    pytest.param("type", service_problem(type=["PROBLEM"]), "PROBLEM", id="type is a list"),
    pytest.param("time", without(service_problem(), "time"), "number", id="no time"),
    pytest.param("time", service_problem(time=True), "number", id="time is true"),
    pytest.param("time", service_problem(time="1795421240"), "number", id="time is a text"),
    pytest.param("time", service_problem(time=math.nan), "number", id="time is NaN"),
    pytest.param("time", service_problem(time=math.inf), "number", id="time is infinite"),
    pytest.param("time", service_problem(time=10**400), "number", id="time beyond any float"),
    pytest.param("host", without(service_problem(), "host"), "name", id="no host"),
    pytest.param("host", service_problem(host="web01"), "name", id="host is a text"),
    pytest.param("host.name", without(service_problem(), "host", "name"), "name", id="no name"),
    pytest.param("host.name", host_problem(host={"name": "", "state": "UP"}), "1", id="empty name"),
    pytest.param(
        "host.name", host_problem(host={"name": "h" * 256, "state": "UP"}), "255", id="long name"
    ),
    pytest.param(
        "host.name",
        host_problem(host={"name": "web\n01", "state": "UP"}),
        "control",
        id="name with a line break",
    ),
    pytest.param("service", service_problem(service="http"), "null", id="service is a text"),
    pytest.param("service", service_problem(service=[]), "null", id="service is a list"),
    pytest.param(
        "service.name", without(service_problem(), "service", "name"), "name", id="unnamed service"
    ),
    pytest.param(
        "service.state",
        without(service_problem(), "service", "state"),
        "CRITICAL",
        id="PROBLEM of a service without state",
    ),
    pytest.param(
        "service.state",
        without(service_problem(type="RECOVERY"), "service", "state"),
        "OK",
        id="RECOVERY of a service without state",
    ),
    pytest.param(
        "service.state",
        service_problem(service={"name": "http", "state": "DOWN"}),
        "CRITICAL",
        id="a service is never DOWN",
    ),
    pytest.param(
        "service.state",
        service_problem(service={"name": "http", "state": {"id": 2}}),
        "CRITICAL",
        id="state is an object",
    ),
    pytest.param("host.state", host_problem(host={"name": "web01"}), "DOWN", id="host w/o state"),
    pytest.param(
        "host.state",
        host_problem(host={"name": "web01", "state": "CRITICAL"}),
        "DOWN",
        id="a host is never CRITICAL",
    ),
    pytest.param(
        "host.last_hard_state_change",
        host_problem(host={"name": "h", "state": "UP", "last_hard_state_change": math.nan}),
        "number",
        id="change at NaN",
    ),
    pytest.param(
        "host.last_hard_state_change",
        host_problem(host={"name": "h", "state": "UP", "last_hard_state_change": "1795421240"}),
        "number",
        id="change is a text",
    ),
]


@pytest.mark.parametrize(("name", "entry", "told"), REQUIRED)
def test_what_is_required_is_refused_with_its_field_and_what_to_do(
    name: str, entry: dict[str, Any], told: str
) -> None:
    assert told in said_about(name, entry)


@pytest.mark.parametrize("entry", [None, [], "PROBLEM", 7, True])
def test_what_is_no_object_is_refused(entry: object) -> None:
    assert "object" in said_about("", entry)


def test_all_errors_are_told_at_once() -> None:
    entry = {"host": {"name": ""}, "service": {"state": 1}, "type": "PROBLEM"}

    fields = [field for field, _ in errors_of(entry)]

    assert sorted(fields) == ["host.name", "id", "service.name", "service.state", "time"]


ACCEPTED = [
    pytest.param(service_problem(id="x" * 128), id="id of 128 characters"),
    pytest.param(service_problem(id="Ereignis № 1 / ü?#%"), id="id of any text"),
    pytest.param(service_problem(time=0), id="1970"),
    pytest.param(service_problem(time=4102444800), id="2100"),
    pytest.param(service_problem(time=1e300), id="never"),
    pytest.param(service_problem(unheard_of={"deep": [math.nan]}), id="unknown field"),
    pytest.param(service_problem(output=None, author=None, vars=None), id="nulls"),
    pytest.param(host_problem(host={"name": "n" * 255, "state": "UP"}), id="name of 255"),
    pytest.param(
        {"id": "1", "type": "CUSTOM", "time": 1, "host": {"name": "h"}}, id="only what is required"
    ),
]


@pytest.mark.parametrize("entry", ACCEPTED)
def test_what_is_odd_but_complete_is_taken(entry: dict[str, Any]) -> None:
    assert parse(entry).id == entry["id"]


@pytest.mark.parametrize(
    "name", ["web 01", "a/b?c#d%41!e", "Überwachung", "日本", " x ", "a\\b'\""]
)
def test_names_are_kept_as_they_are(name: str) -> None:
    found = parse(service_problem(host={"name": name}, service={"name": name, "state": "CRITICAL"}))

    assert found.key == (name, name)


IGNORED = [
    pytest.param({"number": "1"}, "number", id="number is a text"),
    pytest.param({"number": 1.5}, "number", id="number is a fraction"),
    pytest.param({"output": 7}, "output", id="output is a number"),
    pytest.param({"vars": "P1"}, "vars", id="vars is a text"),
    pytest.param({"vars": {"priority": 5}}, "vars.priority", id="priority 5"),
    pytest.param({"vars": {"priority": "urgent"}}, "vars.priority", id="priority urgent"),
    pytest.param({"vars": {"priority": True}}, "vars.priority", id="priority true"),
    pytest.param({"vars": {"priority": [1]}}, "vars.priority", id="priority is a list"),
    pytest.param({"vars": {"priority": math.nan}}, "vars.priority", id="priority NaN"),
    pytest.param({"vars": {"impact": "huge"}}, "vars.impact", id="impact huge"),
    pytest.param({"vars": {"enabled": "perhaps"}}, "vars.enabled", id="enabled perhaps"),
    pytest.param({"vars": {"address": ["a"]}}, "vars.address", id="address is a list"),
    pytest.param({"host": {"name": "h", "state": "BURNING"}}, "host.state", id="a host's state"),
    pytest.param({"host": {"name": "h", "groups": "linux"}}, "host.groups", id="groups is a text"),
]


@pytest.mark.parametrize(("changes", "field"), IGNORED)
def test_bad_decoration_is_noted_and_the_alarm_is_kept(changes: dict[str, Any], field: str) -> None:
    found = parse(service_problem(**changes))

    assert [note.split(" is ignored: ")[0] for note in found.notes] == [field]
    assert found.state is State.CRITICAL
    assert found.vars.enabled


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
SUBJECT = st.fixed_dictionaries(
    {"name": st.text(max_size=300)},
    optional=dict.fromkeys(("state", "groups", "last_hard_state_change", "display_name"), JSON),
)
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(("id", "author", "comment", "vars", "number"), JSON),
        "time": st.floats() | st.integers(),
        "output": st.text(),
        "type": st.sampled_from([kind.value for kind in NotificationType]) | st.text(),
        "host": SUBJECT,
        "service": SUBJECT | st.none(),
        "vars": st.dictionaries(st.sampled_from(["address", "customer", "priority"]), JSON),
    },
)


@given(CHANGES)
def test_whatever_comes_is_fit_to_store_or_refused_with_reasons(changes: dict[str, Any]) -> None:
    found, errors = _parsed(service_problem(**changes))

    assert (found is None) == bool(errors)
    assert all(message for _, message in errors)
    if found is not None:
        _is_fit_to_store(found)


def _parsed(entry: object) -> tuple[Notification | None, tuple[tuple[str, str], ...]]:
    try:
        return parse(entry), ()
    except NotANotification as refused:
        return None, refused.errors


def _is_fit_to_store(found: Notification) -> None:
    for text in (found.id, found.output, found.comment, found.author, *found.key, *found.notes):
        assert "\x00" not in text
        text.encode()
    assert len(found.output.encode()) <= 16_384
    assert started_at(found, ARRIVED)[0] <= ARRIVED + timedelta(minutes=5)
    assert happened_at(found, ARRIVED) <= ARRIVED + timedelta(minutes=5)
