"""What a notification of Icinga does: a problem opens, changes, recovers or reopens its ticket."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bridge.flows import families, from_icinga, incidents
from bridge.flows.batch import Batch
from bridge.flows.directory import Directory
from bridge.icinga import actions as icinga
from bridge.icinga.meaning import Known, Meaning, meaning
from bridge.icinga.models import Problem
from bridge.icinga.notification import Notification, NotificationType, happened_at
from bridge.tickets.journal import Event
from bridge.tickets.journal import icinga as icinga_author


@dataclass(frozen=True)
class Heard:
    """One notification, where it came from and when it reached us."""

    source: str
    notification: Notification
    received_at: datetime

    @property
    def key(self) -> tuple[str, str, str]:
        """Return source, host and service (`''` for a host)."""
        return (self.source, *self.notification.key)

    @property
    def at(self) -> datetime:
        """Return the moment that orders the notifications of one object."""
        return happened_at(self.notification, self.received_at)


def take_in(session: Session, directory: Directory, heard: Sequence[Heard], now: datetime) -> None:
    """Do what these notifications mean, in their order.

    What they are about is loaded at once and written at once, because a storm brings hundreds.
    A second time changes nothing: what is known already means nothing.
    """
    problems = icinga.known_problems(session, (one.key for one in heard), now)
    batch = Batch.load(session, directory, problems.values(), now)
    with session.no_autoflush:
        for one in heard:
            _take_in_one(batch, problems[one.key], one)
    families.settle(batch, problems.values())


def _take_in_one(batch: Batch, problem: Problem, heard: Heard) -> None:
    said, at = heard.notification, heard.at
    known = Known(problem.state, problem.state_at, problem.open_ticket is not None)
    found = meaning(known, said.type, said.state, at)
    if found is Meaning.OPENS and not said.vars.enabled:
        # Who opts out gets no new tickets; those that are open still follow what happens.
        return
    is_newer = problem.downtime_at is None or at > problem.downtime_at
    announced = said.type is NotificationType.PROBLEM and not said.in_downtime
    if announced and problem.in_downtime and is_newer:
        # Icinga announces no problem during a downtime, so that this one is over.
        _downtime_end(batch, problem, said, at)
    problem.seen_at = max(problem.seen_at, at)
    if found in STATE_TOLD and said.state is not None:
        problem.state, problem.state_at = said.state.value, at
    match found:
        case Meaning.OPENS:
            incidents.open_or_reopen(batch, problem, heard.received_at, said, at)
        case Meaning.CHANGES:
            incidents.change_state(batch, problem, said, at)
        case Meaning.RECOVERS:
            incidents.recover(batch, problem, at)
        case Meaning.CONTRADICTS:
            icinga.ask_reconcile(batch.session, problem.source, batch.now)
        case Meaning.NOTHING:
            pass
    side_effect = SIDE_EFFECTS.get(said.type)
    if side_effect is not None:
        side_effect(batch, problem, said, at)


STATE_TOLD = frozenset({Meaning.OPENS, Meaning.CHANGES, Meaning.RECOVERS})

SideEffect = Callable[[Batch, Problem, Notification, datetime], None]


def _journal(
    batch: Batch,
    problem: Problem,
    event: Event,
    said: Notification,
    at: datetime,
    data: Mapping[str, Any] | None = None,
) -> None:
    ticket = batch.ticket_of(problem)
    if ticket is not None:
        author = icinga_author(said.author)
        batch.happened(ticket, event, author, at, data, said.comment)


def _comment(batch: Batch, problem: Problem, said: Notification, at: datetime) -> None:
    _journal(batch, problem, Event.COMMENT, said, at)


def _unknown(batch: Batch, problem: Problem, said: Notification, at: datetime) -> None:
    _journal(batch, problem, Event.UNKNOWN_NOTIFICATION, said, at, {"type": said.raw_type})


def _gone(batch: Batch, problem: Problem, said: Notification, at: datetime) -> None:
    _journal(batch, problem, Event.OBJECT_GONE, said, at)


def _flapping(batch: Batch, problem: Problem, said: Notification, at: datetime) -> None:
    if problem.flapping_at is not None and at < problem.flapping_at:
        return
    problem.flapping_at = at
    problem.flapping = said.type is NotificationType.FLAPPINGSTART
    event = Event.FLAPPING_STARTED if problem.flapping else Event.FLAPPING_ENDED
    _journal(batch, problem, event, said, at)


def _downtime_start(batch: Batch, problem: Problem, said: Notification, at: datetime) -> None:
    if problem.downtime_at is not None and at < problem.downtime_at:
        return
    problem.in_downtime, problem.downtime_at = True, at
    _journal(batch, problem, Event.DOWNTIME_STARTED, said, at)
    incidents.hold(batch, problem)


def _downtime_end(batch: Batch, problem: Problem, said: Notification, at: datetime) -> None:
    if problem.downtime_at is not None and at < problem.downtime_at:
        return
    problem.downtime_at = at
    if problem.in_downtime:
        problem.in_downtime = False
        _journal(batch, problem, Event.DOWNTIME_ENDED, said, at)
        incidents.resume(batch, problem)


def _acknowledge(batch: Batch, problem: Problem, said: Notification, at: datetime) -> None:
    from_icinga.acknowledge(batch, problem, said, at)


def _acknowledgement_lost(
    batch: Batch, problem: Problem, _said: Notification, at: datetime
) -> None:
    from_icinga.acknowledge_again(batch, problem, at)


def _unacknowledge(batch: Batch, problem: Problem, said: Notification, at: datetime) -> None:
    from_icinga.unacknowledge(batch, problem, said, at)


SIDE_EFFECTS: Mapping[NotificationType, SideEffect] = {
    NotificationType.ACKNOWLEDGEMENT: _acknowledge,
    NotificationType.ACKNOWLEDGEMENTLOST: _acknowledgement_lost,
    NotificationType.ACKNOWLEDGEMENTREMOVED: _unacknowledge,
    NotificationType.CUSTOM: _comment,
    NotificationType.UNKNOWN: _unknown,
    NotificationType.OBJECTGONE: _gone,
    NotificationType.FLAPPINGSTART: _flapping,
    NotificationType.FLAPPINGEND: _flapping,
    NotificationType.DOWNTIMESTART: _downtime_start,
    NotificationType.DOWNTIMEEND: _downtime_end,
    NotificationType.DOWNTIMECANCELLED: _downtime_end,
}
