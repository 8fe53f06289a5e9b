"""Hosts that are down and their services: who is paged, in whatever order they are heard of."""

from collections.abc import Iterator
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import event, func, select

from bridge.flows import answers, families
from bridge.installation import Installation
from bridge.oncall.models import Delivery, Page, Run
from bridge.tickets.models import Ticket
from tests.builders import (
    act,
    all_tickets,
    apply_desk,
    hear,
    journal_kinds,
    later,
    looking,
    notification,
    person,
)
from tests.flows.engine_player import EnginePlayer
from tests.flows.test_escalating import DESK, P1


@pytest.fixture
def desk(installation: Installation) -> Installation:
    """A desk with the policy of the examples."""
    apply_desk(installation, DESK)
    return installation


@pytest.fixture
def player(desk: Installation) -> Iterator[EnginePlayer]:
    """One engine."""
    made = EnginePlayer(desk)
    yield made
    made.close()


def alarm(service: str | None, minute: float, kind: str = "PROBLEM", **more: Any) -> dict[str, Any]:
    """Return what is said of a service, or of the host itself."""
    return notification(kind, later(minute), service=service, vars=P1, **more)


def runs(installation: Installation) -> dict[str, tuple[str, str | None]]:
    """Return how the escalation of each ticket stands, by its title."""
    with looking(installation) as session:
        rows = session.execute(
            select(Ticket.title, Run.state, Run.held_because)
            .join(Run, Run.ticket_number == Ticket.number)
            .where(Run.state != "ended")
        )
        return {title: (state, because) for title, state, because in rows}


HELD = ("held", "parent")


def test_e18_the_hosts_run_takes_over_a_step_that_has_fired(
    desk: Installation, player: EnginePlayer
) -> None:
    hear(desk, alarm("http", 0))
    player.play(later(1))
    hear(desk, alarm(None, 2))

    assert player.play(later(5)) == ["0 push anna", "2 child_of_host anna", "5 push ben"]
    with looking(desk) as session:
        child, parent = all_tickets(session)
        assert child.parent_number == parent.number
        assert "escalation_held" in journal_kinds(session, child.number)


def test_a_step_that_fired_long_ago_is_not_taken_over(
    desk: Installation, player: EnginePlayer
) -> None:
    hear(desk, alarm("http", 0))
    player.play(later(5))
    hear(desk, alarm(None, 6))

    assert "6 push anna" in player.play(later(6))


@pytest.mark.parametrize("order", list(permutations(["http", "ssh", None])), ids=str)
@pytest.mark.parametrize("at_once", [True, False], ids=["one batch", "one by one"])
def test_whatever_comes_first_only_the_host_is_paged(
    desk: Installation, order: tuple[str | None, ...], at_once: bool
) -> None:
    said = [alarm(service, 0) for service in order]
    for batch in [said] if at_once else [[one] for one in said]:
        hear(desk, *batch, now=later(0))

    assert runs(desk) == {
        "web01": ("live", None),
        "web01 / http": HELD,
        "web01 / ssh": HELD,
    }
    with looking(desk) as session:
        parents = {one.title: one.parent_number for one in all_tickets(session)}
        host = next(one.number for one in all_tickets(session) if one.title == "web01")
    assert parents == {"web01": None, "web01 / http": host, "web01 / ssh": host}


def test_five_minutes_after_the_host_is_up_what_is_still_broken_pages_for_itself(
    desk: Installation, player: EnginePlayer
) -> None:
    hear(desk, alarm(None, 0), alarm("http", 0), alarm("ssh", 0), now=later(0))
    player.play(later(1))
    hear(desk, alarm(None, 1, "RECOVERY"), now=later(1))
    hear(desk, alarm("ssh", 3, "RECOVERY"), now=later(3))

    assert player.play(later(6)) == ["0 push anna", "1 recovered anna", "6 push anna"]
    assert runs(desk) == {"web01 / http": ("live", None)}


RECOVERIES: list[tuple[str | None, str]] = [
    (None, "PROBLEM"),
    (None, "RECOVERY"),
    ("http", "PROBLEM"),
    ("http", "RECOVERY"),
]


