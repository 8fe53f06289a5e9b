"""What people may do in a simulation: the actions of the API, with the fields they take there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bridge.api.forms import Form, Nothing, Owner, Text
from bridge.flows import answers
from bridge.flows.answers import Acting
from bridge.flows.directory import Directory


@dataclass(frozen=True)
class Doing:
    """Somebody who does something with a ticket at a moment."""

    session: Session
    directory: Directory
    number: int
    who: Acting
    now: datetime


@dataclass(frozen=True)
class Action:
    """One action: the fields it takes, and the flow behind it."""

    form: type[Form]
    do: Callable[[Doing, Any], object]


def _acknowledge(by: Doing, _form: Nothing) -> object:
    return answers.acknowledge(by.session, by.directory, by.number, by.who, "api", by.now)


def _note(by: Doing, form: Text) -> object:
    return answers.note(by.session, by.number, by.who, form.text, by.now)


def _assign(by: Doing, form: Owner) -> object:
    return answers.assign(by.session, by.directory, by.number, by.who, form.owner, by.now)


def _resolve(by: Doing, form: Text) -> object:
    return answers.resolve(by.session, by.directory, by.number, by.who, form.text, by.now)


def _close(by: Doing, _form: Nothing) -> object:
    return answers.close(by.session, by.number, by.who, by.now)


def _reopen(by: Doing, _form: Nothing) -> object:
    return answers.reopen(by.session, by.directory, by.number, by.who, by.now)


# An action of the API gets its line here, and can be simulated.
ACTIONS: Mapping[str, Action] = {
    "acknowledge": Action(Nothing, _acknowledge),
    "note": Action(Text, _note),
    "assign": Action(Owner, _assign),
    "resolve": Action(Text, _resolve),
    "close": Action(Nothing, _close),
    "reopen": Action(Nothing, _reopen),
}
