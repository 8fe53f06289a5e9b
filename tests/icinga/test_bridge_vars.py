"""What a host or service asks of Bridge, and whose word counts."""

import pytest

from bridge.icinga.bridge_vars import merged, read
from bridge.icinga.notification import parse
from tests.icinga.entries import service_problem


@pytest.mark.parametrize(
    ("said", "priority"),
    [(1, "P1"), (4, "P4"), ("P3", "P3"), ("p2", "P2"), (" 1 ", "P1"), (2.0, "P2"), ("", None)],
)
def test_a_priority_is_read_in_every_spelling(said: object, priority: str | None) -> None:
    found = parse(service_problem(vars={"priority": said}))

    assert (found.vars.priority, found.notes) == (priority, ())


def test_directors_flat_variables_are_read_too() -> None:
    found = parse(
        service_problem(
            vars={
                "bridge_address": "acme@desk.example",
                "bridge_customer": 1001,
                "bridge_priority": "1",
                "bridge_enabled": "n",
            }
        )
    )

    assert (found.vars.address, found.vars.customer) == ("acme@desk.example", "1001")
    assert (found.vars.priority, found.vars.enabled) == ("P1", False)


def test_the_short_variable_wins_over_the_flat_one_unless_it_is_empty() -> None:
    found = parse(
        service_problem(
            vars={"priority": 3, "bridge_priority": 1, "address": "", "bridge_address": "a@b"}
        )
    )

    assert (found.vars.priority, found.vars.address) == ("P3", "a@b")


def test_a_service_speaks_before_its_host() -> None:
    host = {"bridge": {"customer": "1001", "priority": 3}, "os": "Linux"}
    service = {"bridge": {"priority": 1}, "bridge_address": "acme@desk.example"}

    assert merged(host, service) == {
        "customer": "1001",
        "priority": 1,
        "address": "acme@desk.example",
    }


def test_an_empty_field_of_a_service_does_not_hide_what_the_host_says() -> None:
    assert merged({"bridge": {"customer": "1001"}}, {"bridge_customer": ""}) == {"customer": "1001"}


@pytest.mark.parametrize("odd", [None, "text", {"bridge": ["list"]}, {"bridge": None}, {}])
def test_odd_variables_count_as_none(odd: object) -> None:
    assert merged(odd, odd) == {}
    assert read(merged(odd))[0].enabled
