"""The sections `staff` and `teams`: our own people and how to reach them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    Field,
    PlainSerializer,
    PlainValidator,
    WithJsonSchema,
    model_validator,
)

from bridge.calendars.suggestions import did_you_mean
from bridge.desk_file.durations import duration_from_text, duration_text
from bridge.desk_file.entry import AtLeastOne, Entry, Many, Misplaced
from bridge.desk_file.errors import TreePath
from bridge.desk_file.secret import ChannelUrl, SecretKind
from bridge.desk_file.values import Email, Language, Name, Text, Zone
from bridge.staff.channel_kind import ChannelKind, channel_kind

HOURS = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])-(([01]?[0-9]|2[0-3]):([0-5][0-9])|24:00)")
DEFAULT_ZONE = "Europe/Berlin"
# A fallback has to be reached although one way of reaching people has failed.
KINDS_NEEDED = 2


@dataclass(frozen=True)
class PageRule:
    """Page by this channel, this long after the page began."""

    channel: str
    offset: timedelta

    def __str__(self) -> str:
        return f"{self.channel} {duration_text(self.offset) if self.offset else '0m'}"


@dataclass(frozen=True)
class Reach:
    """The kinds of a person's channels, and how many are stored where they cannot be seen.

    The kind of a stored channel was judged when it was given; its URL said more than its name.
    """

    kinds: frozenset[ChannelKind]
    unseen: int = 0

    @property
    def is_enough(self) -> bool:
        """Say whether two channels are, or may be, of different kinds."""
        return len(self.kinds) + self.unseen >= KINDS_NEEDED


def page_rule_from_text(text: object) -> PageRule:
    """Return the rule that `sms 2m` means."""
    if isinstance(text, PageRule):
        return text
    match text.split() if isinstance(text, str) else []:
        case [channel]:
            return PageRule(channel, timedelta(0))
        case [channel, offset]:
            return PageRule(channel, duration_from_text(offset))
        case _:
            raise ValueError(
                f"{text!s:.40} is no rule: write a channel and how long to wait, such as `sms 2m`"
            )


def _quiet_hours(text: str) -> str:
    if not HOURS.fullmatch(text):
        raise ValueError(f"{text!r:.40} are no hours: write from and to, such as 22:00-07:00")
    opens, closes = (f"{hour:0>5}" for hour in text.split("-"))
    if opens == closes:
        raise ValueError(f"{text} is empty: write 00:00-24:00 if always is meant")
    return f"{opens}-{closes}"


def _no_double(values: tuple[str, ...]) -> tuple[str, ...]:
    mistakes: list[tuple[TreePath, str]] = [
        ((at,), f"{value} is there twice: keep one")
        for at, value in enumerate(values)
        if value in values[:at]
    ]
    if mistakes:
        raise Misplaced(mistakes)
    return values


Role = Literal["engineer", "manager", "admin", "reader"]
Distinct = AfterValidator(_no_double)
Rule = Annotated[
    PageRule,
    PlainValidator(page_rule_from_text),
    PlainSerializer(str),
    WithJsonSchema(
        {"type": "string", "pattern": r"^\S+(\s+[0-9]+[smhd])?$", "examples": ["push 0m", "sms 2m"]}
    ),
]


class Quiet(Entry):
    """When low urgency waits; it comes as one digest afterwards."""

    hours: Annotated[
        str,
        AfterValidator(_quiet_hours),
        WithJsonSchema(
            {"type": "string", "pattern": f"^({HOURS.pattern})$", "examples": ["22:00-07:00"]}
        ),
    ] = Field(description="From and to, also over midnight.")
    timezone: Zone = Field(default=DEFAULT_ZONE, description="The zone of these hours.")


class StaffMember(Entry):
    """One of our people."""

    id: Name = Field(description="What the rest of the file calls this person.")
    name: Text = Field(default="", description="As people read it. Without it: the id.")
    email: Email | None = Field(default=None, description="Mail from it acts as this person.")
    language: Language = Field(default="de", description="Of pages and mails to this person.")
    roles: Annotated[Many[Role], Distinct] = Field(
        default=("engineer",), description="What this person may do."
    )
    icinga_users: Annotated[Many[Text], Distinct] = Field(
        default=(), description="Who this person is in Icinga: authors of acknowledgements."
    )
    channels: dict[Name, ChannelUrl] = Field(
        default={},
        description="Ways to reach the person, by name. Call them push, sms, voice, mail or chat"
        " where the URL does not tell which it is.",
    )
    page: AtLeastOne[Rule] | None = Field(
        default=None,
        description="For high urgency (P1, P2), in order; without it every channel at once.",
    )
    page_low: AtLeastOne[Rule] | None = Field(
        default=None, description="For low urgency (P3, P4); without it as for high urgency."
    )
    quiet: Quiet | None = Field(default=None, description="When low urgency waits.")

    @model_validator(mode="before")
    @classmethod
    def _called_by_id(cls, data: object) -> object:
        return named(data, "id")

    @model_validator(mode="after")
    def _rules_name_channels(self) -> Self:
        mistakes: list[tuple[TreePath, str]] = []
        for key, rules in (("page", self.page), ("page_low", self.page_low)):
            for at, rule in enumerate(rules or ()):
                if rule.channel not in self.channels:
                    has = ", ".join(self.channels) or "none"
                    hint = did_you_mean(rule.channel, self.channels)
                    sentence = f"{self.id} has no channel {rule.channel!r}{hint}: it has {has}"
                    mistakes.append(((key, at), sentence))
        if mistakes:
            raise Misplaced(mistakes)
        return self

    def rules(self, *, high: bool) -> tuple[PageRule, ...]:
        """Return the rules for high or low urgency, in order, with what holds by default."""
        at_once = tuple(PageRule(channel, timedelta(0)) for channel in self.channels)
        return (None if high else self.page_low) or self.page or at_once

    def reach(self, stored: Mapping[str, ChannelKind] = MappingProxyType({})) -> "Reach":
        """Return the kinds of the channels, as far as URLs and names tell.

        stored: the kinds of secrets already stored, by their name, where they are known.
        """
        kinds: set[ChannelKind | None] = set()
        unseen = 0
        for name, secret in self.channels.items():
            if secret.kind is not SecretKind.STORED:
                kinds.add(channel_kind(name, secret.url))
            elif secret.value in stored:
                kinds.add(stored[secret.value])
            else:
                unseen += 1
        return Reach(frozenset(kind for kind in kinds if kind is not None), unseen)


class Team(Entry):
    """Some of our people."""

    lead: Name | None = Field(default=None, description="One of the staff.")
    members: Annotated[Many[Name], Distinct] = Field(default=(), description="Of the staff.")


def named(data: object, key: str) -> Any:
    """Return `data` with its `name` filled in from its `key`, where it has none."""
    if isinstance(data, Mapping) and "name" not in data and isinstance(data.get(key), str | int):
        return {**data, "name": str(data[key])}
    return data
