"""What happens if nobody answers: the flight of a policy, for anybody or under a contract."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bridge import utc
from bridge.calendars.open_time import NeverDue, OpenTime
from bridge.calendars.suggestions import did_you_mean
from bridge.customers import queries as customers
from bridge.customers.terms import ClassTerms, PageWhen
from bridge.errors import NotFound
from bridge.flows.directory import Directory
from bridge.oncall.flight import PlannedPage, flight_plan
from bridge.oncall.policy import EscalationPolicy, TargetKind
from bridge.oncall.roster import Roster
from bridge.sla import clock

NEVER_OPEN = OpenTime(())


class UnknownPolicy(NotFound):
    """No policy of the desk file has this id."""


class UnknownAddress(NotFound):
    """No contract has this address."""


@dataclass(frozen=True)
class Cover:
    """What a contract says of faults.

    hours: its targets run in them. service: when its desk is staffed. policy: whom it pages by.
    """

    contract: str
    policy: str | None
    fault: ClassTerms | None
    hours: OpenTime
    service: OpenTime

    def begins(self, priority: str, at: datetime) -> datetime | None:
        """Return when a fault of `at` becomes pageable; None for never.

        Source: docs/oncall.md, "R1" and "R17".
        """
        when = self.fault.page.get(priority) if self.fault else None
        match when:
            case None:
                return None
            case PageWhen.NOW:
                return at
            case PageWhen.SERVICE_HOURS:
                return self.service.next_opening(at) or at

    def deadline(self, priority: str, at: datetime) -> datetime | None:
        """Return when somebody must have responded to a fault of `at`; None for no promise."""
        minutes = self.fault.response_minutes.get(priority) if self.fault else None
        if minutes is None:
            return None
        try:
            return clock.deadline(at, timedelta(minutes=minutes), self.hours)
        except NeverDue:
            return None


@dataclass(frozen=True)
class Flight:
    """What happens from `at` on, if nobody answers and every page arrives.

    begins: when the start delay begins to count; None: the contract pages nobody for it.
    deadline: of the response, where a contract promises one.
    """

    at: datetime
    begins: datetime | None
    deadline: datetime | None
    pages: tuple[PlannedPage, ...]

    def moment(self, page: PlannedPage) -> datetime:
        """Return when a page leaves."""
        return self.at + timedelta(minutes=page.minute)


def flight(
    policy: EscalationPolicy,
    priority: str,
    roster: Roster,
    at: datetime,
    cover: Cover | None = None,
) -> Flight:
    """Return the flight of a fault that begins at `at`, up to the fallback's first firing.

    Source: docs/oncall.md, "D6", "R17" and "R27".
    """
    begins = cover.begins(priority, at) if cover else at
    deadline = cover.deadline(priority, at) if cover else None
    if begins is None:
        return Flight(at, None, deadline, ())
    pages = flight_plan(policy, priority, roster, at, deadline=deadline, begins=begins)
    return Flight(at, begins, deadline, pages)


def plain(planned: Flight) -> dict[str, Any]:
    """Return the flight for programs; its deadline where it has one."""
    steps = [dict(page.as_json()) for page in planned.pages]
    told: Mapping[str, Any] = {"deadline": utc.iso(planned.deadline)} if planned.deadline else {}
    return {"steps": steps, **told}


def policy_called(directory: Directory, label: str) -> EscalationPolicy:
    """Return the policy as it is now. Raises UnknownPolicy."""
    found = directory.policies.get(label)
    if found is None:
        hint = did_you_mean(label[:64], directory.policies)
        raise UnknownPolicy(f"there is no policy {label[:64]!r}{hint}")
    return found[1]


def zone_of(policy: EscalationPolicy, roster: Roster) -> ZoneInfo:
    """Return the zone of the first schedule that the policy names; else of any; else UTC."""
    named = [
        target.label
        for step in policy.steps
        for target in step.targets
        if target.kind is TargetKind.SCHEDULE
    ]
    for label in (*named, *roster.schedules):
        if label in roster.schedules:
            return roster.schedules[label].timezone
    return ZoneInfo("UTC")


def customer_zone(session: Session, directory: Directory, address: str) -> ZoneInfo | None:
    """Return the zone of the customer whose contract has this address; None for nobody's."""
    contract_id = directory.contract_by_address.get(address.strip().lower())
    timezone = customers.timezone(session, contract_id) if contract_id is not None else None
    return ZoneInfo(timezone) if timezone else None


def cover_at(directory: Directory, address: str, at: datetime) -> Cover:
    """Return what the contract with this address says at `at`. Raises UnknownAddress.

    Where the contract is not valid then, what it says of another time.
    """
    contract_id = directory.contract_by_address.get(address.strip().lower())
    versions = directory.terms.get(contract_id, ()) if contract_id is not None else ()
    if contract_id is None or not versions:
        raise UnknownAddress(f"no contract has the address {address[:120]!r}")
    begun = [one for one in versions if one.effective_from <= at]
    terms = directory.terms_at(contract_id, at) or (begun[-1] if begun else versions[0])
    calendar = terms.fault.calendar if terms.fault else ""
    return Cover(
        contract=terms.label,
        policy=terms.policy,
        fault=terms.fault,
        hours=directory.hours.get(calendar, NEVER_OPEN),
        service=directory.hours.get(terms.service_calendar or "", NEVER_OPEN),
    )
