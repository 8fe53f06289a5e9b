"""Windows and weekdays as the desk file writes them: `{mon-fri: ["08:00-17:00"]}`."""

import re
from collections.abc import Mapping
from itertools import pairwise

from bridge.calendars.definition import CLOSED, Window, Windows
from bridge.calendars.suggestions import did_you_mean
from bridge.errors import Refused

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# From three days on, a row of days is written as a range.
SHORTEST_RANGE = 3
HOUR_MINUTES = 60
DAY_MINUTES = 24 * HOUR_MINUTES
WINDOW = re.compile(r"\s*([0-9]{1,2}:[0-9]{2})\s*-\s*([0-9]{1,2}:[0-9]{2})\s*")

Path = tuple[str | int, ...]


class BadCalendar(Refused):
    """Service hours break a rule; `path` says where in the plain data."""

    def __init__(self, sentence: str, path: Path = ()) -> None:
        super().__init__(sentence)
        self.path = path


class UnknownWeekday(BadCalendar):
    """This is no day of the week, no range of days and no list of them."""


class BadWindow(BadCalendar):
    """A window is not one stretch of one day."""


class OverlappingWindows(BadCalendar):
    """Two windows of one day share a minute."""


def hours_from_plain(plain: object, path: Path = ()) -> tuple[Windows, ...]:
    """Return the windows of each weekday, Monday first."""
    if not isinstance(plain, Mapping):
        raise BadCalendar('hours are a mapping such as {mon-fri: ["08:00-17:00"]}', path)
    week: dict[int, Windows] = {}
    for key, value in plain.items():
        here = (*path, str(key))
        windows = windows_from_plain(value, here)
        for day in days_from_plain(key, here):
            if day in week:
                raise UnknownWeekday(
                    f"{WEEKDAYS[day]} stands in two entries: write all its windows in one", here
                )
            week[day] = windows
    return tuple(week.get(day, CLOSED) for day in range(len(WEEKDAYS)))


def hours_to_plain(hours: tuple[Windows, ...]) -> dict[str, list[str]]:
    """Return weekly hours in their one written form: equal days together, the earliest first."""
    days_by_windows: dict[Windows, list[int]] = {}
    for day, windows in enumerate(hours):
        if windows:
            days_by_windows.setdefault(windows, []).append(day)
    return {_days_text(days): windows_to_plain(w) for w, days in days_by_windows.items()}


def days_from_plain(plain: object, path: Path = ()) -> tuple[int, ...]:
    """Return the weekdays, Monday is 0, that `mon`, `mon-fri`, `sat,sun` or `fri-mon` names."""
    days: list[int] = []
    for part in str(plain).split(","):
        first, dash, last = part.partition("-")
        start = _weekday(first, path)
        length = (_weekday(last, path) - start) % len(WEEKDAYS) if dash else 0
        days += [(start + step) % len(WEEKDAYS) for step in range(length + 1)]
    if len(set(days)) < len(days):
        raise UnknownWeekday(f"{plain!r} names a day twice", path)
    return tuple(days)


def windows_from_plain(plain: object, path: Path = ()) -> Windows:
    """Return the windows of one day, in order, from a list such as `["08:00-12:00"]`."""
    if not isinstance(plain, list | tuple):
        raise BadWindow(f'windows are a list such as ["08:00-17:00"], not {plain!r}', path)
    windows = [_window(text, (*path, at)) for at, text in enumerate(plain)]
    places = {window: (*path, at) for at, window in enumerate(windows)}
    for earlier, later in pairwise(sorted(windows)):
        if later.opens < earlier.closes:
            raise OverlappingWindows(
                f"{_window_text(earlier)} and {_window_text(later)} overlap: make them one window",
                places[later],
            )
    return tuple(sorted(windows))


def windows_to_plain(windows: Windows) -> list[str]:
    """Return windows in their one written form."""
    return [_window_text(window) for window in windows]


def _weekday(name: str, path: Path) -> int:
    name = name.strip().lower()
    if name not in WEEKDAYS:
        hint = did_you_mean(name[:3], WEEKDAYS)
        raise UnknownWeekday(
            f"{name!r} is no weekday{hint}: write a day, a range or a list of "
            f"{', '.join(WEEKDAYS)}",
            path,
        )
    return WEEKDAYS.index(name)


def _window(plain: object, path: Path) -> Window:
    match = WINDOW.fullmatch(plain) if isinstance(plain, str) else None
    if match is None:
        raise BadWindow(f"{plain!r} is no window: write one such as 08:00-17:00", path)
    opens, closes = (_minute_of_day(text, path) for text in match.groups())
    if opens == closes:
        raise BadWindow(f"{plain} is empty: a window ends later than it begins", path)
    if closes == 0:
        raise BadWindow(f"{plain} ends at midnight: write {_time_text(opens)}-24:00", path)
    if opens > closes:
        raise BadWindow(
            f"{plain} goes over midnight: write it as two, {_time_text(opens)}-24:00 "
            f"and 00:00-{_time_text(closes)} on the day after",
            path,
        )
    return Window(opens, closes)


def _minute_of_day(text: str, path: Path) -> int:
    hour, minute = (int(number) for number in text.split(":"))
    if minute >= HOUR_MINUTES or hour * HOUR_MINUTES + minute > DAY_MINUTES:
        raise BadWindow(f"{text} is no time of day: write 00:00 to 24:00", path)
    return hour * HOUR_MINUTES + minute


def _time_text(minute_of_day: int) -> str:
    return "{:02}:{:02}".format(*divmod(minute_of_day, HOUR_MINUTES))


def _window_text(window: Window) -> str:
    return f"{_time_text(window.opens)}-{_time_text(window.closes)}"


def _days_text(days: list[int]) -> str:
    if len(days) >= SHORTEST_RANGE and days[-1] - days[0] == len(days) - 1:
        return f"{WEEKDAYS[days[0]]}-{WEEKDAYS[days[-1]]}"
    return ",".join(WEEKDAYS[day] for day in days)
