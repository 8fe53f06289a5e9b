"""What people do with a ticket beside taking, noting and resolving: as fields, and as calls."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bridge.dashboard.wording import gettext as _
from bridge.errors import BridgeError
from bridge.flows import asking, changes, conversation, corrections, merging, waiting
from bridge.flows.acting import EmptyText
from bridge.flows.answers import UnknownOwner
from bridge.flows.asking import BadSnooze, ChangesNothing, NoEscalation
from bridge.flows.changes import ContractNotValid, NoContractAddress
from bridge.flows.conversation import NotThen
from bridge.flows.corrections import UnknownClock, WhatToCorrect
from bridge.flows.directory import Directory
from bridge.flows.merging import SameTicket, TwoCustomers
from bridge.flows.requests import OtherCustomer, UnknownContract, UnknownCustomer
from bridge.icinga.text import clean
from bridge.oncall.local_form import BadSchedule, moment_from_plain
from bridge.staff.models import StaffMember
from bridge.tickets.lifecycle import WrongState
from bridge.tickets.queries import UnknownTicket

TEXT_LIMIT_BYTES = 64 * 1024


class Work(Enum):
    """One thing that can be done; the value stands in its address."""

    ANSWER = "answer"
    WAIT = "wait"
    GO_ON = "go-on"
    PRIORITY = "priority"
    CLASS = "class"
    CONTRACT = "contract"
    MERGE = "merge"
    CORRECT = "correct"
    ESCALATE = "escalate"
    DECLINE = "decline"
    HAND_OVER = "hand-over"
    SNOOZE = "snooze"


@dataclass(frozen=True)
class Typed:
    """What came with a form; moments are local to `zone`."""

    fields: Mapping[str, str]
    zone: str

    def text(self, name: str) -> str:
        """Return what was typed, cleaned; empty where nothing was."""
        return clean(self.fields.get(name, ""), TEXT_LIMIT_BYTES).strip()

    def moment(self, name: str) -> datetime | None:
        """Return the moment in UTC; None where none was given. Raises BadSchedule."""
        plain = self.text(name)
        return moment_from_plain(plain, ZoneInfo(self.zone)) if plain else None

    def number(self, name: str) -> int:
        """Return the number, which may be written as a reference; -1 where it is none."""
        digits = self.text(name).removeprefix("[Ticket ").removesuffix("]").lstrip("#")
        return int(digits) if digits.isdecimal() and len(digits) <= len("999999999999") else -1


@dataclass(frozen=True)
class Deed:
    """Who does something with which ticket, when, and what was typed."""

    session: Session
    directory: Directory
    number: int
    who: StaffMember
    typed: Typed
    now: datetime

    @property
    def there(self) -> tuple[Session, Directory, int, StaffMember]:
        """Return what every flow begins with."""
        return self.session, self.directory, self.number, self.who


def _answer(deed: Deed) -> object:
    text, via, at = deed.typed.text("text"), deed.typed.text("via"), deed.typed.moment("at")
    return conversation.answer(*deed.there, text, via, deed.now, at=at)


def _wait(deed: Deed) -> object:
    until, text = deed.typed.moment("until"), deed.typed.text("text")
    return waiting.wait(*deed.there, deed.typed.text("for"), deed.now, until=until, text=text)


def _go_on(deed: Deed) -> object:
    return waiting.go_on(*deed.there, deed.now)


def _priority(deed: Deed) -> object:
    wanted, reason = deed.typed.text("priority"), deed.typed.text("text")
    return changes.change_priority(*deed.there, wanted, reason, deed.now)


def _class(deed: Deed) -> object:
    return changes.change_class(*deed.there, deed.typed.text("class"), deed.now)


def _contract(deed: Deed) -> object:
    guaranteed, label = bool(deed.typed.text("guaranteed")), deed.typed.text("contract")
    return changes.change_contract(*deed.there, label, deed.now, guaranteed=guaranteed)


def _merge(deed: Deed) -> object:
    return merging.merge(*deed.there, deed.typed.number("into"), deed.now)


def _correct(deed: Deed) -> object:
    kind, _dot, nth = deed.typed.text("clock").partition(".")
    what, at = deed.typed.text("what"), deed.typed.moment("at")
    return corrections.correct_clock(
        *deed.there,
        kind,
        int(nth) if nth.isdecimal() else 1,
        deed.typed.text("text"),
        deed.now,
        stopped_at=at if what == "stopped" else None,
        started_at=at if what == "started" else None,
        cancel=what == "cancel",
    )


def _escalate(deed: Deed) -> object:
    return asking.escalate_now(*deed.there, deed.now)


def _decline(deed: Deed) -> object:
    return asking.decline(*deed.there, deed.who.label, deed.now)


def _hand_over(deed: Deed) -> object:
    return asking.hand_over(*deed.there, deed.typed.text("to"), deed.now)


def _snooze(deed: Deed) -> object:
    minutes = deed.typed.text("minutes")
    if minutes.isdecimal() and len(minutes) <= len("10080"):
        until = deed.now + timedelta(minutes=int(minutes))
    else:
        until = deed.typed.moment("until") or deed.now
    return asking.snooze(*deed.there, until, deed.now)


DOINGS: Mapping[Work, Callable[[Deed], object]] = {
    Work.ANSWER: _answer,
    Work.WAIT: _wait,
    Work.GO_ON: _go_on,
    Work.PRIORITY: _priority,
    Work.CLASS: _class,
    Work.CONTRACT: _contract,
    Work.MERGE: _merge,
    Work.CORRECT: _correct,
    Work.ESCALATE: _escalate,
    Work.DECLINE: _decline,
    Work.HAND_OVER: _hand_over,
    Work.SNOOZE: _snooze,
}


def problem(error: BridgeError) -> str:
    """Return why it was refused, in the visitor's language."""
    sentences: Mapping[type[BridgeError], str] = {
        EmptyText: _("A few words are missing: others will ask."),
        NotThen: _("That moment cannot be right: it is still to come, or before the ticket."),
        BadSchedule: _("This is no moment, or one that the clocks skip on that day."),
        NoEscalation: _("Nobody is being called for this ticket."),
        ChangesNothing: _("As it stands now, that would change nothing."),
        BadSnooze: _("A snooze ends later than now, and within seven days."),
        UnknownOwner: _("Choose one of our people."),
        WrongState: _("The ticket is over, or not in a state for this: look at how it stands."),
        ContractNotValid: _("This contract promises nothing at this moment."),
        NoContractAddress: _("This contract has no address that anything could come through."),
        UnknownContract: _("Choose a contract."),
        UnknownCustomer: _("Choose a customer."),
        OtherCustomer: _("That contract is another customer's."),
        UnknownTicket: _("There is no ticket with this number."),
        SameTicket: _("A ticket cannot go into itself."),
        TwoCustomers: _("These are two customers' tickets: they cannot become one."),
        UnknownClock: _("The ticket has no such clock."),
        WhatToCorrect: _("Say what was wrong: the start, the stop, or that it counts at all."),
    }
    for kind, sentence in sentences.items():
        if isinstance(error, kind):
            return sentence
    return _("Something in the form is not one of the choices.")
