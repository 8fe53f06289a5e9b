"""The section `customers`: whom we serve, and what each contract promises."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from bridge.desk_file.by_priority import ByPriority
from bridge.desk_file.document_hours import HoursForm
from bridge.desk_file.document_staff import DEFAULT_ZONE, Distinct, named
from bridge.desk_file.durations import PositiveMinutes
from bridge.desk_file.entry import Entry, Many, Misplaced
from bridge.desk_file.errors import TreePath
from bridge.desk_file.values import Day, Domain, Email, Language, Name, Number, Priority, Text, Zone

State = Literal["DOWN", "CRITICAL", "UNKNOWN", "WARNING"]
PageTime = Literal["now", "service-hours"]
StatusMail = Literal["opened", "working", "recovered", "downtime", "resolved", "reopened"]

DEFAULT_PRIORITIES: dict[State, Priority] = {
    "DOWN": "P1",
    "CRITICAL": "P2",
    "UNKNOWN": "P3",
    "WARNING": "P4",
}


def _every_state(priorities: dict[State, Priority]) -> dict[State, Priority]:
    return {**DEFAULT_PRIORITIES, **priorities}


def _in_order(percentages: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(sorted(set(percentages)))


class Contact(Entry):
    """Somebody at the customer's."""

    name: Text | None = Field(default=None, description="As people read it.")
    email: Email | None = Field(default=None, description="Where mail from and to them goes.")
    status_mails: Annotated[Many[StatusMail], Distinct] = Field(
        default=(), description="The status mails this person wants."
    )
    portal: bool = Field(default=False, description="Whether this person may use the portal.")
    sla_report: bool = Field(
        default=False, description="Whether the monthly SLA report is mailed to this person."
    )

    @model_validator(mode="after")
    def _can_be_told_apart(self) -> Self:
        if self.name is None and self.email is None:
            raise ValueError("a contact needs a name or an email: add one")
        if self.email is None and (self.status_mails or self.portal or self.sla_report):
            raise ValueError(
                f"{self.name} needs an email for status mails, reports and the portal: add it"
            )
        return self


class Terms(Entry):
    """What is promised for one class of tickets: in which calendar, and how fast."""

    calendar: Name = Field(description="The service hours in which all its targets run.")
    response: ByPriority[PositiveMinutes] = Field(
        default={}, description="Until the first response; a priority not named has no promise."
    )
    solution: ByPriority[PositiveMinutes] = Field(default={}, description="Until it is resolved.")
    update: ByPriority[PositiveMinutes] = Field(
        default={}, description="Until a further message of the customer is answered."
    )


class FaultTerms(Terms):
    """What is promised for faults."""

    status_every: ByPriority[PositiveMinutes] = Field(
        default={}, description="A status at least this often while a fault is open."
    )
    page: ByPriority[PageTime] = Field(
        default={}, description="Whether people are paged: now, service-hours; not named: never."
    )


class RequestTerms(Terms):
    """What is promised for requests."""


class MetBy(Entry):
    """What stops the response clock."""

    fault: Literal["acknowledge", "answer"] = Field(
        default="acknowledge", description="Somebody takes it, or the customer has an answer."
    )
    request: Literal["answer"] = Field(default="answer", description="The customer has an answer.")


class ContractForm(Entry):
    """A support contract: the addresses it is reached by and what it promises."""

    id: Name = Field(description="Unique over all customers.")
    addresses: Annotated[Many[Email], Distinct] = Field(
        default=(), description="What comes through one of these is guaranteed."
    )
    valid_from: Day | None = Field(
        default=None, description="From midnight of this day on, in the customer's zone."
    )
    valid_to: Day | None = Field(
        default=None, description="Until midnight at which this day begins; null: without end."
    )
    fault: FaultTerms | None = Field(default=None, description="What is promised for faults.")
    request: RequestTerms | None = Field(
        default=None, description="What is promised for requests; a new one is P3."
    )
    third_party_pauses: bool = Field(
        default=False, description="Whether waiting for a third party pauses the solution clock."
    )
    warn_at: Annotated[Many[Annotated[int, Field(ge=1, le=100)]], AfterValidator(_in_order)] = (
        Field(default=(50, 75, 100), description="Warnings, in per cent of the target.")
    )
    priorities: Annotated[dict[State, Priority], AfterValidator(_every_state)] = Field(
        default=DEFAULT_PRIORITIES, description="Priorities of monitored states."
    )
    policy: Name | None = Field(default=None, description="Who is paged.")
    response_met_by: MetBy = Field(
        default=MetBy(), description="What stops the response clock, by class."
    )
    hours: HoursForm | None = Field(default=None, description="The hours account, if any.")

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        mistakes: list[tuple[TreePath, str]] = []
        if self.valid_from and self.valid_to and self.valid_to <= self.valid_from:
            mistakes.append(
                (("valid_to",), f"{self.valid_to} is not after valid_from, {self.valid_from}")
            )
        if self.fault and self.fault.page and self.policy is None:
            sentence = "somebody is to be paged, but the contract has no policy: add `policy:`"
            mistakes.append((("fault", "page"), sentence))
        if self.valid_to and self.hours and self.hours.at_end is None:
            mistakes.append(
                (
                    ("hours",),
                    "the contract ends: say what becomes of the hours that are left, at_end:"
                    ' forfeit, payout or "usable 2 months"',
                )
            )
        if mistakes:
            raise Misplaced(mistakes)
        return self


class CustomerForm(Entry):
    """A customer, its people and its contracts."""

    number: Number = Field(description="The customer number.")
    name: Text = Field(default="", description="As people read it. Without it: the number.")
    language: Language = Field(default="de", description="Of what the customer reads.")
    timezone: Zone = Field(default=DEFAULT_ZONE, description="The zone of its days and months.")
    domains: Annotated[Many[Domain], Distinct] = Field(
        default=(), description="Who writes from one of these is a colleague."
    )
    manager: Name | None = Field(default=None, description="The account manager, one of the staff.")
    team: Name | None = Field(default=None, description="Who looks after it.")
    contacts: Many[Contact] = Field(default=(), description="People at the customer's.")
    contracts: Many[ContractForm] = Field(
        default=(), description="The first is the one that counts where none is named."
    )

    @model_validator(mode="before")
    @classmethod
    def _called_by_number(cls, data: object) -> object:
        return named(data, "number")

    @model_validator(mode="after")
    def _contacts_are_distinct(self) -> Self:
        emails = [contact.email and contact.email.lower() for contact in self.contacts]
        mistakes: list[tuple[TreePath, str]] = [
            (("contacts", at, "email"), f"{email} is there twice at this customer: keep one")
            for at, email in enumerate(emails)
            if email and email in emails[:at]
        ]
        if mistakes:
            raise Misplaced(mistakes)
        return self
