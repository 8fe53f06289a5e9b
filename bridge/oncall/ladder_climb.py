"""One decision in the making: what an escalation becomes, and the moves that lead there."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from bridge.oncall.ladder_state import (
    Ladder,
    LadderDelivery,
    LadderPage,
    PageKey,
    Sent,
)
from bridge.oncall.moves import Decision, Drop, Move
from bridge.oncall.policy import TargetKind
from bridge.oncall.roster import Roster
from bridge.oncall.rotation import until

# What is processed later than this after it was due is marked. Source: docs/oncall.md, "R21".
LATE = timedelta(seconds=60)
# So long before a response is due everybody has been called. Source: docs/oncall.md, "R27".
BEFORE_DEADLINE = timedelta(minutes=2)
# What the outbox still may send, now or later.
PENDING = frozenset({Sent.SCHEDULED, Sent.FAILED_FOR_NOW, Sent.MAYBE})
REACHED = frozenset({Sent.ATTEMPTED, Sent.ACCEPTED, Sent.DELIVERED, Sent.SEEN, Sent.MAYBE})
LOST = frozenset({Sent.FAILED, Sent.CANCELLED})


@dataclass
class Climb:
    """A ladder as it changes within one decision. late: what is done was due long ago."""

    ladder: Ladder
    roster: Roster
    now: datetime
    late: bool = False
    moves: list[Move] = field(default_factory=list)

    def becomes(self, **changes: Any) -> None:
        """Change fields of the ladder."""
        self.ladder = replace(self.ladder, **changes)

    def decided(self) -> Decision:
        """Return what came of it."""
        return Decision(self.ladder, tuple(self.moves))

    def page(
        self, people: Iterable[str], round_: int, step: int, *, at: datetime, rules: int | None
    ) -> tuple[LadderPage, ...]:
        """Add a page for each of these people who can be reached and has none of this step yet.

        at: what the offsets of their rules count from. rules: only so many of them; None for all.
        Source: docs/oncall.md, "R26".
        """
        ladder, new = self.ladder, []
        known = {page.key for page in ladder.pages}
        for person in people:
            key = PageKey(ladder.generation, round_, step, person)
            reach = self.roster.people.get(person)
            wanted = reach.rules(high=ladder.is_high)[:rules] if reach else ()
            if wanted and key not in known:
                deliveries = tuple(
                    LadderDelivery(number, rule.channel, at + rule.offset)
                    for number, rule in enumerate(wanted, 1)
                )
                known.add(key)
                new.append(LadderPage(key, ladder.is_high, self.now, deliveries))
        self.becomes(pages=(*ladder.pages, *new))
        return tuple(new)

    def drop(self, source: str, why: str, pages: Iterable[LadderPage] | None = None) -> None:
        """Cancel what these pages, or all, may still send and nobody has claimed."""
        given = self.ladder.pages if pages is None else pages
        dropped = tuple(page.key for page in given if is_pending(page))
        if dropped:
            self.moves.append(Drop(source, dropped, why))
            self.becomes(
                pages=tuple(
                    _dropped(page) if page.key in dropped else page for page in self.ladder.pages
                )
            )

    def watch(self) -> None:
        """Look again when who is on call changes for a step that has fired."""
        changes = []
        for label in _watched(self.ladder):
            schedule = self.roster.schedules.get(label)
            changes.append(until(schedule, self.now) if schedule else None)
        self.becomes(handover_at=min((one for one in changes if one is not None), default=None))

    def hurried(self, due_at: datetime) -> datetime:
        """Return when what is due at `due_at` happens, in view of a deadline that is still ahead.

        Source: docs/oncall.md, "R27".
        """
        deadline = self.ladder.deadline
        if deadline is None or self.now >= deadline:
            return due_at
        return min(due_at, max(self.now, deadline - BEFORE_DEADLINE))

    def is_due(self, moment: datetime | None) -> bool:
        """Return whether the moment has come, and mark what follows if that is long ago."""
        if moment is None or moment > self.now:
            return False
        self.late = self.now - moment > LATE
        return True


def is_pending(page: LadderPage) -> bool:
    """Return whether anything of the page may still leave."""
    return any(one.sent in PENDING for one in page.deliveries)


def is_lost(page: LadderPage) -> bool:
    """Return whether the page has reached nobody, and will not."""
    return all(one.sent in LOST for one in page.deliveries)


def reached(ladder: Ladder) -> tuple[str, ...]:
    """Return who has been paged, or may have been, in the order of their first pages."""
    return tuple(
        dict.fromkeys(
            page.key.person
            for page in ladder.pages
            if any(one.sent in REACHED for one in page.deliveries)
        )
    )


def pages_of(ladder: Ladder, round_: int, step: int) -> tuple[LadderPage, ...]:
    """Return the pages of one step in the generation that counts."""
    wanted = (ladder.generation, round_, step)
    return tuple(p for p in ladder.pages if (p.key.generation, p.key.round, p.key.step) == wanted)


def last_pages(ladder: Ladder) -> tuple[LadderPage, ...]:
    """Return the pages of what fired last: the fallback, a step, or the owner alone."""
    if ladder.fallbacks:
        return pages_of(ladder, ladder.fallbacks, 0)
    return pages_of(ladder, ladder.round, ladder.step)


def asked(ladder: Ladder) -> tuple[str, ...]:
    """Return who is called alone: the owner, or who is to take over."""
    return tuple(page.key.person for page in pages_of(ladder, 0, 0))


def fired_steps(ladder: Ladder) -> tuple[int, ...]:
    """Return the steps of this round that have paged somebody in this generation."""
    here = (ladder.generation, ladder.round)
    found = {p.key.step for p in ladder.pages if (p.key.generation, p.key.round) == here}
    return tuple(sorted(found - {0}))


def _watched(ladder: Ladder) -> tuple[str, ...]:
    """Return the schedules on which the steps depend that have paged somebody."""
    steps = fired_steps(ladder) or {p.key.step for p in ladder.pages if p.key.step}
    return tuple(
        dict.fromkeys(
            target.label
            for step in sorted(steps)
            for target in ladder.policy.steps[step - 1].targets
            if target.kind is TargetKind.SCHEDULE
        )
    )


def _dropped(page: LadderPage) -> LadderPage:
    """Return the page without what it would still have sent; a maybe stays one."""
    deliveries = tuple(
        replace(one, sent=Sent.CANCELLED)
        if one.sent in {Sent.SCHEDULED, Sent.FAILED_FOR_NOW}
        else one
        for one in page.deliveries
    )
    return replace(page, deliveries=deliveries)
