"""Moments as events name them: in ISO 8601, or in seconds since 1970."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bridge import utc
from bridge.desk_file.document import Document
from bridge.errors import Refused
from bridge.oncall.local_form import FIRST_YEAR, LAST_YEAR, BadSchedule, moment_from_plain

EARLIEST = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC).timestamp()
LATEST = datetime(LAST_YEAR, 12, 31, tzinfo=UTC).timestamp()


class BadMoment(Refused):
    """This names no moment, or one that depends on a zone that nobody has named."""


def only_zone(document: Document) -> ZoneInfo | None:
    """Return the zone that all customers of the desk file share, or None where they differ."""
    zones = {customer.timezone for customer in document.customers or ()}
    return ZoneInfo(zones.pop()) if len(zones) == 1 else None


def moment(value: object, zone: ZoneInfo | None) -> datetime:
    """Return the moment, in UTC, that `value` names: a text in ISO 8601 or seconds since 1970.

    zone: in which a text without an offset is meant; None: such a text is refused.
    Raises BadMoment, whose text says what to write instead.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        if not EARLIEST <= value <= LATEST:
            years = f"{FIRST_YEAR} to {LAST_YEAR}"
            raise BadMoment(f"{value} is no moment of the years {years}, in seconds since 1970")
        return utc.from_timestamp(value)
    if not isinstance(value, str):
        raise BadMoment("write a moment such as 2026-11-23T08:00:00Z, or seconds since 1970")
    try:
        found = moment_from_plain(value, zone or ZoneInfo("UTC"))
        needs_zone = zone is None and datetime.fromisoformat(value).tzinfo is None
    except (BadSchedule, ValueError) as error:
        raise BadMoment(f"{value!r} is no moment: {error}") from error
    if needs_zone:
        raise BadMoment(
            f"{value!r} has no zone, and the customers do not share one: end it in Z or an offset"
        )
    return found
