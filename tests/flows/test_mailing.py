"""Mails: kept with what causes them, waiting until they can leave, recorded per recipient."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from bridge.flows import deliver_mail, deliveries, mailing
from bridge.flows.mailing import NotOurAddress
from bridge.flows.ready import Ready
from bridge.installation import Installation
from bridge.mail import identity, queries
from bridge.mail.access import Access
from bridge.mail.identity import Identity
from bridge.mail.models import MailAttachment, MailRecipient
from bridge.mail.outgoing import Attachment, OutgoingMail, Written
from bridge.outbox import actions as outbox
from bridge.outbox import queries as outbox_queries
from bridge.outbox.models import OutboxEntry
from bridge.outbox.outcome import Delivered, Outcome
from bridge.tickets.models import JournalEntry
from tests.builders import EXAMPLE, apply_desk, hear, journal_kinds, later, looking, notification
from tests.mail.letters import ERIKA, LEAD, OTTO, access

WITH_ADDRESS = EXAMPLE.read_text().replace(
    "address: support@desk.example", "address: support@büro.example"
)
WITHOUT_ADDRESS = EXAMPLE.read_text().replace("address: support@desk.example, ", "")
SERVER = access(25, password="secret-pw")
LEASE = timedelta(seconds=60)
PDF = Attachment("report.pdf", "application/pdf", b"%PDF-1.7 " * 100)
REPORT = OutgoingMail(
    to=(ERIKA, OTTO, LEAD),
    subject="SLA report",
    text="As agreed.",
    html="<p>As agreed.</p>",
    attachments=(PDF,),
    language="de",
)


@pytest.fixture
def desk(installation: Installation) -> Installation:
    """An installation with a desk that has an address, and one ticket."""
    apply_desk(installation, WITH_ADDRESS)
    hear(installation, notification())
    return installation


def queued(
    installation: Installation, mail: OutgoingMail = REPORT, key: str = "report:1", **more: Any
) -> int:
    """Queue a mail, and return its entry's id."""
    with installation.database.transaction() as session:
        directory = installation.directories.current(session)
        return mailing.queue(session, directory, mail, later(1), key=key, **more).id


def claimed(
    installation: Installation, at: datetime, server: Access | None = SERVER
) -> list[Ready]:
    """Claim the mails that are due and make them ready."""
    with installation.database.transaction() as session:
        directory = installation.directories.current(session)
        claims = outbox.claim(session, "courier", 100, LEASE, at, ["mail"])
        url = installation.settings.public_url
        return deliveries.make_ready(session, directory, installation.keys, url, claims, at, server)


def interrupted(installation: Installation, at: datetime) -> None:
    """Record what a courier left behind that died."""
    with installation.database.transaction() as session:
        directory = installation.directories.current(session)
        left = outbox.take_over(session, "courier", 100, LEASE, at)
        deliveries.record(session, directory, [(one, outbox.INTERRUPTED) for one in left], at)


def recorded(
    installation: Installation,
    ready: Ready,
    at: datetime,
    outcome: Outcome,
    told: dict[str, str] | None = None,
) -> None:
    """Record how a delivery went; told: the standing of each address that the door spoke of."""
    heard = [
        {"address": address, "standing": standing, "reply": f"so: {standing}"}
        for address, standing in (told or {}).items()
    ]
    delivered = Delivered(outcome, "so", told={"recipients": heard} if told else {})
    with installation.database.transaction() as session:
        directory = installation.directories.current(session)
        deliveries.record(session, directory, [(ready.claim, delivered)], at)


def states(installation: Installation) -> dict[str, str]:
    with looking(installation) as session:
        return {one.address: one.state for one in session.scalars(select(MailRecipient))}


def entry(installation: Installation, entry_id: int) -> OutboxEntry:
    with looking(installation) as session:
        return session.get_one(OutboxEntry, entry_id)


def test_a_mail_leaves_with_all_that_was_queued(desk: Installation) -> None:
    entry_id = queued(desk, ticket_number=10001)

    (ready,) = claimed(desk, later(2))

    letter = ready.payload["letter"]
    assert letter["subject"] == "[Ticket #10001] SLA report"
    assert (letter["sender_name"], letter["sender"]) == (
        "Example IT",
        "support@xn--bro-hoa.example",
    )
    assert letter["to"] == ready.payload["open_to"] == [ERIKA, OTTO, LEAD]
    assert letter["date"] == "2026-11-23T09:01:00Z"
    assert letter["message_id"].endswith("@xn--bro-hoa.example>")
    assert identity.read(desk.keys, letter["message_id"]) == Identity(entry_id, 10001)
    assert [one[:2] for one in letter["attachments"]] == [["report.pdf", "application/pdf"]]
    assert ready.destination == "mail:127.0.0.1:25"
    assert "secret-pw" not in repr(ready)


