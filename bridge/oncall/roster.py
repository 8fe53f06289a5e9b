"""Whom a target of a policy means at a moment, and how each can be reached."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bridge.oncall.policy import Target, TargetKind
from bridge.oncall.rotation import on_call
from bridge.oncall.rules import Rule
from bridge.oncall.schedule import Schedule


@dataclass(frozen=True)
class Reach:
    """How a person is paged: the rules whose channels are there, in order, by urgency.

    Empty: this person counts as nobody.
    """

    high: tuple[Rule, ...]
    low: tuple[Rule, ...]

    def rules(self, *, high: bool) -> tuple[Rule, ...]:
        """Return the rules for high or for low urgency."""
        return self.high if high else self.low


@dataclass(frozen=True)
class Roster:
    """The people and schedules of the desk as they are now, by their labels.

    People who are disabled are not in it.
    """

    schedules: Mapping[str, Schedule]
    people: Mapping[str, Reach] = field(default_factory=dict)

    def resolved(self, targets: Iterable[Target], now: datetime) -> tuple[str, ...]:
        """Return whom the targets mean at `now`, each once, in order, reachable or not.

        A room is nobody: it is told, not called. Source: docs/oncall.md, "R2", "R12", "R26".
        """
        found: dict[str, None] = {}
        for target in targets:
            match target.kind:
                case TargetKind.PERSON:
                    found[target.label] = None
                case TargetKind.SCHEDULE:
                    schedule = self.schedules.get(target.label)
                    found |= dict.fromkeys(on_call(schedule, now) if schedule else ())
                case TargetKind.ROOM:
                    continue
        return tuple(one for one in found if one in self.people)
