"""The board says in words which mails have not arrived."""

import time_machine
from flask.testing import FlaskClient

from bridge.flows import deliveries, mailing
from bridge.installation import Installation
from bridge.mail.access import Access
from bridge.mail.outgoing import OutgoingMail
from bridge.outbox import actions as outbox
from bridge.outbox.outcome import Delivered, Outcome
from tests.builders import later
from tests.dashboard import world
from tests.mail.letters import ERIKA, access

LEASE = later(1) - later(0)


def tried(desk: Installation, minute: float, outcome: Outcome, server: Access | None) -> None:
    """Queue a mail that is tried once and ends so; without a server it is not tried at all."""
    at = later(minute)
    with desk.database.transaction() as session:
        directory = desk.directories.current(session)
        mail = OutgoingMail((ERIKA,), "Report", "As agreed.")
        mailing.queue(session, directory, mail, at, key=f"test:{minute}")
        session.flush()
        claims = outbox.claim(session, "courier", 9, LEASE, at, ["mail"])
        ready = deliveries.make_ready(session, directory, desk.keys, "", claims, at, server)
        delivered = Delivered(outcome, "the mail server is <busy>")
        deliveries.record(session, directory, [(one.claim, delivered) for one in ready], at)


def board(desk: Installation, client: FlaskClient) -> str:
    world.beat(desk)
    return " ".join(client.get("/").get_data(as_text=True).split())


def test_mail_that_is_not_configured_is_said_at_once(desk: Installation, anna: FlaskClient) -> None:
    tried(desk, -2, Outcome.ACCEPTED, None)

    html = board(desk, anna)

    assert "One mail has waited since 09:58: mail is not configured." in html
    assert "set BRIDGE_SMTP_URL" in html


def test_a_mail_that_waits_for_its_server_is_said_with_the_reason(
    desk: Installation, anna: FlaskClient, clock: time_machine.Traveller
) -> None:
    tried(desk, 0, Outcome.FAILED_FOR_NOW, access(25))

    soon = board(desk, anna)
    clock.move_to(later(16))
    late = board(desk, anna)

    assert "One mail has waited" not in soon
    assert "One mail has waited since 10:00." in late
    assert "the mail server is &lt;busy&gt;" in late


def test_a_mail_that_did_not_arrive_is_said_for_three_days(
    desk: Installation, anna: FlaskClient, clock: time_machine.Traveller
) -> None:
    tried(desk, 0, Outcome.FAILED_FOR_GOOD, access(25))

    said = "A mail has not reached a recipient, or perhaps not, in the last three days."
    assert said in board(desk, anna)
    clock.move_to(later(3 * 24 * 60 + 1))
    assert said not in board(desk, anna)
