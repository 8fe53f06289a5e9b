"""What time alone brings about in an escalation."""

from datetime import datetime

from bridge.oncall.ladder_climb import Climb, asked, fired_steps
from bridge.oncall.ladder_state import Held, Ladder, Phase
from bridge.oncall.ladder_steps import fire_next, restart, wake
from bridge.oncall.moves import Decision, Fire, News, Tell, Unacknowledge
from bridge.oncall.policy import TargetKind
from bridge.oncall.roster import Roster

END_OF = {
    Held.DOWNTIME: "downtime_over",
    Held.SNOOZE: "snooze_over",
    Held.PARENT: "parent_recovered",
    Held.STORM: "storm_over",
    None: "",
}


def tick(ladder: Ladder, roster: Roster, now: datetime) -> Decision:
    """Do what is due at `now`: at most one step, whatever was missed. Source: "R21"."""
    climb = Climb(ladder, roster, now)
    match ladder.phase:
        case Phase.LIVE:
            _tick_live(climb)
        case Phase.ACKNOWLEDGED:
            _tick_acknowledged(climb)
        case Phase.HELD:
            if climb.is_due(ladder.held_until):
                wake(climb, END_OF[ladder.held_because])
        case Phase.ENDED:
            pass
    return climb.decided()


def _tick_live(climb: Climb) -> None:
    if climb.is_due(climb.ladder.handover_at):
        _page_incoming(climb)
    if climb.is_due(climb.ladder.owner_until):
        climb.becomes(owner_until=None)
        fire_next(climb)
    elif climb.is_due(climb.ladder.step_due_at):
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
                climb.moves.append(Fire("R11", ladder.round, number, pages, climb.late))
    climb.watch()


def _tick_acknowledged(climb: Climb) -> None:
    ladder = climb.ladder
    if climb.is_due(ladder.handover_at):
        _tell_incoming(climb)
    if climb.is_due(ladder.owner_until):
        _nobody_said_yes(climb)
    elif climb.is_due(ladder.expires_at):
        climb.moves.append(Unacknowledge("R7", "expired"))
        restart(climb, "R7", "expired")
    elif climb.is_due(ladder.remind_at):
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
    if climb.ladder.owner in asked(climb.ladder):
        climb.moves.append(Unacknowledge("R10", "not_confirmed"))
        restart(climb, "R10", "not_confirmed")
    else:
        keep(climb)


def keep(climb: Climb) -> None:
    """Leave the ticket with its owner, because whoever was asked has not taken it over."""
    climb.drop("R6", "not_taken_over")
    climb.becomes(owner_until=None)
    owner = climb.ladder.owner
    if owner is not None:
        climb.moves.append(Tell("R6", News.NOT_TAKEN_OVER, (owner,), owner))
