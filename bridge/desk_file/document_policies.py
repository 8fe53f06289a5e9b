"""The section `policies`: who is paged in which order until somebody answers."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    WithJsonSchema,
    model_serializer,
)

from bridge.desk_file.by_priority import ByPriority
from bridge.desk_file.durations import Duration, PositiveDuration, duration_text
from bridge.desk_file.entry import AtLeastOne, Entry, OrText
from bridge.desk_file.secret import url_from_text
from bridge.desk_file.values import NAME, Name
from bridge.oncall.policy import DEFAULT_DELAY, Target, TargetKind

MOST_ROUNDS = 100
TARGET_ADVICE = "write a person's id, schedule:ID or room:URL"
DEFAULT_ELSE = DEFAULT_DELAY["else"]


def target_from_text(text: object) -> Target:
    """Return the person, `schedule:ID` or `room:URL` that `text` names."""
    if isinstance(text, Target):
        return text
    if not isinstance(text, str):
        raise ValueError(TARGET_ADVICE)  # noqa: TRY004 - pydantic expects ValueErrors
    kind, colon, rest = text.partition(":")
    if colon and kind == TargetKind.ROOM.value:
        return Target(TargetKind.ROOM, str(url_from_text(rest)))
    if colon and kind == TargetKind.SCHEDULE.value and NAME.fullmatch(rest):
        return Target(TargetKind.SCHEDULE, rest)
    if colon or not NAME.fullmatch(text):
        raise ValueError(f"{kind!r:.40} is no target: {TARGET_ADVICE}")
    return Target(TargetKind.PERSON, text)


def target_text(target: Target) -> str:
    """Return what the desk file says for `target`."""
    if target.kind is TargetKind.PERSON:
        return target.label
    return f"{target.kind.value}:{target.label}"


def _start_delay(value: object) -> object:
    if isinstance(value, StartDelay):
        return value
    if not isinstance(value, Mapping):
        return {"else": value}
    return value if "else" in value else {**_default_delays(), **value}


def _default_delays() -> dict[str, str]:
    return {priority: duration_text(delay) for priority, delay in DEFAULT_DELAY.items()}


class StartDelay(Entry):
    """How long after a ticket becomes pageable the first step is due, by priority."""

    # What is not said of P1 and of the others is filled in before the model looks at it.
    model_config = ConfigDict(json_schema_extra={"required": []})

    p1: Duration | None = Field(default=None, alias="P1", description="For P1.")
    p2: Duration | None = Field(default=None, alias="P2", description="For P2.")
    p3: Duration | None = Field(default=None, alias="P3", description="For P3.")
    p4: Duration | None = Field(default=None, alias="P4", description="For P4.")
    else_: Duration = Field(alias="else", description="For every other priority.")

    @model_serializer(mode="wrap")
    def _shortest(self, handler: Any) -> Any:
        entry = {key: delay for key, delay in handler(self).items() if delay is not None}
        return entry["else"] if set(entry) == {"else"} else entry


AnyTarget = Annotated[
    Target,
    PlainValidator(target_from_text),
    PlainSerializer(target_text),
    WithJsonSchema(
        {
            "type": "string",
            "description": "A person's id, schedule:ID, or room:URL (an Apprise URL, env:NAME …).",
            "examples": ["anna", "schedule:primary", "room:env:TEAM_ROOM"],
        }
    ),
]


class StepForm(Entry):
    """One step: who is paged, and how long until the next step."""

    page: AtLeastOne[AnyTarget] = Field(description="Who is paged, all at once.")
    then: Duration = Field(description="How long to wait for an answer before the next step.")


class PolicyForm(Entry):
    """Who is paged in which order until somebody answers."""

    start_delay: Annotated[
        StartDelay, BeforeValidator(_start_delay), OrText(pattern="^[0-9]{1,9}[smhd]$")
    ] = Field(
        default=StartDelay(p1=timedelta(0), else_=DEFAULT_ELSE),
        description="How long the first step waits: one duration, or by priority with `else`.",
    )
    steps: AtLeastOne[StepForm] = Field(description="In order; the next fires if nobody answers.")
    rounds: int = Field(default=1, ge=1, le=MOST_ROUNDS, description="How often all steps run.")
    fallback: AtLeastOne[Name] = Field(
        description="People with two channels of different kinds, paged when nobody answered."
    )
    repeat_fallback: PositiveDuration = Field(
        default=timedelta(minutes=30), description="The fallback is paged again after it."
    )
    ack_timeout: ByPriority[PositiveDuration] = Field(
        default={"P1": timedelta(minutes=60), "P2": timedelta(hours=4)},
        description="How long an acknowledgement holds without a sign of life; else for ever.",
    )
