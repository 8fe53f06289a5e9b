"""One clock of a ticket explained: what was promised, how it stands, and the sum behind it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bridge.calendars.open_time import NeverDue, OpenTime
from bridge.dashboard.timeline import Timeline, timeline
from bridge.dashboard.urgency import Standing, standing
from bridge.sla import actions as sla
from bridge.sla.clock import Explanation
from bridge.sla.models import Clock

# A sum of more pieces than this is folded up at first.
PIECES_OPEN = 8


@dataclass(frozen=True, slots=True)
class ClockCard:
    """A clock as its page shows it.

    calendar: its label. standing: None where it does not run. used: open time up to now or to
    the stop. counted_anew: the target changed, and the sum begins there and not at the start.
    explanation: None where the calendar of today no longer gives the due time that was promised.
    contract_since: since when the version of the contract counts by which it was started.
    """

    clock: Clock
    calendar: str
    standing: Standing | None
    used: timedelta
    counted_anew: bool
    explanation: Explanation | None
    line: Timeline
    contract_since: datetime | None

    @property
    def risk(self) -> str:
        """Return how it stands or ended, for its colour; the words stand beside it."""
        return self.standing.risk.value if self.standing else self.clock.state

    @property
    def is_folded(self) -> bool:
        """Return whether the sum has so many pieces that it is folded up at first."""
        return self.explanation is not None and len(self.explanation.pieces) > PIECES_OPEN


def clock_card(
    clock: Clock,
    calendar: str,
    hours: OpenTime,
    zone: str,
    contract_since: datetime | None,
    now: datetime,
) -> ClockCard:
    """Return a clock as it stands at `now`; `zone` is for the round times of its line."""
    end = clock.stopped_at or now
    target = timedelta(minutes=clock.counted_minutes)
    is_running = clock.stopped_at is None
    return ClockCard(
        clock=clock,
        calendar=calendar,
        standing=standing(clock.due_at, target, hours, now) if is_running else None,
        used=hours.open_between(clock.started_at, end),
        counted_anew=clock.counted_from != clock.started_at,
        explanation=_explanation(clock, hours),
        line=timeline(clock.started_at, clock.due_at, end, hours, zone),
        contract_since=contract_since,
    )


def _explanation(clock: Clock, hours: OpenTime) -> Explanation | None:
    try:
        found = sla.as_promise(clock, hours).explain()
    except NeverDue:
        return None
    return found if found.due == clock.due_at else None
