"""Freezes the report of a month that is over, and mails it to whom the desk file names."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from bridge.customers.models import Customer
from bridge.errors import Refused
from bridge.flows import mailing, reports
from bridge.flows.directory import Directory
from bridge.language import best
from bridge.mail import addresses
from bridge.mail.addresses import BadAddress
from bridge.mail.outgoing import MOST_BYTES, MOST_RECIPIENTS, Attachment, OutgoingMail
from bridge.sla import report_actions, report_mail
from bridge.sla import report_queries as queries
from bridge.sla.models import SlaReport
from bridge.sla.month import Month
from bridge.sla.report_day import ReportDay
from bridge.sla.report_document import Report, restored
from bridge.staff import queries as staff
from bridge.staff.models import StaffMember

log = logging.getLogger(__name__)

BRIDGE = "bridge"


class NotOver(Refused):
    """A month is frozen once it is over, in the zone of its customer."""


@dataclass(frozen=True)
class Prepared:
    """A report that is ready to be kept: rendering it takes no transaction."""

    customer_id: int
    report: Report
    files: tuple[bytes, bytes]


def prepare(
    session: Session, directory: Directory, number: str, month: Month, now: datetime
) -> Prepared:
    """Return the report of a month as it is to be frozen; raises NotOver, UnknownCustomer."""
    customer = queries.customer(session, number)
    if now < month.end(ZoneInfo(customer.timezone)):
        raise NotOver(f"{month} is not over in {customer.timezone}: a report is frozen after it")
    made = reports.report(session, directory, customer, month, now)
    return Prepared(customer.id, made, report_actions.rendered(made, best(made.subject.language)))


def freeze(session: Session, ready: Prepared, person: StaffMember | None, now: datetime) -> bool:
    """Keep a report for ever; return False where this month was frozen before.

    person: who did it; None: Bridge, on the chosen day.
    """
    by = (person.name, person.id) if person else (BRIDGE, None)
    return report_actions.keep(session, ready.customer_id, ready.report, ready.files, by, now)


@dataclass(frozen=True)
class Due:
    """A report whose day has come; frozen: somebody did that before."""

    customer_id: int
    number: str
    month: Month
    frozen: bool


def due(session: Session, directory: Directory, now: datetime) -> list[Due]:
    """Return the reports that are to be frozen or mailed, the oldest month first.

    Every customer in use has one of each month in which a contract was valid, from the month on
    that the desk file names. Source: docs/sla.md, "The SLA pages and report".
    """
    day = ReportDay.of_desk(staff.desk_document(session))
    if day is None:
        return []
    kept = {(one.customer_id, one.month): one for one in queries.all_frozen(session, day.since)}
    found = []
    for customer in queries.customers(session):
        for month in day.months_due(ZoneInfo(customer.timezone), now):
            one = kept.get((customer.id, str(month)))
            wanted = one.mailed_at is None if one else _is_served(directory, customer, month)
            if wanted:
                found.append(Due(customer.id, customer.number, month, one is not None))
    return sorted(found, key=lambda one: (one.month, one.number))


def _is_served(directory: Directory, customer: Customer, month: Month) -> bool:
    zone = ZoneInfo(customer.timezone)
    begin, end = month.begin(zone), month.end(zone)
    book = directory.book
    for contract_id in directory.contracts_of.get(customer.number, ()):
        # What is promised changes only where a version begins, or its own days do.
        changes = {begin}
        for terms in book.terms.get(contract_id, ()):
            changes |= {terms.effective_from, terms.valid_from or begin}
        if any(begin <= at < end and book.terms_at(contract_id, at) for at in changes):
            return True
    return False


def mail(session: Session, directory: Directory, one: Due, now: datetime) -> bool:
    """Queue the mail of a frozen report, once; return whether it was done here.

    Where the desk file names no recipient, none leaves, and the report is done all the same.
    """
    statement = (
        select(SlaReport)
        .where(SlaReport.customer_id == one.customer_id, SlaReport.month == str(one.month))
        .options(undefer(SlaReport.document), undefer(SlaReport.csv), undefer(SlaReport.pdf))
        .with_for_update()
    )
    kept = session.scalars(statement).one()
    if kept.mailed_at is not None:
        return False
    customer = session.get_one(Customer, one.customer_id)
    kept.mailed_at, kept.recipients = now, _recipients(customer)
    for place in range(0, len(kept.recipients), MOST_RECIPIENTS):
        to = kept.recipients[place : place + MOST_RECIPIENTS]
        key = f"sla-report:{one.number}:{one.month}:{place}"
        mailing.queue(session, directory, _mail(kept, one.number, to), now, key=key)
    return True


def _recipients(customer: Customer) -> list[str]:
    return list(_good_addresses(customer))


def _good_addresses(customer: Customer) -> Iterator[str]:
    for contact in customer.document.get("contacts") or ():
        if not contact.get("sla_report"):
            continue
        try:
            addresses.on_the_wire(contact["email"])
        except BadAddress:
            log.warning("no address to mail a report to", extra={"customer": customer.number})
        else:
            yield contact["email"]


def _mail(kept: SlaReport, number: str, to: list[str]) -> OutgoingMail:
    report, language = restored(kept.document), best(kept.language)
    files = _fitting(file_names(number, kept.month), kept)
    return OutgoingMail(
        to=tuple(to),
        subject=report_mail.subject_of(report, language),
        text=report_mail.text_of(report, language, [one.name for one in files]),
        attachments=files,
        language=language,
    )


def _fitting(names: tuple[str, str], kept: SlaReport) -> tuple[Attachment, ...]:
    """Return the files that a mail has room for, the PDF first."""
    files = [Attachment(names[1], "application/pdf", kept.pdf)]
    if len(kept.pdf) + len(kept.csv) <= MOST_BYTES:
        files.append(Attachment(names[0], "text/csv", kept.csv))
    return tuple(one for one in files if len(one.content) <= MOST_BYTES)


def file_names(number: str, month: str) -> tuple[str, str]:
    """Return what the CSV and the PDF of a month are called."""
    return f"sla-{number}-{month}.csv", f"sla-{number}-{month}.pdf"
