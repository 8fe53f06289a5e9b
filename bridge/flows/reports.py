"""SLA reports: made of a month's clocks, frozen, and from then on as they were told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bridge.calendars.open_time import OpenTime
from bridge.customers.models import Customer
from bridge.flows.directory import Directory
from bridge.sla import report_queries as queries
from bridge.sla.corrections import Correction, Key, Standing, correction, overlaid, standings
from bridge.sla.models import SlaReport
from bridge.sla.month import Month
from bridge.sla.report import figures, line_of
from bridge.sla.report_document import Report, Subject, restored

NEVER_OPEN = OpenTime(())


@dataclass(frozen=True)
class Shown:
    """A report as it is to be shown: as it was frozen, or as it is now."""

    report: Report
    frozen: SlaReport | None


def shown(
    session: Session, directory: Directory, number: str, month: Month, now: datetime
) -> Shown:
    """Return the report of a customer (by number) and month; raises UnknownCustomer."""
    customer = queries.customer(session, number)
    kept = queries.frozen(session, customer.id, month)
    if kept is not None:
        return Shown(restored(kept.document), kept)
    return Shown(report(session, directory, customer, month, now), None)


def report(
    session: Session, directory: Directory, customer: Customer, month: Month, now: datetime
) -> Report:
    """Return the report of a month as it is at `now`, frozen or not."""
    zone = ZoneInfo(customer.timezone)
    begin, end = month.begin(zone), month.end(zone)
    # The open month tells of everything that still runs, whenever it will be due.
    clocks = queries.clocks_of(session, customer.id, begin, None if begin <= now < end else end)
    hours = {
        calendar_id: directory.hours.get(label, NEVER_OPEN)
        for label, calendar_id in directory.calendar_ids.items()
    }
    lines = tuple(line_of(one, hours.get(one.calendar_id, NEVER_OPEN), now) for one in clocks)
    subject = Subject(
        customer=customer.number,
        customer_name=customer.name or customer.number,
        language=customer.language,
        desk=directory.desk.name,
        desk_address=directory.desk.address,
        month=str(month),
        zone=customer.timezone,
        begins_at=begin,
        ends_at=end,
        as_of=now,
    )
    corrected = _corrections(session, customer, month, now)
    return Report(subject, figures(lines), lines, corrected)


def _corrections(
    session: Session, customer: Customer, month: Month, now: datetime
) -> tuple[Correction, ...]:
    """Return what has changed in frozen months; the first month after them tells it."""
    frozen = queries.frozen_months(session, customer.id)
    if not frozen or str(month) != str(_month_after(frozen)):
        return ()
    told = _told(frozen)
    standing = _standing(session, customer, frozen, now)
    differing = {
        key[0]
        for one in frozen
        for key in told[one.month].keys() | standing[one.month].keys()
        if told[one.month].get(key) != standing[one.month].get(key)
    }
    titles = queries.titles(session, differing)
    found = (
        correction(one.month, told[one.month], standing[one.month], titles)
        for one in sorted(frozen, key=lambda one: one.month)
    )
    return tuple(one for one in found if one is not None)


def _month_after(frozen: Sequence[SlaReport]) -> Month:
    return Month.of_text(max(one.month for one in frozen)).later(1)


def _told(frozen: Sequence[SlaReport]) -> dict[str, dict[Key, Standing]]:
    """Return by month what the customer was told last; the reports are in the order of freezing."""
    told: dict[str, dict[Key, Standing]] = {}
    for one in frozen:
        told[one.month] = standings(one.told)
        for corrected in restored(one.document).corrections if one.has_corrections else ():
            told[corrected.month] = overlaid(told[corrected.month], corrected.changes)
    return told


def _standing(
    session: Session, customer: Customer, frozen: Sequence[SlaReport], now: datetime
) -> dict[str, dict[Key, Standing]]:
    """Return by month how the clocks stand that fall into frozen months."""
    begin, end = min(one.begins_at for one in frozen), max(one.ends_at for one in frozen)
    found: dict[str, dict[Key, Standing]] = {one.month: {} for one in frozen}
    for falls_at, key, standing in queries.standings(session, customer.id, begin, end, now):
        month = next((one for one in frozen if one.begins_at <= falls_at < one.ends_at), None)
        if month is not None:
            found[month.month][key] = standing
    return found