@pytest.mark.parametrize("order", list(permutations(RECOVERIES)), ids=str)
def test_what_is_over_is_paged_by_nobody_whatever_came_first(
    desk: Installation, player: EnginePlayer, order: tuple[tuple[str | None, str], ...]
) -> None:
    minutes = {"PROBLEM": 0.0, "RECOVERY": 0.5}
    hear(desk, *[alarm(s, minutes[kind], kind) for s, kind in order], now=later(1))

    assert runs(desk) == {}
    assert player.play(later(30)) == []


def test_a_host_that_people_take_for_solved_releases_its_services(
    desk: Installation, player: EnginePlayer
) -> None:
    hear(desk, alarm(None, 0), alarm("http", 0), now=later(0))
    player.play(later(0))
    act(desk, answers.resolve, 10001, person(desk), "done", later(1))

    assert player.play(later(6)) == ["0 push anna", "6 push anna"]


def test_services_of_a_host_that_somebody_has_do_not_page(
    desk: Installation, player: EnginePlayer
) -> None:
    hear(desk, alarm(None, 0))
    act(desk, answers.acknowledge, 10001, person(desk), "page", later(1))
    hear(desk, alarm("http", 2))

    assert runs(desk)["web01 / http"] == HELD


def test_a_host_whose_contract_pages_nobody_leaves_paging_to_its_services(
    desk: Installation,
) -> None:
    hear(desk, notification(at=later(0), service=None, vars={}), alarm("http", 0), now=later(0))

    assert runs(desk) == {"web01 / http": ("live", None)}
    with looking(desk) as session:
        assert [one.parent_number for one in all_tickets(session)] == [None, 10001]


def test_equal_names_of_two_sources_are_no_family(desk: Installation) -> None:
    hear(desk, alarm(None, 0))
    hear(desk, alarm("http", 0), source="icinga-2")

    assert runs(desk)["web01 / http"] == ("live", None)


def test_a_host_with_500_services_asks_the_database_as_often_as_one_with_five(
    desk: Installation,
) -> None:
    def statements(host: str, count: int) -> int:
        asked = 0

        def counting(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            nonlocal asked
            asked += not statement.startswith("INSERT")

        half = count // 2
        said = [alarm(f"s{n}", 0, host=host) for n in range(half)]
        said += [alarm(None, 0.1, host=host)]
        said += [alarm(f"s{n}", 0.2, host=host) for n in range(half, count)]
        engine = desk.database.engine
        event.listen(engine, "before_cursor_execute", counting)
        hear(desk, *said, now=later(0.2))
        event.remove(engine, "before_cursor_execute", counting)
        return asked

    few, many = statements("small", 4), statements("large", 500)

    assert many <= few + 4
    with looking(desk) as session:
        held = select(func.count()).where(Run.held_because == "parent")
        assert session.scalar(held) == 504
        assert session.scalar(select(func.count()).select_from(Page)) == 0
        assert session.scalar(select(func.count()).select_from(Delivery)) == 0


def test_a_service_that_was_passed_over_is_released_a_little_later(
    desk: Installation, player: EnginePlayer
) -> None:
    hear(desk, alarm(None, 0), alarm("http", 1))
    with looking(desk) as session:
        parent, child = all_tickets(session)
    act(desk, answers.resolve, parent.number, person(desk), "restarted", later(3))
    with desk.database.transaction() as session:
        run = session.scalars(select(Run).where(Run.ticket_number == child.number)).one()
        assert run.held_until == later(8)
        # As it is where somebody was at work on it at that moment.
        run.held_until = run.next_due_at = None

    for minute in (4, 5):
        with desk.database.transaction() as session:
            families.release_left(session, later(minute))

    with looking(desk) as session:
        run = session.scalars(select(Run).where(Run.ticket_number == child.number)).one()
        assert (run.held_until, run.next_due_at) == (later(9), later(9))


def test_as_long_as_the_host_is_down_no_service_is_released(
    desk: Installation, player: EnginePlayer
) -> None:
    hear(desk, alarm(None, 0), alarm("http", 1))

    with desk.database.transaction() as session:
        families.release_left(session, later(4))

    assert runs(desk)["web01 / http"] == HELD
    with looking(desk) as session:
        assert session.scalars(select(Run.held_until)).all() == [None, None]
