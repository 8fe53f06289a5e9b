"""Single values of the desk file: days, months, factors, names, addresses, zones."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, PlainSerializer, WithJsonSchema

from bridge.calendars.desk_form import zone_from_plain
from bridge.calendars.weekly_form import BadCalendar

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
FACTOR = re.compile(r"[0-9]{1,3}(\.[0-9]{1,6})?")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
EMAIL = re.compile(r"[^@\s<>,;:\"()\[\]\\]{1,64}@[^@\s<>,;:\"()\[\]\\]{1,253}")
DOMAIN = re.compile(r"(?=.{1,253}$)[^\W_]([\w-]*[\w])?(\.[^\W_]([\w-]*[\w])?)+")
HIGHEST_FACTOR = 100
FIRST_YEAR = 1970
LAST_YEAR = 2099

Priority = Literal["P1", "P2", "P3", "P4"]
Language = Literal["de", "en"]


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month."""

    year: int
    month: int

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"

    @property
    def first_day(self) -> date:
        """Return the 1st of the month."""
        return date(self.year, self.month, 1)


def day_from_text(value: object) -> date:
    """Return the day that `2026-01-31` names."""
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not DAY.fullmatch(value):
        raise ValueError(f"{value!s:.40} is no day: write year, month and day, such as 2026-01-31")
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"there is no day {value}: check month and day") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"{value} is out of range: years go from {FIRST_YEAR} to {LAST_YEAR}")
    return day


def month_from_text(value: object) -> Month:
    """Return the month that `2026-01` names."""
    if isinstance(value, Month):
        return value
    found = MONTH.fullmatch(value) if isinstance(value, str) else None
    if not found or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        raise ValueError(f"{value!s:.40} is no month: write year and month, such as 2026-01")
    return Month(int(found[1]), int(found[2]))


def factor_from_text(value: object) -> Decimal:
    """Return the factor that `1.5`, with or without quotes, names: exactly, never as a float."""
    if isinstance(value, float):
        # JSON and other readers make a float of 1.5; its shortest text is what was written.
        value = str(value)
    text = str(value) if isinstance(value, str | int | Decimal) else ""
    if isinstance(value, bool) or not FACTOR.fullmatch(text):
        hint = text.replace(",", ".", 1)
        better = f"write {hint}" if FACTOR.fullmatch(hint) else "write a number such as 1.5"
        raise ValueError(f"{value!s:.40} is no factor: {better}")
    factor = Decimal(text)
    if not 1 <= factor <= HIGHEST_FACTOR:
        raise ValueError(
            f"the factor {text} is not between 1 and {HIGHEST_FACTOR}: the highest that applies"
            " counts, so that one below 1 would never do"
        )
    return factor


def factor_text(factor: Decimal) -> str:
    """Return the one text for a factor, without zeros at its end: `1.5`, `2`."""
    text = format(factor, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _name(value: str) -> str:
    if not NAME.fullmatch(value):
        raise ValueError(
            f"{value!r:.70} cannot be a name: use letters, digits, . _ and - (at most 64, the first"
            " a letter or digit)"
        )
    return value


def _number(value: object) -> object:
    # A number without quotes is taken as it is written; one with leading zeros arrives as text.
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _text(value: str) -> str:
    if not value.strip() or value != value.strip():
        raise ValueError("this text is empty or has blanks around it: remove them")
    return value


def _email(value: str) -> str:
    if not EMAIL.fullmatch(value):
        raise ValueError(f"{value!r:.70} is no mail address: write one such as anna@msp.example")
    return value


def _domain(value: str) -> str:
    domain = value.lower()
    if not DOMAIN.fullmatch(domain):
        raise ValueError(
            f"{value!r:.70} is no domain: write what stands after the @, such as acme.example"
        )
    return domain


def _zone(value: str) -> str:
    try:
        return zone_from_plain(value)
    except BadCalendar as error:
        raise ValueError(str(error)) from None


Day = Annotated[
    date,
    BeforeValidator(day_from_text),
    PlainSerializer(date.isoformat),
    WithJsonSchema({"type": "string", "format": "date", "examples": ["2026-01-01"]}),
]
CalendarMonth = Annotated[
    Month,
    BeforeValidator(month_from_text),
    PlainSerializer(str),
    WithJsonSchema(
        {"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$", "examples": ["2026-01"]}
    ),
]
Factor = Annotated[
    Decimal,
    BeforeValidator(factor_from_text),
    PlainSerializer(factor_text),
    WithJsonSchema(
        {
            "description": "A factor from 1 to 100, read as text and exact.",
            "anyOf": [
                {"type": "number", "minimum": 1, "maximum": HIGHEST_FACTOR},
                {"type": "string", "pattern": r"^[0-9]{1,3}(\.[0-9]{1,6})?$"},
            ],
            "examples": [1.5, 2],
        }
    ),
]
Name = Annotated[
    str,
    AfterValidator(_name),
    WithJsonSchema({"type": "string", "pattern": r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"}),
]
Number = Annotated[
    str,
    AfterValidator(_name),
    BeforeValidator(_number),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"},
                {"type": "integer", "minimum": 0},
            ]
        }
    ),
]
Text = Annotated[str, AfterValidator(_text)]
Email = Annotated[
    str, AfterValidator(_email), WithJsonSchema({"type": "string", "format": "email"})
]
Domain = Annotated[
    str, AfterValidator(_domain), WithJsonSchema({"type": "string", "examples": ["acme.example"]})
]
Zone = Annotated[
    str,
    AfterValidator(_zone),
    WithJsonSchema(
        {"type": "string", "description": "An IANA time zone.", "examples": ["Europe/Berlin"]}
    ),
]
