"""What a schedule is: layers of people who take turns, and overrides for a while."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from zoneinfo import ZoneInfo


class Unit(Enum):
    """What a rotation counts in."""

    HOURS = "hours"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"


@dataclass(frozen=True, slots=True)
class Rotation:
    """A change of hands every `every` units, at a wall time.

    day: of the week, 0 is Monday, or of the month, where a shorter month hands over on its last
    day; hours and days have none.
    hour: None only for hours: every hour, at `minute` past it.
    """

    unit: Unit
    every: int = 1
    day: int = 0
    hour: int | None = 0
    minute: int = 0


@dataclass(frozen=True, slots=True)
class Window:
    """Hours of one weekday, 0 is Monday, in minutes of wall time since its midnight.

    closes_minute: more than `opens_minute`; more than 1440 reaches into the next day.
    """

    weekday: int
    opens_minute: int
    closes_minute: int


@dataclass(frozen=True, slots=True)
class Layer:
    """People who take turns, in order.

    starts: wall time; `people[0]` begins at the first handover at or after it.
    only: the windows in which the layer counts; None is always. It never moves a turn.
    """

    rotation: Rotation
    starts: datetime
    people: tuple[str, ...]
    only: tuple[Window, ...] | None = None


class OverrideKind(Enum):
    """What an override does."""

    REPLACE = "replace"
    ADD = "add"
    REMOVE = "remove"
    COVER = "cover"


@dataclass(frozen=True, slots=True)
class Override:
    """A change to who is on call from `starts_at` to before `ends_at`.

    people: who comes on call; for `remove`, who goes off.
    replaced: for `replace`, whose place they take; otherwise None.
    """

    starts_at: datetime
    ends_at: datetime
    kind: OverrideKind
    people: tuple[str, ...]
    replaced: str | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """Layers, the lowest first, whose wall times are those of `timezone`; later overrides win."""

    timezone: ZoneInfo
    layers: tuple[Layer, ...]
    overrides: tuple[Override, ...] = ()


@dataclass(frozen=True, slots=True)
class Shift:
    """A span of time, in UTC and without its end, with one answer to who is on call."""

    starts_at: datetime
    ends_at: datetime
    people: tuple[str, ...]
