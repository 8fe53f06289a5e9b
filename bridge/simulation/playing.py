"""Plays events and everything that falls due between them, in the order of time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import Select, func, select

from bridge.api.work_forms import Into
from bridge.errors import BridgeError, NotFound, Permanent
from bridge.flows import problems
from bridge.flows.answers import Acting, Program
from bridge.icinga.models import Problem
from bridge.outbox.models import OPEN, OutboxEntry
from bridge.simulation.deeds import ACTIONS, Doing
from bridge.simulation.desk import AT_ONCE, SimulatedDesk
from bridge.simulation.events import (
    Changed,
    Done,
    Event,
    EventsRefused,
    Nth,
    Number,
    OfObject,
    Said,
    TicketWish,
)
from bridge.sla.models import RUNNING, Clock
from bridge.tickets.lifecycle import WrongState
from bridge.tickets.models import Ticket
from bridge.worker.timers import TIMERS

# So long after the last event, what falls due is still played.
LONGEST_AFTER = timedelta(days=7)
# And so long what is paged: nobody answers any more, so it would only repeat itself.
PAGED_AFTER = timedelta(days=1)

DELIVERIES = select(func.min(OutboxEntry.due_at)).where(OPEN).scalar_subquery()
# When the next thing of each kind is due.
DUE = select(*(timer.next_at for timer in TIMERS), DELIVERIES)


class TimerStuck(Permanent):
    """A timer says that something is due, and does nothing about it."""


class NoSuchTicket(NotFound):
    """The ticket that is to be acted on has not been opened by then."""


@dataclass(frozen=True)
class NotDone:
    """An action that the desk refused, and why; `ticket` is None where there was none."""

    event: Done
    ticket: int | None
    reason: str


@dataclass
class Played:
    """What was played: from the first event until nothing more was due, or until told to stop.

    duplicates: notifications whose id was known. left_out: events after the end.
    """

    begun_at: datetime
    ended_at: datetime
    notifications: int = 0
    duplicates: int = 0
    actions: int = 0
    left_out: int = 0
    not_done: list[NotDone] = field(default_factory=list)


def play(
    desk: SimulatedDesk,
    events: Sequence[Event],
    until: datetime | None = None,
    *,
    forgiving: bool = False,
) -> Played:
    """Play events (in order of time, at least one) and what falls due, and return what was played.

    Of what happens in one moment, events come first: who answers in time does so before a step
    fires. until: the end; without it, nothing more is due, or a week has passed since the last
    event, or a day where all that is due is more pages. An action that the ticket's state does
    not allow is noted and passed over.
    forgiving: so is any other that cannot be done; else it raises EventsRefused with its line.
    """
    player = _Player(desk, Played(events[0].at, events[0].at), forgiving)
    end = until or events[-1].at + LONGEST_AFTER
    for at, group in groupby(events, key=lambda event: event.at):
        if at > end:
            player.played.left_out += len(list(group))
            continue
        player.pass_time(at, until_then=True)
        player.happen(at, list(group))
    if until is None:
        player.paged_until = events[-1].at + PAGED_AFTER
    player.pass_time(end, until_then=False)
    player.run_out(end)
    if until is not None:
        player.played.ended_at = until
    return player.played


class _Player:
    """Plays on one desk."""

    def __init__(self, desk: SimulatedDesk, played: Played, forgiving: bool) -> None:
        self.played = played
        self.paged_until: datetime | None = None
        self._desk = desk
        self._forgiving = forgiving
        self._known: set[tuple[str, str]] = set()

    def pass_time(self, end: datetime, *, until_then: bool) -> None:
        """Do what falls due up to `end`, or with `until_then` before it."""
        while True:
            moments = self._due_moments()
            found = [moment for moment in moments if moment is not None]
            at = max(min(found), self.played.ended_at) if found else None
            if at is None or at > end or (until_then and at == end):
                return
            self.played.ended_at = at
            self._do_due(at, moments)

    def _due_moments(self) -> Sequence[datetime | None]:
        """Return when something is due: first of the escalations, last in the outbox."""
        pages, *others = self._desk.session.execute(DUE).one()
        over = pages is not None and self.paged_until is not None and pages > self.paged_until
        return (None if over else pages, *others)

    def _do_due(self, now: datetime, moments: Sequence[datetime | None]) -> None:
        done = 0
        for timer, at in zip(TIMERS, moments, strict=False):
            if at is not None and at <= now:
                with self._desk.step() as session:
                    done += timer.do(session, self._desk.directory, now, AT_ONCE)
        if moments[-1] is not None and moments[-1] <= now:
            done += self._desk.deliver(now)
        if not done:
            raise TimerStuck(f"something is due at {now} and stays so: this is a bug in Bridge")

    def run_out(self, end: datetime) -> None:
        """Let the clocks that still run be missed, as far as they are due by `end`."""
        running_out = select(func.max(Clock.due_at)).where(RUNNING, Clock.due_at <= end)
        last = self._desk.session.scalar(running_out)
        if last is not None:
            self.played.ended_at = max(last, self.played.ended_at)

    def happen(self, at: datetime, events: Sequence[Event]) -> None:
        """Let these events happen, all of one moment, in their order."""
        self.played.ended_at = at
        for kind, group in groupby(events, key=type):
            if kind is Said:
                self._hear([event for event in group if isinstance(event, Said)], at)
                continue
            for event in group:
                match event:
                    case Done():
                        self._act(event)
                    case Changed():
                        self._desk.rules.append(event)

    def _hear(self, said: Sequence[Said], now: datetime) -> None:
        # As the worker takes them: by Icinga's time, then in the order of arrival.
        heard = sorted((event.heard for event in self._new(said)), key=lambda one: one.at)
        if heard:
            with self._desk.step() as session:
                problems.take_in(session, self._desk.directory, heard, now)

    def _new(self, said: Sequence[Said]) -> Iterator[Said]:
        for event in said:
            key = (event.heard.source, event.heard.notification.id)
            if key in self._known:
                self.played.duplicates += 1
                continue
            self._known.add(key)
            self.played.notifications += 1
            yield event

    def _act(self, event: Done) -> None:
        number: int | None = None
        try:
            number = self._number(event.ticket) if event.ticket else None
            form = Into(into=self._number(event.into)) if event.into else event.form
            who = self._acting(event)
            with self._desk.attempt() as session:
                by = Doing(session, self._desk.directory, number or 0, who, event.at)
                ACTIONS[event.action].do(by, form)
            self.played.actions += 1
        except BridgeError as error:
            if not (self._forgiving or isinstance(error, WrongState)):
                raise EventsRefused([f"{event.where}: {error}"]) from error
            self.played.not_done.append(NotDone(event, number, str(error)))

    def _acting(self, event: Done) -> Acting:
        person = self._desk.directory.people.get(event.actor)
        if person is not None:
            return person
        if event.may_be_a_program:
            return Program(event.actor)
        raise NoSuchTicket(f"nobody in the desk file's staff has the id {event.actor!r}")

    def _number(self, wish: TicketWish) -> int:
        found = self._desk.session.scalar(_selected(wish))
        if found is None:
            raise NoSuchTicket(f"there is no {_named(wish)} by then")
        return found


def _named(wish: TicketWish) -> str:
    return str(wish).removeprefix("the ")


def _selected(wish: TicketWish) -> Select[int | None]:
    match wish:
        case Number(number):
            return select(Ticket.number).where(Ticket.number == number)
        case Nth(n) if n > 0:
            return select(Ticket.number).order_by(Ticket.number).offset(n - 1).limit(1)
        case Nth(n):
            return select(Ticket.number).order_by(Ticket.number.desc()).offset(-n - 1).limit(1)
        case OfObject(host, service, source):
            theirs = func.coalesce(Problem.open_ticket, Problem.last_ticket)
            statement = select(theirs).where(Problem.host == host, Problem.service == service)
            if source is not None:
                statement = statement.where(Problem.source == source)
            # Of two sources that know the same host, the newest ticket is meant.
            return statement.order_by(theirs.desc()).limit(1)
