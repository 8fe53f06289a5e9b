"""How moments and lengths of time are written on a page, in German and in English."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

WEEKDAYS = {
    "de": ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
GERMAN_ZONES = {"CET": "MEZ", "CEST": "MESZ", "EET": "OEZ", "EEST": "OESZ", "WET": "WEZ"}
DAY_UNIT = {"de": "T", "en": "d"}
MINUTE, HOUR, DAY = 60, 3600, 86400


def zone_name(local: datetime, language: str) -> str:
    """Return what people call the zone of `local` at that moment, such as CET or UTC+4."""
    name = local.tzname() or ""
    if name.lstrip("+-").isdigit():
        sign, digits = name[0], name[1:]
        minutes = f":{digits[2:]}" if digits[2:] else ""
        return f"UTC{sign}{int(digits[:2])}{minutes}"
    return GERMAN_ZONES.get(name, name) if language == "de" else name


def length(lasts: timedelta, language: str) -> str:
    """Return a length of time in its two largest units: `45 s`, `24 min`, `1 h 05 min`, `2 d 3 h`.

    Whatever is less than the smaller unit is left out; the sign too.
    """
    seconds = int(abs(lasts.total_seconds()))
    if seconds < MINUTE:
        return f"{seconds} s"
    if seconds < HOUR:
        return f"{seconds // MINUTE} min"
    if seconds < DAY:
        minutes = seconds % HOUR // MINUTE
        return f"{seconds // HOUR} h {minutes:02d} min" if minutes else f"{seconds // HOUR} h"
    hours = seconds % DAY // HOUR
    days = f"{seconds // DAY} {DAY_UNIT[language]}"
    return f"{days} {hours} h" if hours else days


def countdown(lasts: timedelta, language: str) -> str:
    """Return a length of time as a clock shows it, `24:10` or `3:24:10`; from a day on as words.

    static/board.js shows it in the same way.
    """
    seconds = int(abs(lasts.total_seconds()))
    if seconds >= DAY:
        return length(lasts, language)
    hours, minutes = seconds // HOUR, seconds % HOUR // MINUTE
    if hours:
        return f"{hours}:{minutes:02d}:{seconds % MINUTE:02d}"
    return f"{minutes}:{seconds % MINUTE:02d}"


def exact(lasts: timedelta) -> str:
    """Return a length of time to the second, in hours and minutes however long it is."""
    seconds = int(abs(lasts.total_seconds()))
    hours, minutes, rest = seconds // HOUR, seconds % HOUR // MINUTE, seconds % MINUTE
    parts = [(hours, "h"), (minutes, "min"), (rest, "s")]
    return " ".join(f"{number} {unit}" for number, unit in parts if number) or "0 min"


@dataclass(frozen=True)
class Moments:
    """Writes moments for somebody who reads `language` at `now`; `zone` where nothing else fits."""

    language: str
    zone: str
    now: datetime

    def _local(self, moment: datetime, zone: str | None) -> datetime:
        return moment.astimezone(ZoneInfo(zone or self.zone))

    def time(self, moment: datetime, zone: str | None = None) -> str:
        """Return the wall time alone, `08:30`."""
        return self._local(moment, zone).strftime("%H:%M")

    def day(self, moment: datetime, zone: str | None = None) -> str:
        """Return weekday and date, `Tue 24 Nov` or `Di 24.11.`; the year too, if it is another."""
        local = self._local(moment, zone)
        weekday = WEEKDAYS[self.language][local.weekday()]
        is_this_year = local.year == self._local(self.now, zone).year
        if self.language == "de":
            return f"{weekday} {local:%d.%m.}{'' if is_this_year else local.year}"
        date = f"{weekday} {local.day} {MONTHS[local.month - 1]}"
        return date if is_this_year else f"{date} {local.year}"

    def short(self, moment: datetime, zone: str | None = None) -> str:
        """Return the wall time, `08:30`, with the day before it where that is not today."""
        local = self._local(moment, zone)
        today = local.date() == self._local(self.now, zone).date()
        return f"{local:%H:%M}" if today else f"{self.day(moment, zone)} {local:%H:%M}"

    def zoned(self, moment: datetime, zone: str | None = None) -> str:
        """Return `short` and the name of the zone, `08:30 CET`."""
        return f"{self.short(moment, zone)} {zone_name(self._local(moment, zone), self.language)}"

    def full(self, moment: datetime, zone: str | None = None) -> str:
        """Return day, wall time and zone, `Tue 24 Nov 08:30 CET`."""
        local = self._local(moment, zone)
        return f"{self.day(moment, zone)} {local:%H:%M} {zone_name(local, self.language)}"

    def precise(self, moment: datetime, zone: str | None = None) -> str:
        """Return `full` to the second."""
        local = self._local(moment, zone)
        return f"{self.day(moment, zone)} {local:%H:%M:%S} {zone_name(local, self.language)}"

    def length(self, lasts: timedelta) -> str:
        """Return a length of time, see `length`."""
        return length(lasts, self.language)

    def countdown(self, lasts: timedelta) -> str:
        """Return a length of time as a clock shows it, see `countdown`."""
        return countdown(lasts, self.language)

    def exact(self, lasts: timedelta) -> str:
        """Return a length of time to the second, see `exact`."""
        return exact(lasts)

    def minutes(self, count: int) -> str:
        """Return a number of minutes as a length of time."""
        return exact(timedelta(minutes=count))

    def span(self, begin: datetime, end: datetime, zone: str | None = None) -> str:
        """Return a stretch of time, `Tue 24 Nov 08:00 – 17:00`; the second day only if another."""
        first, last = self._local(begin, zone), self._local(end, zone)
        until = _exact_time(last)
        if first.date() != last.date():
            until = f"{self.day(end, zone)} {until}"
        return f"{self.day(begin, zone)} {_exact_time(first)} – {until}"

    @property
    def day_unit(self) -> str:
        """Return the short word for days."""
        return DAY_UNIT[self.language]


def _exact_time(local: datetime) -> str:
    return f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
