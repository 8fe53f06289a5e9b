"""Public holidays: which days of a year a country or one of its states keeps."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import holidays

from bridge.calendars.suggestions import did_you_mean
from bridge.errors import Refused

COUNTRY_CODE = re.compile(r"[A-Z]{2}")


class UnknownHolidays(Refused):
    """Nobody knows the holidays of this country, state or category."""


@dataclass(frozen=True, slots=True)
class HolidayRule:
    """The holidays of a country (`DE`) or of one of its states (`DE-NW`), by category.

    categories: `public` first, then by name; `holiday_rule` sees to it.
    """

    of: str
    categories: tuple[str, ...] = ("public",)

    def includes(self, on: date) -> bool:
        """Say whether the local day `on` is one of these holidays."""
        return on in holiday_dates(self, on.year)


def holiday_rule(of: str, categories: tuple[str, ...] = ("public",)) -> HolidayRule:
    """Return the rule for a code such as `DE-NW` and its categories.

    Raises UnknownHolidays if the country, the state or a category is not known.
    """
    country, dash, state = of.partition("-")
    if not COUNTRY_CODE.fullmatch(country) or not hasattr(holidays, country):
        countries = holidays.list_supported_countries(include_aliases=False)
        raise UnknownHolidays(
            f"no holidays are known for {of!r}{did_you_mean(country, countries)}: "
            "write a country such as DE, or a state such as DE-NW"
        )
    supported = getattr(holidays, country)
    if dash and state not in supported.subdivisions:
        codes = [f"{country}-{code}" for code in supported.subdivisions]
        has = f"has {', '.join(codes)}" if codes else "has no states"
        raise UnknownHolidays(
            f"no holidays are known for {of!r}{did_you_mean(of, codes)}: {country} {has}"
        )
    for category in categories:
        if category not in supported.supported_categories:
            known = sorted(supported.supported_categories)
            raise UnknownHolidays(
                f"{country} has no holidays of the category {category!r}"
                f"{did_you_mean(category, known)}: it has {', '.join(known)}"
            )
    in_order = sorted(set(categories), key=lambda name: (name != "public", name))
    return HolidayRule(of, tuple(in_order))


@lru_cache(maxsize=2048)
def holiday_dates(rule: HolidayRule, year: int) -> frozenset[date]:
    """Return the days of `year` that are holidays by `rule`."""
    country, _, state = rule.of.partition("-")
    found = holidays.country_holidays(
        country, subdiv=state or None, years=year, categories=rule.categories
    )
    return frozenset(found)