def test_the_payload_in_the_outbox_holds_neither_contents_nor_secrets(desk: Installation) -> None:
    entry_id = queued(desk)
    claimed(desk, later(2))

    kept = str(entry(desk, entry_id).payload)

    assert "%PDF" not in kept
    assert "secret-pw" not in kept


def test_a_content_is_kept_once(desk: Installation) -> None:
    queued(desk, replace(REPORT, attachments=(PDF, replace(PDF, name="again.pdf"))))
    queued(desk, key="report:2")

    with looking(desk) as session:
        assert session.scalar(select(func.count()).select_from(MailAttachment)) == 1
    assert len(claimed(desk, later(2))) == 2


def test_the_same_key_is_the_same_mail(desk: Installation) -> None:
    first = queued(desk)

    again = queued(desk, replace(REPORT, subject="Another", to=(ERIKA,)))

    assert again == first
    assert set(states(desk)) == {ERIKA, OTTO, LEAD}


@pytest.mark.parametrize(
    ("sender", "is_ours"),
    [
        pytest.param("ACME-247@desk.example", True, id="a contract's"),
        pytest.param("support@büro.example", True, id="the desk's"),
        pytest.param("boss@evil.example", False, id="somebody's"),
    ],
)
def test_a_mail_is_sent_under_our_addresses_only(
    desk: Installation, sender: str, is_ours: bool
) -> None:
    mail = replace(REPORT, sender=sender)
    if is_ours:
        queued(desk, mail)
        assert (
            claimed(desk, later(2))[0].payload["letter"]["sender"].partition("@")[0]
            == (sender.partition("@")[0])
        )
    else:
        with pytest.raises(NotOurAddress, match=sender):
            queued(desk, mail)


def test_a_reply_is_called_one_and_threaded(desk: Installation) -> None:
    answer = replace(
        REPORT, in_reply_to="<2@acme.example>", references=("<1@acme.example>",),
        written=Written.BY_PERSON,
    )  # fmt: skip
    queued(desk, answer, ticket_number=10001)

    letter = claimed(desk, later(2))[0].payload["letter"]

    assert letter["subject"] == "Re: [Ticket #10001] SLA report"
    assert letter["references"] == ["<1@acme.example>", "<2@acme.example>"]
    assert letter["written"] == "by_person"


@pytest.mark.parametrize(
    ("text", "server", "reason"),
    [
        pytest.param(WITH_ADDRESS, None, deliver_mail.NO_SERVER, id="no mail server"),
        pytest.param(WITHOUT_ADDRESS, SERVER, deliver_mail.NO_ADDRESS, id="no address"),
    ],
)
def test_a_mail_waits_for_days_until_mail_is_configured(
    installation: Installation, text: str, server: Access | None, reason: str
) -> None:
    apply_desk(installation, text)
    entry_id = queued(installation)
    for minute in range(2, 12):
        assert claimed(installation, later(minute), server) == []

    with looking(installation) as session:
        held = queries.held(session, later(12))
    assert held is not None
    assert (held.count, held.since, held.reason) == (1, later(1), reason)
    waiting = entry(installation, entry_id)
    assert (waiting.state, waiting.attempts) == ("waiting", 0)

    apply_desk(installation, WITH_ADDRESS)
    assert len(claimed(installation, later(500))) == 1


def test_an_accepted_mail_is_over_and_its_ticket_says_so(desk: Installation) -> None:
    entry_id = queued(desk, ticket_number=10001)
    (ready,) = claimed(desk, later(2))
    recorded(desk, ready, later(2), Outcome.ACCEPTED, dict.fromkeys(REPORT.to, "accepted"))

    assert entry(desk, entry_id).state == "accepted"
    assert set(states(desk).values()) == {"accepted"}
    with looking(desk) as session:
        kinds = [one for one in journal_kinds(session, 10001) if one.startswith("mail")]
        replies = set(session.scalars(select(MailRecipient.reply)))
    assert kinds == ["mail_accepted"]
    assert replies == {"so: accepted"}


def test_a_mail_about_no_ticket_is_recorded_too(desk: Installation) -> None:
    entry_id = queued(desk)
    (ready,) = claimed(desk, later(2))
    recorded(desk, ready, later(2), Outcome.FAILED_FOR_GOOD, dict.fromkeys(REPORT.to, "failed"))

    assert entry(desk, entry_id).state == "failed"
    with looking(desk) as session:
        assert queries.lost_count(session, later(1)) == 3
        assert queries.lost_count(session, later(3)) == 0


