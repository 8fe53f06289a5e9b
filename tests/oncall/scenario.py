"""Reads the rows of scenarios.yaml, and plays them with the ladder alone."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ruamel.yaml import YAML

from bridge.icinga.states import State
from bridge.oncall import ladder as ladders
from bridge.oncall.ladder_state import Held, Phase, Sent
from bridge.oncall.moves import Decision
from bridge.oncall.policy import EscalationPolicy, Step, Target, TargetKind
from bridge.oncall.roster import Reach, Roster
from bridge.oncall.rules import Rule
from bridge.oncall.schedule import Layer, Override, OverrideKind, Rotation, Schedule, Unit
from tests.oncall.player import Player

T0 = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)
START = datetime(2026, 1, 1)  # noqa: DTZ001 - layers start at a wall time
TEN_HOURS = timedelta(hours=10)
Row = Mapping[str, Any]


def rows(played_by: str) -> list[Row]:
    """Return the rows of the file; `ladder` leaves out those that need the engine."""
    found: list[Row] = YAML(typ="safe").load(Path(__file__).with_name("scenarios.yaml"))
    return [row for row in found if played_by in {"engine", row.get("played_by", "ladder")}]


def expected(row: Row) -> list[str]:
    """Return the lines of a row's trace, in the order in which traces are compared."""
    return in_order(one.strip() for one in row["trace"].split(" · ") if one.strip())


def in_order(lines: Any) -> list[str]:
    """Return the lines by minute; what happens at one moment, by its words."""
    return sorted(lines, key=lambda line: (float(line.partition(" ")[0]), line))


def at(minute: float) -> datetime:
    return T0 + timedelta(minutes=minute)


def _minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def _by_priority(given: Any) -> dict[str, timedelta]:
    plain = given if isinstance(given, dict) else dict.fromkeys(("P1", "P2", "P3", "else"), given)
    return {name: _minutes(count) for name, count in plain.items()}


def _reach(**offsets: float) -> Reach:
    found = tuple(Rule(channel, _minutes(offset)) for channel, offset in offsets.items())
    return Reach(found, found)


def _target(text: str) -> Target:
    kind, colon, label = text.partition(":")
    return Target(TargetKind.SCHEDULE, label) if colon else Target(TargetKind.PERSON, kind)


ENGINEER = _reach(push=0, sms=2, voice=5)
PEOPLE = {
    **dict.fromkeys(("anna", "ben", "carl"), ENGINEER),
    "lead": _reach(push=0, voice=1),
    "duty": _reach(sms=0, voice=0),
}
TARGETS = (["schedule:primary"], ["schedule:secondary"], ["lead"])
THEN = (5, 10, 15)


def policy_of(given: Row) -> EscalationPolicy:
    """Return the policy of a row."""
    steps = given.get("steps", 3)
    targets = TARGETS[:steps] if isinstance(steps, int) else steps
    return EscalationPolicy(
        start_delay=_by_priority(given.get("start_delay", 0)),
        steps=tuple(
            Step(tuple(map(_target, some)), _minutes(then))
            for some, then in zip(targets, THEN, strict=False)
        ),
        rounds=given.get("rounds", 1),
        fallback=("duty",),
        ack_timeout=_by_priority(given["ack_timeout"]) if "ack_timeout" in given else {},
    )


def _override(event: Row) -> Override:
    begin = at(event["at"])
    kind = next(kind for kind in OverrideKind if kind.value in event)
    person = event["with"] if kind is OverrideKind.REPLACE else event[kind.value]
    replaced = event["replace"] if kind is OverrideKind.REPLACE else None
    return Override(begin, begin + TEN_HOURS, kind, (person,), replaced)


def roster_of(given: Row) -> Roster:
    """Return the people and schedules of a row."""
    empty = given.get("empty", ())
    schedules = {}
    for label, person in (("primary", "anna"), ("secondary", "ben")):
        layer = Layer(Rotation(Unit.WEEKS, hour=0), START, (person,))
        changes = [one for one in given.get("changes", ()) if one["schedule"] == label]
        layers = () if label in empty else (layer,)
        schedules[label] = Schedule(ZoneInfo("UTC"), layers, tuple(map(_override, changes)))
    return Roster(schedules, PEOPLE)


