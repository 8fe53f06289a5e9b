"""What news of an escalation say, and whether they are true as they leave."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from bridge.flows.directory import Directory
from bridge.flows.ladders import policy_of
from bridge.flows.news import ALARMS, ROOM
from bridge.language import say
from bridge.oncall.message import PageMessage, Urgency
from bridge.oncall.models import Run
from bridge.oncall.moves import News
from bridge.oncall.policy import TargetKind
from bridge.oncall.rotation import on_call
from bridge.staff.models import StaffMember
from bridge.tickets.lifecycle import TicketState, is_unfinished
from bridge.tickets.models import Ticket

# A reminder comes 10 minutes before the end, and may wait a moment on its way.
REMINDED = timedelta(minutes=11)
OF_OWNERS = frozenset({News.TAKEN.value, News.ALREADY_TAKEN.value})


def is_true(
    session: Session, ticket: Ticket, said: Mapping[str, Any], staff_id: int | None, now: datetime
) -> bool:
    """Return whether the news is still true as it leaves."""
    unfinished = is_unfinished(TicketState(ticket.state))
    run = session.get(Run, said["run"]) if "run" in said else None
    has_owner = unfinished and ticket.acknowledged_at is not None
    what = said["news"]
    if what == News.RECOVERED.value:
        return not unfinished
    if what == News.REMINDER.value:
        until = run.expires_at if run is not None else None
        return has_owner and until is not None and until - now <= REMINDED
    if what == News.NOT_TAKEN_OVER.value:
        return has_owner and ticket.owner_id == staff_id
    if what == ROOM:
        is_under_way = run is not None and run.generation == said.get("generation")
        return is_under_way and unfinished and ticket.acknowledged_at is None
    return has_owner if what in OF_OWNERS else unfinished


def message(
    ticket: Ticket, what: str, language: str, handed_over: Sequence[Ticket] = ()
) -> PageMessage:
    """Return what is read; ticket and customer first.

    handed_over: what a summary lists.
    """
    _ = say(language)
    texts = {
        News.TAKEN.value: _("%(who)s has it"),
        News.ALREADY_TAKEN.value: _("%(who)s has it already"),
        News.RECOVERED.value: _("Over: nothing is left to do"),
        News.REMINDER.value: _("Still yours? In 10 minutes others are called"),
        News.NOT_TAKEN_OVER.value: _("Nobody took it over: it is still yours"),
        News.CHILD_OF_HOST.value: _("The whole host is down: you have been paged for it"),
        "missing_schedule": _("A schedule that its policy names is missing"),
        "fallback": _("Nobody can be reached, not even the fallback"),
        ROOM: _("Somebody is being called"),
    }
    if what == News.SUMMARY.value:
        title = _("You are on call now. %(count)s tickets stay with others")
        lines = (f"#{one.number} {one.priority} {one.title}: {one.acknowledged_by or '–'}"
                 for one in handed_over)  # fmt: skip
        more = _("and {count} more")
        return PageMessage(
            title % {"count": len(handed_over)}, "", "", Urgency.LOW, listed=tuple(lines), more=more
        )
    sentence = texts[what] % {"who": ticket.acknowledged_by or "–"}
    customer = ticket.customer.name if ticket.customer else _("no customer")
    return PageMessage(
        title=f"{ticket.priority} {sentence} – {ticket.title}",
        body=f"{ticket.reference} {customer}",
        urgency=Urgency.HIGH if what in ALARMS else Urgency.LOW,
    )


def handed_over(
    session: Session, directory: Directory, person: StaffMember, now: datetime
) -> list[Ticket]:
    """Return what others have and `person`, who is on call for it now, should know of.

    Source: docs/oncall.md, "R11".
    """
    statement = (
        select(Run, Ticket)
        .join(Ticket, Ticket.number == Run.ticket_number)
        .where(Run.state == "acknowledged", Ticket.acknowledged_at.is_not(None))
        .options(joinedload(Run.version))
        .order_by(Ticket.priority, Ticket.number)
    )
    mine = {
        label for label, each in directory.schedules.items() if person.label in on_call(each, now)
    }
    return [
        ticket
        for run, ticket in session.execute(statement)
        if ticket.owner_id != person.id and mine & _schedules(directory, run)
    ]


def _schedules(directory: Directory, run: Run) -> set[str]:
    targets = (one for step in policy_of(directory, run).steps for one in step.targets)
    return {one.label for one in targets if one.kind is TargetKind.SCHEDULE}
