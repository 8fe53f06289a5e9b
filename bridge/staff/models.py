"""The tables of our own people, their channels and log-ins, and of the desk itself."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bridge.tables import Base, Id


class StaffMember(Base):
    """A person of ours; `document` is the entry of the desk file, without its secrets."""

    __tablename__ = "staff"

    id: Mapped[Id]
    label: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    email: Mapped[str | None]
    language: Mapped[str]
    roles: Mapped[list[str]]
    document: Mapped[dict[str, Any]]
    retired_at: Mapped[datetime | None]
    channels: Mapped[list["Channel"]] = relationship(order_by="Channel.id", back_populates="member")


class Channel(Base):
    """One way to reach a person; `address` refers to the secret, the environment or a file."""

    __tablename__ = "channels"
    __table_args__ = (UniqueConstraint("staff_id", "label"),)

    id: Mapped[Id]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    label: Mapped[str]
    address: Mapped[str]
    retired_at: Mapped[datetime | None]
    member: Mapped[StaffMember] = relationship(back_populates="channels")


class Team(Base):
    """Some of our people; `document` names the lead and the members."""

    __tablename__ = "teams"

    id: Mapped[Id]
    label: Mapped[str] = mapped_column(unique=True)
    document: Mapped[dict[str, Any]]
    retired_at: Mapped[datetime | None]


class Credential(Base):
    """How a person logs in: the Argon2 hash of the password."""

    __tablename__ = "credentials"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    password_hash: Mapped[str]
    changed_at: Mapped[datetime]


class AccessToken(Base):
    """A program's right to call us; only the SHA-256 of the token is kept."""

    __tablename__ = "access_tokens"
    __table_args__ = (
        CheckConstraint("scope IN ('webhook', 'api:read', 'api:write')", name="scope"),
        CheckConstraint("(scope = 'webhook') = (source IS NOT NULL)", name="source"),
    )

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(unique=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    scope: Mapped[str]
    source: Mapped[str | None]
    created_at: Mapped[datetime]


class Desk(Base):
    """The one row that says what this desk is called and how it works."""

    __tablename__ = "desk"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)

    id: Mapped[Id]
    document: Mapped[dict[str, Any]]
