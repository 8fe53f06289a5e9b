"""People who can log in, and desks with little, much and strange to show."""

import re
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from bridge import utc
from bridge.flows import answers
from bridge.heartbeats import actions as heartbeats
from bridge.installation import Installation
from bridge.oncall.models import Delivery
from bridge.staff import actions as staff_actions
from bridge.staff import passwords
from bridge.staff import queries as staff
from bridge.staff.models import Credential
from bridge.tickets.models import Ticket
from tests import builders

PASSWORD = "correct horse battery"
# Once, because making a hash takes as long as it should.
PASSWORD_HASH = passwords.HASHER.hash(PASSWORD)
LONG_HOST = "srv-datenbank-primär-02.rechenzentrum-süd.kunde-mit-langem-namen.example.internal"
LONG_OUTPUT = (
    "KRITISCH - Gerät »Düsentrieb« überhitzt: 97 °C <b>fett</b> & ${PATH} \u202egnp.exe\n"
    + "zeile ohne umbruch " * 20
    + "x" * 15_000
)


def let_in(installation: Installation, label: str, *roles: str, now: datetime | None = None) -> int:
    """Give the person a password, and roles where some are named; return the person's id."""
    with installation.database.transaction() as session:
        if roles:
            person = staff_actions.add_person(session, label, label.title(), roles)
        else:
            found = staff.person(session, label)
            assert found is not None
            person = found
        session.merge(
            Credential(
                staff_id=person.id,
                password_hash=PASSWORD_HASH,
                changed_at=now or builders.MONDAY_9_UTC,
            )
        )
        return person.id


def entered(app: Flask, installation: Installation, label: str, *roles: str) -> FlaskClient:
    """Return a browser in which this person has logged in, and which speaks English."""
    staff_id = let_in(installation, label, *roles)
    client = app.test_client()
    # Past the form, because checking a password takes as long as it should.
    with client.session_transaction() as session:
        session["_user_id"] = f"{staff_id} {utc.iso(builders.MONDAY_9_UTC)}"
        session["chosen_language"] = "en"
    return client


def csrf(client: FlaskClient, path: str = "/login") -> str:
    """Return the mark that a form on this page carries."""
    page = client.get(path).get_data(as_text=True)
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found, f"{path} has no form"
    return found[1]


def log_in(client: FlaskClient, label: str = "anna", password: str = PASSWORD) -> TestResponse:
    """Log in as this person, by the form."""
    form = {"login": label, "password": password, "csrf_token": csrf(client)}
    return client.post("/login", data=form)


def post(client: FlaskClient, path: str, page: str, **form: str) -> TestResponse:
    """Send a form that stands on `page`."""
    return client.post(path, data=form | {"csrf_token": csrf(client, page)})


def beat(installation: Installation, now: datetime | None = None) -> None:
    """Let worker and courier be alive."""
    with installation.database.transaction() as session:
        for kind in ("worker", "courier"):
            heartbeats.beat(session, kind, kind, now or utc.now())


def open_problem(
    installation: Installation, since: datetime, now: datetime | None = None, **more: Any
) -> int:
    """Let a problem that began at `since` be heard at `now`; return the ticket's number."""
    builders.hear(installation, builders.notification(at=since, **more), now=now or since)
    with installation.database.reading() as session:
        return max(session.scalars(select(Ticket.number)))


def take(installation: Installation, number: int, label: str, now: datetime) -> None:
    """Let this person acknowledge the ticket."""
    with installation.database.transaction() as session:
        person = staff.person(session, label)
        assert person is not None
        directory = installation.directories.current(session)
        answers.acknowledge(session, directory, number, person, "page", now)


def settle_pages(installation: Installation, state: str, now: datetime) -> None:
    """Let every delivery that waits end like this."""
    with installation.database.transaction() as session:
        for delivery in session.scalars(select(Delivery).where(Delivery.state == "scheduled")):
            delivery.state, delivery.finished_at = state, now


SERVICES = ("http", "disk /var", "load", "mysql", "smtp", "ntp", "backup", "certificate")
STATES = ("CRITICAL", "WARNING", "UNKNOWN")


def fill(installation: Installation, count: int, now: datetime) -> None:
    """Open so many tickets of different hosts, states, ages and customers."""
    said = []
    for each in range(count):
        since = now - timedelta(minutes=3 + each * 11 % 300)
        address = ("acme-247@desk.example", "nordlicht@desk.example", "")[each % 3]
        said.append(
            builders.notification(
                at=since,
                host=f"app{each:04d}",
                service=SERVICES[each % len(SERVICES)],
                state=STATES[each % len(STATES)],
                vars={"address": address},
            )
        )
    for start in range(0, count, 500):
        builders.hear(installation, *said[start : start + 500], now=now)


def strange(installation: Installation, now: datetime) -> int:
    """Open a ticket with everything too long and too strange; return its number."""
    return open_problem(
        installation,
        now - timedelta(minutes=58),
        now,
        host=LONG_HOST,
        service="Überwachung der Größenänderung von /var/lib/änderungsprotokolle (täglich)",
        output=LONG_OUTPUT,
    )
