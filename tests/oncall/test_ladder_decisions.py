"""What an escalation decides, move by move: each names its rule."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bridge.oncall import ladder as ladders
from bridge.oncall.ladder_state import Held, Ladder, LadderPage, PageKey, Phase, Sent
from bridge.oncall.moves import (
    Decision,
    Drop,
    Fire,
    Hasten,
    Move,
    News,
    Nobody,
    Restart,
    Tell,
    Unacknowledge,
)
from bridge.oncall.policy import Target, TargetKind
from bridge.oncall.roster import Reach, Roster
from bridge.oncall.schedule import Override, OverrideKind
from tests.oncall.test_ladder_examples import (
    CRITICAL,
    PEOPLE,
    POLICY,
    ROSTER,
    SECOND,
    T0,
    THIRD,
    always,
    at,
    minutes,
)

ANNA = PageKey(1, 1, 1, "anna")
BEN = PageKey(1, 1, 2, "ben")
DOWN = 4
HALTED = frozenset({"step_due_at", "owner_until", "remind_at", "expires_at", "handover_at"})


def begun(roster: Roster = ROSTER, owner: str | None = None) -> Ladder:
    """A P1 whose first step is due."""
    return ladders.start(POLICY, "P1", CRITICAL, roster, T0, due_at=T0, owner=owner).ladder


def fired(steps: int = 1, ladder: Ladder | None = None, roster: Roster = ROSTER) -> Ladder:
    """One of which so many steps have fired, each when it was due."""
    found = ladder or begun(roster)
    for _ in range(steps):
        found = ladders.tick(found, roster, found.step_due_at or T0).ladder
    return found


def sent(ladder: Ladder, key: PageKey, rule: int, how: Sent = Sent.ACCEPTED) -> Ladder:
    return ladders.delivery_ended(ladder, key, rule, how, ROSTER, T0).ladder


def taken(by: str | None = "anna") -> Ladder:
    return ladders.acknowledge(fired(), by, ROSTER, at(1), rank=CRITICAL).ladder


def shown(decision: Decision) -> list[str]:
    """Return the moves as lines: what, by which rule, and the rest that matters."""
    return list(map(_line, decision.moves))


def _line(move: Move) -> str:
    source = move.source
    match move:
        case Fire(round=round_, step=step, pages=pages, late=late):
            people = " ".join(page.key.person for page in pages)
            line = f"fire {source} {round_}.{step} {people}{' late' if late else ''}"
        case Nobody(round=round_, step=step, why=why, missing=missing):
            line = " ".join(["nobody", source, f"{round_}.{step}", why, *missing])
        case Hasten(page=page, rule=rule):
            line = f"hasten {source} {page.person} {rule}"
        case Drop(pages=keys, why=why):
            line = f"drop {source} {' '.join(key.person for key in keys)}: {why}"
        case Tell(news=news, people=told, by=by):
            line = f"tell {source} {news.value} {' '.join(told)} by {by}"
        case Unacknowledge(why=why):
            line = f"unacknowledge {source} {why}"
        case Restart(why=why, due_at=due_at):
            line = f"restart {source} {why} {due_at == at(1)}"
    return line


def at_one(ladder: Ladder) -> list[tuple[str, Decision]]:
    """Return what each answer decides a minute after the start."""
    return [
        ("escalate", ladders.escalate_now(ladder, ROSTER, at(1))),
        ("decline", ladders.decline(ladder, "anna", ROSTER, at(1))),
        ("worse", ladders.worsen(ladder, DOWN, "P1", ROSTER, at(1), due_at=at(1))),
        ("recover", ladders.recover(ladder, ROSTER, at(1))),
        ("end", ladders.end(ladder, ROSTER, at(1), "merged")),
        ("snooze", ladders.hold(ladder, ROSTER, Held.SNOOZE, at(1), at(9))),
        ("unacknowledge", ladders.unacknowledge(ladder, ROSTER, at(1), "icinga")),
        ("hand over", ladders.hand_over(ladder, "carl", ROSTER, at(1))),
        ("acknowledge", ladders.acknowledge(ladder, "ben", ROSTER, at(1), rank=CRITICAL)),
    ]


def test_what_answers_decide_while_nobody_has_it() -> None:
    ladder = sent(fired(), ANNA, 1)

    assert {what: shown(decision) for what, decision in at_one(ladder)} == {
        "escalate": ["fire R5 1.2 ben"],
        "decline": ["drop R5 anna: declined", "fire R5 1.2 ben"],
        "worse": ["drop R10 anna: worse", "restart R10 worse True", "fire R10 1.1 anna"],
        "recover": ["drop R8 anna: recovered", "tell R8 recovered anna by None"],
        "end": ["drop R6 anna: merged"],
        "snooze": ["drop R23 anna: snooze"],
        "unacknowledge": [],
        "hand over": ["fire R6 0.0 carl"],
        "acknowledge": ["drop R6 anna: acknowledged", "tell R6 taken anna by ben"],
    }


def test_what_answers_decide_while_somebody_has_it() -> None:
    ladder = ladders.acknowledge(sent(fired(), ANNA, 1), "anna", ROSTER, at(1), rank=3).ladder

    assert {what: shown(decision) for what, decision in at_one(ladder)} == {
        "escalate": ["unacknowledge R5 escalated", "restart R5 escalated True", "fire R5 1.2 ben"],
        "decline": ["unacknowledge R5 declined", "restart R5 declined True", "fire R5 1.2 ben"],
        "worse": ["fire R10 0.0 anna"],
        "recover": ["tell R8 recovered anna by None"],
        "end": [],
        "snooze": [],
        "unacknowledge": ["restart R6 icinga True", "fire R5 1.1 anna"],
        "hand over": ["fire R6 0.0 carl"],
        "acknowledge": [],
    }


def test_what_answers_decide_in_a_snooze() -> None:
    ladder = ladders.hold(sent(fired(), ANNA, 1), ROSTER, Held.SNOOZE, at(1), at(9)).ladder

    assert {what: shown(decision) for what, decision in at_one(ladder)} == {
        "escalate": [
            "unacknowledge R23 escalated", "restart R23 escalated True", "fire R5 1.1 anna",
        ],
        "decline": [],
        "worse": ["unacknowledge R23 worse", "restart R23 worse True", "fire R5 1.1 anna"],
        "recover": ["tell R8 recovered anna by None"],
        "end": [],
        "snooze": [],
        "unacknowledge": ["restart R6 icinga True", "fire R5 1.1 anna"],
        "hand over": [],
        "acknowledge": ["tell R6 taken anna by ben"],
    }  # fmt: skip


def test_what_is_over_stays_over() -> None:
    ladder = ladders.recover(sent(fired(), ANNA, 1), ROSTER, at(1)).ladder

    for _, decision in at_one(ladder):
        assert decision.moves == ()
        assert replace(decision.ladder, priority="P1", worst_rank=3) == ladder
        assert decision.ladder.next_due_at is None


@pytest.mark.parametrize("phase", [Phase.HELD, Phase.ENDED])
def test_what_is_held_or_over_waits_for_nothing_else(phase: Phase) -> None:
    asked = ladders.worsen(taken(), DOWN, "P1", ROSTER, at(2), due_at=at(2)).ladder
    for before in (fired(), taken(), asked):
        if phase is Phase.HELD:
            after = ladders.hold(before, ROSTER, Held.DOWNTIME, at(3)).ladder
        else:
            after = ladders.end(before, ROSTER, at(3), "merged").ladder
        assert after.phase is phase
        assert {name for name in HALTED if getattr(after, name) is not None} == set()


def test_a_snooze_gives_way_and_nothing_else_does() -> None:
    def hold(ladder: Ladder, because: Held, until: float | None = None) -> Ladder:
        end = at(until) if until else None
        return ladders.hold(ladder, ROSTER, because, at(2), end).ladder

    snoozed = hold(fired(), Held.SNOOZE, 9)
    down = hold(snoozed, Held.DOWNTIME)
    child = hold(fired(), Held.PARENT)

    assert (down.held_because, down.held_until) == (Held.DOWNTIME, None)
    assert hold(down, Held.SNOOZE, 9) == down
    assert hold(child, Held.STORM) == child
    assert hold(child, Held.PARENT, 7).held_until == at(7)


@pytest.mark.parametrize(
    ("because", "expected"),
    [
        (Held.DOWNTIME, ["unacknowledge R23 downtime_over", "restart R23 downtime_over True"]),
        (Held.SNOOZE, ["unacknowledge R23 snooze_over", "restart R23 snooze_over True"]),
        (Held.PARENT, ["restart R19 parent_recovered True"]),
        (Held.STORM, ["restart R20 storm_over True"]),
    ],
)
def test_what_was_held_begins_anew(because: Held, expected: list[str]) -> None:
    held = ladders.hold(fired(), ROSTER, because, at(0.5), at(1)).ladder
    resumed = ladders.resume(held, ROSTER, at(1), due_at=at(1))
    ticked = ladders.tick(held, ROSTER, at(1))

    assert shown(resumed) == shown(ticked) == [*expected, "fire R5 1.1 anna"]
    assert resumed.ladder.generation == 2
    assert ladders.tick(held, ROSTER, at(0.9)) == Decision(held)


def test_what_is_resumed_for_later_waits_until_then() -> None:
    held = ladders.hold(fired(), ROSTER, Held.DOWNTIME, at(0.5)).ladder
    resumed = ladders.resume(held, ROSTER, at(1), due_at=at(3))

    assert resumed.ladder.step_due_at == resumed.ladder.next_due_at == at(3)
    assert (resumed.ladder.round, resumed.ladder.step) == (0, 0)
    assert not any(isinstance(move, Fire) for move in resumed.moves)
    assert ladders.resume(fired(), ROSTER, at(1), due_at=at(3)).moves == ()


def test_a_held_run_pages_nobody_from_its_start() -> None:
    decision = ladders.start(
        POLICY, "P1", CRITICAL, ROSTER, T0, due_at=T0, held=Held.PARENT, owner="anna"
    )

    assert decision.moves == ()
    assert decision.ladder.phase is Phase.HELD
    assert decision.ladder.held_because is Held.PARENT
    assert decision.ladder.next_due_at is None


def test_the_owner_alone_has_five_minutes() -> None:
    decision = ladders.start(POLICY, "P1", CRITICAL, ROSTER, T0, due_at=at(1), owner="ben")

    assert shown(decision) == ["fire R9 0.0 ben"]
    assert decision.ladder.owner_until == at(6)
    assert decision.ladder.pages[0].deliveries[0].due_at == at(1)
    assert decision.ladder.step_due_at is None


def test_the_time_out_restarts_in_a_new_generation() -> None:
    ladder = replace(taken(), expires_at=at(1), remind_at=None)
    decision = ladders.tick(ladder, ROSTER, at(1))

    assert shown(decision) == [
        "unacknowledge R7 expired", "restart R7 expired True", "fire R5 1.1 anna",
    ]  # fmt: skip
    assert decision.ladder.generation == 2
    assert decision.ladder.expires_at is None


def test_the_reminder_goes_to_the_owner_if_there_is_one() -> None:
    ours, nobodys = (replace(taken(by), remind_at=at(1)) for by in ("anna", None))

    assert shown(ladders.tick(ours, ROSTER, at(1))) == ["tell R7 reminder anna by anna"]
    assert ladders.tick(nobodys, ROSTER, at(1)).moves == ()
    assert ladders.tick(ours, ROSTER, at(1)).ladder.remind_at is None


def test_an_owner_who_does_not_confirm_loses_it() -> None:
    asked = ladders.worsen(taken(), DOWN, "P1", ROSTER, at(1), due_at=at(1)).ladder
    decision = ladders.tick(replace(asked, owner_until=at(1)), ROSTER, at(1))

    assert (asked.generation, asked.owner_until) == (2, at(6))
    assert (asked.remind_at, asked.expires_at) == (None, None)
    assert shown(decision) == [
        "unacknowledge R10 not_confirmed", "drop R10 anna: not_confirmed",
        "restart R10 not_confirmed True", "fire R5 1.1 anna",
    ]  # fmt: skip
    assert decision.ladder.generation == 3


def test_worse_again_does_not_prolong_the_owners_time() -> None:
    asked = ladders.worsen(taken(), DOWN, "P1", ROSTER, at(1), due_at=at(1)).ladder
    again = ladders.worsen(replace(asked, worst_rank=1), DOWN, "P1", ROSTER, at(3), due_at=at(3))

    assert again.ladder.owner_until == at(6)
    assert again.ladder.generation == 3
    assert again.ladder.pages[-1].key == PageKey(3, 0, 0, "anna")
    assert len(again.ladder.pages[-1].deliveries) == 1


@pytest.mark.parametrize("owner", [None, "stranger"])
def test_an_owner_who_cannot_be_called_loses_it_at_once(owner: str | None) -> None:
    ladder = replace(taken(), owner=owner)
    decision = ladders.worsen(ladder, DOWN, "P1", ROSTER, at(1), due_at=at(1))

    assert shown(decision) == [
        "unacknowledge R10 worse", "restart R10 worse True", "fire R5 1.1 anna",
    ]  # fmt: skip
    assert decision.ladder.generation == 2


def test_the_worst_is_remembered_of_both_kinds() -> None:
    low = replace(fired(), priority="P3", worst_priority="P3")
    risen = ladders.worsen(low, 1, "P2", ROSTER, at(1), due_at=at(1)).ladder
    worse = ladders.worsen(risen, DOWN, "P3", ROSTER, at(2), due_at=at(2)).ladder

    assert (risen.priority, risen.worst_priority, risen.worst_rank) == ("P2", "P2", CRITICAL)
    assert (worse.priority, worse.worst_priority, worse.worst_rank) == ("P3", "P2", DOWN)
    assert worse.generation == 3


def test_a_rise_before_the_first_step_never_puts_it_off() -> None:
    waiting = replace(begun(), step_due_at=at(1), worst_rank=1)

    def due(due_at: float | None) -> object:
        moment = at(due_at) if due_at is not None else None
        return ladders.worsen(waiting, 3, "P1", ROSTER, T0, due_at=moment).ladder.step_due_at

    assert [due(0.5), due(2), due(None)] == [at(0.5), at(1), at(1)]


@pytest.mark.parametrize(
    ("how", "high", "first", "expected"),
    [
        (Sent.FAILED, True, True, ["hasten R13 anna 2"]),
        (Sent.FAILED, False, False, ["hasten R13 anna 2"]),
        (Sent.CANCELLED, False, True, ["hasten R13 anna 2"]),
        (Sent.FAILED_FOR_NOW, True, True, ["hasten R13 anna 2"]),
        (Sent.FAILED_FOR_NOW, True, False, []),
        (Sent.FAILED_FOR_NOW, False, True, []),
        (Sent.MAYBE, True, True, ["hasten R14 anna 2"]),
        (Sent.MAYBE, False, True, []),
        (Sent.ACCEPTED, True, True, []),
        (Sent.SEEN, True, True, []),
    ],
)
def test_which_ends_hasten_the_next_rule(
    how: Sent, high: bool, first: bool, expected: list[str]
) -> None:
    ladder = fired(ladder=replace(begun(), priority="P1" if high else "P3"))
    decision = ladders.delivery_ended(ladder, ANNA, 1, how, ROSTER, at(1), first=first)

    assert shown(decision) == expected
    assert decision.ladder.pages[0].deliveries[0].sent is how
    if expected:
        assert decision.ladder.pages[0].deliveries[1].due_at == at(1)


def test_what_is_due_anyway_is_not_hastened() -> None:
    decision = ladders.delivery_ended(fired(), ANNA, 1, Sent.FAILED, ROSTER, at(2))

    assert decision.moves == ()


def test_a_missing_receipt_hastens_while_it_matters() -> None:
    def missing(ladder: Ladder, key: PageKey = ANNA, rule: int = 1) -> list[str]:
        return shown(ladders.receipt_missing(ladder, key, rule, ROSTER, at(1)))

    handed = ladders.hand_over(taken(), "carl", ROSTER, at(1)).ladder
    assert missing(fired()) == ["hasten R15 anna 2"]
    assert missing(fired(), rule=3) == []
    assert missing(fired(), BEN) == []
    assert missing(taken()) == []
    assert missing(handed, PageKey(2, 0, 0, "carl")) == ["hasten R15 carl 2"]
    assert missing(replace(fired(), generation=2)) == []


def test_a_step_that_reaches_nobody_passes_on_at_once() -> None:
    ladder = fired()
    for rule in (1, 2):
        ladder = sent(ladder, ANNA, rule, Sent.FAILED)
    decision = ladders.delivery_ended(ladder, ANNA, 3, Sent.FAILED, ROSTER, at(1))

    assert shown(decision) == ["nobody R13 1.1 undeliverable"]
    assert decision.ladder.step_due_at == at(1)


def test_an_earlier_step_that_reaches_nobody_changes_nothing() -> None:
    ladder = fired(2)
    for rule in (1, 2):
        ladder = sent(ladder, ANNA, rule, Sent.FAILED)
    decision = ladders.delivery_ended(ladder, ANNA, 3, Sent.FAILED, ROSTER, at(6))

    assert decision.moves == ()
    assert decision.ladder.step_due_at == ladder.step_due_at


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        (Sent.ACCEPTED, ["tell R25 taken ben by anna"]),
        (Sent.MAYBE, ["tell R25 taken ben by anna"]),
        (Sent.FAILED, []),
    ],
)
def test_who_is_reached_too_late_hears_who_has_it(how: Sent, expected: list[str]) -> None:
    acknowledged = ladders.acknowledge(fired(2), "anna", ROSTER, at(6), rank=3).ladder

    assert shown(ladders.delivery_ended(acknowledged, BEN, 1, how, ROSTER, at(6))) == expected
    assert ladders.delivery_ended(acknowledged, ANNA, 3, how, ROSTER, at(6)).moves == ()


def test_who_is_reached_after_the_recovery_hears_of_it() -> None:
    over = ladders.recover(fired(2), ROSTER, at(6)).ladder

    late = ladders.delivery_ended(over, BEN, 1, Sent.ACCEPTED, ROSTER, at(6))
    assert shown(late) == ["tell R25 recovered ben by None"]


def test_a_page_nobody_knows_is_passed_over() -> None:
    ladder = fired()

    assert ladders.delivery_ended(ladder, BEN, 1, Sent.FAILED, ROSTER, at(1)) == Decision(ladder)


def test_held_runs_do_not_follow_their_deliveries() -> None:
    held = ladders.hold(fired(), ROSTER, Held.DOWNTIME, at(1)).ladder

    for how in (Sent.FAILED, Sent.ACCEPTED):
        assert ladders.delivery_ended(held, ANNA, 1, how, ROSTER, at(1)).moves == ()


def test_who_is_called_besides_and_cannot_be_reached_changes_nothing() -> None:
    ladder = ladders.hand_over(fired(), "carl", ROSTER, at(1)).ladder
    for rule in (1, 2, 3):
        decision = ladders.delivery_ended(
            ladder, PageKey(1, 0, 0, "carl"), rule, Sent.FAILED, ROSTER, at(1)
        )
        ladder = decision.ladder

    assert decision.moves == ()
    assert ladder.next_due_at == at(5)


def test_a_handover_pages_and_releases() -> None:
    carl = Override(at(3), at(600), OverrideKind.REPLACE, ("carl",), "anna")
    roster = Roster({"primary": always("anna", carl), "secondary": always("ben")}, PEOPLE)
    ladder = fired(roster=roster)
    incoming = ladders.tick(ladder, roster, at(3))
    key = PageKey(1, 1, 1, "carl")
    released = ladders.delivery_ended(incoming.ladder, key, 1, Sent.ACCEPTED, roster, at(3))
    own = ladders.delivery_ended(incoming.ladder, ANNA, 1, Sent.ACCEPTED, roster, at(3))

    assert (ladder.handover_at, incoming.ladder.handover_at) == (at(3), at(600))
    assert shown(incoming) == ["fire R11 1.1 carl"]
    assert incoming.ladder.step_due_at == ladder.step_due_at
    assert shown(released) == ["drop R11 anna: relieved"]
    assert own.moves == ()
    assert shown(ladders.tick(ladder, roster, at(4.5))) == ["fire R11 1.1 carl late"]


def test_only_the_outgoing_person_is_released() -> None:
    both = replace(POLICY.steps[0], targets=(*POLICY.steps[0].targets, *THIRD.targets))
    policy = replace(POLICY, steps=(both, SECOND))
    carl = Override(at(3), at(600), OverrideKind.REPLACE, ("carl",), "anna")
    roster = Roster({"primary": always("anna", carl), "secondary": always("ben")}, PEOPLE)
    ladder = ladders.start(policy, "P1", CRITICAL, roster, T0, due_at=T0).ladder
    ladder = ladders.tick(ladder, roster, T0).ladder
    lead = PageKey(1, 1, 1, "lead")

    # The lead was called with anna, and takes nobody's place.
    assert ladders.delivery_ended(ladder, lead, 2, Sent.ACCEPTED, roster, at(3)).moves == ()


def test_a_summary_goes_to_who_comes_on_call() -> None:
    carl = Override(at(3), at(600), OverrideKind.REPLACE, ("carl",), "anna")
    roster = Roster({"primary": always("anna", carl), "secondary": always("ben")}, PEOPLE)
    ladder = ladders.acknowledge(fired(roster=roster), "anna", roster, at(1), rank=3).ladder

    assert ladder.handover_at == at(3)
    assert shown(ladders.tick(ladder, roster, at(3))) == ["tell R11 summary carl by anna"]
    assert ladders.tick(ladder, roster, at(3)).ladder.handover_at == at(600)


def test_a_changed_schedule_is_looked_at_with_the_next_tick() -> None:
    assert ladders.schedules_changed(fired(), ROSTER, at(1)).ladder.handover_at == at(1)
    assert ladders.schedules_changed(taken(), ROSTER, at(1)).ladder.handover_at == at(1)
    assert ladders.schedules_changed(begun(), ROSTER, at(1)).ladder.handover_at is None
    held = ladders.hold(fired(), ROSTER, Held.DOWNTIME, at(1)).ladder
    assert ladders.schedules_changed(held, ROSTER, at(1)) == Decision(held)


def test_a_new_deadline_is_kept_with_the_next_change() -> None:
    late = replace(fired(), deadline=at(5))
    repeated = replace(fired(4), deadline=at(32))

    assert ladders.schedules_changed(late, ROSTER, at(1)).ladder.step_due_at == at(3)
    # A fallback that has fired is repeated as planned.
    assert ladders.schedules_changed(repeated, ROSTER, at(30)).ladder.step_due_at == at(60)


@pytest.mark.parametrize(("seconds", "late"), [(60, False), (61, True)])
def test_late_is_more_than_a_minute(seconds: int, late: bool) -> None:
    decision = ladders.tick(begun(), ROSTER, T0 + timedelta(seconds=seconds))

    assert [move.late for move in decision.moves if isinstance(move, Fire)] == [late]
    assert decision.ladder.step_due_at == T0 + timedelta(seconds=seconds) + minutes(5)


def test_a_missing_schedule_is_named() -> None:
    policy = replace(POLICY, steps=(replace(SECOND, targets=(_gone(), _room())), THIRD))
    ladder = ladders.start(policy, "P1", CRITICAL, ROSTER, T0, due_at=T0).ladder

    assert shown(ladders.tick(ladder, ROSTER, T0)) == [
        "nobody R3 1.1 empty gone", "fire R5 1.2 lead",
    ]  # fmt: skip


def _gone() -> Target:
    return Target(TargetKind.SCHEDULE, "gone")


def _room() -> Target:
    return Target(TargetKind.ROOM, "https://chat.example")


def test_a_fallback_of_nobody_is_written_down_and_tried_again() -> None:
    roster = Roster({}, {"duty": Reach((), ())})
    decision = ladders.tick(begun(roster), roster, T0)

    assert shown(decision)[-1] == "nobody R4 1.0 empty"
    assert decision.ladder.step_due_at == at(30)
    assert decision.ladder.exhausted


def test_who_stands_twice_in_the_fallback_is_paged_once() -> None:
    policy = replace(POLICY, fallback=("duty", "duty"))
    empty = Roster({}, {"duty": PEOPLE["duty"]})
    ladder = ladders.start(policy, "P1", CRITICAL, empty, T0, due_at=T0).ladder

    assert shown(ladders.tick(ladder, empty, T0))[-1] == "fire R4 1.0 duty"


def test_escalating_what_somebody_has_after_the_fallback_calls_it_again() -> None:
    ladder = ladders.acknowledge(fired(4), "duty", ROSTER, at(31), rank=3).ladder
    decision = ladders.escalate_now(ladder, ROSTER, at(32))

    assert shown(decision)[-1] == "fire R4 1.0 duty"


def test_a_handover_of_the_ticket_to_nobody_known_leaves_it() -> None:
    decision = ladders.hand_over(taken(), "stranger", ROSTER, at(2))

    assert shown(decision) == ["nobody R6 0.0 empty"]
    assert decision.ladder.owner_until is None
    assert decision.ladder.expires_at == at(32)


def test_whoever_is_asked_may_decline_or_be_silent() -> None:
    asked = ladders.hand_over(taken(), "carl", ROSTER, at(2)).ladder
    kept = ["drop R6 carl: not_taken_over", "tell R6 not_taken_over anna by anna"]

    assert asked.owner_until == at(7)
    assert shown(ladders.decline(asked, "carl", ROSTER, at(3))) == kept
    assert ladders.decline(asked, "ben", ROSTER, at(3)) == Decision(asked)
    assert shown(ladders.tick(asked, ROSTER, at(7))) == kept


def test_who_asks_somebody_else_hears_nothing_if_nobody_of_ours_has_it() -> None:
    asked = ladders.hand_over(taken(None), "carl", ROSTER, at(2)).ladder

    assert shown(ladders.tick(asked, ROSTER, at(7))) == ["drop R6 carl: not_taken_over"]


def test_news_names_who_has_it() -> None:
    decision = ladders.acknowledge(sent(fired(), ANNA, 1), "ben", ROSTER, at(1), rank=2)

    assert decision.moves[-1] == Tell("R6", News.TAKEN, ("anna",), "ben")
    assert decision.ladder.worst_rank == 2
    assert decision.ladder.worst_priority == "P1"


def test_a_page_knows_its_urgency_and_its_time() -> None:
    low = ladders.tick(replace(begun(), priority="P3"), ROSTER, at(0.5)).ladder.pages[0]

    assert isinstance(low, LadderPage)
    assert (low.is_high, low.created_at) == (False, at(0.5))
    assert [one.due_at for one in low.deliveries] == [at(0.5), at(2.5), at(5.5)]


def test_the_fallback_fires_again_although_somebody_is_on_call_by_now() -> None:
    policy = replace(POLICY, rounds=3)
    empty = Roster({}, {"duty": PEOPLE["duty"]})
    ladder = ladders.start(policy, "P1", CRITICAL, empty, T0, due_at=T0).ladder
    ladder = ladders.tick(ladder, empty, T0).ladder
    acknowledged = ladders.acknowledge(ladder, "duty", ROSTER, at(1), rank=3).ladder

    worse = ladders.worsen(ladder, DOWN, "P1", ROSTER, at(1), due_at=at(1))
    escalated = ladders.escalate_now(acknowledged, ROSTER, at(1))
    assert shown(worse)[-1] == shown(escalated)[-1] == "fire R4 1.0 duty"


def test_a_step_that_nobody_is_in_any_more_passes_on_when_it_fires_again() -> None:
    left = Roster({"primary": always("anna")}, PEOPLE)
    decision = ladders.worsen(fired(2), DOWN, "P1", left, at(1), due_at=at(1))

    assert shown(decision) == [
        "drop R10 anna ben: worse", "restart R10 worse True", "nobody R3 1.2 empty secondary",
        "fire R10 1.3 lead",
    ]  # fmt: skip


def test_who_is_off_duty_again_releases_nobody() -> None:
    carl = Override(at(3), at(4), OverrideKind.REPLACE, ("carl",), "anna")
    ben = Override(at(4), at(600), OverrideKind.REPLACE, ("ben",), "anna")
    roster = Roster({"primary": always("anna", carl, ben), "secondary": always("ben")}, PEOPLE)
    ladder = ladders.tick(fired(roster=roster), roster, at(3)).ladder
    key = PageKey(1, 1, 1, "carl")

    assert ladders.delivery_ended(ladder, key, 1, Sent.ACCEPTED, roster, at(4)).moves == ()


def test_an_end_is_of_the_first_try_if_nothing_else_is_said() -> None:
    decision = ladders.delivery_ended(fired(), ANNA, 1, Sent.MAYBE, ROSTER, at(1))

    assert shown(decision) == ["hasten R14 anna 2"]


def test_who_was_paged_needs_no_summary() -> None:
    change = Override(at(7), at(600), OverrideKind.REPLACE, ("lead",), "anna")
    roster = Roster({"primary": always("anna", change), "secondary": always("ben")}, PEOPLE)
    ladder = ladders.acknowledge(fired(2, roster=roster), "carl", roster, at(6), rank=3).ladder

    assert shown(ladders.tick(ladder, roster, at(7))) == ["tell R11 summary lead by carl"]
