"""News of an escalation, told once and quietly: who has it, that it is over, that time runs out."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.flows.directory import Directory
from bridge.language import say
from bridge.oncall.message import PageMessage, Urgency
from bridge.oncall.models import Run
from bridge.oncall.moves import News, Tell
from bridge.outbox import actions as outbox
from bridge.outbox.models import OutboxEntry
from bridge.staff.channel_kind import ChannelKind, channel_kind
from bridge.staff.models import Channel, StaffMember
from bridge.tickets.lifecycle import TicketState, is_unfinished
from bridge.tickets.models import Ticket

NOTICE = "notice"
# From the quietest to the loudest; what is not known may be anything.
LOUDNESS = (ChannelKind.MAIL, ChannelKind.PUSH, None, ChannelKind.SMS, ChannelKind.VOICE)
ADMIN = "admin"
ALARMS = frozenset({"missing_schedule", "fallback"})


def queue(
    session: Session, directory: Directory, ticket: Ticket, run: Run, tell: Tell, now: datetime
) -> None:
    """Queue what is told; what a person has been told in this generation is not told again."""
    people = [directory.people[one] for one in tell.people if one in directory.people]
    keys = f"news:{run.id}:{run.generation}:{tell.news.value}"
    if tell.news is News.REMINDER and run.expires_at is not None:
        # Whoever says that they work on it is reminded anew of the new end.
        keys += f":{run.expires_at:%Y%m%dT%H%M%S}"
    _queue(session, ticket, people, tell.news.value, keys, now)


def alarm_administrators(
    session: Session, directory: Directory, ticket: Ticket, run: Run, reason: str, now: datetime
) -> None:
    """Queue an alarm about the escalation itself, once for each run and reason.

    Source: docs/oncall.md, "R22".
    """
    admins = [one for one in directory.people.values() if ADMIN in one.roles]
    _queue(session, ticket, admins, reason, f"alarm:{run.id}:{reason}", now)


def _queue(
    session: Session,
    ticket: Ticket,
    people: Iterable[StaffMember],
    what: str,
    keys: str,
    now: datetime,
) -> None:
    wanted = {f"{keys}:{person.id}": person for person in people}
    # Decisions about one ticket come one after the other, because each locks it.
    session.flush()
    statement = select(OutboxEntry.key).where(OutboxEntry.key.in_(wanted))
    known = set(session.scalars(statement)) if wanted else set()
    for key, person in wanted.items():
        channel = quietest(person)
        if key not in known and channel is not None:
            payload = {"staff": person.id, "channel": channel.id, "news": what}
            outbox.queue(session, NOTICE, key, payload, ticket.number, now)


def quietest(person: StaffMember) -> Channel | None:
    """Return the channel that disturbs least, or None for a person without any.

    Told by its name, where its address is a secret. Source: docs/oncall.md, "R6".
    """
    channels = [one for one in person.channels if one.retired_at is None]
    return min(
        channels, key=lambda one: LOUDNESS.index(channel_kind(one.label, None)), default=None
    )


def is_true(ticket: Ticket, what: str) -> bool:
    """Return whether the news is still true as it leaves."""
    unfinished = is_unfinished(TicketState(ticket.state))
    if what == News.RECOVERED.value:
        return not unfinished
    if what in ALARMS:
        return unfinished
    return unfinished and ticket.acknowledged_at is not None


def message(ticket: Ticket, what: str, person: StaffMember) -> PageMessage:
    """Return what `person` reads, in their language."""
    _ = say(person.language)
    texts = {
        News.TAKEN.value: _("%(who)s has it"),
        News.RECOVERED.value: _("Over: nothing is left to do"),
        News.REMINDER.value: _("Still yours? In 10 minutes others are called"),
        News.SUMMARY.value: _("You are on call now; %(who)s has this one"),
        News.NOT_TAKEN_OVER.value: _("Nobody took it over: it is still yours"),
        "missing_schedule": _("A schedule that its policy names is missing"),
        "fallback": _("Nobody can be reached, not even the fallback"),
    }
    sentence = texts[what] % {"who": ticket.acknowledged_by or "–"}
    customer = ticket.customer.name if ticket.customer else _("no customer")
    return PageMessage(
        title=f"{ticket.priority} {sentence} – {ticket.title}",
        body=f"{ticket.reference} {customer}",
        urgency=Urgency.HIGH if what in ALARMS else Urgency.LOW,
    )


def is_news(payload: dict[str, Any]) -> bool:
    """Return whether a notice is news of an escalation."""
    return "news" in payload
