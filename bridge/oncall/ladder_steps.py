"""How the steps of an escalation fire, one after the other, until its fallback does."""

from collections.abc import Iterable
from datetime import datetime

from bridge.oncall.ladder_climb import Climb, is_lost
from bridge.oncall.ladder_state import Held, Ladder, LadderPage, Phase
from bridge.oncall.moves import Fire, Nobody, Restart, Unacknowledge
from bridge.oncall.policy import Step, TargetKind

RULE_OF_HOLD = {Held.DOWNTIME: "R23", Held.SNOOZE: "R23", Held.PARENT: "R19", Held.STORM: "R20"}


def fire_next(climb: Climb, source: str = "R5") -> None:
    """Fire the next step that finds somebody; where none is left, the fallback.

    Source: docs/oncall.md, "R3", "R4" and "R5".
    """
    for _ in climb.ladder.policy.steps:
        following = _following(climb.ladder)
        if following is None:
            break
        climb.becomes(round=following[0], step=following[1])
        if fire_step(climb, source):
            return
    _fire_fallback(climb)


def fire_step(climb: Climb, source: str) -> bool:
    """Page the people of the ladder's step as of now; return whether anybody can be reached."""
    ladder = climb.ladder
    step = ladder.policy.steps[ladder.step - 1]
    people = climb.roster.resolved(step.targets, climb.now)
    pages = climb.page(people, ladder.round, ladder.step, at=climb.now, rules=None)
    if not pages:
        missing = _missing(climb, step)
        climb.moves.append(Nobody("R3", ladder.round, ladder.step, "empty", missing))
        return False
    climb.moves.append(Fire(source, ladder.round, ladder.step, pages, climb.late))
    is_last = (ladder.round, ladder.step) == (ladder.policy.rounds, len(ladder.policy.steps))
    climb.becomes(exhausted=is_last, step_due_at=climb.hurried(climb.now + step.then))
    climb.watch()
    return True


def _fire_fallback(climb: Climb) -> None:
    """Page the fallback, and again after a while, for as long as it takes."""
    policy, count = climb.ladder.policy, climb.ladder.fallbacks + 1
    again_at = climb.now + policy.repeat_fallback
    climb.becomes(exhausted=True, fallbacks=count, step_due_at=again_at)
    pages = climb.page(policy.fallback, count, 0, at=climb.now, rules=None)
    fired = Fire("R4", count, 0, pages, climb.late)
    climb.moves.append(fired if pages else Nobody("R4", count, 0, "empty"))


def restart(climb: Climb, source: str, why: str, due_at: datetime | None = None) -> None:
    """Begin anew with round 1, step 1, at `due_at` or now; all that was scheduled is void."""
    new_generation(climb, source, why, due_at or climb.now)
    climb.becomes(round=0, step=0)
    if due_at is None or due_at <= climb.now:
        fire_next(climb)
    else:
        climb.becomes(step_due_at=climb.hurried(due_at))


def fire_again(climb: Climb, source: str, why: str) -> None:
    """Fire what fired last once more, in a new generation. Source: docs/oncall.md, "R10"."""
    was_fallback = climb.ladder.fallbacks > 0
    new_generation(climb, source, why, climb.now)
    if was_fallback:
        climb.becomes(exhausted=True)
    if was_fallback or not fire_step(climb, source):
        fire_next(climb, source)


def go_on(climb: Climb, source: str, why: str) -> None:
    """Fire the step after the last in a new generation, because nobody has the ticket any more."""
    is_exhausted = climb.ladder.exhausted
    new_generation(climb, source, why, climb.now)
    climb.becomes(exhausted=is_exhausted)
    fire_next(climb, source)


def new_generation(climb: Climb, source: str, why: str, due_at: datetime) -> None:
    """Make everything void that was scheduled, and let the run be live."""
    climb.drop(source, why)
    climb.becomes(
        phase=Phase.LIVE,
        generation=climb.ladder.generation + 1,
        exhausted=False,
        fallbacks=0,
        step_due_at=None,
        owner_until=None,
        remind_at=None,
        expires_at=None,
        handover_at=None,
        held_because=None,
        held_until=None,
    )
    climb.moves.append(Restart(source, why, due_at))


def wake(climb: Climb, why: str, due_at: datetime | None = None) -> None:
    """Let what was held begin anew; nobody has it any more, even if somebody had before.

    Source: docs/oncall.md, "R19", "R20" and "R23".
    """
    because = climb.ladder.held_because
    if because is None:
        return
    if because in {Held.SNOOZE, Held.DOWNTIME}:
        climb.moves.append(Unacknowledge("R23", why))
    restart(climb, RULE_OF_HOLD[because], why, due_at)


def _following(ladder: Ladder) -> tuple[int, int] | None:
    """Return the round and step that come next; None where it is the fallback's turn."""
    if ladder.exhausted:
        return None
    if ladder.round == 0:
        return 1, 1
    if ladder.step < len(ladder.policy.steps):
        return ladder.round, ladder.step + 1
    if ladder.round == ladder.policy.rounds or _round_was_in_vain(ladder):
        return None
    return ladder.round + 1, 1


def _round_was_in_vain(ladder: Ladder) -> bool:
    """Return whether no step of the round has reached anybody. Source: docs/oncall.md, "R4".

    Of a step that fired in several generations the last counts.
    """
    last: dict[tuple[int, str], LadderPage] = {}
    newest: dict[int, int] = {}
    for page in ladder.pages:
        if page.key.round == ladder.round and page.key.step:
            newest[page.key.step] = page.key.generation
            last[page.key.step, page.key.person] = page
    return all(
        is_lost(page) for (step, _), page in last.items() if page.key.generation == newest[step]
    )


def _missing(climb: Climb, step: Step) -> tuple[str, ...]:
    schedules: Iterable[str] = (
        one.label for one in step.targets if one.kind is TargetKind.SCHEDULE
    )
    return tuple(one for one in schedules if one not in climb.roster.schedules)
