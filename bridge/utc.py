"""Moments in UTC: now, from text and numbers, and back to text."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the present moment. Only entrances call this; below them `now` is an argument."""
    return datetime.now(UTC)


def from_timestamp(seconds: float) -> datetime:
    """Return the moment `seconds` after 1970-01-01 UTC, to the microsecond."""
    return datetime.fromtimestamp(seconds, UTC)


def iso(moment: datetime) -> str:
    """Return `moment` in UTC as ISO 8601 ending in `Z`, with a fraction only where there is one."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a zone")
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def from_iso(text: str) -> datetime:
    """Return the moment an ISO 8601 text names, in UTC; raises ValueError, also without a zone."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no zone: end it in Z or an offset such as +01:00")
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"{text!r} is before the year 1 or after 9999 in UTC") from error
