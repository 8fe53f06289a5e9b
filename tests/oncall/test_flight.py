"""The flight plan: what happens if nobody answers."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bridge.oncall.flight import PlannedPage, flight_plan
from bridge.oncall.policy import EscalationPolicy, from_document
from bridge.oncall.roster import Reach, Roster
from bridge.oncall.rules import of_person
from bridge.oncall.schedule import Override, OverrideKind
from bridge.oncall.schedule_form import schedule_from_plain
from bridge.utc import from_iso
from tests.oncall.test_ladder_examples import (
    ONE_ROUND_OF_STEPS,
    PEOPLE,
    POLICY,
    ROSTER,
    T0,
    always,
    at,
    minutes,
)

FALLBACK_AT_30 = ["30 fallback sms duty", "30 fallback voice duty"]

# The sample of docs/interfaces.md, in plain values.
STANDBY = from_document(
    {
        "start_delay": {"P1": "0s", "else": "60s"},
        "steps": [
            {"page": ["schedule:primary"], "then": "5m"},
            {"page": ["lead"], "then": "15m"},
        ],
        "rounds": 2,
        "fallback": ["lead"],
        "repeat_fallback": "30m",
        "ack_timeout": {"P1": "60m", "P2": "4h"},
    }
)
PRIMARY = schedule_from_plain(
    {
        "timezone": "Europe/Berlin",
        "layers": [
            {
                "rotation": "weekly",
                "handover": "mon 09:00",
                "starts": "2026-01-05",
                "people": ["anna", "ben"],
            },
            {
                "rotation": "daily",
                "handover": "18:00",
                "starts": "2026-01-05",
                "people": ["lead"],
                "only": {"mon-fri": ["18:00-24:00"]},
            },
        ],
        "overrides": [
            {
                "from": "2026-12-24T09:00",
                "to": "2026-12-27T09:00",
                "replace": "anna",
                "with": "ben",
            }
        ],
    }
)


def reach(*rules: str) -> Reach:
    document = {"page": list(rules)}
    return Reach(
        tuple(of_person(document, high_urgency=True)),
        tuple(of_person(document, high_urgency=False)),
    )


DESK = Roster(
    {"primary": PRIMARY},
    {
        "anna": reach("push 0m", "sms 2m", "voice 5m"),
        "ben": reach("push 0m", "sms 2m", "voice 5m"),
        "lead": reach("push 0m", "voice 1m"),
    },
)


def lines(plan: Sequence[PlannedPage]) -> list[str]:
    return [
        f"{one.minute:g} {one.round or ''}{'.' if one.round else ''}{one.step}"
        f" {one.channel} {one.person}"
        for one in plan
    ]


def without_step(plan: Sequence[PlannedPage]) -> list[str]:
    return [f"{one.minute:g} {one.channel} {one.person}" for one in plan]


def test_the_plan_is_what_happens_if_nobody_answers() -> None:
    plan = flight_plan(POLICY, "P1", ROSTER, T0)

    assert without_step(plan) == [*ONE_ROUND_OF_STEPS, "30 sms duty", "30 voice duty"]
    assert lines(plan)[-2:] == FALLBACK_AT_30


def test_the_fallback_has_no_round() -> None:
    *_, last = flight_plan(POLICY, "P1", ROSTER, T0)

    assert last.as_json() == {
        "minute": 30.0,
        "round": None,
        "step": "fallback",
        "person": "duty",
        "channel": "voice",
    }


@pytest.mark.parametrize(
    ("priority", "moment", "expected"),
    [
        pytest.param(
            "P1",
            "2026-11-23T09:00:00Z",
            [
                "0 1.1 push anna", "2 1.1 sms anna", "5 1.1 voice anna", "5 1.2 push lead",
                "6 1.2 voice lead", "20 2.1 push anna", "22 2.1 sms anna", "25 2.1 voice anna",
                "25 2.2 push lead", "26 2.2 voice lead", "40 fallback push lead",
                "41 fallback voice lead",
            ],
            id="a P1 at once",
        ),
        pytest.param(
            "P2",
            "2026-11-23T19:00:00Z",
            [
                "1 1.1 push lead", "2 1.1 voice lead", "6 1.2 push lead", "7 1.2 voice lead",
                "21 2.1 push lead", "22 2.1 voice lead", "26 2.2 push lead", "27 2.2 voice lead",
                "41 fallback push lead", "42 fallback voice lead",
            ],
            id="a P2 after a minute, in the evening the lead's",
        ),
        pytest.param(
            "P1",
            "2026-12-25T12:00:00Z",
            [
                "0 1.1 push ben", "2 1.1 sms ben", "5 1.1 voice ben", "5 1.2 push lead",
                "6 1.2 voice lead", "20 2.1 push ben", "22 2.1 sms ben", "25 2.1 voice ben",
                "25 2.2 push lead", "26 2.2 voice lead", "40 fallback push lead",
                "41 fallback voice lead",
            ],
            id="at Christmas by the override",
        ),
    ],
)  # fmt: skip
def test_the_sample_of_the_desk_file(priority: str, moment: str, expected: list[str]) -> None:
    assert lines(flight_plan(STANDBY, priority, DESK, from_iso(moment))) == expected


def planned(
    policy: EscalationPolicy = POLICY, roster: Roster = ROSTER, **given: datetime
) -> list[str]:
    return without_step(flight_plan(policy, "P1", roster, T0, **given))


def test_minutes_count_from_the_moment_asked_about() -> None:
    later = planned(begins=at(90))

    assert later[0] == "90 push anna"
    assert later[-1] == "120 voice duty"


def test_the_start_delay_is_part_of_the_plan() -> None:
    delayed = replace(POLICY, start_delay={"else": minutes(1.5)})

    assert planned(delayed)[0] == "1.5 push anna"
    assert planned(delayed, begins=at(90))[0] == "91.5 push anna"


def test_a_deadline_brings_the_fallback_forward() -> None:
    assert planned(deadline=at(20))[-4:] == [
        "15 push lead", "16 voice lead", "18 sms duty", "18 voice duty",
    ]  # fmt: skip


def test_a_deadline_that_has_passed_hurries_nobody() -> None:
    assert planned(deadline=at(-1)) == planned()


def test_of_a_short_deadline_every_step_fires_in_time() -> None:
    plan = flight_plan(POLICY, "P1", ROSTER, T0, deadline=at(4))
    first = {one.step: one.minute for one in reversed(plan)}

    assert first == {1: 0, 2: 2, 3: 2, "fallback": 2}


def test_where_nobody_is_on_call_the_fallback_is_first() -> None:
    empty = Roster({"primary": always(None), "secondary": always(None)}, PEOPLE)
    steps = replace(POLICY, steps=POLICY.steps[:2], rounds=2)

    assert planned(steps, empty) == ["0 sms duty", "0 voice duty"]


def test_a_schedule_that_is_gone_is_nobody() -> None:
    gone = Roster({"secondary": always("ben")}, PEOPLE)

    assert planned(roster=gone)[0] == "0 push ben"


def test_a_fallback_that_cannot_be_reached_leaves_the_plan_without_one() -> None:
    unreachable = Roster(ROSTER.schedules, {**PEOPLE, "duty": Reach((), ())})

    assert planned(roster=unreachable) == ONE_ROUND_OF_STEPS


def test_a_change_of_hands_in_the_middle_is_part_of_the_plan() -> None:
    carl = Override(at(3), at(600), OverrideKind.REPLACE, ("carl",), "anna")
    roster = Roster({"primary": always("anna", carl), "secondary": always("ben")}, PEOPLE)

    assert planned(roster=roster)[:8] == [
        "0 push anna", "2 sms anna", "3 push carl", "5 sms carl", "5 push ben", "7 sms ben",
        "8 voice carl", "10 voice ben",
    ]  # fmt: skip


def test_rules_of_a_fallback_that_come_later_belong_to_it() -> None:
    slow = Reach(PEOPLE["duty"].high[:1], ())
    later = replace(PEOPLE["duty"].high[1], offset=timedelta(minutes=40))
    roster = Roster(ROSTER.schedules, {**PEOPLE, "duty": replace(slow, high=(*slow.high, later))})

    assert planned(roster=roster)[-2:] == ["30 sms duty", "70 voice duty"]
