"""What happens in a simulation, and when: what Icinga says, what people do, who is not reached."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bridge.api.forms import Form
from bridge.errors import Refused
from bridge.flows.problems import Heard
from bridge.outbox.outcome import Outcome

MOST_ERRORS = 20


class EventsRefused(Refused):
    """The events cannot be played; the text has one line for each mistake, with file and line."""

    def __init__(self, errors: Iterable[str]) -> None:
        self.errors = tuple(errors)
        shown = self.errors[:MOST_ERRORS]
        more = len(self.errors) - len(shown)
        super().__init__("\n".join([*shown, *([f"… and {more} more"] if more else [])]))


@dataclass(frozen=True)
class Nth:
    """The n-th ticket that was opened, counted from 1; from the newest where n is negative."""

    n: int

    def __str__(self) -> str:
        match self.n:
            case 1:
                return "the first ticket"
            case -1:
                return "the last ticket"
            case n if n < 0:
                return f"ticket {-n} from the last"
            case n:
                return f"the ticket number {n} in order"


@dataclass(frozen=True)
class Number:
    """The ticket with this number."""

    number: int

    def __str__(self) -> str:
        return f"ticket {self.number}"


@dataclass(frozen=True)
class OfObject:
    """The open ticket of a host or service (`''` for a host), else its last one.

    source: None where it does not matter.
    """

    host: str
    service: str
    source: str | None = None

    def __str__(self) -> str:
        return f"ticket of {self.host}!{self.service}" if self.service else f"ticket of {self.host}"


TicketWish = Nth | Number | OfObject


@dataclass(frozen=True)
class Said:
    """Icinga's notification, when it reaches us; `where` is its line, for errors."""

    at: datetime
    where: str
    heard: Heard


@dataclass(frozen=True)
class Done:
    """Somebody acts, on a ticket in most cases.

    form: the fields of the action. into: the ticket that goes on with the matter, in its place.
    actor: a person's id of the desk file; with `may_be_a_program` the name of a program, where no
    person has it.
    """

    at: datetime
    where: str
    action: str
    ticket: TicketWish | None
    actor: str
    form: Form
    may_be_a_program: bool = False
    into: TicketWish | None = None


@dataclass(frozen=True)
class Changed:
    """From now on, deliveries to this person (None: all) and channel (None: all) end so."""

    at: datetime
    where: str
    outcome: Outcome
    person: str | None = None
    channel: str | None = None


Event = Said | Done | Changed
