"""Everything that the desk file configures, as values: read once for each revision of it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bridge import durations
from bridge.calendars import queries as calendars
from bridge.calendars.open_time import OpenTime
from bridge.customers import queries as customers
from bridge.customers.terms import Terms
from bridge.icinga import queries as icinga
from bridge.oncall import queries as oncall
from bridge.oncall import rules
from bridge.oncall.bundling import WINDOW
from bridge.oncall.policy import EscalationPolicy
from bridge.oncall.roster import Reach, Roster
from bridge.oncall.schedule import Schedule
from bridge.sla.book import CalendarText, PromiseBook
from bridge.staff import queries as staff
from bridge.staff.models import StaffMember
from bridge.tables import Revision

QUIET_TIME = timedelta(minutes=5)
REOPEN_WINDOW = timedelta(minutes=30)
PEOPLES_WINDOW = timedelta(days=7)
FIRST_NUMBER = 10001


@dataclass(frozen=True)
class DeskTerms:
    """How the desk works: what it is called, and how long things stay open.

    reopen_window: after a recovery; peoples_window: for what a customer writes later.
    bundling: so long after a page the next ones of its channel wait, to leave together.
    drills: the channels of whoever is on call are tested each week.
    """

    name: str
    address: str
    quiet_time: timedelta
    reopen_window: timedelta
    peoples_window: timedelta
    bundling: timedelta
    drills: bool
    first_number: int


@dataclass(frozen=True)
class Directory:
    """The configuration of one revision.

    book: every version of contracts and calendars. contract_by_address: addresses in lower case.
    contracts_of: by customer number, in the order of the desk file. Calendars, schedules,
    policies and people are found by their label; a policy with the id of its newest version.
    hours: open time as it is known now.
    """

    revision: int
    book: PromiseBook
    contract_by_address: Mapping[str, int]
    contracts_of: Mapping[str, Sequence[int]]
    customer_id_of: Mapping[str, int]
    contract_ids: Mapping[str, int]
    hours: Mapping[str, OpenTime]
    policies: Mapping[str, tuple[int, EscalationPolicy]]
    schedules: Mapping[str, Schedule]
    people: Mapping[str, StaffMember]
    person_by_icinga_user: Mapping[str, StaffMember]
    sources_with_api: frozenset[str]
    desk: DeskTerms

    def terms_at(self, contract_id: int, at: datetime) -> Terms | None:
        """Return what the contract promises at `at`, or None where it is not valid then."""
        return self.book.terms_at(contract_id, at)

    @property
    def terms(self) -> Mapping[int, Sequence[Terms]]:
        """Return every version of every contract, by contract id."""
        return self.book.terms

    @cached_property
    def roster(self) -> Roster:
        """Return who can be paged, and how; a rule without its channel does not count."""
        return Roster(self.schedules, {one.label: _reach(one) for one in self.people.values()})

    @property
    def calendar_ids(self) -> Mapping[str, int]:
        """Return the id of each calendar by its label."""
        return self.book.calendar_ids


def _reach(person: StaffMember) -> Reach:
    channels = {one.label for one in person.channels if one.retired_at is None}
    high, low = (
        tuple(
            rule
            for rule in rules.of_person(person.document, high_urgency=high)
            if rule.channel in channels
        )
        for high in (True, False)
    )
    return Reach(high, low)


def _desk(document: Mapping[str, Any]) -> DeskTerms:
    window = document.get("reopen_window") or {}
    if isinstance(window, str):
        window = {"monitoring": window, "people": window}
    monitoring, people = window.get("monitoring"), window.get("people")
    quiet, bundling = document.get("quiet_time"), document.get("bundling")
    return DeskTerms(
        name=document.get("name") or "Bridge",
        address=document.get("address") or "",
        quiet_time=durations.parse(quiet) if quiet else QUIET_TIME,
        reopen_window=durations.parse(monitoring) if monitoring else REOPEN_WINDOW,
        peoples_window=durations.parse(people) if people else PEOPLES_WINDOW,
        bundling=durations.parse(bundling) if bundling else WINDOW,
        drills=bool(document.get("drills")),
        first_number=document.get("first_number") or FIRST_NUMBER,
    )


def revision(session: Session) -> int:
    """Return the number of the configuration's newest revision; 0 before the first."""
    return session.scalar(select(func.max(Revision.id))) or 0


def promise_book(session: Session) -> PromiseBook:
    """Return every version of every contract and calendar."""
    terms = defaultdict(list)
    for one in customers.all_terms(session):
        terms[one.contract_id].append(one)
    texts, ids = defaultdict(list), {}
    for v in calendars.all_versions(session):
        texts[v.label].append(CalendarText(v.version_id, v.revision, v.replaces, v.definition))
        ids[v.label] = v.calendar_id
    return PromiseBook(dict(terms), dict(texts), ids)


def read(session: Session) -> Directory:
    """Return the configuration as it stands now."""
    book = promise_book(session)
    people = {person.label: person for person in staff.people(session)}
    contracts = customers.contracts_by_number(session)
    return Directory(
        revision=revision(session),
        book=book,
        contract_by_address=customers.contract_by_address(session),
        contracts_of={number: ids for number, (_, ids) in contracts.items()},
        customer_id_of={number: customer_id for number, (customer_id, _) in contracts.items()},
        contract_ids=customers.contract_ids(session),
        hours={label: book.hours(label) for label in book.calendars},
        policies=oncall.policies(session),
        schedules=oncall.schedules(session),
        people=people,
        person_by_icinga_user={
            user: person
            for person in people.values()
            for user in person.document.get("icinga_users") or ()
        },
        sources_with_api=frozenset(icinga.labels_with_api(session)),
        desk=_desk(staff.desk_document(session)),
    )


class Directories:
    """Keeps the newest directory, so that a process reads the configuration once per revision."""

    def __init__(self) -> None:
        self._last: Directory | None = None

    def current(self, session: Session) -> Directory:
        """Return the directory of the newest revision."""
        if self._last is None or self._last.revision != revision(session):
            self._last = read(session)
            _keep_beyond(session, self._last.people.values())
        return self._last


def _keep_beyond(session: Session, people: Iterable[StaffMember]) -> None:
    """Part people from the session, whose rollback would otherwise make them forget all."""
    for person in people:
        for channel in person.channels:
            session.expunge(channel)
        session.expunge(person)
