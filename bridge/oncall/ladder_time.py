"""What time alone brings about in an escalation."""

from datetime import datetime

from bridge.oncall.ladder_climb import Climb, fired_steps
from bridge.oncall.ladder_state import Held, Ladder, Phase
from bridge.oncall.ladder_steps import fire_next, restart
from bridge.oncall.moves import Decision, Fire, News, Tell, Unacknowledge
from bridge.oncall.policy import TargetKind
from bridge.oncall.roster import Roster


def tick(ladder: Ladder, roster: Roster, now: datetime) -> Decision:
    """Do what is due at `now`: at most one step, whatever was missed. Source: "R21"."""
    climb = Climb(ladder, roster, now)
    match ladder.phase:
        case Phase.LIVE:
            _tick_live(climb)
        case Phase.ACKNOWLEDGED:
            _tick_acknowledged(climb)
        case Phase.HELD:
            if _is_due(climb, ladder.held_until):
                _end_of_hold(climb)
        case Phase.ENDED:
            pass
    return climb.decided()


def _is_due(climb: Climb, moment: datetime | None) -> bool:
    return moment is not None and moment <= climb.now


def _tick_live(climb: Climb) -> None:
    if _is_due(climb, climb.ladder.handover_at):
        _page_incoming(climb)
    if _is_due(climb, climb.ladder.owner_until):
        climb.becomes(owner_until=None)
        fire_next(climb)
    elif _is_due(climb, climb.ladder.step_due_at):
        fire_next(climb)


def _page_incoming(climb: Climb) -> None:
    """Page who has come on call for the steps that have fired. Source: docs/oncall.md, "R11"."""
    ladder = climb.ladder
    for number in fired_steps(ladder):
        step = ladder.policy.steps[number - 1]
        if any(target.kind is TargetKind.SCHEDULE for target in step.targets):
            people = climb.roster.resolved(step.targets, climb.now)
            pages = climb.page(people, ladder.round, number, at=climb.now, rules=None)
            if pages:
                climb.moves.append(Fire("R11", ladder.round, number, pages))
    climb.watch()


def _tick_acknowledged(climb: Climb) -> None:
    ladder = climb.ladder
    if _is_due(climb, ladder.handover_at):
        _tell_incoming(climb)
    if _is_due(climb, ladder.owner_until):
        _nobody_said_yes(climb)
    elif _is_due(climb, ladder.expires_at):
        climb.moves.append(Unacknowledge("R7", "expired"))
        restart(climb, "R7", "expired")
    elif _is_due(climb, ladder.remind_at):
        climb.becomes(remind_at=None)
        if ladder.owner is not None:
            climb.moves.append(Tell("R7", News.REMINDER, (ladder.owner,), ladder.owner))


def _tell_incoming(climb: Climb) -> None:
    """Tell who has come on call what there is, and who has it. Source: docs/oncall.md, "R11"."""
    ladder = climb.ladder
    steps = sorted({page.key.step for page in ladder.pages if page.key.step})
    targets = [target for number in steps for target in ladder.policy.steps[number - 1].targets]
    paged = {page.key.person for page in ladder.pages}
    resolved = climb.roster.resolved(targets, climb.now)
    incoming = tuple(one for one in resolved if one not in paged and one != ladder.owner)
    if incoming:
        climb.moves.append(Tell("R11", News.SUMMARY, incoming, ladder.owner))
    climb.watch()


def _nobody_said_yes(climb: Climb) -> None:
    """Go on where the owner has not said once more that it is theirs, or nobody took it over."""
    ladder = climb.ladder
    asked = {
        page.key.person
        for page in ladder.pages
        if page.key.generation == ladder.generation and page.key.is_owners
    }
    if ladder.owner in asked:
        climb.moves.append(Unacknowledge("R10", "not_confirmed"))
        restart(climb, "R10", "not_confirmed")
        return
    climb.drop("R6", "not_taken_over")
    climb.becomes(owner_until=None)
    if ladder.owner is not None:
        climb.moves.append(Tell("R6", News.NOT_TAKEN_OVER, (ladder.owner,), ladder.owner))


def _end_of_hold(climb: Climb) -> None:
    """Begin anew after a snooze, or for a child whose parent is well again."""
    is_snooze = climb.ladder.held_because is Held.SNOOZE
    if is_snooze:
        climb.moves.append(Unacknowledge("R23", "snooze_over"))
    restart(climb, "R23" if is_snooze else "R19", "snooze_over" if is_snooze else "alone")
