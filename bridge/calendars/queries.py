"""Reads calendars with all their versions."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.calendars.desk_form import calendar_from_plain
from bridge.calendars.models import Calendar, CalendarVersion
from bridge.calendars.open_time import DatedDefinition


@dataclass(frozen=True)
class StoredVersion:
    """One version of a calendar, where it stands among the others, and what it says."""

    calendar_id: int
    label: str
    version_id: int
    revision: int
    replaces: int | None
    definition: DatedDefinition


def all_versions(session: Session) -> Sequence[StoredVersion]:
    """Return every version of every calendar, each one's in the order they were made.

    Retired calendars too: old clocks run in them.
    """
    statement = (
        select(CalendarVersion, Calendar)
        .join(Calendar, CalendarVersion.calendar_id == Calendar.id)
        .order_by(CalendarVersion.calendar_id, CalendarVersion.id)
    )
    return [_stored(version, calendar) for version, calendar in session.execute(statement)]


def _stored(version: CalendarVersion, calendar: Calendar) -> StoredVersion:
    definition = calendar_from_plain(version.document)
    return StoredVersion(
        calendar_id=calendar.id,
        label=calendar.label,
        version_id=version.id,
        revision=version.revision,
        replaces=version.replaces_id,
        definition=DatedDefinition(
            version.effective_from, definition, f"{calendar.label}:{version.id}"
        ),
    )
