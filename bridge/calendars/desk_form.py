"""A calendar as the desk file writes it: read, with reasons for what is refused, and written."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from bridge.calendars.definition import CalendarDefinition, DatedDays
from bridge.calendars.public_holidays import HolidayRule, UnknownHolidays, holiday_rule
from bridge.calendars.special_form import special_from_plain, special_to_plain
from bridge.calendars.suggestions import did_you_mean
from bridge.calendars.weekly_form import BadCalendar, Path, hours_from_plain, hours_to_plain

KEYS = ("timezone", "hours", "holidays", "special", "valid_from")
HOLIDAY_KEYS = {"of", "categories"}


class EmptyCalendar(BadCalendar):
    """The calendar has no window, so that no promise under it could ever fall due."""


class UnknownZone(BadCalendar):
    """No time zone has this name."""


class BadHolidays(BadCalendar):
    """The holidays are not those of a known country, state and category."""


class BadValidFrom(BadCalendar):
    """The version begins on no day."""


def calendar_from_plain(plain: object) -> CalendarDefinition:
    """Return what an entry of the section `calendars` says; see also `valid_from`.

    Raises BadCalendar, mostly a class below it, for the first rule that is broken.
    """
    if not isinstance(plain, Mapping):
        raise BadCalendar("a calendar is a mapping with timezone and hours")
    for key in plain:
        if key not in KEYS:
            hint = did_you_mean(str(key), KEYS)
            raise BadCalendar(
                f"a calendar has no {key!r}{hint}: it has {', '.join(KEYS)}", (str(key),)
            )
    definition = CalendarDefinition(
        timezone=zone_from_plain(plain.get("timezone"), ("timezone",)),
        hours=hours_from_plain(plain.get("hours") or {}, ("hours",)),
        holidays=holidays_from_plain(plain.get("holidays"), ("holidays",)),
        special=special_from_plain(plain.get("special") or {}, ("special",)),
    )
    _refuse_without_window(definition)
    return definition


def calendar_to_plain(definition: CalendarDefinition) -> dict[str, object]:
    """Return the one written form of `definition`; reading it gives an equal definition."""
    plain: dict[str, object] = {
        "timezone": definition.timezone,
        "hours": hours_to_plain(definition.hours),
    }
    if definition.holidays:
        plain["holidays"] = holidays_to_plain(definition.holidays)
    if definition.special:
        plain["special"] = special_to_plain(definition.special)
    return plain


def valid_from(plain: Mapping[str, object]) -> datetime | None:
    """Return the first moment, in UTC, of the local day an entry is valid from; None: ever.

    plain: an entry that `calendar_from_plain` has taken.
    """
    on = plain.get("valid_from")
    if on is None:
        return None
    try:
        day = on if type(on) is date else date.fromisoformat(str(on))
    except ValueError:
        raise BadValidFrom(
            f"valid_from is a day such as 2026-01-01, not {on!r}", ("valid_from",)
        ) from None
    zone = ZoneInfo(zone_from_plain(plain.get("timezone"), ("timezone",)))
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def zone_from_plain(plain: object, path: Path = ()) -> str:
    """Return the name of an IANA time zone."""
    if not isinstance(plain, str) or not plain:
        raise UnknownZone("the timezone is missing: write one such as Europe/Berlin", path)
    if plain not in _zones():
        raise UnknownZone(f"no time zone is called {plain!r}{did_you_mean(plain, _zones())}", path)
    return plain


def holidays_from_plain(plain: object, path: Path = ()) -> HolidayRule | None:
    """Return the rule that `DE-NW` or `{of: DE-BY, categories: [public, catholic]}` means."""
    if plain is None:
        return None
    entry = plain if isinstance(plain, Mapping) else {"of": plain}
    of, categories = entry.get("of"), entry.get("categories", ["public"])
    if (
        not isinstance(of, str)
        or not isinstance(categories, list | tuple)
        or not categories
        or set(entry) - HOLIDAY_KEYS
    ):
        raise BadHolidays(
            "holidays are a code such as DE-NW, or {of: DE-BY, categories: [public, catholic]}",
            path,
        )
    try:
        return holiday_rule(of, tuple(str(category) for category in categories))
    except UnknownHolidays as error:
        raise BadHolidays(str(error), path) from error


def holidays_to_plain(rule: HolidayRule) -> object:
    """Return holidays in their one written form."""
    if rule.categories == ("public",):
        return rule.of
    return {"of": rule.of, "categories": list(rule.categories)}


def _refuse_without_window(definition: CalendarDefinition) -> None:
    dated = (special for special in definition.special if isinstance(special, DatedDays))
    if not any(definition.hours) and not any(days.windows for days in dated):
        raise EmptyCalendar(
            'the calendar has no window: give it hours such as {mon-fri: ["08:00-17:00"]}',
            ("hours",),
        )


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
