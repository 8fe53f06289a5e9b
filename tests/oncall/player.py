"""Plays an escalation in virtual time, without tables: the ladder, and an outbox that only counts.

A trace is a list of lines such as `2 sms anna`: minutes from the start, what left, for whom.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bridge.oncall import ladder as ladders
from bridge.oncall.ladder_state import Ladder, PageKey, Phase, Sent
from bridge.oncall.moves import (
    Decision,
    Drop,
    Fire,
    Hasten,
    Move,
    News,
    Nobody,
    Tell,
    Unacknowledge,
)
from bridge.oncall.roster import Roster
from bridge.outbox import backoff
from bridge.outbox.outcome import Outcome

OUTCOMES = {
    "accepted": Outcome.ACCEPTED,
    "failed": Outcome.FAILED_FOR_GOOD,
    "failed_for_now": Outcome.FAILED_FOR_NOW,
    "maybe": Outcome.MAYBE,
}
FATES = {
    Outcome.ACCEPTED: Sent.ACCEPTED,
    Outcome.FAILED_FOR_GOOD: Sent.FAILED,
    Outcome.FAILED_FOR_NOW: Sent.FAILED_FOR_NOW,
    Outcome.MAYBE: Sent.MAYBE,
}
MOST_MOMENTS = 10_000


@dataclass
class Entry:
    """One delivery in the outbox: when it is tried next, and how often it has been."""

    key: PageKey
    rule: int
    channel: str
    due_at: datetime
    door: str = "page"
    tries: int = 0
    maybes: int = 0


@dataclass
class Player:
    """One run. script: what a channel of a person answers, try by try; the last one stays.

    asleep: when nothing is done, because the engine is down.
    is_taken: whether somebody has acknowledged the ticket.
    """

    ladder: Ladder
    roster: Roster
    start: datetime
    script: Mapping[str, list[str]] = field(default_factory=dict)
    trace: list[str] = field(default_factory=list)
    entries: dict[tuple[PageKey, int], Entry] = field(default_factory=dict)
    copies: dict[tuple[PageKey, int], int] = field(default_factory=lambda: defaultdict(int))
    calls: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    told: set[tuple[Any, ...]] = field(default_factory=set)
    asleep: tuple[datetime, datetime] | None = None
    is_taken: bool = False

    def decided(self, decision: Decision, now: datetime) -> None:
        """Carry out what was decided."""
        self.ladder = decision.ladder
        for move in decision.moves:
            self._carry_out(move, now)
        self.is_taken = self.is_taken or self.ladder.phase is Phase.ACKNOWLEDGED

    def say(self, now: datetime, text: str) -> None:
        """Write a line into the trace."""
        minutes = (now - self.start) / timedelta(minutes=1)
        self.trace.append(f"{round(minutes, 2):g} {text}")

    def _carry_out(self, move: Move, now: datetime) -> None:
        match move:
            case Fire():
                if move.late:
                    self.say(now, "LATE")
                for page in move.pages:
                    for one in page.deliveries:
                        door = "page" if page.is_high else "quiet_page"
                        entry = Entry(page.key, one.rule, one.channel, one.due_at, door)
                        self.entries[page.key, one.rule] = entry
            case Nobody():
                self.say(now, "undeliverable" if move.why == "undeliverable" else "nobody")
            case Hasten():
                self.entries[move.page, move.rule].due_at = now
            case Drop():
                gone = [key for key in self.entries if key[0] in move.pages]
                for key in gone:
                    del self.entries[key]
            case Tell():
                for person in move.people:
                    # Whoever says that they work on it is reminded anew of the new end.
                    end = self.ladder.expires_at if move.news is News.REMINDER else None
                    mark = (self.ladder.generation, move.news, person, end)
                    if mark not in self.told:
                        self.told.add(mark)
                        self.say(now, f"{move.news.value} {person}")
            case Unacknowledge() if self.is_taken:
                self.is_taken = False
                self.say(now, "un-acknowledged")

    def play(self, until: datetime) -> None:
        """Let time pass up to and including `until`; nothing is done while the engine sleeps."""
        for _ in range(MOST_MOMENTS):
            moments = [entry.due_at for entry in self.entries.values()]
            if self.ladder.next_due_at is not None:
                moments.append(self.ladder.next_due_at)
            now = min(moments, default=None)
            if self.asleep and now is not None and self.asleep[0] < now < self.asleep[1]:
                now = self.asleep[1]
            if now is None or now > until:
                return
            self._at(now)
        raise AssertionError("the escalation does not come to rest")

    def _at(self, now: datetime) -> None:
        due = self.ladder.next_due_at
        # Deliveries first: they were due before whatever they bring about.
        for found in [key for key, entry in self.entries.items() if entry.due_at <= now]:
            if found in self.entries and not self._is_overtaken(found, now):
                self._deliver(self.entries[found], now)
        if due is not None and due <= now:
            self.decided(ladders.tick(self.ladder, self.roster, now), now)

    def _is_overtaken(self, found: tuple[PageKey, int], now: datetime) -> bool:
        """Drop what is overdue where a louder rule of its page is, too. Source: "R21"."""
        if now - self.entries[found].due_at <= timedelta(seconds=60):
            return False
        louder = [
            key
            for key, entry in self.entries.items()
            if key[0] == found[0] and key[1] > found[1] and entry.due_at <= now
        ]
        if louder:
            del self.entries[found]
        return bool(louder)

    def _deliver(self, entry: Entry, now: datetime) -> None:
        called = f"{entry.channel} {entry.key.person}"
        answers = self.script.get(called, ["accepted"])
        answer = answers[min(self.calls[called], len(answers) - 1)]
        self.calls[called] += 1
        outcome = OUTCOMES[answer]
        mark = " possible repeat" if entry.maybes else ""
        self.say(now, f"{entry.channel} {entry.key.person}{_suffix(outcome)}{mark}")
        entry.tries += 1
        entry.maybes += outcome is Outcome.MAYBE
        self.copies[entry.key, entry.rule] += outcome in {Outcome.ACCEPTED, Outcome.MAYBE}
        pause = backoff.next_try(entry.door, outcome, entry.tries, entry.maybes)
        if pause is None:
            del self.entries[entry.key, entry.rule]
        else:
            entry.due_at = now + pause
        fate = FATES[outcome]
        first = entry.tries == 1
        self.decided(
            ladders.delivery_ended(
                self.ladder, entry.key, entry.rule, fate, self.roster, now, first=first
            ),
            now,
        )


def _suffix(outcome: Outcome) -> str:
    return {
        Outcome.ACCEPTED: "",
        Outcome.FAILED_FOR_GOOD: " fails",
        Outcome.FAILED_FOR_NOW: " fails for now",
        Outcome.MAYBE: " maybe",
    }[outcome]
