"""A file of events, one JSON object in each line, read and judged."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from bridge.api.forms import Form
from bridge.api.mistakes import mistakes
from bridge.calendars.suggestions import did_you_mean
from bridge.desk_file.document import Document
from bridge.flows.directory import FIRST_NUMBER
from bridge.flows.problems import Heard
from bridge.icinga import notification
from bridge.icinga.notification import NotANotification
from bridge.outbox.outcome import Outcome
from bridge.simulation.deeds import ACTIONS, MERGE, Action
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
from bridge.simulation.moments import BadMoment, moment, only_zone

# Where the desk file names no source, notifications come from one of this name.
UNNAMED_SOURCE = "icinga"
CUSTOMER = "the customer"
SHAPES = 'a notification as the webhook takes it, or {"at", "action", "ticket", "actor"}'
REFERENCE = re.compile(r"\[?(?:Ticket )?#?(\d+)\]?")
ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th|\.)")
ENDS = {"first": 1, "last": -1}
TICKET_ADVICE = 'name the ticket by its number, its reference, "last", "2nd" or by its host!service'


class _BadLine(Exception):
    """One line is wrong; its texts say what to do."""


@dataclass(frozen=True)
class _Reader:
    """Reads lines, in the light of the desk file that they are played against."""

    document: Document

    @cached_property
    def zone(self) -> ZoneInfo | None:
        return only_zone(self.document)

    @cached_property
    def people(self) -> frozenset[str]:
        return frozenset(person.id for person in self.document.staff or ())

    @cached_property
    def source(self) -> str:
        return next((one.id for one in self.document.sources or ()), UNNAMED_SOURCE)

    @cached_property
    def first_number(self) -> int:
        desk = self.document.desk
        return (desk.first_number if desk else None) or FIRST_NUMBER

    def event(self, line: str, where: str) -> Event:
        """Return what the line says; raises _BadLine, NotANotification and BadMoment."""
        try:
            entry = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise _BadLine(f"this line is not JSON: write {SHAPES}") from error
        if not isinstance(entry, dict):
            raise _BadLine(f"this line is no JSON object: write {SHAPES}")
        for key, read in self._shapes.items():
            if key in entry:
                return read(entry, where)
        raise _BadLine(f"this line is no event: write {SHAPES}")

    @property
    def _shapes(self) -> Mapping[str, Callable[[dict[str, Any], str], Event]]:
        return {"action": self._done, "outcome": self._changed, "type": self._said}

    def _said(self, entry: dict[str, Any], where: str) -> Said:
        said = notification.parse(entry)
        arrived = entry.get("received_at", said.time)
        try:
            at = moment(arrived, self.zone)
        except BadMoment as error:
            field = "received_at" if "received_at" in entry else "time"
            hint = "" if "received_at" in entry else "; or say in received_at when it reached us"
            raise BadMoment(f"{field}: {error}{hint}") from error
        source = entry.get("source", self.source)
        if not isinstance(source, str) or not source:
            raise _BadLine("source: name the source of the desk file it comes from, as a text")
        return Said(at, where, Heard(source, said, at))

    def _done(self, entry: dict[str, Any], where: str) -> Done:
        fields = dict(entry)
        name = fields.pop("action")
        action = ACTIONS.get(name) if isinstance(name, str) else None
        if action is None:
            known = ", ".join(ACTIONS)
            raise _BadLine(
                f"there is no action {name!r}{did_you_mean(str(name), ACTIONS)}: {known}"
            )
        at = self._at(fields)
        ticket, actor, into = None, CUSTOMER, None
        if action.about_ticket:
            ticket = self._ticket(fields.pop("ticket", None))
        if action.by_staff:
            actor = self._person(fields.pop("actor", None), "actor", "say who does it")
        if name == MERGE and "into" in fields:
            into = self._ticket(fields["into"], "into")
            fields["into"] = 0  # only the play knows its number
        form = _form(action, fields)
        return Done(at, where, str(name), ticket, actor, form, not action.by_staff, into)

    def _changed(self, entry: dict[str, Any], where: str) -> Changed:
        fields = dict(entry)
        name = fields.pop("outcome")
        names = [one.value for one in Outcome]
        if name not in names:
            raise _BadLine(f"outcome: {name!r} is none of {', '.join(names)}")
        at = self._at(fields)
        person, channel = fields.pop("person", None), fields.pop("channel", None)
        if person is not None:
            person = self._person(person, "person", "whose channel it is")
        if channel is not None and not isinstance(channel, str):
            raise _BadLine("channel: write its name in the desk file, such as push")
        if fields:
            known = ("at", "outcome", "person", "channel")
            raise _BadLine(f"there is no field {next(iter(fields))!r} here: {', '.join(known)}")
        return Changed(at, where, Outcome(name), person, channel)

    def _at(self, fields: dict[str, Any]) -> Any:
        if "at" not in fields:
            raise _BadLine("say when it happens: at, a moment such as 2026-11-23T08:00:00Z")
        try:
            return moment(fields.pop("at"), self.zone)
        except BadMoment as error:
            raise BadMoment(f"at: {error}") from error

    def _person(self, name: object, field: str, advice: str) -> str:
        if not isinstance(name, str) or not name:
            raise _BadLine(f"{field}: {advice}, by the id of one of the desk file's staff")
        if name not in self.people:
            hint = did_you_mean(name, self.people)
            raise _BadLine(f"{field}: nobody in the desk file's staff has the id {name!r}{hint}")
        return name

    def _ticket(self, wish: object, field: str = "ticket") -> TicketWish:
        if isinstance(wish, int) and not isinstance(wish, bool) and wish:
            return Number(wish) if wish >= self.first_number else Nth(wish)
        if not isinstance(wish, str) or not wish.strip():
            raise _BadLine(f"{field}: {TICKET_ADVICE}")
        text = wish.strip()
        if text.lower() in ENDS:
            return Nth(ENDS[text.lower()])
        if found := ORDINAL.fullmatch(text):
            return Nth(int(found[1]))
        if found := REFERENCE.fullmatch(text):
            return Number(int(found[1]))
        host, _, service = text.partition("!")
        return OfObject(host, service)


def _form(action: Action, fields: dict[str, Any]) -> Form:
    try:
        return action.form.model_validate_json(json.dumps(fields), strict=True)
    except ValidationError as error:
        names = [field.alias or key for key, field in action.form.model_fields.items()]
        raise _BadLine(*(one.message for one in mistakes(error, names, "field"))) from error


def read(name: str, content: bytes, document: Document) -> list[Event]:
    """Return the events of a file, in order of time; those of one moment as they stand in it.

    name: what errors call the file. document: the desk file that they are played against.
    Empty lines are passed over. Raises EventsRefused with every mistake.
    """
    try:
        lines = content.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        bad = content.count(b"\n", 0, error.start) + 1
        raise EventsRefused([f"{name}:{bad}: this is not UTF-8: save the file as UTF-8"]) from error
    reader = _Reader(document)
    events: list[Event] = []
    errors: list[str] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        where = f"{name}:{number}"
        try:
            events.append(reader.event(line, where))
        except _BadLine as error:
            errors += [f"{where}: {sentence}" for sentence in error.args]
        except NotANotification as error:
            errors += [f"{where}: {field or 'this'}: {message}" for field, message in error.errors]
        except BadMoment as error:
            errors.append(f"{where}: {error}")
    if errors:
        raise EventsRefused(errors)
    if not events:
        raise EventsRefused([f"{name}: there is no event in it: write one in each line, {SHAPES}"])
    return sorted(events, key=lambda event: event.at)
