"""The worked examples of docs/oncall.md on real databases: with one engine, and with three."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from bridge.flows import answers, paging
from bridge.installation import Installation
from bridge.oncall.models import Page, Run
from tests.builders import (
    EXAMPLE,
    apply_desk,
    hear,
    journal_kinds,
    later,
    looking,
    notification,
    the_ticket,
)
from tests.flows.engine_player import EnginePlayer

CHANNELS = ("push", "sms", "voice")
STAFF = """staff:
""" + "".join(
    f"""  - id: {who}
    channels: {{push: "json://127.0.0.1:9/{who}", sms: "json://127.0.0.1:9/{who}", voice: "json://127.0.0.1:9/{who}"}}
    page: [{rules}]
"""
    for who, rules in {
        "anna": "push 0m, sms 2m, voice 5m",
        "ben": "push 0m, sms 2m, voice 5m",
        "carl": "push 0m, sms 2m, voice 5m",
        "lead": "push 0m, voice 1m",
        "duty": "sms 0m, voice 0m",
    }.items()
)
LAYER = "{rotation: weekly, handover: 'mon 09:00', starts: 2026-01-05, people: [%s]}"
SCHEDULES = f"""schedules:
  primary:
    timezone: Europe/Berlin
    layers: [{LAYER % "anna"}]
    overrides: []
  secondary:
    timezone: Europe/Berlin
    layers: [{LAYER % "ben"}]
policies:
  standby:
    start_delay: 0s
    steps:
      - {{page: [schedule:primary], then: 5m}}
      - {{page: [schedule:secondary], then: 10m}}
      - {{page: [lead], then: 15m}}
    rounds: 1
    fallback: [duty]
    ack_timeout: {{P1: 30m}}
