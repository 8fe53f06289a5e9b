"""Notices: told once through a person's channels, without asking for an answer."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge import utc
from bridge.flows import news, news_texts
from bridge.flows.courses import course_of
from bridge.flows.directory import Directory
from bridge.flows.ready import ChannelGone, Ready
from bridge.keys import Keys
from bridge.language import date_and_time, say
from bridge.oncall import paging as door
from bridge.oncall import rules
from bridge.oncall.message import PageMessage, Urgency
from bridge.oncall.moves import News
from bridge.outbox import actions as outbox
from bridge.outbox.actions import Claim
from bridge.outbox.budget import budget_seconds, kind_of
from bridge.outbox.models import CANCELLED, OutboxEntry
from bridge.outbox.outcome import Delivered, Outcome
from bridge.sla.course import ClockCourse
from bridge.sla.models import Clock
from bridge.staff.models import Channel, StaffMember
from bridge.tickets import actions as tickets
from bridge.tickets.journal import BRIDGE, Event
from bridge.tickets.models import Ticket
from bridge.tickets.priority import Priority
from bridge.vault import actions as vault

NOTICE = "notice"


def queue_warning(
    session: Session,
    ticket: Ticket,
    found: ClockCourse,
    percent: int,
    person: StaffMember,
    now: datetime,
) -> None:
    """Queue a warning about a clock through the channels that `person` is paged by."""
    high = Priority(ticket.priority).is_high_urgency
    channels = {one.label: one for one in person.channels if one.retired_at is None}
    key = f"warning:{ticket.number}:{found.kind}:{found.nth}:{percent}:{utc.iso(now)}:{person.id}"
    for number, rule in enumerate(rules.of_person(person.document, high_urgency=high), 1):
        if rule.channel in channels:
            payload = {
                "staff": person.id,
                "channel": channels[rule.channel].id,
                "clock": found.kind.value,
                "nth": found.nth,
                "percent": percent,
                "due_at": utc.iso(found.due) if found.due else None,
            }
            due_at = now + rule.offset
            outbox.queue(session, NOTICE, f"{key}:{number}", payload, ticket.number, now, due_at)


def make_ready(
    session: Session,
    directory: Directory,
    keys: Keys,
    public_url: str,
    claim: Claim,
    now: datetime,
) -> Ready | None:
    """Return the notice as it leaves, or None where it is no longer true.

    Raises ChannelGone and SecretMissing.
    """
    entry = session.get_one(OutboxEntry, claim.entry_id)
    ticket = session.get_one(Ticket, entry.ticket_number)
    said = claim.payload
    if news.is_news(said):
        return _news_ready(session, directory, keys, public_url, claim, entry, ticket, now)
    clock = _clock(session, ticket.number, said["clock"], said["nth"])
    if clock is None or not _is_true(session, directory, ticket.number, clock, said, now):
        entry.state, entry.reason, entry.finished_at = CANCELLED, "no longer needed", now
        entry.lease_until = None
        return None
    person, channel = _addressee(directory, said["staff"], said["channel"])
    url = vault.reveal(session, keys, channel.address)
    message = warning(ticket, clock, said["percent"], person, now, claim)
    link = f"{public_url.rstrip('/')}/tickets/{ticket.number}"
    payload = door.page_payload(url, replace(message, link=link))
    return Ready(claim, payload, budget_seconds(kind_of(url)), door.destination(url))


def _news_ready(
    session: Session,
    directory: Directory,
    keys: Keys,
    public_url: str,
    claim: Claim,
    entry: OutboxEntry,
    ticket: Ticket,
    now: datetime,
) -> Ready | None:
    said = claim.payload
    if not news_texts.is_true(session, ticket, said, said.get("staff"), now):
        _no_longer(entry, now)
        return None
    what, handed_over = said["news"], list[Ticket]()
    if what == news.ROOM:
        language, address = _language(directory), said["room"]
    else:
        person, channel = _addressee(directory, said["staff"], said["channel"])
        language, address = person.language, channel.address
        if what == News.SUMMARY.value:
            handed_over = news_texts.handed_over(session, directory, person, now)
            if not handed_over:
                _no_longer(entry, now)
                return None
    url = vault.reveal(session, keys, address)
    link = f"{public_url.rstrip('/')}/" + ("" if handed_over else f"tickets/{ticket.number}")
    found = news_texts.message(ticket, what, language, handed_over)
    payload = door.page_payload(url, replace(found, link=link, repeat=claim.repeat))
    return Ready(claim, payload, budget_seconds(kind_of(url)), door.destination(url))


def _no_longer(entry: OutboxEntry, now: datetime) -> None:
    entry.state, entry.reason, entry.finished_at = CANCELLED, "no longer true", now
    entry.lease_until = None


def _language(directory: Directory) -> str:
    """Return the language that most of our people read: a room is nobody's alone."""
    spoken = Counter(one.language for one in directory.people.values())
    return min(spoken, key=lambda one: (-spoken[one], one), default="de")


