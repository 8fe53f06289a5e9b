"""How long something takes, as the desk file writes it: `90s`, `30m`, `4h`, `2d`."""

import re
from datetime import timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from bridge.durations import SECONDS

LONGEST = timedelta(days=3660)
WRITTEN = re.compile(r"([0-9]{1,9})([smhd])")
# What people write instead, and the unit they mean by it.
OTHER_UNITS = {
    "sec": "s", "second": "s", "seconds": "s", "min": "m", "mins": "m", "minute": "m",
    "minutes": "m", "hr": "h", "hrs": "h", "hour": "h", "hours": "h", "std": "h", "day": "d",
    "days": "d", "S": "s", "M": "m", "H": "h", "D": "d",
}  # fmt: skip
ADVICE = "write a number and a unit, such as 90s, 30m, 4h or 2d"


def duration_from_text(text: object) -> timedelta:
    """Return the time that `30m` names. Raises ValueError with what to write instead."""
    if isinstance(text, timedelta):
        return text
    found = WRITTEN.fullmatch(text) if isinstance(text, str) else None
    if not found:
        raise ValueError(_advice(text))
    seconds = int(found[1]) * SECONDS[found[2]]
    if seconds > LONGEST.total_seconds():
        raise ValueError(f"{text} is longer than ten years: check the number and the unit")
    return timedelta(seconds=seconds)


def duration_text(duration: timedelta) -> str:
    """Return the one text for `duration`, in the largest unit that needs no fraction.

    Days are used from two on, because a promise of 24h reads better than one of 1d.
    """
    seconds = round(duration.total_seconds())
    for unit, least in (("d", 2), ("h", 1), ("m", 1)):
        if seconds >= least * SECONDS[unit] and seconds % SECONDS[unit] == 0:
            return f"{seconds // SECONDS[unit]}{unit}"
    return f"{seconds}s"


def _advice(given: object) -> str:
    if isinstance(given, int) and not isinstance(given, bool):
        return f"{given} has no unit: write {given}m if minutes are meant (s, m, h, d)"
    if not isinstance(given, str):
        return f"a duration is wanted here: {ADVICE}"
    return f"{given!r:.40} is no duration: {_likely(given)}"


def _likely(text: str) -> str:
    parts = re.fullmatch(r"([0-9]{1,9})\s*([A-Za-z]+)", text)
    unit = parts and (parts[2] if parts[2] in SECONDS else OTHER_UNITS.get(parts[2]))
    if parts and unit:
        return f"write {parts[1]}{unit}"
    if mixed := re.fullmatch(r"([0-9]{1,4})h ?([0-9]{1,4})m", text):
        return f"use one unit: write {int(mixed[1]) * 60 + int(mixed[2])}m"
    if clock := re.fullmatch(r"([0-9]{1,4}):([0-9]{2})", text):
        return f"write {int(clock[1]) * 60 + int(clock[2])}m"
    return ADVICE


def _more_than_nothing(duration: timedelta) -> timedelta:
    if duration <= timedelta(0):
        raise ValueError("this takes some time: write more than 0, or leave the line out")
    return duration


def _whole_minutes(duration: timedelta) -> timedelta:
    if duration % timedelta(minutes=1):
        raise ValueError(f"{duration_text(duration)} is not a whole number of minutes: round it")
    return duration


def _schema(text: str, examples: list[str]) -> WithJsonSchema:
    schema: dict[str, Any] = {"type": "string", "pattern": "^[0-9]{1,9}[smhd]$"}
    return WithJsonSchema({**schema, "description": text, "examples": examples})


def _checked(value: object, *checks: Any) -> timedelta:
    duration = duration_from_text(value)
    for check in checks:
        duration = check(duration)
    return duration


Duration = Annotated[
    timedelta,
    BeforeValidator(duration_from_text),
    PlainSerializer(duration_text),
    _schema("A duration: a number and s, m, h or d.", ["90s", "30m", "4h", "2d"]),
]
PositiveDuration = Annotated[
    timedelta,
    BeforeValidator(lambda value: _checked(value, _more_than_nothing)),
    PlainSerializer(duration_text),
    _schema("A duration of more than nothing.", ["90s", "30m", "4h", "2d"]),
]
Minutes = Annotated[
    timedelta,
    BeforeValidator(lambda value: _checked(value, _whole_minutes)),
    PlainSerializer(duration_text),
    _schema("Whole minutes, or none.", ["0m", "15m", "5h"]),
]
PositiveMinutes = Annotated[
    timedelta,
    BeforeValidator(lambda value: _checked(value, _whole_minutes, _more_than_nothing)),
    PlainSerializer(duration_text),
    _schema("Whole minutes, at least one.", ["15m", "4h"]),
]
