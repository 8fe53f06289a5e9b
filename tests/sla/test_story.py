"""The story of a clock: its facts, what began it, and what changed it."""

from typing import Any

import pytest

from bridge.sla.facts import Fact
from bridge.sla.facts import FactKind as Kind
from bridge.sla.story import stories
from tests.sla.promised import ADDRESS, at, book, fact, opened, story

ANSWERED = fact(Kind.ANSWERED, "11-23 10:00", answer="a")


def kinds(facts: tuple[Fact, ...]) -> list[str]:
    return [one.kind.value for one in facts]


def test_a_ticket_without_promise_has_no_stories() -> None:
    assert stories([opened("11-23 09:00", contract=None)], book()) == ()


def test_what_happened_after_the_stop_is_no_part_of_it() -> None:
    facts = [
        opened("11-23 09:00"),
        ANSWERED,
        fact(Kind.CUSTOMER_WROTE, "11-23 11:00", message="m", guaranteed=True),
    ]

    assert kinds(story(facts, "response").facts) == ["opened", "answered"]
    assert kinds(story(facts, "solution").facts) == ["opened", "answered", "customer_wrote"]
    assert kinds(story(facts, "update").facts) == ["customer_wrote"]


def test_facts_stand_in_the_order_of_their_times_however_late_we_learned_of_them() -> None:
    late = fact(Kind.CUSTOMER_WROTE, "11-23 09:30", message="m", guaranteed=True)
    found = story([opened("11-23 09:00"), ANSWERED, late], "solution")

    assert kinds(found.facts) == ["opened", "customer_wrote", "answered"]


def test_a_warning_belongs_to_its_own_clock_only() -> None:
    warned = fact(Kind.CLOCK_WARNED, "11-23 11:00", clock="response", nth=1, percent=50)
    facts = [opened("11-23 09:00"), warned]

    assert "clock_warned" in kinds(story(facts, "response").facts)
    assert "clock_warned" not in kinds(story(facts, "solution").facts)


@pytest.mark.parametrize(
    ("later", "which", "origin"),
    [
        pytest.param([], ("response", 1), Kind.OPENED, id="the opening"),
        pytest.param(
            [ANSWERED, fact(Kind.CUSTOMER_WROTE, "11-23 11:00", message="m", guaranteed=True)],
            ("update", 1),
            Kind.CUSTOMER_WROTE,
            id="a message",
        ),
        pytest.param(
            [fact(Kind.CLASS_CHANGED, "11-23 09:10", to="fault", priority="P1"), ANSWERED],
            ("update", 1),
            Kind.ANSWERED,
            id="an answer begins a status",
        ),
    ],
)
def test_what_began_a_clock_is_known(
    later: list[Fact], which: tuple[str, int], origin: Kind
) -> None:
    found = story([opened("11-23 09:00"), *later], *which).origin

    assert found is not None
    assert found.kind is origin


def priority(moment: str, before: str, after: str) -> Fact:
    values: dict[str, Any] = {"from": before, "to": after}
    return fact(Kind.PRIORITY_CHANGED, moment, **values)


def test_each_change_knows_the_clock_before_and_after_it() -> None:
    facts = [
        opened("11-23 09:00", "P3"),
        priority("11-23 09:30", "P3", "P2"),
        priority("11-23 10:00", "P2", "P4"),
    ]

    first, second = story(facts, "response").changes
    assert (first.before.due, first.after.due) == (at("11-23 13:00"), at("11-23 11:30"))
    assert (second.before.due, second.after.due) == (at("11-23 11:30"), at("11-23 17:00"))


def test_a_change_after_the_stop_or_after_the_due_is_none() -> None:
    stopped = [opened("11-23 09:00"), ANSWERED, priority("11-23 10:30", "P3", "P2")]
    missed = [opened("11-23 09:00"), priority("11-23 13:00:01", "P3", "P2")]

    assert story(stopped, "response").changes == ()
    assert story(missed, "response").changes == ()


def test_the_address_is_the_one_that_the_ticket_came_through() -> None:
    assert story([opened("11-23 09:00")], "response").address == ADDRESS
    assert story([opened("11-23 09:00", address=None)], "response").address is None
