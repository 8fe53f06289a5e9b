"""The commands that calculate from a desk file alone: sla due, oncall who and oncall plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from bridge import utc
from bridge.calendars.desk_form import calendar_from_plain, valid_from
from bridge.calendars.open_time import DatedDefinition, OpenTime
from bridge.cli.context import as_json, print_result
from bridge.cli.due_words import Asked, told
from bridge.cli.flight_plans import cover_of, roster_of
from bridge.cli.flight_plans import told as flight_told
from bridge.customers.terms import class_terms
from bridge.desk_file.document import Document
from bridge.desk_file.document_customers import ContractForm, CustomerForm
from bridge.desk_file.loading import load
from bridge.errors import NotFound, Refused
from bridge.flows import flights
from bridge.language import LANGUAGES
from bridge.oncall import policy as policies
from bridge.oncall import rotation, walltime
from bridge.oncall.schedule_form import schedule_from_plain
from bridge.sla import clock
from bridge.sla.clock import Pause

# Open time is worked out for these years, with a margin for zones.
EARLIEST, LATEST = 1971, 2098

desk_option = click.option(
    "--desk",
    "desks",
    multiple=True,
    required=True,
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="The desk file; may be given several times.",
)


class Unknown(NotFound):
    """The desk file names no such thing."""


class BadMoment(Refused):
    """A moment is written as ISO 8601, such as 2026-11-23T09:00 or 2026-11-23T08:00:00Z."""


def add_to(group: click.Group) -> None:
    """Add these commands to the program."""
    group.add_command(sla)
    group.add_command(oncall)


@dataclass(frozen=True)
class _Target:
    """What to count, and in which zone times without one are meant."""

    calendar: str
    minutes: int
    guaranteed: bool
    zone: ZoneInfo
    contract: str | None = None


def _moment(text: str, zone: ZoneInfo) -> datetime:
    """Return the moment a text names; a naive one is local to `zone`.

    A repeated hour means the first, a skipped one is refused.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadMoment(f"{text!r} is no moment: write 2026-11-23T09:00, or end it in Z") from error
    if not EARLIEST <= moment.year <= LATEST:
        raise BadMoment(f"{text} is out of reach: years from {EARLIEST} to {LATEST} are known")
    if moment.tzinfo is not None:
        return moment.astimezone(UTC)
    if walltime.is_skipped(moment, zone):
        raise BadMoment(f"{text} does not exist in {zone.key}: the clock is changed over it")
    return walltime.first_instant(moment, zone)


def _pause(text: str, zone: ZoneInfo) -> Pause:
    begin, slash, end = text.partition("/")
    if not slash:
        raise BadMoment(f"a pause is written FROM/TO, not {text!r}")
    pause = Pause(_moment(begin, zone), _moment(end, zone))
    if pause.end is not None and pause.end < pause.begin:
        raise BadMoment(f"the pause {text} ends before it begins")
    return pause


def _calendar(document: Document, label: str) -> tuple[OpenTime, ZoneInfo]:
    form = (document.calendars or {}).get(label)
    if form is None:
        raise Unknown(f"there is no calendar {label!r} in the desk file")
    plain = form.plain()
    version = DatedDefinition(valid_from(plain), calendar_from_plain(plain))
    return OpenTime((version,)), ZoneInfo(version.definition.timezone)


def _contract(document: Document, address: str) -> tuple[CustomerForm, ContractForm]:
    for customer in document.customers or ():
        for contract in customer.contracts:
            if address.lower() in {one.lower() for one in contract.addresses}:
                return customer, contract
    raise Unknown(f"no contract in the desk file has the address {address!r}")


def _promised(
    document: Document, address: str, ticket_class: str, priority: str, start: str
) -> _Target:
    customer, contract = _contract(document, address)
    zone = ZoneInfo(customer.timezone)
    plain = contract.plain()
    terms: dict[str, Any] | None = plain.get(ticket_class)
    targets = class_terms(terms)
    minutes = targets.response_minutes.get(priority) if targets else None
    if terms is None or minutes is None:
        raise Unknown(f"contract {contract.id} promises no response to a {ticket_class} {priority}")
    began = _moment(start, _calendar(document, terms["calendar"])[1])
    day = began.astimezone(zone).date()
    guaranteed = (contract.valid_from is None or day >= contract.valid_from) and (
        contract.valid_to is None or day < contract.valid_to
    )
    return _Target(terms["calendar"], minutes, guaranteed, zone, contract.id)


@click.group()
def sla() -> None:
    """Service level agreements: when things are due."""


