"""What an escalation decides to do; whoever asked it carries it out.

Each move names the rule of docs/oncall.md that it follows from, as `R5`.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from bridge.oncall.ladder_state import Ladder, LadderPage, PageKey


class News(Enum):
    """What people are told without being asked for an answer, on their quietest channel."""

    TAKEN = "taken"
    ALREADY_TAKEN = "already_taken"
    RECOVERED = "recovered"
    REMINDER = "reminder"
    SUMMARY = "summary"
    NOT_TAKEN_OVER = "not_taken_over"
    CHILD_OF_HOST = "child_of_host"


@dataclass(frozen=True)
class Fire:
    """Page people. pages: new, with their deliveries. late: R21 asks for the mark."""

    source: str
    round: int
    step: int
    pages: tuple[LadderPage, ...]
    late: bool = False


@dataclass(frozen=True)
class Nobody:
    """A step, or the fallback, finds nobody (`why`: "empty") or reaches nobody ("undeliverable").

    missing: schedules that the desk file no longer has; the administrators must hear of it (R22).
    """

    source: str
    round: int
    step: int
    why: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Hasten:
    """Let a scheduled delivery leave now."""

    source: str
    page: PageKey
    rule: int


@dataclass(frozen=True)
class Drop:
    """Cancel these pages' deliveries that nobody has claimed; those in flight finish."""

    source: str
    pages: tuple[PageKey, ...]
    why: str


@dataclass(frozen=True)
class Tell:
    """Tell people something quietly. by: the owner it is about, where there is one."""

    source: str
    news: News
    people: tuple[str, ...]
    by: str | None = None


@dataclass(frozen=True)
class Unacknowledge:
    """Nobody has the ticket any more: take it back, in Icinga too. why: "expired", "worse" …"""

    source: str
    why: str


@dataclass(frozen=True)
class Restart:
    """The run begins a new generation; for its history. round, step: where it goes on."""

    source: str
    why: str
    due_at: datetime | None


Move = Fire | Nobody | Hasten | Drop | Tell | Unacknowledge | Restart


@dataclass(frozen=True)
class Decision:
    """What an escalation has become, and what has to be done for it, in order."""

    ladder: Ladder
    moves: tuple[Move, ...] = ()
