"""A sentence before it is written: its text, and the values that are filled in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bridge.calendars.closures import holiday_name
from bridge.calendars.definition import Window
from bridge.calendars.public_holidays import HolidayRule
from bridge.language import say
from bridge.moments import Moments

ONE_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time, written in the zone of the reader."""

    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Holiday:
    """A public holiday, written by its name."""

    rule: HolidayRule
    on: date


@dataclass(frozen=True, slots=True)
class Joined:
    """Several values in one place, with `between` between them."""

    parts: tuple["Value", ...]
    between: str = ", "


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text of the code with `%(name)s` in it, and a value for each name."""

    text: str
    values: Mapping[str, "Value"] = field(default_factory=dict, hash=False)


# A `timedelta` is written to the second, a `datetime` with its day and zone.
Value = str | int | datetime | date | timedelta | Window | Stretch | Holiday | Joined | Sentence


def words(text: str) -> str:
    """Return `text` as it is: it is translated when the sentence is written."""
    return text


def joined(parts: Iterable[Value], between: str = ", ") -> Joined:
    """Return these values as one."""
    return Joined(tuple(parts), between)


def written(sentence: Sentence, at: Moments, zone: str | None = None) -> str:
    """Return a sentence in the language of `at`; moments in `zone`, else in that of `at`."""
    values = {name: value_written(value, at, zone) for name, value in sentence.values.items()}
    text = say(at.language)(sentence.text)
    return text % values if values else text


def value_written(value: Value, at: Moments, zone: str | None = None) -> str:
    """Return a value as it stands in a sentence."""
    match value:
        case Sentence():
            return written(value, at, zone)
        case Joined(parts, between):
            return between.join(value_written(part, at, zone) for part in parts)
        case Stretch(begin, end):
            return at.span(begin, end, zone)
        case datetime():
            return at.exactly(value, zone)
        case _:
            return _timeless(value, at)


def _timeless(value: Value, at: Moments) -> str:
    match value:
        case Holiday(rule, on):
            return holiday_name(rule, on, at.language)
        case date():
            return at.date(value)
        case timedelta():
            return "< 1 s" if timedelta(0) < abs(value) < ONE_SECOND else at.exact(value)
        case Window(opens, closes):
            return f"{opens // 60:02}:{opens % 60:02} – {closes // 60:02}:{closes % 60:02}"
        case _:
            return str(value)
