"""The table of what the API can do: its document is made from it."""

from collections.abc import Sequence
from dataclasses import dataclass

from bridge.api import (
    clock_shapes,
    forms,
    policy_shapes,
    report_shapes,
    schedule_forms,
    shapes,
    work_forms,
)
from bridge.api.blueprint import PREFIX
from bridge.api.forms import Form
from bridge.api.shapes import Shape

TICKET = f"{PREFIX}/tickets/{{number}}"
CHANGED = "The ticket as it is now."


@dataclass(frozen=True)
class Operation:
    """One method of one path.

    answers: the shape of a good answer; None: a document of its own. good: its status.
    errors: what else may come, beside what every operation may answer.
    """

    name: str
    method: str
    path: str
    summary: str
    answers: type[Shape] | None
    says: str
    parameters: type[Form] = forms.Nothing
    body: type[Form] | None = None
    errors: Sequence[int] = ()
    is_open: bool = False
    good: int = 200


def _list(name: str, path: str, summary: str, answers: type[Shape], by: type[Form]) -> Operation:
    return Operation(name, "get", path, summary, answers, "A page of them.", by)


def _camel(name: str) -> str:
    first, *others = name.split("-")
    return first + "".join(map(str.capitalize, others))


def _action(name: str, summary: str, body: type[Form], *errors: int) -> Operation:
    expected = (400, 404, *errors, 413, 415)
    path = f"{TICKET}/{name}"
    return Operation(
        f"{_camel(name)}Ticket",
        "post",
        path,
        summary,
        shapes.Ticket,
        CHANGED,
        body=body,
        errors=expected,
    )


OPERATIONS = (
    _list("listTickets", f"{PREFIX}/tickets", "Tickets, the newest first",
          shapes.TicketList, forms.TicketFilter),
    Operation("showTicket", "get", TICKET, "A ticket with its journal",
              shapes.TicketWithJournal, "The ticket.", errors=(404,)),
    Operation("listJournal", "get", f"{TICKET}/journal", "What happened to a ticket",
              shapes.JournalList, "A page of it, the oldest first.", forms.Paging, errors=(404,)),
    Operation("explainClocks", "get", f"{TICKET}/clocks", "When it is due, and why",
              clock_shapes.ClockList, "All its clocks, each with its sum.",
              clock_shapes.ClockQuestion, errors=(404,)),
    _action("acknowledge", "Take the ticket; who was faster keeps it", forms.Nothing, 409),
    _action("note", "Write into the journal", forms.Text),
    _action("resolve", "Say what solved it", forms.Text, 409),
    _action("close", "Close a resolved ticket before its quiet time is over", forms.Nothing, 409),
    _action("reopen", "Work on it again: nobody has it, people are paged", forms.Nothing, 409),
    _action("assign", "Make one of our people its owner", forms.Owner, 409),
    _action("escalate", "Call the next ones now", forms.Nothing, 409),
    _action("decline", "Call a person no more for this step", work_forms.Person, 409),
    _action("hand-over", "Ask a person to take it over", work_forms.Successor, 409),
    _action("snooze", "Call nobody for a while, unless it becomes worse",
            work_forms.Snooze, 409),
    Operation("openTicket", "post", f"{PREFIX}/tickets", "Open a ticket for a call or a message",
              shapes.Ticket, "The ticket.", body=work_forms.Opening,
              errors=(400, 404, 413, 415), good=201),
    _action("answer", "Write down what the customer was told", work_forms.Answer, 409),
    _action("wait", "Let it wait for the customer, or for others", work_forms.Waiting, 409),
    _action("go-on", "End the waiting", forms.Nothing, 409),
    _action("priority", "Make it more or less urgent", work_forms.NewPriority, 409),
    _action("class", "Call it a fault or a request", work_forms.NewClass, 409),
    _action("contract", "Put it under another contract", work_forms.NewContract, 409),
    _action("merge", "Let it go into another ticket", work_forms.Into, 409),
    _action("correct-clock", "Correct a clock of the past", work_forms.ClockCorrection),
    _list("listCustomers", f"{PREFIX}/customers", "Customers",
          shapes.CustomerList, forms.Paging),
    _list("listContracts", f"{PREFIX}/contracts", "Contracts as they stand now",
          shapes.ContractList, forms.ContractFilter),
    Operation("whoIsOnCall", "get", f"{PREFIX}/schedules/{{label}}/on-call",
              "Who is on call, and until when", shapes.OnCall, "Who it is.", forms.At,
              errors=(404,)),
    _list("listSchedules", f"{PREFIX}/schedules", "Schedules, and who is on call now",
          schedule_forms.ScheduleList, forms.Paging),
    Operation("makeOverride", "post", f"{PREFIX}/schedules/{{label}}/overrides",
              "Change who is on call for a while", schedule_forms.MadeOverride,
              "The override, in force at once.", body=schedule_forms.NewOverride,
              errors=(400, 404, 413, 415), good=201),
    Operation("withdrawOverride", "delete",
              f"{PREFIX}/schedules/{{label}}/overrides/{{override_id}}",
              "Withdraw a change to who is on call", schedule_forms.Withdrawn,
              "It is not in force any more.", errors=(400, 404, 413, 415)),
    _list("listPolicies", f"{PREFIX}/policies", "Escalation policies",
          policy_shapes.PolicyList, forms.Paging),
    Operation("planFlight", "get", f"{PREFIX}/policies/{{policy}}/plan",
              "Who is paged when and how, if nobody answers", policy_shapes.FlightPlan,
              "The flight plan, until the fallback.", policy_shapes.FlightQuestion,
              errors=(404,)),
    Operation("showSlaReport", "get", f"{PREFIX}/sla/report",
              "What became of a customer's promises of a month", report_shapes.Report,
              "The report: as it was frozen, or as it is.", forms.ReportChoice, errors=(404,)),
    Operation("describeApi", "get", f"{PREFIX}/openapi.json", "This document", None,
              "The description of the API in OpenAPI 3.1.", is_open=True),
)  # fmt: skip
