"""What people's answers do to an escalation: mine, not me, the next one, somebody else's."""

from datetime import datetime, timedelta

from bridge.oncall.ladder_climb import Climb, is_lost, pages_of, reached
from bridge.oncall.ladder_state import Held, Ladder, LadderPage, Phase
from bridge.oncall.ladder_steps import fire_next, go_on, restart
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
    if ladder.phase is Phase.ENDED or (is_taken and ladder.owner_until is None):
        return climb.decided()
    told = (ladder.owner,) if is_taken and ladder.owner else reached(ladder)
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
                restart(climb, "R23", why)
        case Phase.ENDED:
            pass


def decline(ladder: Ladder, person: str, roster: Roster, now: datetime) -> Decision:
    """Call `person` no more for this step; where nobody else is left in it, the next step fires."""
    climb = Climb(ladder, roster, now)
    if ladder.phase is Phase.ACKNOWLEDGED and ladder.owner == person:
        _next_one(climb, "declined")
    elif ladder.phase is Phase.LIVE:
        theirs = [page for page in ladder.pages if page.key.person == person]
        climb.drop("R5", "declined", theirs)
        current = _current(climb.ladder)
        is_theirs = any(page.key.person == person for page in current)
        others = (page for page in current if page.key.person != person)
        if is_theirs and all(map(is_lost, others)):
            _next_one(climb, "declined")
    return climb.decided()


def _current(ladder: Ladder) -> tuple[LadderPage, ...]:
    """Return the pages of what fired last: the fallback, a step, or the owner alone."""
    last = (ladder.fallbacks, 0) if ladder.fallbacks else (ladder.round, ladder.step)
    return pages_of(ladder, *last)


def hand_over(ladder: Ladder, to: str, roster: Roster, now: datetime) -> Decision:
    """Ask `to` to take the ticket over; until they say so, whoever has it keeps it."""
    climb = Climb(ladder, roster, now)
    if ladder.phase is Phase.ACKNOWLEDGED:
        climb.becomes(generation=ladder.generation + 1)
    if ladder.phase in {Phase.LIVE, Phase.ACKNOWLEDGED}:
        pages = climb.page((to,), 0, 0, at=now, rules=None)
        found = Fire("R6", 0, 0, pages) if pages else Nobody("R6", 0, 0, "empty")
        climb.moves.append(found)
        if pages and ladder.phase is Phase.ACKNOWLEDGED:
            climb.becomes(owner_until=now + TAKE_OVER_TIME)
    return climb.decided()
