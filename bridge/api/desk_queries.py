"""Reads customers and contracts as the API shows them: one statement for a page of them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bridge.api import shapes
from bridge.api.forms import ContractFilter, Paging
from bridge.customers.models import Contract, ContractAddress, Customer
from bridge.customers.terms import ClassTerms, Terms
from bridge.flows.directory import Directory

SEPARATOR = ","  # no address holds one


def customers(
    session: Session, directory: Directory, wanted: Paging
) -> tuple[Sequence[shapes.Customer], int | None]:
    """Return customers in the order of the desk file, and the cursor of the rest, if any."""
    statement = (
        select(Customer)
        .where(Customer.retired_at.is_(None), Customer.id > (wanted.cursor or 0))
        .order_by(Customer.id)
        .limit(wanted.limit + 1)
    )
    found = session.scalars(statement).all()
    rest = found[wanted.limit - 1].id if len(found) > wanted.limit else None
    return [_customer(one, directory) for one in found[: wanted.limit]], rest


def _customer(one: Customer, directory: Directory) -> shapes.Customer:
    contract_ids = directory.contracts_of.get(one.number, ())
    return shapes.Customer(
        number=one.number,
        name=one.name,
        language=one.language,
        timezone=one.timezone,
        domains=one.document.get("domains") or [],
        manager=one.document.get("manager"),
        team=one.document.get("team"),
        contracts=[directory.terms[each][0].label for each in contract_ids],
    )


def contracts(
    session: Session, directory: Directory, wanted: ContractFilter, now: datetime
) -> tuple[Sequence[shapes.Contract], int | None]:
    """Return contracts as they stand at `now`, and the cursor of the rest, if any."""
    addresses = (
        select(func.aggregate_strings(ContractAddress.address, SEPARATOR))
        .where(ContractAddress.contract_id == Contract.id)
        .scalar_subquery()
    )
    statement = (
        select(Contract.id, Customer.number, Customer.name, Customer.timezone, addresses)
        .join(Customer, Customer.id == Contract.customer_id)
        .where(Contract.retired_at.is_(None), Contract.id > (wanted.cursor or 0))
        .order_by(Contract.id)
        .limit(wanted.limit + 1)
    )
    if wanted.customer is not None:
        statement = statement.where(Customer.number == wanted.customer)
    rows = session.execute(statement).all()
    rest = rows[wanted.limit - 1][0] if len(rows) > wanted.limit else None
    found = [
        _contract(
            _as_of(directory.terms[contract_id], now),
            shapes.CustomerReference(number=number, name=name),
            ZoneInfo(timezone),
            sorted(together.split(SEPARATOR)) if together else [],
        )
        for contract_id, number, name, timezone, together in rows[: wanted.limit]
    ]
    return found, rest


def _as_of(versions: Sequence[Terms], now: datetime) -> Terms:
    """Return the version that counts at `now`; before the first one that one."""
    begun = [one for one in versions if one.effective_from <= now]
    return begun[-1] if begun else versions[0]


def _contract(
    terms: Terms, customer: shapes.CustomerReference, zone: ZoneInfo, addresses: list[str]
) -> shapes.Contract:
    return shapes.Contract(
        id=terms.label,
        customer=customer,
        addresses=addresses,
        valid_from=_day(terms.valid_from, zone),
        valid_to=_day(terms.valid_to, zone),
        policy=terms.policy,
        fault=_promise(terms.fault),
        request=_promise(terms.request),
    )


def _day(midnight: datetime | None, zone: ZoneInfo) -> date | None:
    return midnight.astimezone(zone).date() if midnight else None


def _promise(terms: ClassTerms | None) -> shapes.Promise | None:
    if terms is None:
        return None
    page: Mapping[str, str] = {priority: when.value for priority, when in terms.page.items()}
    return shapes.Promise(
        calendar=terms.calendar,
        response_minutes=dict(terms.response_minutes),
        solution_minutes=dict(terms.solution_minutes),
        update_minutes=dict(terms.update_minutes),
        page=dict(page),
    )
