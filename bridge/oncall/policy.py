"""What an escalation policy says, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from typing import Any

from bridge import durations

# Source: docs/oncall.md, "R1".
DEFAULT_DELAY = {"P1": timedelta(0), "else": timedelta(seconds=60)}
# Source: docs/oncall.md, "R4" and "R7".
REPEAT_FALLBACK = timedelta(minutes=30)
ACK_TIMEOUT = {"P1": timedelta(minutes=60), "P2": timedelta(hours=4)}


class TargetKind(Enum):
    """Whom a step names."""

    PERSON = "person"
    SCHEDULE = "schedule"
    ROOM = "room"


@dataclass(frozen=True)
class Target:
    """One target of a step: a person's or schedule's label, or the address of a room."""

    kind: TargetKind
    label: str


@dataclass(frozen=True)
class Step:
    """Who is paged in a step, and how long to wait before the next one."""

    targets: tuple[Target, ...]
    then: timedelta


@dataclass(frozen=True)
class EscalationPolicy:
    """One version of a policy; what its steps say of people is resolved when they fire.

    fallback: labels of people. ack_timeout: by priority; one that is absent never times out.
    """

    start_delay: Mapping[str, timedelta]
    steps: tuple[Step, ...]
    rounds: int = 1
    fallback: tuple[str, ...] = ()
    repeat_fallback: timedelta = REPEAT_FALLBACK
    ack_timeout: Mapping[str, timedelta] = field(default_factory=lambda: dict(ACK_TIMEOUT))

    def delay(self, priority: str) -> timedelta:
        """Return how long after its start a run's first step fires."""
        return self.start_delay.get(priority, self.start_delay["else"])


def _target(text: str) -> Target:
    for kind in (TargetKind.SCHEDULE, TargetKind.ROOM):
        if text.startswith(f"{kind.value}:"):
            return Target(kind, text.removeprefix(f"{kind.value}:"))
    return Target(TargetKind.PERSON, text)


def _start_delay(given: str | Mapping[str, str] | None) -> dict[str, timedelta]:
    if given is None:
        return dict(DEFAULT_DELAY)
    if isinstance(given, str):
        return {"else": durations.parse(given)}
    return DEFAULT_DELAY | {name: durations.parse(text) for name, text in given.items()}


def _ack_timeout(given: str | Mapping[str, str] | None) -> dict[str, timedelta]:
    if given is None:
        return dict(ACK_TIMEOUT)
    if isinstance(given, str):
        return dict.fromkeys(("P1", "P2", "P3", "P4"), durations.parse(given))
    return {name: durations.parse(text) for name, text in given.items()}


def from_document(document: Mapping[str, Any]) -> EscalationPolicy:
    """Return the policy in a checked document of the desk file."""
    return EscalationPolicy(
        start_delay=_start_delay(document.get("start_delay")),
        steps=tuple(
            Step(tuple(map(_target, step["page"])), durations.parse(step["then"]))
            for step in document["steps"]
        ),
        rounds=document.get("rounds", 1),
        fallback=tuple(document["fallback"]),
        repeat_fallback=durations.parse(document["repeat_fallback"])
        if document.get("repeat_fallback")
        else REPEAT_FALLBACK,
        ack_timeout=_ack_timeout(document.get("ack_timeout")),
    )
