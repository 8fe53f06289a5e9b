"""Which days between two moments are not open as their weekday is, and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from bridge.calendars.definition import CalendarDefinition, Windows
from bridge.calendars.open_time import DatedDefinition, OpenTime
from bridge.calendars.public_holidays import HolidayRule

ONE_DAY = timedelta(days=1)
# How the library calls a language of ours where it does not by our name.
NAMES_OF_LANGUAGES = {"en": ("en", "en_US", "en_GB")}


@dataclass(frozen=True, slots=True)
class OddDay:
    """A local day with other windows than its weekday has; none: it is closed.

    holiday: by which rule it is a public holiday; None: it is a special day of the calendar.
    """

    on: date
    windows: Windows
    holiday: HolidayRule | None


def odd_days(hours: OpenTime, begin: datetime, end: datetime) -> Iterator[OddDay]:
    """Yield the days between two moments that are not as their weekday is, in order.

    Each is judged by the version that is valid when the day, or the stretch, begins.
    """
    versions = hours.versions_between(begin, end)
    for version, until in zip(versions, _ends(versions, end), strict=True):
        zone = ZoneInfo(version.definition.timezone)
        since = begin if version.valid_from is None else max(begin, version.valid_from)
        on, last = since.astimezone(zone).date(), until.astimezone(zone)
        # A stretch that ends at midnight does not reach into the day that begins then.
        last_on = (last - timedelta(microseconds=1)).date()
        while on <= last_on:
            found = _odd(version.definition, on)
            if found is not None:
                yield found
            on += ONE_DAY


def _ends(versions: tuple[DatedDefinition, ...], end: datetime) -> list[datetime]:
    return [one.valid_from for one in versions[1:] if one.valid_from is not None] + [end]


def _odd(definition: CalendarDefinition, on: date) -> OddDay | None:
    windows = definition.windows_on(on)
    if windows == definition.hours[on.weekday()]:
        return None
    rule = definition.holidays
    # A special day may stand on a holiday; it is closed by both, and people know the holiday.
    is_holiday = rule is not None and not windows and rule.includes(on)
    return OddDay(on, windows, rule if is_holiday else None)


def holiday_name(rule: HolidayRule, on: date, language: str) -> str:
    """Return what `on` is called in `language`, or in a language of its country; or the rule."""
    return _names(rule, on.year, language).get(on, rule.of)


@lru_cache(maxsize=256)
def _names(rule: HolidayRule, year: int, language: str) -> dict[date, str]:
    country, _, state = rule.of.partition("-")
    known = getattr(holidays, country).supported_languages
    ours = NAMES_OF_LANGUAGES.get(language, (language,))
    found = holidays.country_holidays(
        country,
        subdiv=state or None,
        years=year,
        categories=rule.categories,
        language=next((one for one in ours if one in known), None),
    )
    return dict(found)
