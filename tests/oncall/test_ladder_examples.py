"""The worked examples of docs/oncall.md, played by the ladder alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bridge.oncall import ladder as ladders
from bridge.oncall.ladder_state import Held, Phase
from bridge.oncall.policy import EscalationPolicy, Step, Target, TargetKind
from bridge.oncall.roster import Reach, Roster
from bridge.oncall.rules import Rule
from bridge.oncall.schedule import (
    Layer,
    Override,
    OverrideKind,
    Rotation,
    Schedule,
    Unit,
)
from tests.oncall.player import Player

T0 = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
CRITICAL = 3
START = datetime(2026, 1, 1)  # noqa: DTZ001 - layers start at a wall time


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def at(count: float) -> datetime:
    return T0 + minutes(count)


def rules(**offsets: float) -> Reach:
    found = tuple(Rule(channel, minutes(offset)) for channel, offset in offsets.items())
    return Reach(found, found)


def always(person: str | None, *overrides: Override) -> Schedule:
    """A schedule with one person, or with nobody."""
    rotation = Rotation(Unit.WEEKS, hour=0)
    layer = (Layer(rotation, START, (person,)),) if person else ()
    return Schedule(ZoneInfo("UTC"), layer, overrides)


def person(label: str) -> Target:
    return Target(TargetKind.PERSON, label)


def schedule(label: str) -> Target:
    return Target(TargetKind.SCHEDULE, label)


ENGINEER = rules(push=0, sms=2, voice=5)
PEOPLE = {
    "anna": ENGINEER,
    "ben": ENGINEER,
    "carl": ENGINEER,
    "lead": rules(push=0, voice=1),
    "duty": rules(sms=0, voice=0),
}
ROSTER = Roster({"primary": always("anna"), "secondary": always("ben")}, PEOPLE)
FIRST = Step((schedule("primary"),), minutes(5))
SECOND = Step((schedule("secondary"),), minutes(10))
THIRD = Step((person("lead"),), minutes(15))
POLICY = EscalationPolicy(
    {"else": timedelta(0)}, (FIRST, SECOND, THIRD), 1, ("duty",), minutes(30), {"P1": minutes(30)}
)
ONE_ROUND_OF_STEPS = [
    "0 push anna", "2 sms anna", "5 voice anna", "5 push ben", "7 sms ben", "10 voice ben",
    "15 push lead", "16 voice lead",
]  # fmt: skip


def played(
    policy: EscalationPolicy = POLICY,
    roster: Roster = ROSTER,
    *,
    script: dict[str, list[str]] | None = None,
    deadline: datetime | None = None,
    owner: str | None = None,
) -> Player:
    """A P1 that has just begun."""
    decision = ladders.start(
        policy, "P1", CRITICAL, roster, T0, due_at=T0, deadline=deadline, owner=owner
    )
    player = Player(decision.ladder, roster, T0, script or {})
    player.decided(decision, T0)
    return player


def test_e1_without_an_answer_the_fallback_is_paged_again_and_again() -> None:
    player = played()
    player.play(at(60))

    duty = ["sms duty", "voice duty"]
    assert player.trace == [
        *ONE_ROUND_OF_STEPS,
        *(f"30 {one}" for one in duty),
        *(f"60 {one}" for one in duty),
    ]


def test_e2_of_two_rounds_the_second_begins_after_the_last_step() -> None:
    player = played(replace(POLICY, rounds=2))
    player.play(at(60))

    later = [f"{int(line.split()[0]) + 30} {line.partition(' ')[2]}" for line in ONE_ROUND_OF_STEPS]
    assert player.trace == [*ONE_ROUND_OF_STEPS, *later, "60 sms duty", "60 voice duty"]


def test_e3_an_acknowledgement_ends_it_and_a_second_one_changes_nothing() -> None:
    player = played()
    player.play(at(3.5))
    player.decided(ladders.acknowledge(player.ladder, "anna", ROSTER, at(3.5), rank=3), at(3.5))
    before = player.ladder
    second = ladders.acknowledge(player.ladder, "ben", ROSTER, at(4), rank=3)
    player.decided(second, at(4))
    player.play(at(20))

    assert player.trace == ["0 push anna", "2 sms anna"]
    assert (second.ladder, second.moves) == (before, ())
    assert player.ladder.owner == "anna"


@pytest.mark.parametrize(
    ("roster", "policy", "expected"),
    [
        pytest.param(
            Roster({"primary": always(None), "secondary": always("ben")}, PEOPLE),
            POLICY,
            ["0 nobody", "0 push ben", "2 sms ben", "5 voice ben", "10 push lead",
             "11 voice lead", "25 sms duty", "25 voice duty"],
            id="E4 primary is empty",
        ),
        pytest.param(
            Roster({"primary": always(None), "secondary": always(None)}, PEOPLE),
            replace(POLICY, steps=(FIRST, SECOND), rounds=2),
            ["0 nobody", "0 nobody", "0 sms duty", "0 voice duty", "30 sms duty", "30 voice duty"],
            id="E5 both schedules are empty",
        ),
        pytest.param(
            ROSTER,
            replace(POLICY, steps=(Step((schedule("primary"), person("anna")), minutes(9)),)),
            ["0 push anna", "2 sms anna", "5 voice anna", "9 sms duty", "9 voice duty"],
            id="E13 two targets lead to anna",
        ),
    ],
)  # fmt: skip
def test_empty_and_double_targets(
    roster: Roster, policy: EscalationPolicy, expected: list[str]
) -> None:
    player = played(policy, roster)
    player.play(at(30) if "30 sms duty" in expected else at(25))

    assert player.trace == expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        pytest.param(
            {"push anna": ["failed"]},
            ["0 push anna fails", "0 sms anna", "5 voice anna", "5 push ben"],
            id="E6 push fails for good",
        ),
        pytest.param(
            {"push anna": ["failed"], "sms anna": ["failed"], "voice anna": ["failed"]},
            ["0 push anna fails", "0 sms anna fails", "0 voice anna fails", "0 undeliverable",
             "0 push ben", "2 sms ben", "5 voice ben"],
            id="E7 all of anna's fail for good",
        ),
        pytest.param(
            {"push anna": ["failed_for_now", "accepted"]},
            ["0 push anna fails for now", "0 sms anna", "0.17 push anna", "5 voice anna",
             "5 push ben"],
            id="E14 push is refused for now",
        ),
        pytest.param(
            {"push anna": ["maybe", "maybe"]},
            ["0 push anna maybe", "0 sms anna", "0.17 push anna maybe possible repeat",
             "5 voice anna", "5 push ben"],
            id="E15 the courier dies during push",
        ),
    ],
)  # fmt: skip
def test_what_fails(script: dict[str, list[str]], expected: list[str]) -> None:
    player = played(script=script)
    player.play(at(5))

    assert player.trace == expected


def test_e7_goes_on_with_the_steps_delays_from_then() -> None:
    player = played(script={f"{one} anna": ["failed"] for one in ("push", "sms", "voice")})
    player.play(at(10))

    assert player.trace[-3:] == ["2 sms ben", "5 voice ben", "10 push lead"]


def test_a_round_that_reaches_nobody_goes_to_the_fallback_at_once() -> None:
    script = {
        f"{one} {who}": ["failed"] for who in ("anna", "ben") for one in ("push", "sms", "voice")
    }
    policy = replace(POLICY, steps=(FIRST, SECOND), rounds=3)
    player = played(policy, script=script)
    player.play(at(0))

    assert player.trace[-2:] == ["0 sms duty", "0 voice duty"]
    assert player.trace.count("0 undeliverable") == 2


def test_e8_an_acknowledgement_times_out() -> None:
    player = played()
    player.play(at(4))
    player.decided(ladders.acknowledge(player.ladder, "anna", ROSTER, at(4), rank=3), at(4))
    player.play(at(39))

    assert player.trace == [
        "0 push anna", "2 sms anna", "24 reminder anna", "34 un-acknowledged", "34 push anna",
        "36 sms anna", "39 voice anna", "39 push ben",
    ]  # fmt: skip


def test_a_sign_of_life_lets_the_time_begin_anew() -> None:
    player = played()
    player.decided(ladders.acknowledge(player.ladder, "anna", ROSTER, at(0), rank=3), at(0))
    player.decided(ladders.sign_of_life(player.ladder, ROSTER, at(25)), at(25))

    assert player.ladder.remind_at == at(45)
    assert player.ladder.expires_at == at(55)


def worsened(player: Player, now: datetime, rank: int = 4) -> None:
    player.decided(ladders.worsen(player.ladder, rank, "P1", player.roster, now, due_at=now), now)


def test_e9_an_owner_who_does_not_answer_a_worsening_loses_the_ticket() -> None:
    player = played(replace(POLICY, ack_timeout={}))
    player.play(at(1))
    player.decided(ladders.acknowledge(player.ladder, "anna", ROSTER, at(2), rank=3), at(2))
    worsened(player, at(20))
    player.play(at(40))

    assert player.trace == [
        "0 push anna", "20 push anna", "25 un-acknowledged", "25 push anna", "27 sms anna",
        "30 voice anna", "30 push ben", "32 sms ben", "35 voice ben", "40 push lead",
    ]  # fmt: skip


def test_an_owner_who_confirms_keeps_it() -> None:
    player = played()
    player.decided(ladders.acknowledge(player.ladder, "anna", ROSTER, at(0), rank=3), at(0))
    worsened(player, at(3))
    player.play(at(3))
    player.decided(ladders.acknowledge(player.ladder, "anna", ROSTER, at(5), rank=4), at(5))
    player.play(at(12))

    assert player.trace == ["3 push anna"]
    assert player.ladder.expires_at == at(35)


def test_e10_what_becomes_worse_fires_its_step_again() -> None:
    player = played()
    player.play(at(6))
    worsened(player, at(7))
    player.play(at(18))

    assert player.trace[3:] == [
        "5 push ben", "7 push ben", "9 sms ben", "12 voice ben", "17 push lead", "18 voice lead",
    ]  # fmt: skip


def test_an_improvement_changes_nothing() -> None:
    player = played()
    player.play(at(6))
    decision = ladders.worsen(player.ladder, 1, "P3", ROSTER, at(7), due_at=at(7))

    assert decision.moves == ()
    assert decision.ladder == replace(player.ladder, priority="P3")


def test_e11_the_incoming_person_takes_the_page_over() -> None:
    carl = Override(at(3), at(600), OverrideKind.REPLACE, ("carl",), "anna")
    roster = Roster({"primary": always("anna", carl), "secondary": always("ben")}, PEOPLE)
    player = played(POLICY, roster)
    player.play(at(10))

    assert player.trace == [
        "0 push anna", "2 sms anna", "3 push carl", "5 sms carl", "5 push ben", "7 sms ben",
        "8 voice carl", "10 voice ben",
    ]  # fmt: skip


def test_the_incoming_person_hears_of_what_somebody_has() -> None:
    carl = Override(at(30), at(600), OverrideKind.REPLACE, ("carl",), "anna")
    roster = Roster({"primary": always("anna", carl), "secondary": always("ben")}, PEOPLE)
    player = played(replace(POLICY, ack_timeout={}), roster)
    player.play(at(1))
    player.decided(ladders.acknowledge(player.ladder, "anna", roster, at(1), rank=3), at(1))
    player.play(at(60))

    assert player.trace == ["0 push anna", "30 summary carl"]


def test_e12_a_recovery_ends_it_and_says_so_quietly() -> None:
    player = played()
    player.play(at(3))
    player.decided(ladders.recover(player.ladder, ROSTER, at(4)), at(4))
    player.play(at(60))

    assert player.trace == ["0 push anna", "2 sms anna", "4 recovered anna"]


def test_e16_what_was_slept_through_is_marked_and_not_replayed() -> None:
    player = played()
    player.asleep = at(3), at(27)
    player.play(at(60))

    assert player.trace == [
        "0 push anna", "2 sms anna", "27 voice anna", "27 LATE", "27 push ben", "29 sms ben",
        "32 voice ben", "37 push lead", "38 voice lead", "52 sms duty", "52 voice duty",
    ]  # fmt: skip


def test_e19_a_deadline_brings_the_fallback_forward() -> None:
    player = played(deadline=at(20))
    player.play(at(50))

    assert player.trace[-6:] == [
        "15 push lead", "16 voice lead", "18 sms duty", "18 voice duty", "48 sms duty",
        "48 voice duty",
    ]  # fmt: skip


def test_the_owner_of_before_is_called_alone_for_a_while() -> None:
    player = played(owner="ben")
    player.play(at(10))

    assert player.trace == [
        "0 push ben", "2 sms ben", "5 voice ben", "5 push anna", "7 sms anna", "10 voice anna",
        "10 push ben",
    ]  # fmt: skip


def test_an_owner_who_is_not_on_call_is_not_called_alone() -> None:
    player = played(owner="carl")
    player.play(at(0))

    assert player.trace == ["0 push anna"]


def test_a_snooze_ends_with_the_first_step() -> None:
    player = played()
    player.play(at(1))
    held = ladders.hold(player.ladder, ROSTER, Held.SNOOZE, at(1), at(31))
    player.decided(held, at(1))
    player.play(at(32))

    assert player.trace == ["0 push anna", "31 push anna"]
    assert player.ladder.generation == 2


def test_what_becomes_worse_ends_a_snooze_but_no_downtime() -> None:
    snoozed = played()
    snoozed.decided(ladders.hold(snoozed.ladder, ROSTER, Held.SNOOZE, T0, at(31)), T0)
    worsened(snoozed, at(3))
    down = played()
    down.decided(ladders.hold(down.ladder, ROSTER, Held.DOWNTIME, T0), T0)
    worsened(down, at(3))

    assert snoozed.ladder.phase is Phase.LIVE
    assert down.ladder.phase is Phase.HELD


def test_who_cannot_lets_the_next_one_be_called() -> None:
    player = played()
    player.play(at(1))
    player.decided(ladders.decline(player.ladder, "anna", ROSTER, at(1)), at(1))
    player.play(at(3))

    assert player.trace == ["0 push anna", "1 push ben", "3 sms ben"]


def test_an_owner_who_cannot_gives_it_to_the_next_step() -> None:
    player = played()
    player.play(at(1))
    player.decided(ladders.acknowledge(player.ladder, "anna", ROSTER, at(1), rank=3), at(1))
    player.decided(ladders.decline(player.ladder, "anna", ROSTER, at(9)), at(9))
    player.play(at(9))

    assert player.trace == ["0 push anna", "9 un-acknowledged", "9 push ben"]


def test_whoever_is_asked_to_take_over_has_it_when_they_say_so() -> None:
    player = played()
    player.decided(ladders.acknowledge(player.ladder, "anna", ROSTER, at(1), rank=3), at(1))
    player.decided(ladders.hand_over(player.ladder, "ben", ROSTER, at(2)), at(2))
    player.play(at(2))
    asked = player.ladder.owner
    player.decided(ladders.acknowledge(player.ladder, "ben", ROSTER, at(3), rank=3), at(3))

    assert asked == "anna"
    assert player.ladder.owner == "ben"
    assert player.trace == ["2 push ben", "3 taken anna"]


def test_what_nobody_takes_over_stays_with_its_owner() -> None:
    player = played()
    player.decided(ladders.acknowledge(player.ladder, "anna", ROSTER, at(1), rank=3), at(1))
    player.decided(ladders.hand_over(player.ladder, "ben", ROSTER, at(2)), at(2))
    player.play(at(10))

    assert player.ladder.phase is Phase.ACKNOWLEDGED
    assert player.trace[-1] == "7 not_taken_over anna"
