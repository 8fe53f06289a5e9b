"""What people did, as the journal keeps it, as actions that can be done again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bridge.api.forms import Form, Nothing, Owner, Text
from bridge.api.work_forms import (
    Answer,
    ClockCorrection,
    Into,
    NewClass,
    NewContract,
    NewPriority,
    Person,
    Snooze,
    Successor,
    Waiting,
)
from bridge.simulation.deeds import MERGE, Message
from bridge.tickets.journal import Event
from bridge.utc import from_iso

# Where words were erased, that there were some still counts.
ERASED = "(erased)"
MAIL, PORTAL = "mail", "portal"


@dataclass(frozen=True)
class Labels:
    """The names of the desk file by the numbers of the rows."""

    people: Mapping[int, str]
    contracts: Mapping[int, str]


@dataclass(frozen=True)
class Written:
    """An entry of the journal, as far as it says what somebody did; `at` is when it counted."""

    data: Mapping[str, Any]
    text: str
    at: datetime
    labels: Labels


def _nothing(_entry: Written) -> Form:
    return Nothing()


def _text(entry: Written) -> Form:
    return Text(text=entry.text)


def _owner(entry: Written) -> Form:
    return Owner(owner=entry.labels.people.get(entry.data["owner"], ""))


def _person(entry: Written) -> Form:
    return Person(person=entry.labels.people.get(entry.data["person"], "?"))


def _successor(entry: Written) -> Form:
    return Successor(to=entry.labels.people.get(entry.data["person"], "?"))


def _snooze(entry: Written) -> Form:
    return Snooze(until=from_iso(entry.data["until"]))


def _answer(entry: Written) -> Form:
    # What went by mail counted when it was accepted, as in the portal it does at once.
    via = PORTAL if entry.data.get("via") == MAIL else entry.data.get("via", PORTAL)
    return Answer(text=entry.text, via=via, at=entry.at)


def _wait(entry: Written) -> Form:
    until = entry.data.get("until")
    fields = {"for": entry.data["for"], "until": from_iso(until) if until else None}
    return Waiting.model_validate(fields | {"text": entry.text})


def _priority(entry: Written) -> Form:
    return NewPriority(priority=entry.data["to"], reason=entry.text)


def _class(entry: Written) -> Form:
    fields = {"class": entry.data["to"], "priority": entry.data.get("priority")}
    return NewClass.model_validate(fields)


def _contract(entry: Written) -> Form:
    label = entry.labels.contracts.get(entry.data["contract"], "?")
    return NewContract(contract=label, guaranteed=bool(entry.data.get("guaranteed")))


def _into(entry: Written) -> Form:
    return Into(into=entry.data["into"])


def _correction(entry: Written) -> Form:
    data = entry.data
    return ClockCorrection(
        clock=data["clock"],
        nth=data["nth"],
        started_at=_moment(data.get("started_at")),
        stopped_at=_moment(data.get("stopped_at")),
        cancel=bool(data.get("cancel")),
        reason=entry.text,
    )


def _moment(text: str | None) -> datetime | None:
    return from_iso(text) if text else None


def _message(entry: Written) -> Form:
    via = MAIL if entry.data.get("via") == MAIL else PORTAL
    return Message(text=entry.text, via=via, address=entry.data.get("address"))


# The action for each kind of entry, and its fields.
DEEDS: Mapping[Event, tuple[str, Callable[[Written], Form]]] = {
    Event.ACKNOWLEDGED: ("acknowledge", _nothing),
    Event.NOTE: ("note", _text),
    Event.ASSIGNED: ("assign", _owner),
    Event.RESOLVED: ("resolve", _text),
    Event.CLOSED: ("close", _nothing),
    Event.REOPENED: ("reopen", _nothing),
    Event.ESCALATED: ("escalate", _nothing),
    Event.DECLINED: ("decline", _person),
    Event.HANDOVER_ASKED: ("hand-over", _successor),
    Event.ESCALATION_HELD: ("snooze", _snooze),
    Event.ANSWERED: ("answer", _answer),
    Event.WAITING: ("wait", _wait),
    Event.WAITING_ENDED: ("go-on", _nothing),
    Event.PRIORITY_CHANGED: ("priority", _priority),
    Event.CLASS_CHANGED: ("class", _class),
    Event.CONTRACT_CHANGED: ("contract", _contract),
    Event.MERGED: (MERGE, _into),
    Event.CLOCK_CORRECTED: ("correct-clock", _correction),
    Event.CUSTOMER_WROTE: ("customer-wrote", _message),
}
