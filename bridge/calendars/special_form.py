"""Special days as the desk file writes them: `{"12-24": ["08:00-12:00"], 2027-02-08: closed}`."""

import re
from collections.abc import Mapping
from datetime import date
from itertools import pairwise

from bridge.calendars.definition import CLOSED, DatedDays, SpecialDay, Windows, YearlyDay
from bridge.calendars.weekly_form import BadCalendar, Path, windows_from_plain, windows_to_plain

CLOSED_WORD = "closed"
# A yearly day may be 29 February, so it is checked in a year that has one.
LEAP_YEAR = 2000
YEARLY = re.compile(r"([0-9]{2})-([0-9]{2})")
DATED = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:\s*/\s*([0-9]{4}-[0-9]{2}-[0-9]{2}))?")


class BadSpecialDay(BadCalendar):
    """A special day is no day, or two of them are about the same one."""


def special_from_plain(plain: object, path: Path = ()) -> tuple[SpecialDay, ...]:
    """Return special days in their one order: the yearly ones, then the dated ones by day."""
    if not isinstance(plain, Mapping):
        raise BadSpecialDay('special days are a mapping such as {"12-24": closed}', path)
    found = [_special_day(key, value, (*path, str(key))) for key, value in plain.items()]
    yearly = [special for special in found if isinstance(special, YearlyDay)]
    dated = [special for special in found if isinstance(special, DatedDays)]
    _refuse_days_said_twice([days for days in dated if days.first == days.last], path)
    # One date inside a range is an exception to it, but two ranges leave open which one counts.
    _refuse_days_said_twice([days for days in dated if days.first < days.last], path)
    return (
        *sorted(yearly, key=lambda day: (day.month, day.day)),
        *sorted(dated, key=lambda days: (days.first, days.last)),
    )


def special_to_plain(special: tuple[SpecialDay, ...]) -> dict[str, object]:
    """Return special days in their one written form."""
    return {_key(day): windows_to_plain(day.windows) or CLOSED_WORD for day in special}


def _special_day(key: object, value: object, path: Path) -> SpecialDay:
    windows = _special_windows(value, path)
    # A YAML reader hands over an unquoted 2027-02-08 as a date.
    text = str(key).strip()
    yearly = YEARLY.fullmatch(text)
    if yearly:
        on = _day(f"{LEAP_YEAR}-{text}", text, path)
        return YearlyDay(on.month, on.day, windows)
    dated = DATED.fullmatch(text)
    if not dated:
        raise BadSpecialDay(
            f"{text!r} is no special day: write 12-24 for every year, 2027-02-08 for one day, "
            "or 2027-08-02/2027-08-13 for all days from one to the other",
            path,
        )
    first = _day(dated[1], dated[1], path)
    last = _day(dated[2], dated[2], path) if dated[2] else first
    if last < first:
        raise BadSpecialDay(f"{text} ends before it begins: write the earlier day first", path)
    return DatedDays(first, last, windows)


def _special_windows(value: object, path: Path) -> Windows:
    if isinstance(value, str):
        if value.strip().lower() != CLOSED_WORD:
            raise BadSpecialDay(
                f'{value!r} are no hours: write closed, or a list such as ["08:00-12:00"]', path
            )
        return CLOSED
    return windows_from_plain(value, path)


def _day(iso: str, as_written: str, path: Path) -> date:
    try:
        return date.fromisoformat(iso)
    except ValueError:
        raise BadSpecialDay(f"there is no day {as_written}", path) from None


def _refuse_days_said_twice(days: list[DatedDays], path: Path) -> None:
    for earlier, later in pairwise(sorted(days, key=lambda dated: dated.first)):
        if later.first <= earlier.last:
            raise BadSpecialDay(
                f"{_key(earlier)} and {_key(later)} both say what {later.first} is: "
                "leave that day to one of them",
                (*path, _key(later)),
            )


def _key(special: SpecialDay) -> str:
    match special:
        case YearlyDay():
            return f"{special.month:02}-{special.day:02}"
        case DatedDays() if special.first == special.last:
            return special.first.isoformat()
        case DatedDays():
            return f"{special.first}/{special.last}"
