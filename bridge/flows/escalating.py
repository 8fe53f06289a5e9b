"""Carries out what an escalation has decided: pages, cancels, tells, takes back, writes down."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bridge.flows import bundling, ladders, news, to_icinga
from bridge.flows.courses import Courses
from bridge.flows.directory import Directory
from bridge.flows.ladders import Standing
from bridge.icinga import queries as icinga
from bridge.oncall import quiet
from bridge.oncall.ladder_state import LadderPage
from bridge.oncall.models import Delivery, Page
from bridge.oncall.moves import (
    Decision,
    Drop,
    Fire,
    Hasten,
    Move,
    Nobody,
    Restart,
    Tell,
    Unacknowledge,
)
from bridge.outbox import actions as outbox
from bridge.outbox.models import WAITING
from bridge.tickets import actions as tickets
from bridge.tickets.journal import BRIDGE, Event

LOUD, QUIET = "page", "quiet_page"


@dataclass(frozen=True)
class Carrier:
    """Carries out decisions in one transaction.

    courses: of a batch, which alone writes the clocks of its tickets.
    """

    session: Session
    directory: Directory
    now: datetime
    courses: Courses | None = None

    def carry_out(self, standing: Standing, decision: Decision) -> None:
        """Store what the escalation has become, and do what it takes."""
        ladders.store(standing.run, decision.ladder)
        for move in decision.moves:
            self._do(standing, move, decision)

    def _do(self, standing: Standing, move: Move, decision: Decision) -> None:
        match move:
            case Fire():
                self._fire(standing, move, decision.ladder.generation)
            case Nobody():
                self._nobody(standing, move)
            case Hasten():
                self._hasten(standing, move)
            case Drop():
                self._drop(standing, move)
            case Tell():
                self._tell(standing, move)
            case Unacknowledge():
                self._unacknowledge(standing, move)
            case Restart():
                data = {
                    "why": move.why,
                    "due_at": move.due_at,
                    "rule": move.source,
                    "generation": decision.ladder.generation,
                }
                self._write(standing, Event.ESCALATION_RESTARTED, data)

    def _write(self, standing: Standing, event: Event, data: dict[str, Any]) -> None:
        tickets.write(self.session, standing.ticket, event, BRIDGE, self.now, self.now, data)

    def _fire(self, standing: Standing, move: Fire, generation: int) -> None:
        people = self.directory.people
        for page in move.pages:
            self._page(standing, page)
        data = {
            "round": move.round,
            "step": move.step,
            "generation": generation,
            "people": [people[page.key.person].id for page in move.pages],
            "late": move.late or None,
            "rule": move.source,
        }
        is_fallback = move.step == 0 and move.round > 0
        event = Event.FALLBACK_PAGED if is_fallback else Event.PAGED
        self._write(standing, event, data)

    def _page(self, standing: Standing, value: LadderPage) -> None:
        person = self.directory.people[value.key.person]
        channels = {one.label: one for one in person.channels if one.retired_at is None}
        if standing.run.id is None:
            self.session.flush()  # the run's number is in the keys
        page = Page(
            run=standing.run,
            generation=value.key.generation,
            round=value.key.round,
            step=value.key.step,
            staff_id=person.id,
            urgency="high" if value.is_high else "low",
            created_at=self.now,
        )
        self.session.add(page)
        key = f"page:{standing.run.id}:{page.generation}:{page.round}:{page.step}:{person.id}"
        for one in value.deliveries:
            due_at = one.due_at if value.is_high else quiet.deferred(person.document, one.due_at)
            door = LOUD if value.is_high else QUIET
            number = standing.ticket.number
            entry = outbox.queue(
                self.session, door, f"{key}:{one.rule}", {}, number, self.now, due_at
            )
            delivery = Delivery(
                page=page,
                rule=one.rule,
                channel_id=channels[one.channel].id,
                entry=entry,
                due_at=due_at,
                state=one.sent.value,
            )
            self.session.add(delivery)
            standing.deliveries[value.key, one.rule] = delivery

    def _tell(self, standing: Standing, move: Tell) -> None:
        told = news.queue(
            self.session, self.directory, standing.ticket, standing.run, move, self.now
        )
        if told:
            data = {"news": move.news.value, "people": told, "rule": move.source}
            self._write(standing, Event.TOLD, data)

    def _nobody(self, standing: Standing, move: Nobody) -> None:
        data = {"round": move.round, "step": move.step, "rule": move.source}
        if move.missing:
            data["missing"] = list(move.missing)
        empty = move.why == "empty"
        event = Event.NOBODY_ON_CALL if empty else Event.STEP_UNDELIVERABLE
        self._write(standing, event, data)
        if move.missing or move.step == 0:
            why = "missing_schedule" if move.missing else "fallback"
            news.alarm_administrators(
                self.session, self.directory, standing.ticket, standing.run, why, self.now
            )

    def _hasten(self, standing: Standing, move: Hasten) -> None:
        delivery = standing.deliveries[move.page, move.rule]
        delivery.due_at = self.now
        if delivery.entry is not None and delivery.entry.state == WAITING:
            delivery.entry.due_at = self.now

    def _drop(self, standing: Standing, move: Drop) -> None:
        wanted = [
            one
            for (key, _), one in standing.deliveries.items()
            if key in move.pages and one.state in {"scheduled", "failed_for_now", "maybe"}
        ]
        bundling.withdraw(self.session, wanted, move.why, self.now)

    def _unacknowledge(self, standing: Standing, move: Unacknowledge) -> None:
        """Take back that somebody has the ticket, here and in Icinga."""
        ticket = standing.ticket
        if ticket.acknowledged_at is None:
            return
        tickets.unacknowledge(ticket)
        data = {"via": "escalation", "why": move.why, "rule": move.source}
        courses = self.courses or Courses.of(self.session, self.directory, ticket.number, self.now)
        courses.happened(ticket, Event.UNACKNOWLEDGED, BRIDGE, self.now, data)
        about = icinga.problem_of(self.session, ticket.number)
        if about is not None:
            to_icinga.unacknowledge(self.session, self.directory, ticket, about, self.now)
