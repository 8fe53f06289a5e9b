"""The section `calendars`: service hours by name."""

from collections.abc import Callable
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    WithJsonSchema,
    model_serializer,
    model_validator,
)

from bridge.calendars.definition import CalendarDefinition
from bridge.calendars.desk_form import calendar_from_plain, holidays_from_plain
from bridge.calendars.special_form import special_from_plain, special_to_plain
from bridge.calendars.weekly_form import BadCalendar, hours_from_plain, hours_to_plain
from bridge.desk_file.entry import Entry, Many, Misplaced, OrText
from bridge.desk_file.errors import TreePath
from bridge.desk_file.values import Day, Zone

WINDOW_SCHEMA = {
    "type": "string",
    "pattern": r"^\s*[0-9]{1,2}:[0-9]{2}\s*-\s*[0-9]{1,2}:[0-9]{2}\s*$",
    "examples": ["08:00-17:00"],
}
WindowText = Annotated[str, WithJsonSchema(WINDOW_SCHEMA)]
Windows = dict[str, Many[WindowText]]


def _hours(hours: Windows) -> Windows:
    _each(hours, hours_from_plain)
    try:
        return {k: tuple(v) for k, v in hours_to_plain(hours_from_plain(hours)).items()}
    except BadCalendar as error:
        raise Misplaced([(error.path, str(error))]) from None


def _special(special: dict[str, Any]) -> dict[str, Any]:
    _each(special, special_from_plain)
    try:
        plain = special_to_plain(special_from_plain(special))
    except BadCalendar as error:
        raise Misplaced([(error.path, str(error))]) from None
    return {key: tuple(day) if isinstance(day, list) else day for key, day in plain.items()}


def _each(entries: dict[str, Any], read: Callable[[object], object]) -> None:
    """Read every entry on its own, so that the mistakes of all are told at once."""
    mistakes: list[tuple[TreePath, str]] = []
    for key, value in entries.items():
        try:
            read({key: value})
        except BadCalendar as error:
            mistakes.append((error.path, str(error)))
    if mistakes:
        raise Misplaced(mistakes)


def _code_alone(value: object) -> object:
    return {"of": value} if isinstance(value, str) else value


class Holidays(Entry):
    """Public holidays of a country or state."""

    of: str = Field(description="A country such as DE, or a state such as DE-NW.")
    categories: Many[str] = Field(
        default=("public",), description="Categories of holidays, such as public, catholic, bank."
    )

    @model_validator(mode="after")
    def _are_known(self) -> Self:
        try:
            holidays_from_plain({"of": self.of, "categories": self.categories})
        except BadCalendar as error:
            raise ValueError(str(error)) from None
        return self

    @model_serializer(mode="wrap")
    def _shortest(self, handler: Any) -> Any:
        entry = handler(self)
        if set(entry) <= {"of", "categories"} and self.categories == ("public",):
            return entry["of"]
        return entry


HolidayForm = Annotated[Holidays, BeforeValidator(_code_alone), OrText(examples=["DE-NW", "NO"])]
SpecialForm = Annotated[
    dict[str, Any],
    AfterValidator(_special),
    WithJsonSchema(
        {
            "type": "object",
            "propertyNames": {
                "pattern": r"^([0-9]{2}-[0-9]{2}|"
                r"[0-9]{4}-[0-9]{2}-[0-9]{2}(/[0-9]{4}-[0-9]{2}-[0-9]{2})?)$"
            },
            "additionalProperties": {
                "anyOf": [{"const": "closed"}, {"type": "array", "items": WINDOW_SCHEMA}]
            },
        }
    ),
]


class CalendarForm(Entry):
    """Service hours: weekly windows, public holidays and special days in one zone."""

    timezone: Zone = Field(description="The zone of all its times.")
    hours: Annotated[Windows, AfterValidator(_hours)] = Field(
        default={},
        description="Windows by day (mon), range (mon-fri) or list of days (sat,sun).",
        examples=[{"mon-fri": ["08:00-17:00"]}],
    )
    holidays: HolidayForm | None = Field(
        default=None, description="Days on which it is closed although the weekday is open."
    )
    special: SpecialForm = Field(
        default={},
        description="Other hours, or closed, on a day of every year (12-24), on one date"
        " (2027-02-08) or from one date to another (2027-08-02/2027-08-13).",
        examples=[{"12-24": ["08:00-12:00"], "2027-02-08": "closed"}],
    )
    valid_from: Day | None = Field(
        default=None, description="From midnight of this day on, in the calendar's zone."
    )

    @model_validator(mode="after")
    def _opens_some_day(self) -> Self:
        try:
            self.definition()
        except BadCalendar as error:
            raise Misplaced([(error.path, str(error))]) from None
        return self

    def definition(self) -> CalendarDefinition:
        """Return the calendar to calculate with; its `valid_from` is not part of it."""
        return calendar_from_plain(self.plain())
