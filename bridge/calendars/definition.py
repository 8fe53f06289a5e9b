"""One version of a calendar: weekly windows, public holidays and special days, in one zone."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from bridge.calendars.public_holidays import HolidayRule


@dataclass(frozen=True, order=True, slots=True)
class Window:
    """Open wall time of one local day, half-open, in minutes since 00:00; 1440 is 24:00."""

    opens: int
    closes: int


Windows = tuple[Window, ...]
CLOSED: Windows = ()


@dataclass(frozen=True, slots=True)
class YearlyDay:
    """Other hours on one day of every year."""

    month: int
    day: int
    windows: Windows


@dataclass(frozen=True, slots=True)
class DatedDays:
    """Other hours from the day `first` to the day `last`, both included."""

    first: date
    last: date
    windows: Windows


SpecialDay = YearlyDay | DatedDays


@dataclass(frozen=True)
class CalendarDefinition:
    """When it is open, by local wall time; made from the desk file's form by `desk_form`.

    timezone: an IANA name.
    hours: seven entries, Monday first; the windows of a day are in order and do not overlap.
    holidays: the days on which it is closed although the weekday is open; None for none.
    special: days that replace weekly hours and holidays.
    """

    timezone: str
    hours: tuple[Windows, ...]
    holidays: HolidayRule | None = None
    special: tuple[SpecialDay, ...] = ()

    def windows_on(self, on: date) -> Windows:
        """Return the windows of the local day `on`.

        A dated special day wins over a yearly one, one date over a range that covers it. A yearly
        day replaces the holiday of its date, but never opens a day its weekday leaves closed.
        """
        dated = self._dated(on)
        if dated is not None:
            return dated
        weekly = self.hours[on.weekday()]
        if not weekly:
            return CLOSED
        yearly = self._yearly.get((on.month, on.day))
        if yearly is not None:
            return yearly
        return CLOSED if self.holidays and self.holidays.includes(on) else weekly

    def _dated(self, on: date) -> Windows | None:
        single = self._single.get(on)
        if single is not None:
            return single
        for days in self._ranges:
            if days.first <= on <= days.last:
                return days.windows
        return None

    @cached_property
    def _yearly(self) -> dict[tuple[int, int], Windows]:
        return {(s.month, s.day): s.windows for s in self.special if isinstance(s, YearlyDay)}

    @cached_property
    def _single(self) -> dict[date, Windows]:
        dated = (special for special in self.special if isinstance(special, DatedDays))
        return {days.first: days.windows for days in dated if days.first == days.last}

    @cached_property
    def _ranges(self) -> tuple[DatedDays, ...]:
        dated = (special for special in self.special if isinstance(special, DatedDays))
        return tuple(days for days in dated if days.first < days.last)


# What is in force where no version of a calendar is valid yet.
NEVER_OPEN = CalendarDefinition("UTC", (CLOSED,) * 7)