def played(row: Row) -> Player:
    """Return the player of a row after its last minute."""
    given = row.get("given", {})
    policy, roster = policy_of(given), roster_of(given)
    priority = given.get("priority", "P1")
    decision = ladders.start(
        policy,
        priority,
        State.CRITICAL.rank,
        roster,
        T0,
        due_at=T0 + policy.delay(priority),
        deadline=at(given["deadline"]) if "deadline" in given else None,
        owner=given.get("owner"),
    )
    player = Player(decision.ladder, roster, T0, given.get("provider", {}))
    player.decided(decision, T0)
    rank = State.CRITICAL.rank
    for event in row.get("events", ()):
        player.play(at(event["at"]) - INSTANT)
        rank = State[event["state"]].rank if "state" in event else rank
        _happens(player, event, rank)
    player.play(at(row["until"]))
    return player


def _happens(player: Player, event: Row, rank: int) -> None:
    now = at(event["at"])
    decision = _answered(player, event, rank, now) or _befallen(player, event, rank, now)
    if decision is None:
        _changes(player, event, now)
    else:
        player.decided(decision, now)


def _answered(player: Player, event: Row, rank: int, now: datetime) -> Decision | None:
    """Return what a person's answer does; None if it is none."""
    ladder, roster, found = player.ladder, player.roster, None
    match event["do"]:
        case "acknowledge":
            found = ladders.acknowledge(ladder, event["by"], roster, now, rank=rank)
            has_it = ladder.phase is Phase.ACKNOWLEDGED and found.ladder == ladder
            player.say(now, f"{ladder.owner} has it" if has_it else "acknowledged")
        case "unacknowledge":
            player.is_taken = False
            found = ladders.unacknowledge(ladder, roster, now, "by hand")
        case "note":
            found = ladders.sign_of_life(ladder, roster, now)
        case "snooze":
            found = ladders.hold(ladder, roster, Held.SNOOZE, now, at(event["until"]))
        case "escalate":
            found = ladders.escalate_now(ladder, roster, now)
        case "decline":
            found = ladders.decline(ladder, event["by"], roster, now)
        case "hand_over":
            found = ladders.hand_over(ladder, event["to"], roster, now)
    return found


def _befallen(player: Player, event: Row, rank: int, now: datetime) -> Decision | None:
    """Return what becomes of the problem or of a page does; None if it is neither."""
    ladder, roster, found = player.ladder, player.roster, None
    match event["do"]:
        case "recover":
            found = ladders.recover(ladder, roster, now)
        case "resolve":
            found = ladders.end(ladder, roster, now, "resolved")
        case "worsen":
            priority = event.get("priority", ladder.priority)
            due_at = now + ladder.policy.delay(priority)
            found = ladders.worsen(ladder, rank, priority, roster, now, due_at=due_at)
        case "downtime_begins":
            found = ladders.hold(ladder, roster, Held.DOWNTIME, now)
        case "downtime_ends":
            found = ladders.resume(ladder, roster, now, due_at=now)
        case "receipt_missing":
            key = [page.key for page in ladder.pages if page.key.person == event["person"]][-1]
            rule = [one.channel for one in PEOPLE[key.person].high].index(event["channel"]) + 1
            found = ladders.receipt_missing(ladder, key, rule, roster, now)
    return found


def _changes(player: Player, event: Row, now: datetime) -> None:
    """Change what the escalation depends on, rather than the escalation."""
    roster = player.roster
    match event["do"]:
        case "override":
            before = roster.schedules[event["schedule"]]
            after = replace(before, overrides=(*before.overrides, _override(event)))
            player.roster = replace(
                roster, schedules={**roster.schedules, event["schedule"]: after}
            )
        case "retire":
            left = {k: v for k, v in roster.schedules.items() if k != event["schedule"]}
            player.roster = replace(roster, schedules=left)
        case "leave":
            _leaves(player, event["person"], now)
        case "engine_down":
            player.asleep = now - INSTANT, at(event["until"])
            return
        case unknown:
            raise AssertionError(f"nobody knows how to {unknown}")
    player.decided(ladders.schedules_changed(player.ladder, player.roster, now), now)


def _leaves(player: Player, person: str, now: datetime) -> None:
    people = {k: v for k, v in player.roster.people.items() if k != person}
    player.roster = replace(player.roster, people=people)
    for key, rule in [one for one in player.entries if one[0].person == person]:
        if player.entries.pop((key, rule), None):
            decision = ladders.delivery_ended(
                player.ladder, key, rule, Sent.CANCELLED, player.roster, now
            )
            player.decided(decision, now)
