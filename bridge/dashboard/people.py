"""Who is reached how: each person's channels, when each last worked, and a button to test it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge import utc
from bridge.dashboard.blueprint import blueprint
from bridge.dashboard.visitor import Right, must, must_visitor, told
from bridge.dashboard.wording import gettext as _
from bridge.dashboard.wording import moments
from bridge.flows import drills
from bridge.flows.directory import Directory
from bridge.flows.drills import LastTest
from bridge.flows.ready import ChannelGone
from bridge.oncall.models import ChannelHealth
from bridge.oncall.rotation import on_call
from bridge.staff.models import Channel, StaffMember
from bridge.web import here


@dataclass(frozen=True)
class Way:
    """A channel of a person: when it last worked and failed, and how its last test went."""

    id: int
    label: str
    worked_at: datetime | None
    failed_at: datetime | None
    reason: str | None
    left_alone_until: datetime | None
    last_test: LastTest | None

    @property
    def fails(self) -> bool:
        """Return whether it has failed since it last worked."""
        return self.failed_at is not None and (
            self.worked_at is None or self.failed_at > self.worked_at
        )


@dataclass(frozen=True)
class Person:
    """One of ours: the schedules in which it is their turn now, and how they are reached."""

    name: str
    label: str
    schedules: Sequence[str]
    ways: Sequence[Way]


@blueprint.get("/people")
def people() -> ResponseReturnValue:
    """Show everybody with their channels, those on call first (200)."""
    visitor, now = must_visitor(), utc.now()
    with here().database.reading() as session:
        directory = here().directories.current(session)
        found = _people(session, directory, now)
    return render_template(
        "dashboard/people.html",
        people=found,
        said=told(),
        may_test=visitor.may(Right.ACT),
        person=visitor,
        desk_name=directory.desk.name,
        at=moments(directory, now),
        now=now,
    )


@blueprint.post("/people/channels/<int(max=999999999999):channel_id>/test")
def test_channel(channel_id: int) -> ResponseReturnValue:
    """Queue a test of a channel on the way that pages take, and show the page (303); 403."""
    visitor = must(Right.ACT)
    try:
        with here().database.transaction() as session:
            directory = here().directories.current(session)
            asked_by = session.get_one(StaffMember, visitor.staff_id)
            drills.test(session, directory, channel_id, asked_by, utc.now())
    except ChannelGone:
        flash(_("This channel is not there any more."))
    else:
        flash(_("The test is on its way: load this page again in a moment."))
    return redirect(url_for("dashboard.people"), 303)


def _people(session: Session, directory: Directory, now: datetime) -> list[Person]:
    ours = [one for one in directory.people.values() if one.retired_at is None]
    channels = [one for person in ours for one in _channels(person)]
    ids = [one.id for one in channels]
    rows = session.scalars(select(ChannelHealth).where(ChannelHealth.channel_id.in_(ids)))
    health = {one.channel_id: one for one in rows}
    tests = drills.last_results(session, ids)
    turns = {label: on_call(each, now) for label, each in directory.schedules.items()}
    found = [
        Person(
            person.name or person.label,
            person.label,
            [label for label, whose in turns.items() if person.label in whose],
            [_way(one, health, tests, now) for one in _channels(person)],
        )
        for person in ours
    ]
    return sorted(found, key=lambda one: (not one.schedules, one.name))


def _channels(person: StaffMember) -> list[Channel]:
    return [one for one in person.channels if one.retired_at is None]


def _way(
    channel: Channel,
    health: Mapping[int, ChannelHealth],
    tests: Mapping[int, LastTest],
    now: datetime,
) -> Way:
    known = health.get(channel.id)
    until = known.open_until if known is not None else None
    return Way(
        channel.id,
        channel.label,
        known.worked_at if known is not None else None,
        known.failed_at if known is not None else None,
        known.reason if known is not None else None,
        until if until is not None and until > now else None,
        tests.get(channel.id),
    )
