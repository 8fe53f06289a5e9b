"""The tables of service calendars."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bridge.tables import Base, Id


class Calendar(Base):
    """A named calendar of service hours; what it says stands in its versions."""

    __tablename__ = "calendars"

    id: Mapped[Id]
    label: Mapped[str] = mapped_column(unique=True)
    retired_at: Mapped[datetime | None]
    versions: Mapped[list["CalendarVersion"]] = relationship(
        order_by="CalendarVersion.id", back_populates="calendar"
    )


class CalendarVersion(Base):
    """What a calendar says from a moment on; never changed, only followed by another version.

    revision: the change of the configuration that brought it. replaces_id: the version that had
    not begun when this one took its place, and so never does.
    """

    __tablename__ = "calendar_versions"
    __table_args__ = (UniqueConstraint("calendar_id", "revision"),)

    id: Mapped[Id]
    calendar_id: Mapped[int] = mapped_column(ForeignKey("calendars.id"))
    effective_from: Mapped[datetime]
    document: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    revision: Mapped[int]
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("calendar_versions.id"))
    calendar: Mapped[Calendar] = relationship(back_populates="versions")
