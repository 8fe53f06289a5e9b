"""A layer as the desk file writes it: rotation, handover, start, people, hours."""

import re
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from bridge.calendars.suggestions import did_you_mean
from bridge.calendars.weekly_form import WEEKDAYS, days_from_plain
from bridge.oncall.local_form import BadSchedule, Path, wall_from_plain
from bridge.oncall.schedule import Layer, Rotation, Unit, Window

NAMED_ROTATIONS = {
    "hourly": Unit.HOURS,
    "daily": Unit.DAYS,
    "weekly": Unit.WEEKS,
    "monthly": Unit.MONTHS,
}
EXAMPLES = {
    Unit.HOURS: '":30" or "08:00"',
    Unit.DAYS: '"09:00"',
    Unit.WEEKS: '"mon 09:00"',
    Unit.MONTHS: '"1 09:00"',
}
HANDOVER = re.compile(
    r"(?:(?P<day>[a-z]+|[0-9]{1,2})\s+)?(?P<hour>[0-9]{1,2})?:(?P<minute>[0-9]{2})"
)
HOURS = re.compile(r"([0-9]{1,2}):([0-9]{2})\s*-\s*([0-9]{1,2}):([0-9]{2})")
HOUR_MINUTES = 60
DAY_MINUTES = 24 * HOUR_MINUTES
LAST_HOUR = 23
LONGEST_MONTH = 31
# More than the hours of a month; a longer wait has a larger unit.
MOST_UNITS = 1000


class BadRotation(BadSchedule):
    """The rotation is none of those there are."""


class BadHandover(BadSchedule):
    """The handover does not say when a rotation of this kind changes hands."""


class NoPeople(BadSchedule):
    """A layer names nobody, or somebody without an id."""


class NoStart(BadSchedule):
    """A layer does not say when it starts."""


class BadHours(BadSchedule):
    """The hours to which a layer is restricted are none."""


def layer_from_plain(plain: object, zone: ZoneInfo, path: Path = ()) -> Layer:
    """Return the layer that an entry of `layers` says.

    Raises a class below Refused, with the `path` to what is wrong, for the first broken rule.
    """
    if not isinstance(plain, Mapping):
        raise BadSchedule("a layer is a mapping with rotation, handover, starts and people", path)
    if plain.get("starts") is None:
        raise NoStart("the layer has no start: write starts: and its first day", path)
    only = plain.get("only")
    return Layer(
        rotation=rotation_from_plain(plain.get("rotation"), plain.get("handover"), path),
        starts=wall_from_plain(plain["starts"], zone, (*path, "starts")),
        people=people_from_plain(plain.get("people"), (*path, "people")),
        only=None if only is None else hours_from_plain(only, (*path, "only")),
    )


def rotation_from_plain(rotation: object, handover: object, path: Path = ()) -> Rotation:
    """Return what `weekly` or `{every: 2, unit: weeks}` means with its handover.

    handover: `:30` or `08:00` by the hour (without one: on the hour), `02:30` by the day,
    `mon 09:00` by the week, `31 09:00` by the month.
    path: of the layer.
    """
    unit, every = _unit_and_every(rotation, (*path, "rotation"))
    here = (*path, "handover")
    if handover is None and unit is Unit.HOURS:
        return Rotation(unit, every, hour=None)
    if handover is None:
        raise BadHandover(
            f"the layer has no handover: write handover: {EXAMPLES[unit]}, or when it is", path
        )
    match = HANDOVER.fullmatch(handover.strip().lower()) if isinstance(handover, str) else None
    day = _handover_day(unit, match["day"]) if match else None
    if match is None or day is None or not _is_time_of(unit, match["hour"], match["minute"]):
        raise BadHandover(
            f"{handover!r} is no handover for a rotation in {unit.value}: write one such as "
            f"{EXAMPLES[unit]}",
            here,
        )
    hour = None if match["hour"] is None else int(match["hour"])
    return Rotation(unit, every, day, hour, int(match["minute"]))


