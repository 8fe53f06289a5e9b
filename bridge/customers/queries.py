"""Reads customers and what their contracts promise."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.customers.models import Contract, ContractAddress, ContractVersion, Customer
from bridge.customers.terms import WARN_AT, Terms, class_terms


def midnight(on: str | None, timezone: str) -> datetime | None:
    """Return the moment at which the local day `on` (ISO) begins, in UTC."""
    if on is None:
        return None
    local = datetime.combine(date.fromisoformat(on), time(), ZoneInfo(timezone))
    return local.astimezone(UTC)


def _terms(version: ContractVersion, contract: Contract, customer: Customer) -> Terms:
    document = version.document
    return Terms(
        contract_id=contract.id,
        version_id=version.id,
        customer_id=customer.id,
        label=contract.label,
        effective_from=version.effective_from,
        valid_from=midnight(document.get("valid_from"), customer.timezone),
        valid_to=midnight(document.get("valid_to"), customer.timezone),
        fault=class_terms(document.get("fault")),
        request=class_terms(document.get("request")),
        priorities=document.get("priorities") or {},
        policy=document.get("policy"),
        response_met_by=document.get("response_met_by") or {},
        warn_at=tuple(document.get("warn_at", WARN_AT)),
        third_party_pauses=bool(document.get("third_party_pauses")),
        revision=version.revision,
        replaces=version.replaces_id,
    )


def all_terms(session: Session) -> Sequence[Terms]:
    """Return every version of every contract, each contract's in the order they were made."""
    statement = (
        select(ContractVersion, Contract, Customer)
        .join(Contract, ContractVersion.contract_id == Contract.id)
        .join(Customer, Contract.customer_id == Customer.id)
        .order_by(ContractVersion.contract_id, ContractVersion.id)
    )
    return [
        _terms(version, contract, customer)
        for version, contract, customer in session.execute(statement)
    ]


def contract_by_address(session: Session) -> dict[str, int]:
    """Return the contract id of each contract address, in lower case."""
    rows = session.execute(select(ContractAddress.address, ContractAddress.contract_id))
    return {address.lower(): contract_id for address, contract_id in rows}


def contracts_by_number(session: Session) -> dict[str, tuple[int, Sequence[int]]]:
    """Return each customer's id and contract ids by customer number, in the desk file's order."""
    contracts: dict[int, list[int]] = defaultdict(list)
    statement = select(Contract.customer_id, Contract.id).where(Contract.retired_at.is_(None))
    for customer_id, contract_id in session.execute(statement.order_by(Contract.id)):
        contracts[customer_id].append(contract_id)
    customers = session.execute(
        select(Customer.number, Customer.id).where(Customer.retired_at.is_(None))
    )
    return {number: (one_id, contracts[one_id]) for number, one_id in customers}


def contract_ids(session: Session) -> dict[str, int]:
    """Return the id of each contract that is not retired, by its label."""
    statement = select(Contract.label, Contract.id).where(Contract.retired_at.is_(None))
    return dict(iter(session.execute(statement)))


def timezone(session: Session, contract_id: int) -> str | None:
    """Return the zone of the customer who has this contract."""
    return session.scalar(
        select(Customer.timezone).join(Contract).where(Contract.id == contract_id)
    )