@sla.command()
@desk_option
@click.option("--calendar", help="Count in this calendar …")
@click.option(
    "--minutes", type=click.IntRange(1, 10_000_000), help="… so many minutes of open time."
)
@click.option("--address", help="Or what the contract with this address promises …")
@click.option("--class", "ticket_class", type=click.Choice(["fault", "request"]), help="… for a")
@click.option("--priority", type=click.Choice(["P1", "P2", "P3", "P4"]), help="… of this priority.")
@click.option("--from", "start", required=True, help="When the clock starts.")
@click.option("--pause", "pauses", multiple=True, help="FROM/TO; may be given several times.")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", help="Of the sum in words.")
@as_json
def due(
    desks: tuple[Path, ...],
    calendar: str | None,
    minutes: int | None,
    address: str | None,
    ticket_class: str | None,
    priority: str | None,
    start: str,
    pauses: tuple[str, ...],
    language: str,
    as_json: bool,
) -> None:
    """Say when something is due, and why."""
    document = load(desks).document
    if calendar and minutes and not (address or ticket_class or priority):
        target = _Target(calendar, minutes, False, _calendar(document, calendar)[1])
    elif address and ticket_class and priority and not (calendar or minutes):
        target = _promised(document, address, ticket_class, priority, start)
    else:
        raise click.UsageError(
            "give --calendar and --minutes, or --address, --class and --priority"
        )
    hours, zone = _calendar(document, target.calendar)
    counted = [_pause(one, zone) for one in pauses]
    if address and counted:
        # What is promised at an address is a response. Source: docs/sla.md, "R9".
        click.echo("bridge: the response clock has no pause: none is counted", err=True)
        counted = []
    allowance = timedelta(minutes=target.minutes)
    found = clock.explain(_moment(start, zone), allowance, hours, counted)
    value = {
        "due": utc.iso(found.due) if found.due else None,
        "target_minutes": target.minutes,
        "calendar": target.calendar,
        "guaranteed": target.guaranteed,
        "pieces": [
            {"from": utc.iso(p.begin), "to": utc.iso(p.end), "seconds": p.seconds}
            for p in found.pieces
        ],
    }
    asked = Asked(
        calendar=target.calendar,
        allowance=allowance,
        hours=hours,
        guaranteed=target.guaranteed,
        contract=target.contract,
        ticket_class=ticket_class,
        priority=priority,
    )
    print_result(value, lambda: told(asked, found, language, zone.key), json_wanted=as_json)


@click.group()
def oncall() -> None:
    """On-call duty: who is on call, and what happens if nobody answers."""


@oncall.command()
@desk_option
@click.option("--schedule", required=True, help="The schedule's name.")
@click.option("--at", required=True, help="The moment.")
@as_json
def who(desks: tuple[Path, ...], schedule: str, at: str, as_json: bool) -> None:
    """Say who is on call, and until when."""
    document = load(desks).document
    form = (document.schedules or {}).get(schedule)
    if form is None:
        raise Unknown(f"there is no schedule {schedule!r} in the desk file")
    chosen = schedule_from_plain(form.plain())
    moment = _moment(at, chosen.timezone)
    people: Sequence[str] = rotation.on_call(chosen, moment)
    until = rotation.until(chosen, moment)
    value = {
        "at": utc.iso(moment),
        "on_call": list(people),
        "until": utc.iso(until) if until else None,
    }
    shown = f"{', '.join(people) or 'nobody'} until {utc.iso(until) if until else 'further notice'}"
    print_result(value, lambda: shown, json_wanted=as_json)


@oncall.command()
@desk_option
@click.option("--policy", "label", required=True, help="The policy's name.")
@click.option("--at", required=True, help="When the ticket opens.")
@click.option(
    "--priority", type=click.Choice(["P1", "P2", "P3", "P4"]), default="P1", show_default=True
)
@click.option("--address", help="Count with what the contract with this address promises.")
@as_json
def plan(
    desks: tuple[Path, ...],
    label: str,
    at: str,
    priority: str,
    address: str | None,
    as_json: bool,
) -> None:
    """Say who is paged when and how, if nobody answers, until the fallback."""
    document = load(desks).document
    form = (document.policies or {}).get(label)
    if form is None:
        raise Unknown(f"there is no policy {label!r} in the desk file")
    policy, roster = policies.from_document(form.plain()), roster_of(document)
    zone, cover = flights.zone_of(policy, roster), None
    if address:
        customer, contract = _contract(document, address)
        zone, cover = ZoneInfo(customer.timezone), cover_of(document, contract)
        if cover.policy != label:
            told_policy = cover.policy or "none"
            click.echo(f"bridge: contract {contract.id} has the policy {told_policy}", err=True)
    planned = flights.flight(policy, priority, roster, _moment(at, zone), cover)
    print_result(flights.plain(planned), lambda: flight_told(planned, zone), json_wanted=as_json)
