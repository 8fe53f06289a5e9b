"""The flight plan of a policy in a desk file, and how the command prints it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bridge.calendars.desk_form import calendar_from_plain, valid_from
from bridge.calendars.open_time import DatedDefinition, OpenTime
from bridge.customers.terms import class_terms
from bridge.desk_file.document import Document
from bridge.desk_file.document_customers import ContractForm
from bridge.flows import flights
from bridge.flows.directory import Directory
from bridge.flows.flights import NEVER_OPEN, Cover, Flight
from bridge.flows.short_rounds import LongRound, long_rounds
from bridge.moments import exact
from bridge.oncall.roster import Reach, Roster
from bridge.oncall.rules import Rule
from bridge.oncall.schedule_form import schedule_from_plain


def open_time(document: Document, label: str | None) -> OpenTime:
    """Return the hours of a calendar in the document; never open where it has none."""
    form = (document.calendars or {}).get(label or "")
    if form is None:
        return NEVER_OPEN
    plain = form.plain()
    return OpenTime((DatedDefinition(valid_from(plain), calendar_from_plain(plain)),))


def roster_of(document: Document) -> Roster:
    """Return the schedules and people of the document."""
    schedules = {
        label: schedule_from_plain(form.plain())
        for label, form in (document.schedules or {}).items()
    }
    people = {
        person.id: Reach(
            *(
                tuple(Rule(one.channel, one.offset) for one in person.rules(high=high))
                for high in (True, False)
            )
        )
        for person in document.staff or ()
    }
    return Roster(schedules, people)


def cover_of(document: Document, contract: ContractForm) -> Cover:
    """Return what a contract in the document says of faults."""
    plain = contract.plain()
    fault, request = class_terms(plain.get("fault")), class_terms(plain.get("request"))
    staffed = request or fault
    return Cover(
        contract=contract.id,
        policy=contract.policy,
        fault=fault,
        hours=open_time(document, fault.calendar if fault else None),
        service=open_time(document, staffed.calendar if staffed else None),
    )


def told(planned: Flight, zone: ZoneInfo) -> str:
    """Return the flight for people, a line for each page, its moments in `zone`."""
    return "\n".join(_lines(planned, zone))


def policy_warnings(directory: Directory, now: datetime) -> list[str]:
    """Return a sentence, with the flight plan, for each policy whose rounds last too long.

    Source: docs/oncall.md, "R27".
    """
    return [_warning(directory, one, now) for one in long_rounds(directory, now)]


def _warning(directory: Directory, one: LongRound, now: datetime) -> str:
    policy = flights.policy_called(directory, one.policy)
    planned = flights.flight(policy, one.priority, directory.roster, now)
    return (
        f"policy {one.policy}: a round in which nobody answers lasts {exact(one.lasts)}, more than"
        f" 60 % of the {exact(one.response)} that contract {one.contract} promises for"
        f" {one.priority}: let fewer or shorter steps pass before everybody is called\n"
        + told(planned, flights.zone_of(policy, directory.roster))
    )


def _lines(planned: Flight, zone: ZoneInfo) -> Iterator[str]:
    if planned.begins is None:
        yield "nobody is paged: the contract pages nobody for a fault of this priority"
    elif not planned.pages:
        yield "nobody is paged: no step and no fallback finds anybody who has a channel"
    else:
        yield "       after  at                         step            person        channel"
    for page in planned.pages:
        after = exact(timedelta(minutes=page.minute))
        step = "fallback" if page.round is None else f"round {page.round} step {page.step}"
        at = _written(planned.moment(page), zone)
        yield f"{after:>12}  {at:25}  {step:14}  {page.person:12}  {page.channel}"
    if planned.deadline is not None:
        yield f"response due  {_written(planned.deadline, zone)}"


def _written(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).isoformat(timespec="seconds")
