"""Moments as people write them: `2026-12-24T09:00` in the zone they are for, or with an offset."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bridge.errors import Refused
from bridge.oncall.walltime import first_instant, is_skipped, local

Path = tuple[str | int, ...]

MINUTE = timedelta(minutes=1)
# Beyond these years a mistyped digit is likelier than a plan.
FIRST_YEAR = 1970
LAST_YEAR = 2199


class BadSchedule(Refused):
    """A schedule breaks a rule; `path` says where in the plain data."""

    def __init__(self, sentence: str, path: Path = ()) -> None:
        super().__init__(sentence)
        self.path = path


class BadMoment(BadSchedule):
    """This names no moment."""


class SkippedTime(BadSchedule):
    """The clocks of the zone never show this time."""


def moment_from_plain(plain: object, zone: ZoneInfo, path: Path = ()) -> datetime:
    """Return the moment, in UTC, that `plain` names: a text in ISO 8601, a date or a datetime.

    Without an offset it is local to `zone`: the first of two where the clocks repeat an hour.
    A date alone is the first moment of that day.
    Raises SkippedTime for a local time that the clocks skip, BadMoment for what is no moment.
    """
    read = _read(plain, path)
    if not isinstance(read, datetime):
        return first_instant(datetime.combine(read, time()), zone)
    return read.astimezone(UTC) if read.tzinfo else _local_moment(read, zone, path)


def wall_from_plain(plain: object, zone: ZoneInfo, path: Path = ()) -> datetime:
    """Return the wall time in `zone` from which on something is at or after `plain`, naive.

    plain: as for `moment_from_plain`; a date is its midnight, even where the clocks skip that.
    """
    read = _read(plain, path)
    if not isinstance(read, datetime):
        return datetime.combine(read, time())
    if read.tzinfo is None:
        _local_moment(read, zone, path)
        return read
    wall = local(read, zone)
    # Inside the second pass of a repeated hour the wall clock shows times whose first pass is
    # over; the next one that is still to come stands after the hour.
    while first_instant(wall, zone) < read:
        wall = wall.replace(second=0, microsecond=0) + MINUTE
    return wall


def _local_moment(wall: datetime, zone: ZoneInfo, path: Path) -> datetime:
    moment = first_instant(wall, zone)
    if is_skipped(wall, zone):
        raise SkippedTime(
            f"{wall:%Y-%m-%d %H:%M} does not exist in {zone.key}, where the clocks go forward to "
            f"{local(moment, zone):%Y-%m-%d %H:%M}: write that or a later time",
            path,
        )
    return moment


def _read(plain: object, path: Path) -> date:
    """Return a date, or the datetime it says, aware or naive."""
    read = _parsed(plain) if isinstance(plain, str) else plain
    if not isinstance(read, date):
        raise BadMoment(
            f"{plain!r} is no moment: write a day such as 2026-12-24, or with its time, "
            "2026-12-24T09:00",
            path,
        )
    if not FIRST_YEAR <= read.year <= LAST_YEAR:
        raise BadMoment(
            f"{read.isoformat()} is out of range: years go from {FIRST_YEAR} to {LAST_YEAR}", path
        )
    return read


def _parsed(text: str) -> date | None:
    for form in (date, datetime):
        try:
            return form.fromisoformat(text.strip())
        except ValueError:
            continue
    return None
