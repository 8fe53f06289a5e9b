"""What is due next in an escalation: decided from its policy, its past, the roster and the time.

Each function takes the ladder as it stands and returns what it becomes, with the moves that
somebody has to carry out. Nothing here knows tables, networks or the clock.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from bridge.oncall.ladder_answers import acknowledge, decline, escalate_now, hand_over, sign_of_life
from bridge.oncall.ladder_climb import Climb, reached
from bridge.oncall.ladder_deliveries import delivery_ended, receipt_missing
from bridge.oncall.ladder_state import Held, Ladder, Phase
from bridge.oncall.ladder_steps import RULE_OF_HOLD, fire_again, restart, wake
from bridge.oncall.ladder_time import END_OF, tick
from bridge.oncall.moves import Decision, Fire, News, Tell, Unacknowledge
from bridge.oncall.policy import EscalationPolicy
from bridge.oncall.roster import Roster

__all__ = [
    "RULE_OF_HOLD",
    "acknowledge",
    "decline",
    "delivery_ended",
    "end",
    "escalate_now",
    "hand_over",
    "hold",
    "receipt_missing",
    "recover",
    "resume",
    "schedules_changed",
    "sign_of_life",
    "start",
    "tick",
    "unacknowledge",
    "worsen",
]

# So long an owner is called alone. Source: docs/oncall.md, "R9" and "R10".
OWNERS_TIME = timedelta(minutes=5)


def start(
    policy: EscalationPolicy,
    priority: str,
    rank: int,
    roster: Roster,
    now: datetime,
    *,
    due_at: datetime,
    held: Held | None = None,
    deadline: datetime | None = None,
    owner: str | None = None,
) -> Decision:
    """Begin an escalation whose first step is due at `due_at`; held, nothing is due.

    rank: of the problem's state. owner: who had the ticket; on call still, they are called alone.
    Source: docs/oncall.md, "R1", "R9", "R17" and "R19".
    """
    phase = Phase.HELD if held else Phase.LIVE
    ladder = Ladder(
        policy,
        priority,
        phase,
        now,
        held_because=held,
        worst_rank=rank,
        worst_priority=priority,
        deadline=deadline,
    )
    climb = Climb(ladder, roster, now)
    if held is None and not _owner_alone(climb, owner, due_at):
        climb.becomes(step_due_at=climb.hurried(due_at))
    return climb.decided()


def _owner_alone(climb: Climb, owner: str | None, due_at: datetime) -> bool:
    targets = [target for step in climb.ladder.policy.steps for target in step.targets]
    if owner is None or owner not in climb.roster.resolved(targets, climb.now):
        return False
    pages = climb.page((owner,), 0, 0, at=due_at, rules=None)
    if pages:
        climb.moves.append(Fire("R9", 0, 0, pages))
        climb.becomes(owner_until=climb.hurried(due_at + OWNERS_TIME))
    return bool(pages)


def unacknowledge(
    ladder: Ladder, roster: Roster, now: datetime, why: str, due_at: datetime | None = None
) -> Decision:
    """Begin anew because somebody took the acknowledgement back, or what held it is over."""
    climb = Climb(ladder, roster, now)
    if ladder.phase in {Phase.ACKNOWLEDGED, Phase.HELD}:
        restart(climb, "R6", why, due_at)
    return climb.decided()


def recover(ladder: Ladder, roster: Roster, now: datetime) -> Decision:
    """End the escalation because the problem is over, and tell who was paged, quietly.

    Source: docs/oncall.md, "R8".
    """
    people = reached(ladder) if ladder.phase is not Phase.ENDED else ()
    climb = Climb(ladder, roster, now)
    _end(climb, "R8", "recovered")
    if people:
        climb.moves.append(Tell("R8", News.RECOVERED, people))
    return climb.decided()


def end(ladder: Ladder, roster: Roster, now: datetime, why: str) -> Decision:
    """End the escalation without a word."""
    climb = Climb(ladder, roster, now)
    _end(climb, "R6", why)
    return climb.decided()


def _end(climb: Climb, source: str, why: str) -> None:
    climb.drop(source, why)
    _silent(climb, Phase.ENDED)


def _silent(climb: Climb, phase: Phase) -> None:
    climb.becomes(
        phase=phase,
        step_due_at=None,
        owner_until=None,
        remind_at=None,
        expires_at=None,
        handover_at=None,
        held_because=None,
        held_until=None,
    )


def hold(
    ladder: Ladder, roster: Roster, because: Held, now: datetime, until: datetime | None = None
) -> Decision:
    """Page nobody for a while; until: when that is known to be over.

    Of several reasons the first counts, but that a snooze gives way.
    """
    climb = Climb(ladder, roster, now)
    gives_way = ladder.held_because in {Held.SNOOZE, because}
    if ladder.phase in {Phase.LIVE, Phase.ACKNOWLEDGED} or gives_way:
        climb.drop(RULE_OF_HOLD[because], because.value)
        _silent(climb, Phase.HELD)
        climb.becomes(held_because=because, held_until=until)
    return climb.decided()


def resume(ladder: Ladder, roster: Roster, now: datetime, *, due_at: datetime) -> Decision:
    """Begin anew what was held."""
    climb = Climb(ladder, roster, now)
    if ladder.phase is Phase.HELD:
        wake(climb, END_OF[ladder.held_because], due_at)
    return climb.decided()


def worsen(
    ladder: Ladder,
    rank: int,
    priority: str,
    roster: Roster,
    now: datetime,
    *,
    due_at: datetime | None,
) -> Decision:
    """Call again for what has become worse than it was since somebody last took it.

    rank, priority: of now. due_at: when a first step is due at this priority; None for never.
    An improvement changes nothing. Source: docs/oncall.md, "R10", "R17" and "R23".
    """
    is_worse = rank > ladder.worst_rank or priority < ladder.worst_priority
    climb = Climb(replace(ladder, priority=priority), roster, now)
    if not is_worse:
        return climb.decided()
    climb.becomes(
        worst_rank=max(rank, ladder.worst_rank),
        worst_priority=min(priority, ladder.worst_priority),
    )
    match ladder.phase:
        case Phase.LIVE:
            _worsen_live(climb, due_at)
        case Phase.ACKNOWLEDGED:
            _ask_owner(climb)
        case Phase.HELD:
            if ladder.held_because is Held.SNOOZE:
                wake(climb, "worse")
        case Phase.ENDED:
            pass
    return climb.decided()


def _worsen_live(climb: Climb, due_at: datetime | None) -> None:
    ladder = climb.ladder
    if ladder.owner_until is not None:
        restart(climb, "R10", "worse")
    elif ladder.round or ladder.fallbacks:
        fire_again(climb, "R10", "worse")
    elif ladder.step_due_at is not None and due_at is not None:
        climb.becomes(step_due_at=climb.hurried(min(ladder.step_due_at, due_at)))


def _ask_owner(climb: Climb) -> None:
    """Call the owner of an acknowledged ticket, who has to say once more that it is theirs."""
    before = climb.ladder
    climb.drop("R10", "worse")
    climb.becomes(generation=before.generation + 1, remind_at=None, expires_at=None)
    pages = climb.page((before.owner,) if before.owner else (), 0, 0, at=climb.now, rules=1)
    if pages:
        climb.moves.append(Fire("R10", 0, 0, pages))
        until = climb.now + OWNERS_TIME
        climb.becomes(owner_until=min(before.owner_until or until, until))
    else:
        climb.becomes(generation=before.generation)
        climb.moves.append(Unacknowledge("R10", "worse"))
        restart(climb, "R10", "worse")


def schedules_changed(ladder: Ladder, roster: Roster, now: datetime) -> Decision:
    """Look at the next tick whether somebody else is on call now, and at the deadline anew."""
    climb = Climb(ladder, roster, now)
    if ladder.phase in {Phase.LIVE, Phase.ACKNOWLEDGED} and ladder.pages:
        climb.becomes(handover_at=now)
    if ladder.step_due_at is not None and not ladder.fallbacks:
        climb.becomes(step_due_at=climb.hurried(ladder.step_due_at))
    return climb.decided()
