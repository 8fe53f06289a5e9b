"""What people may do in a simulation: the actions of the API, with the fields they take there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pydantic import Field
from sqlalchemy.orm import Session

from bridge.api.forms import Form, Nothing, Owner, Text, Wanted, Words
from bridge.api.work_forms import (
    Answer,
    ClockCorrection,
    Into,
    NewClass,
    NewContract,
    NewPriority,
    Opening,
    Person,
    Snooze,
    Successor,
    Waiting,
    instant,
    utc_of,
)
from bridge.flows import (
    answers,
    asking,
    changes,
    conversation,
    corrections,
    listening,
    merging,
    requests,
    waiting,
)
from bridge.flows.answers import Acting
from bridge.flows.directory import Directory
from bridge.flows.requests import NewRequest
from bridge.utc import iso


@dataclass(frozen=True)
class Doing:
    """Somebody who does something at a moment; `number` is the ticket, 0 where there is none."""

    session: Session
    directory: Directory
    number: int
    who: Acting
    now: datetime

    @property
    def about(self) -> tuple[Session, Directory, int, Acting]:
        """Return what most flows begin with."""
        return self.session, self.directory, self.number, self.who


@dataclass(frozen=True)
class Action:
    """One action: the fields it takes, and the flow behind it.

    about_ticket: it needs a ticket. by_staff: one of our people does it.
    """

    form: type[Form]
    do: Callable[[Doing, Any], object]
    about_ticket: bool = True
    by_staff: bool = True


class Message(Form):
    """What the customer wrote about a ticket."""

    text: Words = Field(default="", description="What was said; at most 64 KiB.")
    via: Literal["mail", "portal"] = Field(default="mail", description="How it reached us.")
    address: Wanted | None = Field(default=None, description="The address it came through.")


def _acknowledge(by: Doing, _form: Nothing) -> object:
    return answers.acknowledge(*by.about, "api", by.now)


def _note(by: Doing, form: Text) -> object:
    return answers.note(by.session, by.directory, by.number, by.who, form.text, by.now)


def _assign(by: Doing, form: Owner) -> object:
    return answers.assign(*by.about, form.owner, by.now)


def _resolve(by: Doing, form: Text) -> object:
    return answers.resolve(*by.about, form.text, by.now)


def _close(by: Doing, _form: Nothing) -> object:
    return answers.close(by.session, by.number, by.who, by.now)


def _reopen(by: Doing, _form: Nothing) -> object:
    return answers.reopen(*by.about, by.now)


def _open(by: Doing, form: Opening) -> object:
    new = NewRequest(
        title=form.title,
        text=form.text,
        customer_number=form.customer,
        contract_label=form.contract,
        address=form.address,
        ticket_class=form.ticket_class,
        priority=form.priority,
        source=form.source,
        author=form.author,
        called_at=utc_of(form.called_at),
    )
    return requests.open_request(by.session, by.directory, new, by.who, by.now)


def _answer(by: Doing, form: Answer) -> object:
    return conversation.answer(*by.about, form.text, form.via, by.now, at=utc_of(form.at))


def _wait(by: Doing, form: Waiting) -> object:
    return waiting.wait(*by.about, form.for_, by.now, until=utc_of(form.until), text=form.text)


def _go_on(by: Doing, _form: Nothing) -> object:
    return waiting.go_on(*by.about, by.now)


def _priority(by: Doing, form: NewPriority) -> object:
    return changes.change_priority(*by.about, form.priority, form.reason, by.now)


def _class(by: Doing, form: NewClass) -> object:
    return changes.change_class(*by.about, form.ticket_class, by.now, priority=form.priority)


def _contract(by: Doing, form: NewContract) -> object:
    return changes.change_contract(*by.about, form.contract, by.now, guaranteed=form.guaranteed)


def _merge(by: Doing, form: Into) -> object:
    return merging.merge(*by.about, form.into, by.now)


def _correct_clock(by: Doing, form: ClockCorrection) -> object:
    return corrections.correct_clock(
        *by.about,
        form.clock,
        form.nth,
        form.reason,
        by.now,
        stopped_at=utc_of(form.stopped_at),
        started_at=utc_of(form.started_at),
        cancel=form.cancel,
    )


def _escalate(by: Doing, _form: Nothing) -> object:
    return asking.escalate_now(*by.about, by.now)


def _decline(by: Doing, form: Person) -> object:
    return asking.decline(*by.about, form.person, by.now)


def _hand_over(by: Doing, form: Successor) -> object:
    return asking.hand_over(*by.about, form.to, by.now)


def _snooze(by: Doing, form: Snooze) -> object:
    return asking.snooze(*by.about, instant(form.until), by.now)


def _customer_wrote(by: Doing, form: Message) -> object:
    return listening.customer_wrote(
        by.session,
        by.directory,
        by.number,
        f"simulated:{by.number}:{iso(by.now)}",
        form.via,
        form.address,
        form.text,
        by.now,
        by.now,
    )


MERGE = "merge"
# An action of the API gets its line here, and can be simulated.
ACTIONS: Mapping[str, Action] = {
    "acknowledge": Action(Nothing, _acknowledge),
    "note": Action(Text, _note),
    "assign": Action(Owner, _assign),
    "resolve": Action(Text, _resolve),
    "close": Action(Nothing, _close),
    "reopen": Action(Nothing, _reopen),
    "open": Action(Opening, _open, about_ticket=False),
    "escalate": Action(Nothing, _escalate),
    "decline": Action(Person, _decline),
    "hand-over": Action(Successor, _hand_over),
    "snooze": Action(Snooze, _snooze),
    "answer": Action(Answer, _answer),
    "wait": Action(Waiting, _wait),
    "go-on": Action(Nothing, _go_on),
    "priority": Action(NewPriority, _priority),
    "class": Action(NewClass, _class),
    "contract": Action(NewContract, _contract),
    MERGE: Action(Into, _merge),
    "correct-clock": Action(ClockCorrection, _correct_clock),
    "customer-wrote": Action(Message, _customer_wrote, by_staff=False),
}
