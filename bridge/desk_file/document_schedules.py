"""The section `schedules`: who is on call when, as layers of turns and overrides."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainSerializer,
    WithJsonSchema,
    model_serializer,
    model_validator,
)

from bridge.calendars.suggestions import did_you_mean
from bridge.calendars.weekly_form import BadCalendar
from bridge.desk_file.document_calendars import Windows
from bridge.desk_file.entry import AtLeastOne, Entry, Many, Misplaced, OrText
from bridge.desk_file.errors import TreePath
from bridge.desk_file.values import Name, Zone
from bridge.oncall.layer_form import (
    NAMED_ROTATIONS,
    hours_from_plain,
    layer_from_plain,
    rotation_from_plain,
)
from bridge.oncall.local_form import BadSchedule
from bridge.oncall.schedule import Schedule
from bridge.oncall.schedule_form import override_from_plain, schedule_from_plain

UTC = ZoneInfo("UTC")
MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})?)?"
)


def _mistakes_of(*readings: Callable[[], object]) -> list[tuple[TreePath, str]]:
    mistakes: list[tuple[TreePath, str]] = []
    for reading in readings:
        try:
            reading()
        except (BadSchedule, BadCalendar) as error:
            mistakes.append((error.path, str(error)))
    return mistakes


def _refuse(mistakes: list[tuple[TreePath, str]]) -> None:
    if mistakes:
        raise Misplaced(mistakes)


def _moment(value: str) -> str:
    text = value.strip().replace(" ", "T", 1)
    try:
        if MOMENT.fullmatch(text):
            datetime.fromisoformat(text)
            return text
    except ValueError:
        raise ValueError(f"there is no moment {value!r:.40}: check day and time") from None
    raise ValueError(
        f"{value!r:.40} is no moment: write a day such as 2026-12-24, or with its time,"
        ' "2026-12-24T09:00"'
    )


def _only(hours: dict[str, Any]) -> dict[str, Any]:
    entries = ({key: value} for key, value in hours.items())
    _refuse(_mistakes_of(*(lambda entry=entry: hours_from_plain(entry) for entry in entries)))
    return hours


def _one_as_many(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _many_as_one(people: tuple[str, ...]) -> object:
    return people[0] if len(people) == 1 else list(people)


Moment = Annotated[
    str,
    AfterValidator(_moment),
    WithJsonSchema(
        {
            "type": "string",
            "description": "A day, or a day and time; local to the schedule without an offset.",
            "examples": ["2026-01-05", "2026-12-24T09:00"],
        }
    ),
]
People = Annotated[
    AtLeastOne[Name],
    BeforeValidator(_one_as_many),
    PlainSerializer(_many_as_one),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string"},
                {"type": "array", "items": {"type": "string"}, "minItems": 1},
            ]
        }
    ),
]


class RotationForm(Entry):
    """A change of hands every so many hours, days, weeks or months."""

    every: int = Field(ge=1, le=1000, description="How many of them a turn lasts.")
    unit: Literal["hours", "days", "weeks", "months"] = Field(description="What is counted.")

    @model_serializer(mode="wrap")
    def _shortest(self, handler: Any) -> Any:
        if self.every > 1:
            return handler(self)
        return next(name for name, unit in NAMED_ROTATIONS.items() if unit.value == self.unit)


def _named_rotation(value: object) -> object:
    if not isinstance(value, str):
        return value
    if value not in NAMED_ROTATIONS:
        hint = did_you_mean(value, NAMED_ROTATIONS)
        raise ValueError(
            f"{value!r:.40} is no rotation{hint}: write {', '.join(NAMED_ROTATIONS)} or"
            " {every: 2, unit: weeks}"
        )
    return {"every": 1, "unit": NAMED_ROTATIONS[value].value}


class LayerForm(Entry):
    """People who take turns, in order."""

    rotation: Annotated[
        RotationForm, BeforeValidator(_named_rotation), OrText(enum=list(NAMED_ROTATIONS))
    ] = Field(description="hourly, daily, weekly, monthly, or {every: 2, unit: weeks}.")
    handover: str | None = Field(
        default=None,
        description="When hands change: 02:30 by the day, mon 09:00 by the week, 31 09:00 by the"
        " month (its last day where it is shorter).",
    )
    starts: Moment = Field(description="The first handover is at or after it; before it, nobody.")
    people: AtLeastOne[Name] = Field(description="In the order of their turns.")
    only: Annotated[Windows, AfterValidator(_only)] | None = Field(
        default=None,
        description="The hours in which this layer counts; it does not change whose turn it is.",
        examples=[{"mon-fri": ["18:00-24:00"]}],
    )

    @model_validator(mode="after")
    def _handover_fits(self) -> Self:
        rotation = self.rotation.model_dump()
        _refuse(_mistakes_of(lambda: rotation_from_plain(rotation, self.handover)))
        return self


class OverrideForm(Entry):
    """A change of who is on call, for a while; the later in the file wins."""

    from_: Moment = Field(alias="from", description="When it begins, local to the schedule.")
    to: Moment = Field(description="When it is over.")
    replace: Name | None = Field(default=None, description="Whose place is taken, by `with`.")
    with_: People | None = Field(
        default=None, alias="with", description="Who comes in the place of `replace`."
    )
    add: People | None = Field(default=None, description="Who comes on call besides the others.")
    remove: People | None = Field(default=None, description="Who goes off call.")
    cover: People | None = Field(
        default=None, description="Who is on call instead of whoever is, or of nobody."
    )

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        _refuse(_mistakes_of(lambda: override_from_plain(self.plain(), UTC)))
        return self

    def people(self) -> tuple[tuple[TreePath, str], ...]:
        """Return everybody it names, each with the path to it."""
        named: list[tuple[TreePath, str]] = []
        if self.replace is not None:
            named.append((("replace",), self.replace))
        for key, people in (("with", self.with_), ("add", self.add), ("remove", self.remove)):
            named += [((key, at), person) for at, person in enumerate(people or ())]
        named += [(("cover", at), person) for at, person in enumerate(self.cover or ())]
        return tuple(named)


class ScheduleForm(Entry):
    """Who is on call when."""

    timezone: Zone = Field(description="The zone of all its times.")
    layers: Many[LayerForm] = Field(
        default=(), description="Lowest first; a higher one wins where it is not empty."
    )
    overrides: Many[OverrideForm] = Field(
        default=(), description="Changes for a while; the later in the file wins."
    )

    @model_validator(mode="after")
    def _times_exist(self) -> Self:
        zone = ZoneInfo(self.timezone)
        layers = (
            lambda at=at, layer=layer: layer_from_plain(layer.plain(), zone, ("layers", at))
            for at, layer in enumerate(self.layers)
        )
        overrides = (
            lambda at=at, each=each: override_from_plain(each.plain(), zone, ("overrides", at))
            for at, each in enumerate(self.overrides)
        )
        _refuse(_mistakes_of(*layers, *overrides))
        return self

    def schedule(self) -> Schedule:
        """Return the schedule to calculate with."""
        return schedule_from_plain(self.plain())
