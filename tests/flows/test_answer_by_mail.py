"""A public answer by mail counts when the mail server has taken it, and not before."""

from sqlalchemy import select

from bridge.flows import deliveries, mailing, requests
from bridge.flows.requests import NewRequest
from bridge.installation import Installation
from bridge.mail import standing
from bridge.mail.outgoing import OutgoingMail, Written
from bridge.outbox.actions import Claim
from bridge.outbox.models import CLAIMED, OutboxEntry
from bridge.outbox.outcome import Outcome
from bridge.sla.models import Clock
from tests.builders import MONDAY_9_UTC as NOW
from tests.builders import apply_desk, journal_kinds, later, looking, the_ticket

TO = "erika@acme.example"


def answered_by_mail(installation: Installation) -> None:
    apply_desk(installation)
    with installation.database.transaction() as session:
        directory = installation.directories.current(session)
        new = NewRequest("Drucker", customer_number="1001", address="acme-247@desk.example")
        ticket = requests.open_request(session, directory, new, directory.people["anna"], NOW)
        mail = OutgoingMail(
            (TO,), ticket.reference, "Wir kommen um elf.", written=Written.BY_PERSON
        )
        session.flush()
        mailing.queue(
            session,
            directory,
            mail,
            later(10),
            key="answer:1",
            ticket_number=ticket.number,
            answer=1,
        )


def ended(installation: Installation, outcome: Outcome, minute: float) -> None:
    code = 250 if outcome is Outcome.ACCEPTED else 451
    delivered = standing.delivered([standing.of_reply(TO, code, b"so")], 0)
    assert delivered.outcome is outcome
    with installation.database.transaction() as session:
        directory = installation.directories.current(session)
        entry = session.scalars(select(OutboxEntry).where(OutboxEntry.door == "mail")).one()
        entry.state, entry.generation, entry.attempts = CLAIMED, entry.generation + 1, 1
        session.flush()
        claim = Claim(entry.id, entry.generation, "mail", entry.payload, repeat=False)
        deliveries.record(session, directory, [(claim, delivered)], later(minute))


def clock_of(installation: Installation) -> tuple[str, object]:
    with looking(installation) as session:
        clock = session.scalars(select(Clock)).one()
        return clock.state, clock.stopped_at


def test_an_answer_in_the_outbox_stops_nothing(installation: Installation) -> None:
    answered_by_mail(installation)

    assert clock_of(installation) == ("running", None)


def test_an_answer_that_failed_for_now_stops_nothing(installation: Installation) -> None:
    answered_by_mail(installation)

    ended(installation, Outcome.FAILED_FOR_NOW, 11)

    assert clock_of(installation) == ("running", None)


def test_an_answer_that_was_taken_stops_the_response(installation: Installation) -> None:
    answered_by_mail(installation)

    ended(installation, Outcome.ACCEPTED, 12)

    assert clock_of(installation) == ("kept", later(12))
    with looking(installation) as session:
        assert "answered" in journal_kinds(session, the_ticket(session).number)
