"""What people's answers do to an escalation: mine, not me, the next one, somebody else's."""

from datetime import datetime, timedelta

from bridge.oncall.ladder_climb import Climb, asked, is_lost, last_pages, reached
from bridge.oncall.ladder_state import Held, Ladder, Phase
from bridge.oncall.ladder_steps import fire_next, go_on, wake
from bridge.oncall.ladder_time import keep
from bridge.oncall.moves import Decision, Fire, News, Nobody, Tell, Unacknowledge
from bridge.oncall.roster import Roster

# Source: docs/oncall.md, "R7" and "R10".
REMIND_BEFORE = timedelta(minutes=10)
TAKE_OVER_TIME = timedelta(minutes=5)


def acknowledge(
    ladder: Ladder, by: str | None, roster: Roster, now: datetime, *, rank: int
) -> Decision:
    """Stop paging, because somebody has the ticket; `by` is None for nobody of ours.

    rank: of the problem's state, from which worsening counts from now on. While the owner is
    asked it is the confirmation. A second one changes nothing. Source: docs/oncall.md, "R6".
    """
    climb = Climb(ladder, roster, now)
    is_taken = ladder.phase is Phase.ACKNOWLEDGED
    is_asked = ladder.owner_until is not None and by is not None
    if ladder.phase is Phase.ENDED or (is_taken and not is_asked):
        return climb.decided()
    told = dict.fromkeys((ladder.owner, *asked(ladder)) if is_taken else reached(ladder))
    climb.drop("R6", "acknowledged")
    climb.becomes(
        phase=Phase.ACKNOWLEDGED,
        owner=by,
        step_due_at=None,
        owner_until=None,
        held_because=None,
        held_until=None,
        worst_rank=rank,
        worst_priority=ladder.priority,
    )
    _time_out(climb)
    climb.watch()
    others = tuple(one for one in told if one is not None and one != by)
    if others:
        climb.moves.append(Tell("R6", News.TAKEN, others, by))
    return climb.decided()


def sign_of_life(ladder: Ladder, roster: Roster, now: datetime) -> Decision:
    """Let an acknowledgement's time begin anew, because somebody works on the ticket.

    Source: docs/oncall.md, "R7".
    """
    climb = Climb(ladder, roster, now)
    if ladder.phase is Phase.ACKNOWLEDGED and ladder.expires_at is not None:
        _time_out(climb)
    return climb.decided()


def _time_out(climb: Climb) -> None:
    lasts = climb.ladder.policy.ack_timeout.get(climb.ladder.priority)
    expires_at = climb.now + lasts if lasts is not None else None
    reminds = lasts is not None and lasts > REMIND_BEFORE
    remind_at = expires_at - REMIND_BEFORE if expires_at is not None and reminds else None
    climb.becomes(expires_at=expires_at, remind_at=remind_at)


def escalate_now(ladder: Ladder, roster: Roster, now: datetime) -> Decision:
    """Fire the next step now, because somebody asks for help."""
    climb = Climb(ladder, roster, now)
    _next_one(climb, "escalated")
    return climb.decided()


def _next_one(climb: Climb, why: str) -> None:
    match climb.ladder.phase:
        case Phase.LIVE:
            climb.becomes(owner_until=None, step_due_at=None)
            fire_next(climb)
        case Phase.ACKNOWLEDGED:
            climb.moves.append(Unacknowledge("R5", why))
            go_on(climb, "R5", why)
        case Phase.HELD:
            if climb.ladder.held_because is Held.SNOOZE:
                wake(climb, why)
        case Phase.ENDED:
            pass


def decline(ladder: Ladder, person: str, roster: Roster, now: datetime) -> Decision:
    """Call `person` no more for this step; where nobody else is left in it, the next step fires."""
    climb = Climb(ladder, roster, now)
    if ladder.phase is Phase.ACKNOWLEDGED and ladder.owner == person:
        _next_one(climb, "declined")
    elif ladder.owner_until is not None and ladder.phase is Phase.ACKNOWLEDGED:
        if person in asked(ladder):
            keep(climb)
    elif ladder.phase is Phase.LIVE:
        theirs = [page for page in ladder.pages if page.key.person == person]
        climb.drop("R5", "declined", theirs)
        current = last_pages(climb.ladder)
        is_theirs = any(page.key.person == person for page in current)
        others = (page for page in current if page.key.person != person)
        if is_theirs and all(map(is_lost, others)):
            _next_one(climb, "declined")
    return climb.decided()


def hand_over(ladder: Ladder, to: str, roster: Roster, now: datetime) -> Decision:
    """Ask `to` to take the ticket over; until they say so, whoever has it keeps it."""
    climb = Climb(ladder, roster, now)
    match ladder.phase:
        case Phase.LIVE:
            _call_alone(climb, to)
        case Phase.ACKNOWLEDGED if to != ladder.owner:
            climb.drop("R6", "handed_over")
            climb.becomes(generation=ladder.generation + 1, owner_until=None)
            _time_out(climb)
            if _call_alone(climb, to):
                climb.becomes(owner_until=now + TAKE_OVER_TIME)
        case Phase.ACKNOWLEDGED | Phase.HELD | Phase.ENDED:
            pass
    return climb.decided()


def _call_alone(climb: Climb, person: str) -> bool:
    """Page `person` besides whatever goes on; return whether they can be reached."""
    pages = climb.page((person,), 0, 0, at=climb.now, rules=None)
    found = Fire("R6", 0, 0, pages) if pages else Nobody("R6", 0, 0, "empty")
    climb.moves.append(found)
    return bool(pages)
