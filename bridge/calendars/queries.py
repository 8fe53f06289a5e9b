"""Reads calendars as open time."""

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from bridge.calendars.desk_form import calendar_from_plain
from bridge.calendars.models import Calendar
from bridge.calendars.open_time import DatedDefinition, OpenTime


def open_times(session: Session) -> dict[str, tuple[int, OpenTime]]:
    """Return the id and open time of each calendar by label; retired ones too, old clocks run."""
    statement = select(Calendar).options(selectinload(Calendar.versions))
    return {
        calendar.label: (
            calendar.id,
            OpenTime(
                tuple(
                    DatedDefinition(version.effective_from, calendar_from_plain(version.document))
                    for version in calendar.versions
                )
            ),
        )
        for calendar in session.scalars(statement)
    }
