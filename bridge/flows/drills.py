"""Tests of channels over the real path: asked for by a person, or each week by itself."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bridge.flows.directory import Directory
from bridge.flows.ready import ChannelGone, Ready
from bridge.keys import Keys
from bridge.language import say
from bridge.oncall import paging as door
from bridge.oncall.message import PageMessage, Urgency
from bridge.oncall.models import ChannelTest
from bridge.oncall.rotation import on_call
from bridge.outbox import actions as outbox
from bridge.outbox.actions import Claim
from bridge.outbox.budget import budget_seconds, kind_of
from bridge.outbox.models import OutboxEntry
from bridge.outbox.outcome import Delivered
from bridge.staff.models import Channel, StaffMember
from bridge.vault import actions as vault

DOOR = "test"
ZONE = "Europe/Berlin"
# The hours of a weekday in which the weekly drill disturbs nobody, where the person is.
FIRST_HOUR, LAST_HOUR = 10, 16
FRIDAY = 4


@dataclass(frozen=True)
class LastTest:
    """How the last test of a channel went. state: as of deliveries. at: when it was asked for."""

    state: str
    at: datetime
    reason: str | None
    week: str | None


def test(
    session: Session, directory: Directory, channel_id: int, asked_by: StaffMember, now: datetime
) -> ChannelTest:
    """Queue a test of a channel, on the way that pages take; raises ChannelGone."""
    _addressee(directory, channel_id)
    row = ChannelTest(
        channel_id=channel_id, asked_by=asked_by.id, asked_at=now, state="scheduled", week=None
    )
    session.add(row)
    session.flush()  # its number is in the key
    _queue(session, row, now)
    return row


def drill(session: Session, directory: Directory, now: datetime, limit: int = 20) -> int:
    """Queue this week's tests of the channels of everybody on duty, at most `limit`; count them.

    Each channel once a week, on a weekday and in working hours where the person is. Which were
    tested is seen from the tables, so that any number of processes may ask.
    Source: docs/oncall.md, "Apprise 2.2, measured".
    """
    wanted = [
        (channel, week)
        for person in _on_duty(directory, now)
        if (week := _week(person, now)) is not None
        for channel in person.channels
        if channel.retired_at is None
    ]
    weeks = {week for _, week in wanted}
    statement = select(ChannelTest.channel_id, ChannelTest.week).where(ChannelTest.week.in_(weeks))
    known = {(id_, week) for id_, week in session.execute(statement)} if weeks else set()
    new = [(one, week) for one, week in wanted if (one.id, week) not in known]
    return sum(_begin(session, channel.id, week, now) for channel, week in new[:limit])


def _begin(session: Session, channel_id: int, week: str, now: datetime) -> bool:
    """Queue one test of the drill; another process may have been faster."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = (
        insert(ChannelTest)
        .values(channel_id=channel_id, week=week, asked_at=now, state="scheduled")
        .on_conflict_do_nothing()
        .returning(ChannelTest.id)
    )
    made = session.scalar(statement)
    if made is not None:
        _queue(session, session.get_one(ChannelTest, made), now)
    return made is not None


def _queue(session: Session, row: ChannelTest, now: datetime) -> None:
    entry = outbox.queue(session, DOOR, f"test:{row.id}", {"test": row.id}, None, now)
    session.flush()  # the entry gets its number
    row.outbox_id = entry.id


def _on_duty(directory: Directory, now: datetime) -> Iterable[StaffMember]:
    labels = {one for each in directory.schedules.values() for one in on_call(each, now)}
    return [directory.people[one] for one in sorted(labels) if one in directory.people]


def _week(person: StaffMember, now: datetime) -> str | None:
    """Return the week to be tested in, as `2026-W48`; None outside of working hours."""
    zone = (person.document.get("quiet") or {}).get("timezone") or ZONE
    there = now.astimezone(ZoneInfo(zone))
    if there.weekday() > FRIDAY or not FIRST_HOUR <= there.hour < LAST_HOUR:
        return None
    year, week, _ = there.isocalendar()
    return f"{year}-W{week:02}"


def make_ready(session: Session, directory: Directory, keys: Keys, claim: Claim) -> Ready:
    """Return the test as it leaves; raises ChannelGone and SecretMissing."""
    row = session.get_one(ChannelTest, claim.payload["test"])
    person, channel = _addressee(directory, row.channel_id)
    url = vault.reveal(session, keys, channel.address)
    row.state = "attempted"
    payload = door.page_payload(url, message(directory, person, channel, is_drill=bool(row.week)))
    return Ready(claim, payload, budget_seconds(kind_of(url)), door.destination(url))


def message(
    directory: Directory, person: StaffMember, channel: Channel, *, is_drill: bool
) -> PageMessage:
    """Return what a test says, in the person's language."""
    words = say(person.language)
    title = words("This is a drill, nothing to do") if is_drill else words("A test of this channel")
    body = words("{desk} reaches {person} through {channel}. There is nothing to do.")
    return PageMessage(
        title=title,
        body=body.format(
            desk=directory.desk.name, person=person.name or person.label, channel=channel.label
        ),
        urgency=Urgency.LOW,
    )


def _addressee(directory: Directory, channel_id: int) -> tuple[StaffMember, Channel]:
    for person in directory.people.values():
        for channel in person.channels:
            if channel.id == channel_id and channel.retired_at is None:
                return person, channel
    raise ChannelGone("the person or the channel was taken out of the desk file")


def channel_of(session: Session, entry: OutboxEntry) -> int:
    """Return the id of the channel that a test went through; 0 where it is not known."""
    row = session.get(ChannelTest, entry.payload["test"])
    return row.channel_id if row is not None else 0


def record(session: Session, entry: OutboxEntry, delivered: Delivered) -> None:
    """Write down how a test ended, or that it is tried again."""
    row = session.get(ChannelTest, entry.payload["test"])
    if row is None:
        return
    row.state, row.reason = delivered.outcome.value, delivered.reason
    row.finished_at = entry.finished_at
    receipt_id = delivered.told.get("receipt_id")
    row.receipt_id = str(receipt_id) if receipt_id else row.receipt_id


def last_results(session: Session, channel_ids: Sequence[int]) -> dict[int, LastTest]:
    """Return how the last test of each channel went, by its id; those never tested lack."""
    newest = (
        select(func.max(ChannelTest.id))
        .where(ChannelTest.channel_id.in_(list(channel_ids)))
        .group_by(ChannelTest.channel_id)
    )
    rows = session.scalars(select(ChannelTest).where(ChannelTest.id.in_(newest)))
    return {o.channel_id: LastTest(o.state, o.asked_at, o.reason, o.week) for o in rows}
