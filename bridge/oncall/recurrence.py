"""On which days something happens that a calendar repeats: RFC 5545, as far as absences need it."""

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

from bridge.errors import Refused

ONE_DAY = timedelta(days=1)
MONTHS_A_YEAR = 12
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
KNOWN = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "WKST"})
# A rule is read day by day, so that none takes long, whatever it says.
MOST_DAYS = 366 * 20


class Frequency(Enum):
    """What a rule counts in."""

    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    YEARLY = "YEARLY"


class BadRule(Refused):
    """A rule of repetition is one that absences do not have."""


@dataclass(frozen=True)
class Rule:
    """How something repeats.

    weekdays: 0 is Monday, each with which of the month (of the year, for a yearly rule without
    months): 1 the first, -1 the last, 0 every one. until: the last day on which it begins.
    """

    frequency: Frequency
    interval: int = 1
    count: int | None = None
    until: date | None = None
    weekdays: tuple[tuple[int, int], ...] = ()
    month_days: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    week_begins: int = 0


def rule_of(parts: Mapping[str, Sequence[object]], until: date | None) -> Rule:
    """Return the rule that the parts of an RRULE say; `until` is its UNTIL as a local day.

    Raises BadRule for a rule that absences do not have, and says what to do.
    """
    names = {name.upper() for name in parts}
    if not names <= KNOWN:
        unknown = ", ".join(sorted(names - KNOWN))
        raise BadRule(f"it repeats by {unknown}, which is not read: enter these days one by one")
    plain = {name.upper(): [str(one).upper() for one in each] for name, each in parts.items()}
    frequency = "".join(plain.get("FREQ", ()))
    if frequency not in Frequency.__members__:
        raise BadRule(
            f"it repeats {frequency or 'never'}: absences repeat by day, week, month, year"
        )
    begins = plain.get("WKST", ["MO"])[0]
    return Rule(
        frequency=Frequency(frequency),
        interval=max(_number(plain.get("INTERVAL", ["1"])[0]), 1),
        count=_number(plain["COUNT"][0]) if "COUNT" in plain else None,
        until=until,
        weekdays=tuple(map(_weekday, plain.get("BYDAY", ()))),
        month_days=tuple(map(_number, plain.get("BYMONTHDAY", ()))),
        months=tuple(map(_number, plain.get("BYMONTH", ()))),
        week_begins=_weekday(begins)[0],
    )


def days(rule: Rule, begin: date, first: date, last: date) -> Iterator[date]:
    """Yield the days from `first` to `last` on which something begins that began on `begin`.

    begin: counts as the first day only if the rule fits it, unlike in RFC 5545, which leaves it
    open; the caller adds it.
    """
    day = begin if rule.count is not None else max(begin, first)
    last = min(last, rule.until) if rule.until else last
    limit, found = min(last, day + MOST_DAYS * ONE_DAY), 0
    while day <= limit and (rule.count is None or found < rule.count):
        if _fits(rule, begin, day):
            found += 1
            if day >= first:
                yield day
        day += ONE_DAY


def _fits(rule: Rule, begin: date, day: date) -> bool:
    return (
        _periods(rule, begin, day) % rule.interval == 0
        and (not rule.months or day.month in rule.months)
        and _fits_in_period(rule, begin, day)
    )


def _periods(rule: Rule, begin: date, day: date) -> int:
    """Return how many days, weeks, months or years `day` is after `begin`."""
    match rule.frequency:
        case Frequency.DAILY:
            return (day - begin).days
        case Frequency.WEEKLY:
            return (_week(day, rule) - _week(begin, rule)).days // 7
        case Frequency.MONTHLY:
            return (day.year - begin.year) * MONTHS_A_YEAR + day.month - begin.month
        case Frequency.YEARLY:
            return day.year - begin.year


def _fits_in_period(rule: Rule, begin: date, day: date) -> bool:
    if rule.month_days and not _is_month_day(rule, day):
        return False
    if rule.weekdays:
        return any(_is_weekday(rule, day, weekday, nth) for weekday, nth in rule.weekdays)
    if rule.month_days or rule.frequency is Frequency.DAILY:
        return True
    match rule.frequency:
        case Frequency.WEEKLY:
            return day.weekday() == begin.weekday()
        case Frequency.MONTHLY:
            return day.day == begin.day
        case _:
            return day.day == begin.day and (bool(rule.months) or day.month == begin.month)


def _is_month_day(rule: Rule, day: date) -> bool:
    from_end = day.day - monthrange(day.year, day.month)[1] - 1
    return day.day in rule.month_days or from_end in rule.month_days


def _is_weekday(rule: Rule, day: date, weekday: int, nth: int) -> bool:
    if day.weekday() != weekday:
        return False
    if nth == 0 or rule.frequency in {Frequency.DAILY, Frequency.WEEKLY}:
        return True
    if rule.frequency is Frequency.YEARLY and not rule.months:
        place, length = day.timetuple().tm_yday, date(day.year, 12, 31).timetuple().tm_yday
    else:
        place, length = day.day, monthrange(day.year, day.month)[1]
    return nth == ((place - 1) // 7 + 1 if nth > 0 else -((length - place) // 7 + 1))


def _week(day: date, rule: Rule) -> date:
    return day - (day.weekday() - rule.week_begins) % 7 * ONE_DAY


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise BadRule(f"{text[:20]!r} is no number in a rule of repetition") from error


def _weekday(text: str) -> tuple[int, int]:
    name, nth = text[-2:], text[:-2]
    if name not in WEEKDAYS:
        raise BadRule(f"{text[:20]!r} is no weekday in a rule of repetition")
    return WEEKDAYS.index(name), _number(nth) if nth else 0


def day_of(moment: date) -> date:
    """Return the day of a date or a datetime."""
    return moment.date() if isinstance(moment, datetime) else moment
