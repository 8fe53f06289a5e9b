"""Replace, add, remove and cover: once, never transitively, and the later wins."""

from datetime import UTC, datetime, timedelta

import pytest

from bridge.oncall.overrides import overridden
from bridge.oncall.schedule import Override, OverrideKind

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def override(kind: OverrideKind, *people: str, replaced: str | None = None) -> Override:
    return Override(NOON, NOON + HOUR, kind, people, replaced)


def replace(replaced: str, by: str) -> Override:
    return override(OverrideKind.REPLACE, by, replaced=replaced)


def add(*people: str) -> Override:
    return override(OverrideKind.ADD, *people)


def remove(*people: str) -> Override:
    return override(OverrideKind.REMOVE, *people)


def cover(*people: str) -> Override:
    return override(OverrideKind.COVER, *people)


CASES = [
    pytest.param("anna", [], "anna", id="none"),
    pytest.param("anna", [replace("anna", "ben")], "ben", id="replace"),
    pytest.param("carl", [replace("anna", "ben")], "carl", id="replace somebody else"),
    pytest.param("", [replace("anna", "ben")], "", id="replace where nobody is"),
    pytest.param("anna", [add("ben")], "anna ben", id="add"),
    pytest.param("anna", [add("anna")], "anna", id="add who is on call: once"),
    pytest.param("", [add("ben", "carl")], "ben carl", id="add two where nobody is"),
    pytest.param("anna", [remove("anna")], "", id="remove"),
    pytest.param("carl", [remove("anna")], "carl", id="remove somebody else"),
    pytest.param("anna", [cover("ben")], "ben", id="cover"),
    pytest.param("", [cover("ben")], "ben", id="cover where nobody is"),
    pytest.param("anna", [cover("ben", "carl")], "ben carl", id="cover by two"),
    pytest.param(
        "anna", [replace("anna", "ben"), replace("ben", "carl")], "ben", id="never transitive"
    ),
    pytest.param(
        "anna", [replace("ben", "carl"), replace("anna", "ben")], "ben", id="in either order"
    ),
    pytest.param(
        "anna", [replace("anna", "ben"), replace("ben", "anna")], "ben", id="a swap, anna's turn"
    ),
    pytest.param(
        "ben", [replace("anna", "ben"), replace("ben", "anna")], "anna", id="a swap, ben's turn"
    ),
    pytest.param("anna", [replace("anna", "ben"), remove("ben")], "ben", id="nor by remove"),
    pytest.param("anna", [cover("ben"), replace("ben", "carl")], "ben", id="nor after cover"),
    pytest.param(
        "anna", [replace("anna", "ben"), replace("anna", "carl")], "carl", id="the later replace"
    ),
    pytest.param("anna", [replace("anna", "ben"), remove("anna")], "", id="remove after replace"),
    pytest.param("anna", [remove("anna"), replace("anna", "ben")], "ben", id="and before it"),
    pytest.param("anna", [replace("anna", "ben"), cover("carl")], "carl", id="cover after replace"),
    pytest.param("anna", [cover("carl"), replace("anna", "ben")], "ben", id="replace after cover"),
    pytest.param("", [cover("ben"), cover("carl")], "carl", id="the later cover"),
    pytest.param("anna", [add("ben"), remove("ben")], "anna", id="remove after add"),
    pytest.param("anna", [remove("ben"), add("ben")], "anna ben", id="add after remove"),
    pytest.param("anna", [remove("anna"), add("anna")], "anna", id="removed, then added"),
    pytest.param("anna", [add("ben"), replace("ben", "carl")], "anna carl", id="added, replaced"),
    pytest.param("anna", [add("ben"), cover("carl")], "carl", id="cover after add"),
    pytest.param("anna", [cover("carl"), add("ben")], "carl ben", id="add after cover"),
    pytest.param(
        "anna", [replace("anna", "ben"), add("ben")], "ben", id="twice the same person is once"
    ),
]


@pytest.mark.parametrize(("by_layers", "active", "expected"), CASES)
def test_the_latest_override_that_speaks_of_a_person_decides(
    by_layers: str, active: list[Override], expected: str
) -> None:
    assert overridden(tuple(by_layers.split()), active) == tuple(expected.split())