"""
TEXT = EXAMPLE.read_text()
DESK = (
    TEXT[: TEXT.index("staff:\n")]
    + STAFF
    + SCHEDULES
    + TEXT[TEXT.index("customers:\n") :].replace("response: {P1: 30m", "response: {P1: 9h")
)
P1 = {"address": "acme-247@desk.example", "priority": 1}
ROUND = ["0 push anna", "2 sms anna", "5 push ben", "5 voice anna", "7 sms ben", "10 voice ben",
         "15 push lead", "16 voice lead"]  # fmt: skip


@pytest.fixture
def engines(database_url: str) -> int:
    """How many engines work at once: only on PostgreSQL several can."""
    return 1 if database_url.startswith("sqlite") else 3


class World:
    """A desk with the policy of the examples, and a P1 that begins now."""

    def __init__(self, installation: Installation, engines: int) -> None:
        self.installation = installation
        self.player = EnginePlayer(installation, engines=engines)

    def alarm(self, desk: str = DESK, state: str = "CRITICAL") -> None:
        apply_desk(self.installation, desk)
        hear(self.installation, notification(state=state, vars=P1))

    def acknowledge(self, person: str, minute: float) -> answers.Acknowledged:
        with self.installation.database.transaction() as session:
            directory = self.installation.directories.current(session)
            who = directory.people[person]
            now = later(minute)
            return answers.acknowledge(session, directory, 10001, who, "page", now)


@pytest.fixture
def world(installation: Installation, engines: int) -> Iterator[World]:
    """A desk on a fresh database."""
    made = World(installation, engines)
    yield made
    made.player.close()


def test_e1_without_an_answer_the_fallback_is_paged_again_and_again(world: World) -> None:
    world.alarm()
    trace = world.player.play(later(60))

    duty = ["sms duty", "voice duty"]
    assert trace == [*ROUND, *(f"30 {one}" for one in duty), *(f"60 {one}" for one in duty)]
    with looking(world.installation) as session:
        assert journal_kinds(session, 10001).count("fallback_paged") == 2


def test_e2_of_two_rounds_the_second_begins_after_the_last_step(world: World) -> None:
    world.alarm(DESK.replace("rounds: 1", "rounds: 2"))
    trace = world.player.play(later(59))

    again = [f"{int(line.split()[0]) + 30} {line.partition(' ')[2]}" for line in ROUND]
    assert trace == [*ROUND, *again]


def test_e3_an_acknowledgement_ends_it_and_a_second_one_says_who_has_it(world: World) -> None:
    world.alarm()
    world.player.play(later(3.5))
    first = world.acknowledge("anna", 3.5)
    second = world.acknowledge("ben", 4)
    trace = world.player.play(later(20))

    assert trace == ["0 push anna", "2 sms anna"]
    assert (first.is_new, second.is_new, second.by) == (True, False, "anna")


def test_whoever_was_paged_is_told_once_that_it_is_taken(world: World) -> None:
    world.alarm()
    world.player.play(later(6))
    world.acknowledge("ben", 6)
    trace = world.player.play(later(20))

    assert trace[-1] == "6 taken anna"


def test_e4_an_empty_schedule_is_passed_at_once(world: World) -> None:
    world.alarm(DESK.replace(LAYER % "anna", ""))
    trace = world.player.play(later(25))

    assert trace == [
        "0 push ben", "2 sms ben", "5 voice ben", "10 push lead", "11 voice lead", "25 sms duty",
        "25 voice duty",
    ]  # fmt: skip


def test_e5_where_nobody_is_on_call_the_fallback_is_paged_at_once(world: World) -> None:
    desk = DESK.replace(LAYER % "anna", "").replace(LAYER % "ben", "")
    world.alarm(desk.replace("      - {page: [lead], then: 15m}\n", "").replace("s: 1", "s: 2"))
    trace = world.player.play(later(30))

    assert trace == ["0 sms duty", "0 voice duty", "30 sms duty", "30 voice duty"]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        pytest.param(
            {"push anna": ["failed"]},
            ["0 push anna fails", "0 sms anna", "5 push ben", "5 voice anna"],
            id="E6 push fails for good",
        ),
        pytest.param(
            {f"{one} anna": ["failed"] for one in CHANNELS},
            ["0 push anna fails", "0 push ben", "0 sms anna fails", "0 voice anna fails",
             "2 sms ben", "5 voice ben"],
            id="E7 all of anna's fail for good",
        ),
        pytest.param(
            {"push anna": ["failed_for_now", "accepted"]},
            ["0 push anna fails for now", "0 sms anna", "0.17 push anna", "5 push ben",
             "5 voice anna"],
            id="E14 push is refused for now",
        ),
        pytest.param(
            {"push anna": ["maybe"]},
            ["0 push anna maybe", "0 sms anna", "0.17 push anna maybe possible repeat",
             "5 push ben", "5 voice anna"],
            id="E15 the courier dies during push",
        ),
    ],
)  # fmt: skip
def test_what_fails(world: World, script: dict[str, list[str]], expected: list[str]) -> None:
    world.player.script.update(script)
    world.alarm()

    assert world.player.play(later(5)) == expected


def test_e8_an_acknowledgement_times_out(world: World) -> None:
    world.alarm()
    world.player.play(later(4))
    world.acknowledge("anna", 4)
    trace = world.player.play(later(39))

    assert trace == [
        "0 push anna", "2 sms anna", "24 reminder anna", "34 push anna", "36 sms anna",
        "39 push ben", "39 voice anna",
    ]  # fmt: skip
    with looking(world.installation) as session:
        assert the_ticket(session).acknowledged_at is None
        assert "unacknowledged" in journal_kinds(session, 10001)


def test_a_note_lets_the_time_begin_anew(world: World) -> None:
    world.alarm()
    world.acknowledge("anna", 0)
    with world.installation.database.transaction() as session:
        directory = world.installation.directories.current(session)
        answers.note(session, directory, 10001, directory.people["anna"], "on it", later(25))
    with looking(world.installation) as session:
        assert session.scalars(select(Run)).one().expires_at == later(55)


def test_e9_an_owner_who_does_not_answer_a_worsening_loses_the_ticket(world: World) -> None:
    world.alarm(DESK.replace("ack_timeout: {P1: 30m}", "ack_timeout: {P1: 9h}"), "WARNING")
    world.player.play(later(1))
    world.acknowledge("anna", 2)
    hear(world.installation, notification(at=later(20), vars=P1))
    trace = world.player.play(later(30))

    assert trace == [
        "0 push anna", "20 push anna", "25 push anna", "27 sms anna", "30 push ben",
        "30 voice anna",
    ]  # fmt: skip


def test_an_owner_who_confirms_keeps_it(world: World) -> None:
    world.alarm(state="WARNING")
    world.acknowledge("anna", 0)
    hear(world.installation, notification(at=later(3), vars=P1))
    world.player.play(later(3))
    confirmed = world.acknowledge("anna", 4)
    trace = world.player.play(later(12))

    assert confirmed.is_new
    assert trace == ["3 push anna"]
    with looking(world.installation) as session:
        assert "confirmed" in journal_kinds(session, 10001)


def test_e10_what_becomes_worse_fires_its_step_again(world: World) -> None:
    world.alarm(state="WARNING")
    world.player.play(later(6))
    hear(world.installation, notification(at=later(7), vars=P1))
    trace = world.player.play(later(18))

    assert trace[2:] == [
        "5 push ben", "5 voice anna", "7 push ben", "9 sms ben", "12 voice ben", "17 push lead",
        "18 voice lead",
    ]  # fmt: skip


def test_e11_the_incoming_person_takes_the_page_over(world: World) -> None:
    override = '{from: "2026-11-23T10:03", to: "2026-11-23T20:00", replace: anna, with: carl}'
    world.alarm(DESK.replace("overrides: []", f"overrides: [{override}]"))
    trace = world.player.play(later(10))

    assert trace == [
        "0 push anna", "2 sms anna", "3 push carl", "5 push ben", "5 sms carl", "7 sms ben",
        "8 voice carl", "10 voice ben",
    ]  # fmt: skip


def test_an_override_that_is_made_meanwhile_counts_at_once(world: World) -> None:
    world.alarm()
    world.player.play(later(1))
    override = '{from: "2026-11-23T10:01", to: "2026-11-23T20:00", replace: anna, with: carl}'
    changed = DESK.replace("overrides: []", f"overrides: [{override}]")
    apply_desk(world.installation, changed, later(1.5))
    with world.installation.database.transaction() as session:
        paging.schedules_changed(session, later(1.5))
    trace = world.player.play(later(2))

    assert trace == ["0 push anna", "1.5 push carl"]


def test_e12_a_recovery_ends_it_and_says_so_quietly(world: World) -> None:
    world.alarm()
    world.player.play(later(3))
    hear(world.installation, notification("RECOVERY", later(4), vars=P1))
    trace = world.player.play(later(60))

    assert trace == ["0 push anna", "2 sms anna", "4 recovered anna"]


def test_e13_two_targets_that_lead_to_one_person_page_her_once(world: World) -> None:
    world.alarm(DESK.replace("[schedule:primary]", "[schedule:primary, anna]"))
    trace = world.player.play(later(2))

    assert trace == ["0 push anna", "2 sms anna"]


def test_e16_what_was_slept_through_is_marked_and_not_replayed(world: World) -> None:
    world.alarm()
    trace = world.player.play(later(60), asleep=(later(3), later(27)))

    assert trace == [
        "0 push anna", "2 sms anna", "27 push ben", "27 voice anna", "29 sms ben", "32 voice ben",
        "37 push lead", "38 voice lead", "52 sms duty", "52 voice duty",
    ]  # fmt: skip


def test_e19_a_deadline_brings_the_fallback_forward(world: World) -> None:
    world.alarm(DESK.replace("response: {P1: 9h", "response: {P1: 20m"))
    trace = world.player.play(later(20))

    assert trace == [*ROUND, "18 sms duty", "18 voice duty"]


def test_who_had_the_ticket_is_called_alone_when_it_comes_back(world: World) -> None:
    world.alarm()
    world.player.play(later(6))
    world.acknowledge("ben", 6)
    hear(world.installation, notification("RECOVERY", later(8), vars=P1))
    hear(world.installation, notification(at=later(12), vars=P1))
    world.player.trace.clear()
    trace = world.player.play(later(17))

    assert [line for line in trace if "recovered" not in line and "taken" not in line] == [
        "12 push ben", "14 sms ben", "17 push anna", "17 voice ben",
    ]  # fmt: skip


def test_nobody_is_paged_twice_for_one_step(world: World) -> None:
    world.alarm(DESK.replace("rounds: 1", "rounds: 3"))
    world.player.play(later(120))

    with looking(world.installation) as session:
        keys = [(p.generation, p.round, p.step, p.staff_id) for p in session.scalars(select(Page))]
    assert len(keys) == len(set(keys))
