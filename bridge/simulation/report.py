"""What a simulation came to, for programs as JSON values and for people as text."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bridge import utc
from bridge.api import shapes
from bridge.simulation import result
from bridge.simulation.desk import SimulatedDesk
from bridge.simulation.playing import NotDone, Played
from bridge.simulation.result import Breach, Told

MINUTE, HOUR, DAY = 60, 3600, 86400


@dataclass(frozen=True)
class Report:
    """What was played, and how everything stands at its end; tickets in order of their numbers."""

    played: Played
    tickets: Sequence[shapes.Ticket]
    pages: Sequence[Told]
    breaches: Sequence[Breach]

    @classmethod
    def of(cls, desk: SimulatedDesk, played: Played) -> "Report":
        """Return the report on a desk on which this was played."""
        tickets = sorted(result.tickets(desk.session), key=lambda ticket: ticket.number)
        broken = result.breaches(tickets, played.ended_at)
        return cls(played, tickets, result.pages(desk.session), broken)

    def plain(self) -> dict[str, Any]:
        """Return it as JSON values."""
        played = self.played
        return {
            "from": utc.iso(played.begun_at),
            "to": utc.iso(played.ended_at),
            "notifications": played.notifications,
            "duplicates": played.duplicates,
            "actions": played.actions,
            "left_out": played.left_out,
            "tickets": [one.model_dump(mode="json") for one in self.tickets],
            "pages": [one.plain() for one in self.pages],
            "breaches": [one.plain() for one in self.breaches],
            "refused": [_plain_refusal(one) for one in played.not_done],
        }

    def text(self) -> str:
        """Return it as text, in UTC."""
        return "\n".join(_lines(self))


def _plain_refusal(one: NotDone) -> dict[str, Any]:
    return {
        "where": one.event.where,
        "at": utc.iso(one.event.at),
        "action": one.event.action,
        "ticket": one.ticket,
        "actor": one.event.actor,
        "reason": one.reason,
    }


def _lines(report: Report) -> Iterator[str]:
    played = report.played
    yield (
        f"{counted(played.notifications, 'notification')} and {counted(played.actions, 'action')}"
        f" played, {moment(played.begun_at)} to {moment(played.ended_at)}; nothing was sent"
    )
    if played.duplicates:
        yield f"{counted(played.duplicates, 'notification')} with a known id passed over"
    if played.left_out:
        yield f"{counted(played.left_out, 'event')} after the end left out"
    told = defaultdict(list)
    for one in report.pages:
        told[one.ticket].append(one)
    broken = defaultdict(list)
    for breach in report.breaches:
        broken[breach.ticket].append(breach)
    for ticket in report.tickets:
        yield ""
        yield from _ticket(ticket, told[ticket.number], broken[ticket.number])
    if played.not_done:
        yield ""
    for refused in played.not_done:
        yield f"{refused.event.where}: {refused.event.action} was refused: {refused.reason}"
    yield ""
    people = {one.person for one in report.pages}
    yield (
        f"{counted(len(report.tickets), 'ticket')}, {counted(len(report.pages), 'page')}"
        f" to {len(people)} people, {counted(len(report.breaches), 'breach', 'breaches')}"
    )


def _ticket(ticket: shapes.Ticket, told: Sequence[Told], broken: Sequence[Breach]) -> Iterator[str]:
    whose = f"{ticket.customer.name}, " if ticket.customer else ""
    terms = ticket.contract or "no contract"
    yield f"{ticket.reference} {ticket.priority} {ticket.title} ({whose}{terms}): {ticket.state}"
    missed = {(one.clock, one.due_at): one for one in broken}
    for clock in ticket.clocks:
        breach = missed.get((clock.kind, clock.due_at)) if clock.due_at else None
        yield f"  {clock_words(clock, breach)}"
    for one in told:
        step = f", step {one.step}" if one.step is not None else ""
        end = "" if one.outcome == "accepted" else f": {one.outcome.replace('_', ' ')}"
        yield f"  {moment(one.at)} {one.person} paged by {one.channel}{step}{end}"


def clock_words(clock: shapes.Clock, breach: Breach | None) -> str:
    """Return one promise in words; `breach` where it was broken."""
    due = f"due {moment(clock.due_at)}" if clock.due_at else "due some time after the pause"
    state: str = clock.state
    if breach is not None:
        late = breach.missed_by_seconds
        state = "MISSED, still open" if late is None else f"MISSED by {length(late)}"
    target = "" if clock.guaranteed else ", a target without guarantee"
    return f"{clock.kind} within {clock.target_minutes} min, {due}: {state}{target}"


def moment(at: datetime) -> str:
    """Return a moment as the text shows it, to the second."""
    return utc.iso(at.replace(microsecond=0))


def length(seconds: float) -> str:
    """Return how long something lasts, in its two largest units."""
    whole = int(seconds)
    if whole < MINUTE:
        return f"{whole} s"
    if whole < HOUR:
        return f"{whole // MINUTE} min {whole % MINUTE} s"
    if whole < DAY:
        return f"{whole // HOUR} h {whole % HOUR // MINUTE} min"
    return f"{whole // DAY} d {whole % DAY // HOUR} h"


def counted(count: int, one: str, many: str | None = None) -> str:
    """Return a count with its noun."""
    return f"{count} {one if count == 1 else many or one + 's'}"
