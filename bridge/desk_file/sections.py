"""The sections of the desk file that have one row for each entry: read, put and retired alike."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.icinga.models import Source
from bridge.mail.models import Mailbox
from bridge.oncall.models import Policy, PolicyVersion, Schedule
from bridge.staff.models import Channel, StaffMember, Team

Plain = dict[str, Any]


@dataclass(frozen=True)
class Section:
    """How one section is kept.

    stored: the entries that are in use, by name. put: adds or changes one. retire: takes one out
    of use; its row stays, because what happened refers to it.
    """

    stored: Callable[[Session], Mapping[str, Plain]]
    put: Callable[[Session, str, Plain, datetime], None]
    retire: Callable[[Session, str, datetime], None]


Kept = TypeVar("Kept", Team, Schedule, Mailbox, Source, StaffMember, Policy)
Labelled = TypeVar("Labelled", Team, Schedule, Mailbox, Source, StaffMember)


def _stored(model: type[Labelled]) -> Callable[[Session], Mapping[str, Plain]]:
    def stored(session: Session) -> Mapping[str, Plain]:
        rows: Sequence[Labelled] = session.scalars(
            select(model).where(model.retired_at.is_(None))
        ).all()
        return {row.label: row.document for row in rows}

    return stored


def _retire(model: type[Kept]) -> Callable[[Session, str, datetime], None]:
    def retire(session: Session, label: str, now: datetime) -> None:
        row: Kept = session.scalars(select(model).where(model.label == label)).one()
        row.retired_at = now

    return retire


def _put(model: type[Labelled]) -> Callable[[Session, str, Plain, datetime], None]:
    def put(session: Session, label: str, plain: Plain, _now: datetime) -> None:
        known: Labelled | None = session.scalar(select(model).where(model.label == label))
        row = model(label=label) if known is None else known
        if known is None:
            session.add(row)
        row.document, row.retired_at = plain, None

    return put


def _simple(model: type[Labelled]) -> Section:
    return Section(_stored(model), _put(model), _retire(model))


def _put_staff(session: Session, label: str, plain: Plain, now: datetime) -> None:
    person = session.scalar(select(StaffMember).where(StaffMember.label == label))
    if person is None:
        person = StaffMember(label=label)
        session.add(person)
    person.name = plain.get("name") or label
    person.email = plain.get("email")
    person.language = plain.get("language", "de")
    person.roles = plain.get("roles", ["engineer"])
    person.document, person.retired_at = plain, None
    wanted = plain.get("channels", {})
    known = {channel.label: channel for channel in person.channels}
    for name, channel in known.items():
        if name not in wanted:
            channel.retired_at = channel.retired_at or now
    for name, address in wanted.items():
        channel = known.get(name) or Channel(label=name)
        if name not in known:
            person.channels.append(channel)
        channel.address, channel.retired_at = address, None


def _stored_policies(session: Session) -> Mapping[str, Plain]:
    rows = session.scalars(select(Policy).where(Policy.retired_at.is_(None)))
    return {row.label: row.versions[-1].document for row in rows.all()}


def _put_policy(session: Session, label: str, plain: Plain, now: datetime) -> None:
    policy = session.scalar(select(Policy).where(Policy.label == label))
    if policy is None:
        policy = Policy(label=label)
        session.add(policy)
    policy.retired_at = None
    if not policy.versions or policy.versions[-1].document != plain:
        # Runs keep to the version they began with, so that each change is a new one.
        policy.versions.append(PolicyVersion(document=plain, created_at=now))


STAFF = Section(_stored(StaffMember), _put_staff, _retire(StaffMember))
TEAMS = _simple(Team)
SCHEDULES = _simple(Schedule)
POLICIES = Section(_stored_policies, _put_policy, _retire(Policy))
SOURCES = _simple(Source)
MAILBOXES = _simple(Mailbox)
