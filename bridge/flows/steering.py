"""What people ask of an escalation: call the next ones, not me, somebody else; not now."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bridge.flows import ladders, paging
from bridge.flows.acting import Acting, actor
from bridge.flows.directory import Directory
from bridge.flows.escalating import Carrier
from bridge.oncall import ladder
from bridge.oncall.ladder_state import Held, Ladder
from bridge.oncall.models import Run
from bridge.oncall.moves import Decision
from bridge.oncall.roster import Roster
from bridge.staff.models import StaffMember
from bridge.tickets import actions as tickets
from bridge.tickets.journal import Event
from bridge.tickets.models import Ticket


@dataclass(frozen=True)
class Wish:
    """What somebody asks of an escalation, whose ticket is locked. event, data: its journal's."""

    decide: Callable[[Ladder, Roster, datetime], Decision]
    event: Event
    data: dict[str, Any]


def escalate_now(
    session: Session, directory: Directory, ticket: Ticket, run: Run, who: Acting, now: datetime
) -> bool:
    """Call the next ones now; return whether that does anything, as it does on an unended run.

    Whoever had the ticket has it no more.
    """
    wish = Wish(ladder.escalate_now, Event.ESCALATED, {"rule": "R5"})
    return _carry_out(session, directory, ticket, run, wish, who, now)


def decline(
    session: Session,
    directory: Directory,
    ticket: Ticket,
    run: Run,
    person: StaffMember,
    who: Acting,
    now: datetime,
) -> bool:
    """Call `person` no more for this step; return whether that changes anything.

    The next step fires where nobody else is left in this one, and where `person` had the ticket.
    """

    def decide(value: Ladder, roster: Roster, at: datetime) -> Decision:
        return ladder.decline(value, person.label, roster, at)

    wish = Wish(decide, Event.DECLINED, {"person": person.id, "rule": "R5"})
    return _carry_out(session, directory, ticket, run, wish, who, now)


def hand_over(
    session: Session,
    directory: Directory,
    ticket: Ticket,
    run: Run,
    to: StaffMember,
    who: Acting,
    now: datetime,
) -> bool:
    """Ask `to` to take the ticket over; return whether they are called.

    Until they acknowledge, whoever has the ticket keeps it.
    """

    def decide(value: Ladder, roster: Roster, at: datetime) -> Decision:
        return ladder.hand_over(value, to.label, roster, at)

    wish = Wish(decide, Event.HANDOVER_ASKED, {"person": to.id, "rule": "R6"})
    return _carry_out(session, directory, ticket, run, wish, who, now)


def snooze(
    session: Session,
    directory: Directory,
    ticket: Ticket,
    run: Run,
    until: datetime,
    who: Acting,
    now: datetime,
) -> None:
    """Call nobody until then, unless it becomes worse. Source: docs/oncall.md, "R23"."""
    paging.hold(session, directory, ticket, run, now, Held.SNOOZE, until, who)


def _carry_out(
    session: Session,
    directory: Directory,
    ticket: Ticket,
    run: Run,
    wish: Wish,
    who: Acting,
    now: datetime,
) -> bool:
    standing = ladders.standing(session, directory, ticket, run)
    decision = wish.decide(standing.ladder, directory.roster, now)
    if not decision.moves:
        return False
    tickets.write(session, ticket, wish.event, actor(who), now, now, wish.data)
    Carrier(session, directory, now).carry_out(standing, decision)
    return True
