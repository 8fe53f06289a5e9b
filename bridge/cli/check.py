"""The command `check`: is everything ready, and what is missing, in sentences."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import click
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bridge import utc
from bridge.cli.context import as_json, opened, print_result
from bridge.cli.flight_plans import policy_warnings
from bridge.errors import BridgeError, Refused
from bridge.flows import access, gaps
from bridge.flows.deliver_mail import NO_ADDRESS, NO_SERVER
from bridge.flows.directory import Directory, read
from bridge.icinga import queries as icinga
from bridge.icinga.client import Icinga
from bridge.inbox import queries as inbox
from bridge.installation import Installation
from bridge.keys import Keys
from bridge.mail import queries as mails
from bridge.mail import smtp
from bridge.mail.access import Access
from bridge.mail.smtp import Unusable
from bridge.oncall import paging
from bridge.oncall.coverage import groups
from bridge.tickets.models import Ticket
from bridge.vault import actions as vault

LOST_LATELY = timedelta(days=3)
LOST_NAMED = 5


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; `good` is False for what a person has to mend."""

    about: str
    good: bool
    sentence: str


def add_to(group: click.Group) -> None:
    """Add this command to the program."""
    group.add_command(check)


def _configuration(directory: Directory) -> Iterator[Finding]:
    if not directory.revision:
        yield Finding("desk file", False, "none was applied: bridge apply FILE")
        return
    contracts = len(directory.terms)
    yield Finding("desk file", True, f"revision {directory.revision}, {contracts} contracts")
    if not directory.policies:
        yield Finding("policies", False, "there is none: nobody is ever paged")


def _channels(session: Session, keys: Keys, directory: Directory) -> Iterator[Finding]:
    for person in directory.people.values():
        for channel in person.channels:
            if channel.retired_at is not None:
                continue
            name = f"channel {person.label} {channel.label}"
            try:
                address = vault.reveal(session, keys, channel.address)
            except BridgeError as error:
                yield Finding(name, False, str(error))
                continue
            known = paging.destination(address) != "unknown"
            yield Finding(name, known, "understood" if known else "Apprise knows no such address")


def _on_call(directory: Directory, now: datetime) -> Iterator[Finding]:
    policies = {label: policy for label, (_, policy) in directory.policies.items()}
    wanting = {one.group: one for one in gaps.ahead(directory, now)}
    for group in groups(policies, directory.schedules):
        name = f"policy {group.policy}" if group.policy else f"schedule {group.schedules[0]}"
        if group in wanting:
            yield Finding(name, False, gaps.sentence(wanting[group]))
        else:
            yield Finding(name, True, "somebody is on call for 400 days ahead")


def _rounds(directory: Directory, now: datetime) -> Iterator[Finding]:
    """Warn of policies, which is no reason to refuse. Source: docs/oncall.md, "R27"."""
    for warning in policy_warnings(directory, now):
        yield Finding("policies", True, f"warning: {warning}")


def _sources(session: Session, keys: Keys) -> Iterator[Finding]:
    for source in icinga.sources(session):
        name = f"source {source.label}"
        if not source.document.get("api"):
            yield Finding(name, True, "notifications only: nothing is reconciled")
            continue
        try:
            with Icinga(access.of_source(session, keys, source)) as asked:
                status = asked.status()
                asked.problems()
                hosts = asked.visible_hosts()
        except BridgeError as error:
            yield Finding(name, False, f"{type(error).__name__}: {error}")
            continue
        sees = f"Icinga {status.version} answers, {hosts} hosts seen"
        hint = "" if hosts else ": the ApiUser lacks objects/query/Host, or its filter hides all"
        yield Finding(name, hosts > 0, sees + hint)


def _mail(
    session: Session, directory: Directory, access: Access | None, now: datetime
) -> Iterator[Finding]:
    held = mails.held(session, now)
    waiting = f"; {held.count} waiting since {utc.iso(held.since)}" if held else ""
    if access is None:
        yield Finding("mail server", held is None, f"{NO_SERVER}{waiting}")
        return
    why = f": {held.reason}" if held else ""
    name = f"mail server {access.place}"
    try:
        yield Finding(name, held is None, f"{smtp.look(access)}{waiting}{why}")
    except Unusable as error:
        yield Finding(name, False, f"{error}{waiting}")
    address = directory.desk.address
    yield Finding("mail sender", bool(address), address or NO_ADDRESS)


def _lost_mail(session: Session, now: datetime) -> Iterator[Finding]:
    since = now - LOST_LATELY
    if not (count := mails.lost_count(session, since)):
        return
    latest = mails.lost(session, since, LOST_NAMED)
    named = "; ".join(f"{one.address}: {one.subject} ({one.reply})" for one in latest)
    told = f"{count} recipients were not reached in 3 days, or perhaps not: {named}"
    yield Finding("mail lost", False, told)


def _waiting(session: Session) -> Iterator[Finding]:
    failed = inbox.failed_count(session)
    hint = f"{failed} entries could not be processed: bridge inbox list"
    yield Finding("inbox", failed == 0, hint if failed else "nothing was set aside")
    statement = select(func.count()).where(
        Ticket.contract_id.is_(None), Ticket.state.in_(("open", "waiting"))
    )
    unassigned = session.scalar(statement) or 0
    told = f"{unassigned} open tickets belong to no contract: set vars.bridge.address in Icinga"
    yield Finding("contracts", unassigned == 0, told if unassigned else "every open ticket has one")


def findings(installation: Installation, now: datetime) -> list[Finding]:
    """Return everything that was looked at, the good and the bad."""
    database = "SQLite" if installation.database.is_sqlite else "PostgreSQL"
    with installation.database.reading() as session:
        directory = read(session)
        parts: list[Callable[[], Iterator[Finding]]] = [
            lambda: _configuration(directory),
            lambda: _channels(session, installation.keys, directory),
            lambda: _on_call(directory, now),
            lambda: _rounds(directory, now),
            lambda: _sources(session, installation.keys),
            lambda: _mail(session, directory, Access.of_settings(installation.settings), now),
            lambda: _lost_mail(session, now),
            lambda: _waiting(session),
        ]
        looked = [Finding("database", True, f"{database}, schema up to date")]
        for part in parts:
            looked += part()
    return looked


class Wanting(Refused):
    """Something is not ready; what it is stands above."""


@click.command()
@as_json
def check(as_json: bool) -> None:
    """Say whether everything is ready, and what is missing; exit 1 when something is."""
    with opened() as installation:
        found = findings(installation, utc.now())
    value = [{"about": f.about, "good": f.good, "sentence": f.sentence} for f in found]
    lines = [f"{'ok     ' if f.good else 'MISSING'}  {f.about}: {f.sentence}" for f in found]
    print_result(value, lambda: "\n".join(lines), json_wanted=as_json)
    bad = sum(not one.good for one in found)
    if bad:
        raise Wanting(f"{bad} of {len(found)} need somebody")