def test_only_those_who_are_left_are_tried_again_with_the_same_mail(desk: Installation) -> None:
    entry_id = queued(desk, ticket_number=10001)
    (first,) = claimed(desk, later(2))
    told = {ERIKA: "accepted", OTTO: "failed", LEAD: "waiting"}
    recorded(desk, first, later(2), Outcome.FAILED_FOR_NOW, told)
    with looking(desk) as session:
        # What is tried again is not lost yet.
        assert queries.lost_count(session, later(1)) == 0

    (second,) = claimed(desk, later(3))
    recorded(desk, second, later(3), Outcome.ACCEPTED, {LEAD: "accepted"})

    assert second.payload["open_to"] == [LEAD]
    assert second.payload["accepted"] == 1
    assert second.payload["letter"] == first.payload["letter"]
    assert states(desk) == {ERIKA: "accepted", OTTO: "failed", LEAD: "accepted"}
    assert entry(desk, entry_id).state == "accepted"
    with looking(desk) as session:
        entries = session.scalars(
            select(JournalEntry)
            .where(JournalEntry.kind.startswith("mail"))
            .order_by(JournalEntry.id)
        ).all()
        assert [(one.kind, one.data["accepted"]) for one in entries] == [
            ("mail_accepted", 1),
            ("mail_failed", 1),
            ("mail_failed", 2),
        ]
        assert entries[1].data["again_at"] == "2026-11-23T09:03:00Z"
        assert entries[2].data["again_at"] is None
        assert not any(address in str(one.data) for one in entries for address in REPORT.to)
        assert queries.lost_count(session, later(1)) == 1


def test_what_may_have_arrived_is_sent_once_more_and_then_left(desk: Installation) -> None:
    entry_id = queued(desk)
    (first,) = claimed(desk, later(2))
    # As when the delivery process was killed: the door said nothing.
    recorded(desk, first, later(2), Outcome.MAYBE)
    between = states(desk)
    (second,) = claimed(desk, later(4))
    recorded(desk, second, later(4), Outcome.MAYBE, dict.fromkeys(REPORT.to, "maybe"))

    assert set(between.values()) == {"maybe"}
    assert second.payload["letter"] == first.payload["letter"]
    assert entry(desk, entry_id).state == "failed"
    assert set(states(desk).values()) == {"maybe"}
    assert claimed(desk, later(100_000)) == []


def test_what_may_have_arrived_stays_so_when_the_repeat_does_not_get_through(
    desk: Installation,
) -> None:
    queued(desk, replace(REPORT, to=(ERIKA,)))
    (first,) = claimed(desk, later(2))
    recorded(desk, first, later(2), Outcome.MAYBE)
    (second,) = claimed(desk, later(4))
    recorded(desk, second, later(4), Outcome.FAILED_FOR_NOW)

    assert states(desk) == {ERIKA: "maybe"}
    assert claimed(desk, later(60))[0].payload["open_to"] == [ERIKA]


def test_five_days_of_silence_are_the_end(desk: Installation) -> None:
    entry_id = queued(desk, ticket_number=10001)
    at = later(2)
    while ready := claimed(desk, at):
        recorded(desk, ready[0], at, Outcome.FAILED_FOR_NOW)
        at += timedelta(hours=1)

    ended = entry(desk, entry_id)
    assert (ended.state, ended.attempts) == ("failed", 120)
    assert timedelta(days=4.5) < at - later(2) < timedelta(days=5.5)
    assert set(states(desk).values()) == {"failed"}
    with looking(desk) as session:
        kinds = [one for one in journal_kinds(session, 10001) if one.startswith("mail")]
    assert kinds == ["mail_failed", "mail_failed"]


def test_interrupted_too_often_it_may_have_arrived(desk: Installation) -> None:
    entry_id = queued(desk)
    for minute in (2, 6):
        claimed(desk, later(minute))
        interrupted(desk, later(minute + 2))

    assert entry(desk, entry_id).state == "failed"
    assert set(states(desk).values()) == {"maybe"}


def test_an_answer_is_acted_on_once_when_the_first_recipient_has_it(
    desk: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    acted: list[tuple[int, int, datetime]] = []
    monkeypatch.setattr(
        deliver_mail,
        "answer_accepted",
        lambda _session, _directory, ticket, answer, now: acted.append(
            (ticket.number, answer, now)
        ),
    )
    queued(desk, ticket_number=10001, answer=77)
    for minute, told in ((2, "waiting"), (3, "accepted"), (10, "accepted")):
        (ready,) = claimed(desk, later(minute))
        left = ready.payload["open_to"]
        some = {left[0]: told} | dict.fromkeys(left[1:], "waiting")
        recorded(desk, ready, later(minute), Outcome.FAILED_FOR_NOW, some)

    assert acted == [(10001, 77, later(3))]


def test_a_mail_that_is_late_is_no_alarm_but_said(desk: Installation) -> None:
    queued(desk)

    with looking(desk) as session:
        assert queries.held(session, later(16)) is None
        late = queries.held(session, later(16.1))
        assert outbox_queries.oldest_due(session, later(999)) is None
    assert late is not None
    assert (late.since, late.reason) == (later(1), queries.UNTRIED)


def test_a_yes_without_more_is_one_for_everybody(desk: Installation) -> None:
    queued(desk)
    (ready,) = claimed(desk, later(2))
    recorded(desk, ready, later(2), Outcome.ACCEPTED)

    assert set(states(desk).values()) == {"accepted"}
