"""What people and programs ask of the escalation of a ticket, by its number."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bridge.errors import Refused
from bridge.flows import answers, steering
from bridge.flows.acting import Acting
from bridge.flows.directory import Directory
from bridge.oncall import queries as oncall
from bridge.oncall.ladder_state import Held
from bridge.oncall.models import Run
from bridge.tickets import queries
from bridge.tickets.lifecycle import TicketState, WrongState, is_unfinished
from bridge.tickets.models import Ticket

LONGEST_SNOOZE = timedelta(days=7)


class NoEscalation(WrongState):
    """Nobody is called for this ticket, so that nothing can be asked of it."""


class ChangesNothing(WrongState):
    """As the escalation stands, it would change nothing."""


class BadSnooze(Refused):
    """A snooze ends later than now, and within a week."""


def escalate_now(
    session: Session, directory: Directory, number: int, who: Acting, now: datetime
) -> Ticket:
    """Call the next ones now; whoever had the ticket has it no more.

    Raises UnknownTicket, NoEscalation, ChangesNothing. Source: docs/oncall.md, "R5".
    """

    def ask(ticket: Ticket, run: Run) -> bool:
        return steering.escalate_now(session, directory, ticket, run, who, now)

    return _ask(session, number, ask, "nobody is left to be called")


def decline(
    session: Session, directory: Directory, number: int, who: Acting, person: str, now: datetime
) -> Ticket:
    """Call this person of ours (its id) no more for this step.

    Raises UnknownTicket, UnknownOwner, NoEscalation, ChangesNothing. Source: docs/oncall.md,
    "R5".
    """
    whom = answers.person_of(directory, person)

    def ask(ticket: Ticket, run: Run) -> bool:
        return steering.decline(session, directory, ticket, run, whom, who, now)

    return _ask(session, number, ask, f"{whom.name} is not called, and does not have it")


def hand_over(
    session: Session, directory: Directory, number: int, who: Acting, to: str, now: datetime
) -> Ticket:
    """Ask this person of ours (its id) to take the ticket over; until then its owner keeps it.

    Raises UnknownTicket, UnknownOwner, NoEscalation, ChangesNothing. Source: docs/oncall.md,
    "R6".
    """
    whom = answers.person_of(directory, to)

    def ask(ticket: Ticket, run: Run) -> bool:
        return steering.hand_over(session, directory, ticket, run, whom, who, now)

    return _ask(session, number, ask, f"{whom.name} has it, or cannot be called")


def snooze(
    session: Session,
    directory: Directory,
    number: int,
    who: Acting,
    until: datetime,
    now: datetime,
) -> Ticket:
    """Call nobody until then, unless it becomes worse.

    Raises UnknownTicket, BadSnooze, NoEscalation, ChangesNothing. Source: docs/oncall.md, "R23".
    """
    if not now < until <= now + LONGEST_SNOOZE:
        raise BadSnooze("a snooze ends later than now, and within seven days")

    def ask(ticket: Ticket, run: Run) -> bool:
        steering.snooze(session, directory, ticket, run, until, who, now)
        return run.held_because == Held.SNOOZE.value

    return _ask(session, number, ask, "nobody is called now anyway")


def _ask(
    session: Session, number: int, ask: Callable[[Ticket, Run], bool], otherwise: str
) -> Ticket:
    ticket = queries.ticket(session, number, lock=True)
    run = oncall.unended_runs(session, [number]).get(number)
    if run is None or not is_unfinished(TicketState(ticket.state)):
        raise NoEscalation(f"{ticket.reference}: nobody is being called for it")
    if not ask(ticket, run):
        raise ChangesNothing(f"{ticket.reference}: {otherwise}")
    return ticket
