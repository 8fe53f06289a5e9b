"""Escalations to which anything may happen, against a simple model and what must always hold."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from bridge.oncall import ladder as ladders
from bridge.oncall.ladder_state import Held, Phase
from bridge.oncall.moves import Decision
from bridge.oncall.policy import EscalationPolicy, Step, Target, TargetKind
from bridge.oncall.roster import Reach, Roster
from bridge.oncall.rules import Rule
from bridge.oncall.schedule import Override, OverrideKind
from tests.oncall.naive_ladder import RULES, NaiveLadder
from tests.oncall.player import Entry, Player
from tests.oncall.scenario import INSTANT, T0, in_order, policy_of, roster_of

ENGINEERS = ["anna", "ben", "carl"]
CHANNELS = [f"{channel} {who}" for who, rules in RULES.items() for channel, _ in rules]


def halves(count: int) -> timedelta:
    return timedelta(seconds=30 * count)


def reach(person: str) -> Reach:
    rules = tuple(Rule(channel, halves(wait)) for channel, wait in RULES[person])
    return Reach(rules, rules)


STEP = st.tuples(st.lists(st.sampled_from(ENGINEERS), unique=True, max_size=2), st.integers(1, 30))


class AgainstTheModel(RuleBasedStateMachine):
    """The ladder and the model hear of the same, and tell the same."""

    @initialize(
        steps=st.lists(STEP, min_size=1, max_size=3),
        rounds=st.integers(1, 3),
        times_out_after=st.integers(15, 120),
        broken=st.frozensets(st.sampled_from(CHANNELS)),
        delay=st.integers(0, 3),
    )
    def begin(
        self,
        steps: list[tuple[list[str], int]],
        rounds: int,
        times_out_after: int,
        broken: frozenset[str],
        delay: int,
    ) -> None:
        self.rank = 1
        plain = [(tuple(people), wait) for people, wait in steps]
        self.model = NaiveLadder(plain, rounds, times_out_after, broken, delay)
        policy = EscalationPolicy(
            {"else": halves(delay)},
            tuple(
                Step(tuple(Target(TargetKind.PERSON, one) for one in people), halves(wait))
                for people, wait in plain
            ),
            rounds,
            ("duty",),
            ack_timeout={"P1": halves(times_out_after)},
        )
        roster = Roster({}, {person: reach(person) for person in RULES})
        begun = ladders.start(policy, "P1", self.rank, roster, T0, due_at=T0 + halves(delay))
        script = {one: ["failed"] for one in broken}
        self.player = Player(begun.ladder, roster, T0, script)
        self.now = T0

    @rule(count=st.integers(1, 80))
    def time_passes(self, count: int) -> None:
        self.now += halves(count)
        self.model.advance(self.model.now + count)
        self.player.play(self.now - INSTANT)

    @rule(by=st.sampled_from([*ENGINEERS, "duty"]))
    def acknowledge(self, by: str) -> None:
        self.model.acknowledge(by)
        ladder, roster = self.player.ladder, self.player.roster
        decision = ladders.acknowledge(ladder, by, roster, self.now, rank=self.rank)
        self.player.decided(decision, self.now)

    @rule()
    def worsen(self) -> None:
        self.rank += 1
        self.model.worsen()
        ladder, roster = self.player.ladder, self.player.roster
        decision = ladders.worsen(ladder, self.rank, "P1", roster, self.now, due_at=self.now)
        self.player.decided(decision, self.now)

    @rule()
    def escalate(self) -> None:
        self.model.escalate()
        ladder, roster = self.player.ladder, self.player.roster
        self.player.decided(ladders.escalate_now(ladder, roster, self.now), self.now)

    @rule(by=st.sampled_from(ENGINEERS))
    def decline(self, by: str) -> None:
        self.model.decline(by)
        ladder, roster = self.player.ladder, self.player.roster
        self.player.decided(ladders.decline(ladder, by, roster, self.now), self.now)

    @rule()
    def recover(self) -> None:
        self.model.recover()
        ladder, roster = self.player.ladder, self.player.roster
        self.player.decided(ladders.recover(ladder, roster, self.now), self.now)

    @invariant()
    def both_tell_the_same(self) -> None:
        if hasattr(self, "model"):
            assert in_order(self.player.trace) == in_order(self.model.trace)


class Watched(Player):
    """A player that looks at each try of a delivery before it is made."""

    def _deliver(self, entry: Entry, now: datetime) -> None:
        phase, key = self.ladder.phase, entry.key
        asks = self.ladder.owner_until is not None and key.is_owners
        assert phase is Phase.LIVE or (phase is Phase.ACKNOWLEDGED and asks), "nobody is called"
        assert key.generation == self.ladder.generation, "what is void does not leave"
        assert key.person in self.may_be_called, "nobody else is called"
        super()._deliver(entry, now)

    may_be_called: frozenset[str] = frozenset()


OUTCOMES = st.lists(
    st.sampled_from(["accepted", "failed", "failed_for_now", "maybe"]), min_size=1, max_size=4
)
ALL = frozenset({"anna", "ben", "carl", "lead", "duty"})
ALL_CHANNELS = [f"{one} {who}" for who in sorted(ALL) for one in ("push", "sms", "voice")]


class WhatAlwaysHolds(RuleBasedStateMachine):
    """Anything may happen at any moment; some things never do."""

    @initialize(
        rounds=st.integers(1, 2),
        priority=st.sampled_from(["P1", "P2", "P3"]),
        delay=st.integers(0, 2),
        empty=st.sets(st.sampled_from(["primary", "secondary"])),
        script=st.dictionaries(st.sampled_from(ALL_CHANNELS), OUTCOMES),
        deadline=st.none() | st.integers(1, 60),
        owner=st.none() | st.sampled_from(ENGINEERS),
        held=st.sampled_from([None, None, Held.DOWNTIME, Held.PARENT]),
    )
    def begin(
        self,
        rounds: int,
        priority: str,
        delay: int,
        empty: set[str],
        script: dict[str, list[str]],
        deadline: int | None,
        owner: str | None,
        held: Held | None,
    ) -> None:
        self.now, self.rank = T0, 1
        given = {"rounds": rounds, "start_delay": delay, "empty": empty, "ack_timeout": 30}
        policy, roster = policy_of(given), roster_of(given)
        begun = ladders.start(
            policy,
            priority,
            self.rank,
            roster,
            T0,
            due_at=T0 + policy.delay(priority),
            deadline=T0 + timedelta(minutes=deadline) if deadline else None,
            owner=owner,
            held=held,
        )
        self.player = Watched(begun.ladder, roster, T0, script)
        self.player.may_be_called = frozenset({"anna", "ben", "lead", "duty"} | {owner or "duty"})
        self.player.decided(begun, T0)

    def _decided(self, decision: Decision) -> None:
        self.player.decided(decision, self.now)

    @rule(seconds=st.integers(1, 3600))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)
        self.player.play(self.now - INSTANT)

    @rule(seconds=st.integers(1, 3600))
    def the_engine_sleeps(self, seconds: int) -> None:
        begin, self.now = self.now, self.now + timedelta(seconds=seconds)
        self.player.asleep = begin - INSTANT, self.now

    @rule(by=st.none() | st.sampled_from(ENGINEERS))
    def acknowledge(self, by: str | None) -> None:
        ladder, roster = self.player.ladder, self.player.roster
        self._decided(ladders.acknowledge(ladder, by, roster, self.now, rank=self.rank))
        if by is not None:
            self.player.may_be_called |= {by}

    @rule(rank=st.integers(1, 4), priority=st.sampled_from(["P1", "P2", "P3"]))
    def the_problem_changes(self, rank: int, priority: str) -> None:
        self.rank = rank
        before, roster = self.player.ladder, self.player.roster
        decision = ladders.worsen(before, rank, priority, roster, self.now, due_at=self.now)
        if rank <= before.worst_rank and priority >= before.worst_priority:
            assert decision.moves == ()
            assert decision.ladder == replace(before, priority=priority)
        self._decided(decision)

    @rule()
    def note(self) -> None:
        self._decided(ladders.sign_of_life(self.player.ladder, self.player.roster, self.now))

    @rule()
    def taken_back(self) -> None:
        ladder, roster = self.player.ladder, self.player.roster
        self._decided(ladders.unacknowledge(ladder, roster, self.now, "by hand"))

    @rule(because=st.sampled_from(Held), minutes=st.integers(1, 60))
    def hold(self, because: Held, minutes: int) -> None:
        ladder, roster = self.player.ladder, self.player.roster
        until = self.now + timedelta(minutes=minutes) if because is Held.SNOOZE else None
        self._decided(ladders.hold(ladder, roster, because, self.now, until))

    @rule(minutes=st.integers(0, 10))
    def resume(self, minutes: int) -> None:
        due_at = self.now + timedelta(minutes=minutes)
        ladder, roster = self.player.ladder, self.player.roster
        self._decided(ladders.resume(ladder, roster, self.now, due_at=due_at))

    @rule()
    def escalate(self) -> None:
        self._decided(ladders.escalate_now(self.player.ladder, self.player.roster, self.now))

    @rule(by=st.sampled_from(ENGINEERS))
    def decline(self, by: str) -> None:
        self._decided(ladders.decline(self.player.ladder, by, self.player.roster, self.now))

    @rule(to=st.sampled_from(ENGINEERS))
    def hand_over(self, to: str) -> None:
        self._decided(ladders.hand_over(self.player.ladder, to, self.player.roster, self.now))
        self.player.may_be_called |= {to}

    @rule(
        label=st.sampled_from(["primary", "secondary"]),
        kind=st.sampled_from(OverrideKind),
        person=st.sampled_from(ENGINEERS),
        replaced=st.sampled_from(ENGINEERS),
        minutes=st.integers(0, 30),
        lasts=st.integers(1, 60),
    )
    def override(
        self,
        label: str,
        kind: OverrideKind,
        person: str,
        replaced: str,
        minutes: int,
        lasts: int,
    ) -> None:
        begin = self.now + timedelta(minutes=minutes)
        end = begin + timedelta(minutes=lasts)
        whose = replaced if kind is OverrideKind.REPLACE else None
        one = Override(begin, end, kind, (person,), whose)
        roster = self.player.roster
        before = roster.schedules[label]
        after = replace(before, overrides=(*before.overrides, one))
        self.player.roster = replace(roster, schedules={**roster.schedules, label: after})
        self.player.may_be_called |= {person}
        self._decided(ladders.schedules_changed(self.player.ladder, self.player.roster, self.now))

    @rule()
    def recover(self) -> None:
        self._decided(ladders.recover(self.player.ladder, self.player.roster, self.now))
        assert not self.player.entries, "every delivery ends"

    @invariant()
    def whoever_waits_has_a_future(self) -> None:
        if not hasattr(self, "player"):
            return
        ladder = self.player.ladder
        match ladder.phase:
            case Phase.LIVE:
                assert ladder.step_due_at is not None or ladder.owner_until is not None
            case Phase.ACKNOWLEDGED:
                assert ladder.step_due_at is None
            case Phase.HELD:
                assert ladder.held_because is not None
                assert ladder.next_due_at == ladder.held_until
            case Phase.ENDED:
                assert ladder.next_due_at is None

    @invariant()
    def nobody_is_called_twice(self) -> None:
        if hasattr(self, "player"):
            keys = [page.key for page in self.player.ladder.pages]
            assert len(set(keys)) == len(keys)
            assert max(self.player.copies.values(), default=0) <= 2

    @invariant()
    def what_is_void_waits_no_more(self) -> None:
        if hasattr(self, "player"):
            generation = self.player.ladder.generation
            assert all(key.generation == generation for key, _ in self.player.entries)
            if self.player.ladder.phase in {Phase.HELD, Phase.ENDED}:
                assert not self.player.entries


TestAgainstTheModel = AgainstTheModel.TestCase
TestAgainstTheModel.settings = settings(max_examples=60, stateful_step_count=15, deadline=None)
TestWhatAlwaysHolds = WhatAlwaysHolds.TestCase
TestWhatAlwaysHolds.settings = settings(max_examples=60, stateful_step_count=15, deadline=None)


@pytest.mark.proof
@pytest.mark.parametrize("machine", [AgainstTheModel, WhatAlwaysHolds])
def test_thousands_of_escalations(machine: type[RuleBasedStateMachine]) -> None:
    long = settings(max_examples=5_000, stateful_step_count=40, deadline=None, derandomize=True)
    run_state_machine_as_test(machine, settings=long)
