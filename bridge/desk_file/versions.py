"""The sections whose entries have versions with a date: calendars, and customers' contracts."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bridge.calendars.desk_form import valid_from
from bridge.calendars.models import Calendar, CalendarVersion
from bridge.customers.models import Contract, ContractAddress, ContractVersion, Customer
from bridge.customers.queries import midnight
from bridge.desk_file.sections import Plain, Section
from bridge.tables import next_revision

SINCE_EVER = datetime(1970, 1, 1, tzinfo=UTC)


def effective_from(
    declared: datetime | None, before: Sequence[CalendarVersion | ContractVersion], now: datetime
) -> datetime:
    """Return from when a changed entry counts.

    before: the versions in force by now. The first version counts from the day it names, or since
    ever. A later one counts from its day where that is still to come; else from now, because what
    was promised and judged by yesterday's version stays as it was. Source: docs/sla.md, "R13".
    """
    if not before:
        return declared or SINCE_EVER
    return max(declared or now, now)


def _not_begun(known: Sequence[CalendarVersion | ContractVersion], now: datetime) -> int | None:
    """Return the id of the version that has not begun yet: it is the one that is corrected."""
    return known[-1].id if known and known[-1].effective_from > now else None


def _stored_calendars(session: Session) -> Mapping[str, Plain]:
    rows = session.scalars(select(Calendar).where(Calendar.retired_at.is_(None)))
    return {row.label: row.versions[-1].document for row in rows.all()}


def _put_calendar(session: Session, label: str, plain: Plain, now: datetime) -> None:
    calendar = session.scalar(select(Calendar).where(Calendar.label == label))
    if calendar is None:
        calendar = Calendar(label=label)
        session.add(calendar)
    calendar.retired_at = None
    known = calendar.versions
    if known and known[-1].document == plain:
        return
    in_force = [one for one in known if one.effective_from <= now]
    known.append(
        CalendarVersion(
            effective_from=effective_from(valid_from(plain), in_force, now),
            document=plain,
            created_at=now,
            revision=next_revision(session),
            replaces_id=_not_begun(known, now),
        )
    )


def _retire_calendar(session: Session, label: str, now: datetime) -> None:
    session.scalars(select(Calendar).where(Calendar.label == label)).one().retired_at = now


def _stored_customers(session: Session) -> Mapping[str, Plain]:
    rows = session.scalars(select(Customer).where(Customer.retired_at.is_(None)))
    return {row.number: _customer(row) for row in rows.all()}


def _customer(customer: Customer) -> Plain:
    contracts = [
        contract.versions[-1].document
        for contract in customer.contracts
        if contract.retired_at is None
    ]
    return customer.document | ({"contracts": contracts} if contracts else {})


def _put_customer(session: Session, number: str, plain: Plain, now: datetime) -> None:
    customer = session.scalar(select(Customer).where(Customer.number == number))
    if customer is None:
        customer = Customer(number=number)
        session.add(customer)
    customer.name = plain.get("name") or number
    customer.language = plain.get("language", "de")
    customer.timezone = plain.get("timezone", "Europe/Berlin")
    contracts = {one["id"]: one for one in plain.get("contracts", [])}
    customer.document = {key: value for key, value in plain.items() if key != "contracts"}
    customer.retired_at = None
    session.flush()  # contracts refer to the id that the database gives
    for contract in customer.contracts:
        if contract.label not in contracts and contract.retired_at is None:
            _end_contract(session, contract, now)
    for label, one in contracts.items():
        _put_contract(session, customer, label, one, now)


def _end_contract(session: Session, contract: Contract, now: datetime) -> None:
    contract.retired_at = now
    session.execute(delete(ContractAddress).where(ContractAddress.contract_id == contract.id))


def _put_contract(
    session: Session, customer: Customer, label: str, plain: Plain, now: datetime
) -> None:
    contract = session.scalar(select(Contract).where(Contract.label == label))
    if contract is None:
        contract = Contract(label=label)
        session.add(contract)
    contract.customer, contract.retired_at = customer, None
    session.flush()  # addresses refer to the id that the database gives
    wanted = {address.lower() for address in plain.get("addresses", [])}
    session.execute(
        delete(ContractAddress).where(
            ContractAddress.contract_id == contract.id, ContractAddress.address.not_in(wanted)
        )
    )
    for address in sorted(wanted):
        session.merge(ContractAddress(address=address, contract_id=contract.id))
    known = contract.versions
    if known and known[-1].document == plain:
        return
    in_force = [one for one in known if one.effective_from <= now]
    declared = midnight(plain.get("valid_from"), customer.timezone)
    known.append(
        ContractVersion(
            effective_from=effective_from(declared, in_force, now),
            document=plain,
            created_at=now,
            revision=next_revision(session),
            replaces_id=_not_begun(known, now),
        )
    )


def _retire_customer(session: Session, number: str, now: datetime) -> None:
    customer = session.scalars(select(Customer).where(Customer.number == number)).one()
    customer.retired_at = now
    for contract in customer.contracts:
        if contract.retired_at is None:
            _end_contract(session, contract, now)


CALENDARS = Section(_stored_calendars, _put_calendar, _retire_calendar)
CUSTOMERS = Section(_stored_customers, _put_customer, _retire_customer)