def _clock(session: Session, number: int, kind: str, nth: int) -> Clock | None:
    mine = (Clock.ticket_number == number, Clock.kind == kind, Clock.nth == nth)
    return session.scalar(select(Clock).where(*mine))


def _is_true(
    session: Session,
    directory: Directory,
    number: int,
    clock: Clock,
    said: Mapping[str, Any],
    now: datetime,
) -> bool:
    """Return whether so much is used up still: a new target, or an end, may have come between."""
    if clock.stopped_at is not None:
        return False
    due = utc.iso(clock.due_at) if clock.due_at else None
    if due == said["due_at"]:
        return True
    courses = course_of(session, directory, number)
    which = (clock.kind, clock.nth)
    found = next((one for one in courses if (one.kind, one.nth) == which), None)
    if found is None:
        return False
    passed = found.promise.warnings((said["percent"],), found.pauses)
    return bool(passed) and passed[0].at <= now


def _addressee(directory: Directory, staff_id: int, channel_id: int) -> tuple[StaffMember, Channel]:
    for person in directory.people.values():
        for channel in person.channels:
            if (person.id, channel.id) == (staff_id, channel_id) and channel.retired_at is None:
                return person, channel
    raise ChannelGone("the person or the channel was taken out of the desk file")


def warning(
    ticket: Ticket, clock: Clock, percent: int, person: StaffMember, now: datetime, claim: Claim
) -> PageMessage:
    """Return the warning for `person`: how much is used up, of which promise, until when."""
    words = say(person.language)
    zone = ticket.customer.timezone if ticket.customer else "UTC"
    customer = ticket.customer.name if ticket.customer else words("no customer")
    names = {
        "response": words("Response"),
        "update": words("Update"),
        "solution": words("Solution"),
    }
    promised = names[clock.kind]
    missed = clock.due_at is not None and now > clock.due_at
    first = [f"{ticket.reference} {customer}"]
    if clock.due_at is not None:
        due = date_and_time(clock.due_at, person.language, zone)
        sentence = (
            words("{promise} was due {moment}") if missed else words("{promise} is due {moment}")
        )
        first.append(sentence.format(promise=promised, moment=due))
    if not clock.guaranteed:
        first.append(words("target, no guarantee"))
    used = words("{percent} % used: {promise}").format(percent=percent, promise=promised)
    return PageMessage(
        title=f"{ticket.priority} {used} – {ticket.title}",
        body="\n".join(first),
        urgency=Urgency.HIGH if Priority(ticket.priority).is_high_urgency else Urgency.LOW,
        repeat=claim.repeat,
    )


def record(
    session: Session,
    ticket: Ticket,
    entry: OutboxEntry,
    delivered: Delivered,
    now: datetime,
) -> None:
    """Write down on its ticket how a notice ended, or that it is tried again."""
    said = entry.payload
    channel = session.get(Channel, said["channel"]) if "channel" in said else None
    data: dict[str, Any] = {
        "person": said.get("staff"),
        "channel": channel.label if channel is not None else news.ROOM,
        "outcome": delivered.outcome.value,
        "reason": delivered.reason,
        "again_at": None if entry.finished_at else entry.due_at,
        "repeat": entry.maybes > 0 or None,
    }
    good = delivered.outcome is Outcome.ACCEPTED
    event = Event.DELIVERED if good else Event.DELIVERY_FAILED
    tickets.write(session, ticket, event, BRIDGE, now, now, data)
