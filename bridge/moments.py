"""How moments and lengths of time are written for people, in German and in English."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEKDAYS = {
    "de": ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
GERMAN_ZONES = {
    "CET": "MEZ",
    "CEST": "MESZ",
    "EET": "OEZ",
    "EEST": "OESZ",
    "WET": "WEZ",
    "WEST": "WESZ",
}
DAY_UNIT = {"de": "T", "en": "d"}
MINUTE, HOUR, DAY = 60, 3600, 86400
MIDNIGHT, ONE_DAY = time(), timedelta(days=1)


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

    def wall(self, moment: datetime, zone: str | None = None) -> str:
        """Return the wall time, with the name of the zone where that wall time comes twice."""
        local = self._local(moment, zone)
        name = f" {zone_name(local, self.language)}" if is_twofold(local) else ""
        return f"{local:%H:%M}{name}"

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

    def weekday(self, moment: datetime, zone: str | None = None) -> str:
        """Return weekday and wall time, `Mon 08:00`; the date too, if it is a week or more away."""
        local = self._local(moment, zone)
        if moment - self.now >= 7 * ONE_DAY:
            return f"{self.day(moment, zone)} {local:%H:%M}"
        return f"{WEEKDAYS[self.language][local.weekday()]} {local:%H:%M}"

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

    def exactly(self, moment: datetime, zone: str | None = None) -> str:
        """Return `full`, and to the second where it is not a whole minute."""
        local = self._local(moment, zone)
        return f"{self.day(moment, zone)} {_exact_time(local)} {zone_name(local, self.language)}"

    def date(self, on: date) -> str:
        """Return a day as `day` does, of no zone."""
        noon = datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
        return self.day(noon, "UTC")

    def span(self, begin: datetime, end: datetime, zone: str | None = None) -> str:
        """Return a stretch of time, `Tue 24 Nov 08:00 – 17:00`; the second day only if another.

        The zone's name stands beside each time where the clocks change in between, or where that
        wall time comes twice.
        """
        first, last = self._local(begin, zone), self._local(end, zone)
        says_zone = first.utcoffset() != last.utcoffset() or is_twofold(first, last)
        names = [f" {zone_name(one, self.language)}" if says_zone else "" for one in (first, last)]
        began = f"{self.day(begin, zone)} {_exact_time(first)}{names[0]}"
        if last.time() == MIDNIGHT and last.date() == first.date() + ONE_DAY:
            return f"{began} – 24:00{names[1]}"
        until = "" if first.date() == last.date() else f"{self.day(end, zone)} "
        return f"{began} – {until}{_exact_time(last)}{names[1]}"

    @property
    def day_unit(self) -> str:
        """Return the short word for days."""
        return DAY_UNIT[self.language]


def _exact_time(local: datetime) -> str:
    return f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"


def is_twofold(*moments: datetime) -> bool:
    """Say whether the wall time of one of these comes twice, because the clocks go back."""
    return any(
        one.replace(fold=0).utcoffset() > one.replace(fold=1).utcoffset()  # type: ignore[operator]
        for one in moments
    )