def people_from_plain(plain: object, path: Path = ()) -> tuple[str, ...]:
    """Return the ids in a list of at least one, in its order."""
    if not isinstance(plain, list | tuple) or not plain:
        raise NoPeople("there is nobody here: write a list of ids such as [anna, ben]", path)
    return tuple(person_from_plain(person, (*path, at)) for at, person in enumerate(plain))


def person_from_plain(plain: object, path: Path = ()) -> str:
    """Return the id of a person."""
    if not isinstance(plain, str) or not plain.strip():
        raise NoPeople(f"{plain!r} is no id of a person: write one such as anna", path)
    return plain


def hours_from_plain(plain: object, path: Path = ()) -> tuple[Window, ...]:
    """Return the windows in a mapping such as `{mon-fri: ["18:00-08:00"]}`.

    A window that ends at or before the time it begins at ends on the day after.
    """
    if not isinstance(plain, Mapping) or not plain:
        raise BadHours('hours are a mapping such as {mon-fri: ["18:00-08:00"]}', path)
    windows: list[Window] = []
    for days, texts in plain.items():
        here = (*path, str(days))
        if not isinstance(texts, list | tuple) or not texts:
            raise BadHours(f'windows are a list such as ["18:00-08:00"], not {texts!r}', here)
        for weekday in days_from_plain(days, here):
            windows += [_window(weekday, text, (*here, at)) for at, text in enumerate(texts)]
    return tuple(windows)


def _unit_and_every(plain: object, path: Path) -> tuple[Unit, int]:
    if isinstance(plain, str) and plain in NAMED_ROTATIONS:
        return NAMED_ROTATIONS[plain], 1
    if not isinstance(plain, Mapping):
        hint = did_you_mean(str(plain), NAMED_ROTATIONS)
        raise BadRotation(
            f"{plain!r} is no rotation{hint}: write {', '.join(NAMED_ROTATIONS)} or "
            "{every: 2, unit: weeks}",
            path,
        )
    units = [unit.value for unit in Unit]
    unit, every = plain.get("unit"), plain.get("every")
    if unit not in units:
        hint = did_you_mean(str(unit), units)
        raise BadRotation(f"{unit!r} is no unit{hint}: write one of {', '.join(units)}", path)
    if type(every) is not int or not 1 <= every <= MOST_UNITS:
        raise BadRotation(f"every is a whole number from 1 to {MOST_UNITS}, not {every!r}", path)
    return Unit(unit), every


def _handover_day(unit: Unit, day: str | None) -> int | None:
    """Return the day as a rotation counts it, 0 where it needs none, None where it is wrong."""
    match unit:
        case Unit.HOURS | Unit.DAYS:
            return 0 if day is None else None
        case Unit.WEEKS:
            return WEEKDAYS.index(day) if day in WEEKDAYS else None
        case Unit.MONTHS:
            number = int(day) if day and day.isdecimal() else 0
            return number if 1 <= number <= LONGEST_MONTH else None


def _is_time_of(unit: Unit, hour: str | None, minute: str) -> bool:
    hour_fits = unit is Unit.HOURS if hour is None else int(hour) <= LAST_HOUR
    return hour_fits and int(minute) < HOUR_MINUTES


def _window(weekday: int, text: object, path: Path) -> Window:
    match = HOURS.fullmatch(text.strip()) if isinstance(text, str) else None
    if match is None:
        raise BadHours(f"{text!r} is no window: write one such as 18:00-08:00", path)
    opens = _minute_of_day(match[1], match[2], path)
    closes = _minute_of_day(match[3], match[4], path)
    if opens == closes:
        raise BadHours(f"{text} begins when it ends: for a whole day write 00:00-24:00", path)
    if opens == DAY_MINUTES:
        raise BadHours(f"{text} begins at 24:00: write it as 00:00 of the next day", path)
    return Window(weekday, opens, closes if opens < closes else closes + DAY_MINUTES)


def _minute_of_day(hour: str, minute: str, path: Path) -> int:
    total = int(hour) * HOUR_MINUTES + int(minute)
    if int(minute) >= HOUR_MINUTES or total > DAY_MINUTES:
        raise BadHours(f"{hour}:{minute} is no time of day: write 00:00 to 24:00", path)
    return total
