"""The base of all tables: names of constraints, and column types that keep what they promise."""

from datetime import UTC, datetime
from typing import Annotated, Any

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    Integer,
    MetaData,
    String,
    Text,
    TypeDecorator,
    func,
    select,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, kept and returned in UTC on every engine, to the microsecond."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return `value` in UTC; a naive one is a bug and raises."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive time cannot be kept")
        in_utc = value.astimezone(UTC)
        # SQLite's text times compare as text, so that all must have one form without an offset.
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def process_result_value(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002 - the signature is SQLAlchemy's
    ) -> datetime | None:
        """Return `value` aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# SQLite numbers rows by itself only where the key is called INTEGER.
Id = Annotated[int, mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)]
Reference = BigInteger().with_variant(Integer, "sqlite")
# Plain JSON on both engines: unlike JSONB it keeps the order of what a person wrote.
Json = JSON()


class Base(DeclarativeBase):
    """The parent of every table."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        datetime: UtcDateTime,
        str: String(),
        dict[str, Any]: Json,
        list[Any]: Json,
        list[str]: Json,
    }


class Revision(Base):
    """One change of the configuration; the highest id is the revision that counts."""

    __tablename__ = "revisions"

    id: Mapped[Id]
    changed_at: Mapped[datetime]
    changes: Mapped[str] = mapped_column(Text)


def next_revision(session: Session) -> int:
    """Return the number that this transaction's change of the configuration will have.

    Of two that change it at once the second to commit fails: both would have the same number.
    """
    return (session.scalar(select(func.max(Revision.id))) or 0) + 1
