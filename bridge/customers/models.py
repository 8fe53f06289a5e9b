"""The tables of customers and their support contracts."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bridge.tables import Base, Id


class Customer(Base):
    """A customer; `document` is the entry of the desk file, without its contracts."""

    __tablename__ = "customers"

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    language: Mapped[str]
    timezone: Mapped[str]
    document: Mapped[dict[str, Any]]
    retired_at: Mapped[datetime | None]
    contracts: Mapped[list["Contract"]] = relationship(
        order_by="Contract.id", back_populates="customer"
    )


class Contract(Base):
    """A support contract; what it promises stands in its versions."""

    __tablename__ = "contracts"

    id: Mapped[Id]
    label: Mapped[str] = mapped_column(unique=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    retired_at: Mapped[datetime | None]
    customer: Mapped[Customer] = relationship(back_populates="contracts")
    versions: Mapped[list["ContractVersion"]] = relationship(
        order_by="ContractVersion.id", back_populates="contract"
    )


class ContractVersion(Base):
    """What a contract promises from a moment on; never changed, only followed by another.

    revision: the change of the configuration that brought it. replaces_id: the version that had
    not begun when this one took its place, and so never does.
    """

    __tablename__ = "contract_versions"
    __table_args__ = (UniqueConstraint("contract_id", "revision"),)

    id: Mapped[Id]
    contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id"))
    effective_from: Mapped[datetime]
    document: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    revision: Mapped[int]
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("contract_versions.id"))
    contract: Mapped[Contract] = relationship(back_populates="versions")


class ContractAddress(Base):
    """An address that belongs to a contract: what comes through it is guaranteed."""

    __tablename__ = "contract_addresses"

    address: Mapped[str] = mapped_column(primary_key=True)
    contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id"))
