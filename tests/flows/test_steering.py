"""What people ask of an escalation, on real databases."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from bridge.flows import steering
from bridge.flows.directory import Directory
from bridge.installation import Installation
from bridge.oncall import queries as oncall
from bridge.oncall.models import Run
from bridge.tickets import queries as tickets
from bridge.tickets.models import Ticket
from tests.builders import hear, journal_kinds, later, looking, notification, the_ticket
from tests.flows.test_escalating import P1, World


@pytest.fixture
def world(installation: Installation) -> Iterator[World]:
    """A desk on a fresh database."""
    made = World(installation, 1)
    yield made
    made.player.close()


def _locked(world: World, session: Session) -> tuple[Directory, Ticket, Run]:
    ticket = tickets.ticket(session, 10001, lock=True)
    run = oncall.unended_runs(session, [10001])[10001]
    return world.installation.directories.current(session), ticket, run


def _decline(world: World, person: str, minute: float) -> bool:
    with world.installation.database.transaction() as session:
        directory, ticket, run = _locked(world, session)
        who = directory.people[person]
        return steering.decline(session, directory, ticket, run, who, who, later(minute))


def _escalate(world: World, person: str, minute: float) -> bool:
    with world.installation.database.transaction() as session:
        directory, ticket, run = _locked(world, session)
        who = directory.people[person]
        return steering.escalate_now(session, directory, ticket, run, who, later(minute))


def _hand_over(world: World, person: str, to: str, minute: float) -> bool:
    with world.installation.database.transaction() as session:
        directory, ticket, run = _locked(world, session)
        whom, who = directory.people[to], directory.people[person]
        return steering.hand_over(session, directory, ticket, run, whom, who, later(minute))


def _snooze(world: World, person: str, until: float, minute: float) -> None:
    with world.installation.database.transaction() as session:
        directory, ticket, run = _locked(world, session)
        who = directory.people[person]
        steering.snooze(session, directory, ticket, run, later(until), who, later(minute))


def test_help_that_is_asked_for_brings_the_next_step_forward(world: World) -> None:
    world.alarm()
    world.player.play(later(1))
    assert _escalate(world, "anna", 1)
    trace = world.player.play(later(3))

    assert trace == ["0 push anna", "1 push ben", "2 sms anna", "3 sms ben"]
    with looking(world.installation) as session:
        assert "escalated" in journal_kinds(session, 10001)


def test_who_has_the_ticket_and_asks_for_help_has_it_no_more(world: World) -> None:
    world.alarm()
    world.player.play(later(1))
    world.acknowledge("anna", 1)
    assert _escalate(world, "anna", 2)
    trace = world.player.play(later(2))

    assert trace == ["0 push anna", "2 push ben"]
    with looking(world.installation) as session:
        assert the_ticket(session).acknowledged_at is None


def test_who_declines_is_called_no_more_and_the_next_step_fires(world: World) -> None:
    world.alarm()
    world.player.play(later(1))
    assert _decline(world, "anna", 1)
    trace = world.player.play(later(5))

    assert trace == ["0 push anna", "1 push ben", "3 sms ben"]


def test_who_is_not_called_cannot_decline(world: World) -> None:
    world.alarm()
    world.player.play(later(1))

    assert not _decline(world, "carl", 1)
    with looking(world.installation) as session:
        assert "declined" not in journal_kinds(session, 10001)


def test_a_snooze_calls_nobody_until_its_end(world: World) -> None:
    world.alarm()
    world.player.play(later(1))
    _snooze(world, "anna", 20, 1)
    trace = world.player.play(later(22))

    assert trace == ["0 push anna", "20 push anna", "22 sms anna"]


def test_what_gets_worse_ends_a_snooze(world: World) -> None:
    world.alarm(state="WARNING")
    world.player.play(later(1))
    _snooze(world, "anna", 60, 1)
    hear(world.installation, notification(at=later(10), vars=P1))
    trace = world.player.play(later(10))

    assert trace == ["0 push anna", "10 push anna"]


def test_what_outlives_its_downtime_begins_anew(world: World) -> None:
    world.alarm()
    world.player.play(later(1))
    hear(world.installation, notification("DOWNTIMESTART", later(2), vars=P1))
    hear(world.installation, notification("DOWNTIMEEND", later(4), vars=P1))
    trace = world.player.play(later(4))

    assert trace == ["0 push anna", "4 push anna"]


def test_whoever_is_asked_to_take_over_has_it_once_they_say_so(world: World) -> None:
    world.alarm()
    world.player.play(later(1))
    world.acknowledge("anna", 1)
    assert _hand_over(world, "anna", "ben", 2)
    world.player.play(later(3))
    world.acknowledge("ben", 3)
    trace = world.player.play(later(12))

    assert trace == ["0 push anna", "2 push ben", "3 taken anna"]
    with looking(world.installation) as session:
        assert the_ticket(session).acknowledged_by == "ben"


def test_what_nobody_takes_over_stays_with_its_owner(world: World) -> None:
    world.alarm()
    world.player.play(later(1))
    world.acknowledge("anna", 1)
    _hand_over(world, "anna", "ben", 2)
    trace = world.player.play(later(7))

    called = ["2 push ben", "4 sms ben", "7 not_taken_over anna", "7 voice ben"]
    assert trace == ["0 push anna", *called]
    with looking(world.installation) as session:
        assert the_ticket(session).acknowledged_by == "anna"
