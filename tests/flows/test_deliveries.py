"""What leaves the house: claimed, made ready, recorded; and who is faster."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bridge.flows import answers, deliveries, links
from bridge.flows.ready import Ready
from bridge.icinga import door
from bridge.icinga.models import TicketProblem
from bridge.installation import Installation
from bridge.oncall.models import Delivery
from bridge.outbox import actions as outbox
from bridge.outbox.models import OutboxEntry
from bridge.outbox.outcome import Delivered, Outcome
from bridge.tickets.models import JournalEntry
from tests.builders import (
    EXAMPLE,
    apply_desk,
    fire,
    hear,
    journal_kinds,
    later,
    looking,
    notification,
    the_ticket,
)

LEASE = timedelta(seconds=60)
WITH_API = EXAMPLE.read_text().replace(
    "- {id: icinga-main}",
    "- {id: icinga-main, api: 'https://icinga.example:5665', user: bridge,"
    " password: secret-pw, ca: '-----BEGIN CERTIFICATE-----'}",
)


def claimed(installation: Installation, at: datetime) -> list[Ready]:
    """Claim everything that is due and make it ready, after what was left is recorded."""
    with installation.database.transaction() as session:
        directory = installation.directories.current(session)
        left = outbox.take_over(session, "courier", 100, LEASE, at)
        session.flush()
        deliveries.record(session, directory, [(one, outbox.INTERRUPTED) for one in left], at)
        claims = outbox.claim(session, "courier", 100, LEASE, at)
        url = installation.settings.public_url
        return deliveries.make_ready(session, directory, installation.keys, url, claims, at)


def again(installation: Installation, first: Ready, at: datetime) -> Ready:
    """Claim everything that is due, and return the next try of `first`."""
    (found,) = [
        one for one in claimed(installation, at) if one.claim.entry_id == first.claim.entry_id
    ]
    return found


def recorded(
    installation: Installation, ready: Ready, outcome: Outcome, at: datetime, reason: str = "so"
) -> None:
    """Record the outcome of one delivery."""
    with installation.database.transaction() as session:
        directory = installation.directories.current(session)
        ended = [(ready.claim, Delivered(outcome, reason))]
        deliveries.record(session, directory, ended, at)


def acknowledged(installation: Installation, at: datetime) -> answers.Acknowledged:
    """Let Ben acknowledge the first ticket."""
    with installation.database.transaction() as session:
        directory = installation.directories.current(session)
        return answers.acknowledge(session, directory, 10001, directory.people["ben"], "page", at)


@pytest.fixture
def paged(installation: Installation) -> Installation:
    """An installation whose first ticket has just paged Anna."""
    apply_desk(installation)
    hear(installation, notification())
    fire(installation, later(1))
    return installation


def test_a_page_says_what_whose_and_until_when_in_the_persons_language(
    paged: Installation,
) -> None:
    (ready,) = claimed(paged, later(1))

    title, body = ready.payload["title"], ready.payload["body"]
    assert title == "P2 CRITICAL web01 / http"
    assert "[Ticket #10001] ACME GmbH" in body
    assert "23.11.2026 11:00" in body
    assert ready.payload["channel_url"] == "json://127.0.0.1:9/anna?:channel=push"
    assert links.read(paged.keys, ready.payload["link"].rsplit("/", 1)[1]).ticket_number == 10001


def test_an_accepted_page_is_over_and_on_the_ticket(paged: Installation) -> None:
    (ready,) = claimed(paged, later(1))
    recorded(paged, ready, Outcome.ACCEPTED, later(1))

    with looking(paged) as session:
        first = session.scalars(select(Delivery).order_by(Delivery.rule)).first()
        assert first is not None
        assert first.state == "accepted"
        assert journal_kinds(session, 10001)[-1] == "delivered"


@pytest.mark.parametrize(
    ("outcome", "again_after"),
    [
        pytest.param(Outcome.FAILED_FOR_NOW, 10, id="failed for now: after ten seconds"),
        pytest.param(Outcome.MAYBE, 10, id="maybe: one repeat after ten seconds"),
        pytest.param(Outcome.FAILED_FOR_GOOD, None, id="failed for good: never"),
    ],
)
def test_what_fails_is_tried_again_by_rule(
    paged: Installation, outcome: Outcome, again_after: int | None
) -> None:
    (ready,) = claimed(paged, later(1))
    recorded(paged, ready, outcome, later(1))

    with looking(paged) as session:
        entry = session.get_one(OutboxEntry, ready.claim.entry_id)
        again = entry.due_at - later(1) if entry.state == "waiting" else None
        assert again == (timedelta(seconds=again_after) if again_after else None)
        assert journal_kinds(session, 10001)[-1] == "delivery_failed"


def test_a_maybe_is_repeated_once_and_marked(paged: Installation) -> None:
    (first,) = claimed(paged, later(1))
    recorded(paged, first, Outcome.MAYBE, later(1))
    second = again(paged, first, later(1.2))
    recorded(paged, second, Outcome.MAYBE, later(1.2))

    assert (first.payload["repeat"], second.payload["repeat"]) == (False, True)
    with looking(paged) as session:
        assert session.get_one(OutboxEntry, first.claim.entry_id).state == "failed"


def test_who_acknowledges_before_the_claim_is_not_followed_by_a_page(paged: Installation) -> None:
    acknowledged(paged, later(1))

    assert claimed(paged, later(5)) == []


def test_a_claim_before_the_acknowledgement_goes_out_and_is_recorded(paged: Installation) -> None:
    (ready,) = claimed(paged, later(1))
    acknowledged(paged, later(1))
    recorded(paged, ready, Outcome.ACCEPTED, later(1.1))

    with looking(paged) as session:
        states = [one.state for one in session.scalars(select(Delivery).order_by(Delivery.rule))]
        assert states == ["accepted", "cancelled"]


def test_a_retry_that_somebody_made_needless_is_dropped(paged: Installation) -> None:
    (ready,) = claimed(paged, later(1))
    acknowledged(paged, later(1))
    recorded(paged, ready, Outcome.FAILED_FOR_NOW, later(1.1))

    # What leaves is the news that it is taken, not the page again.
    assert [one.claim.door for one in claimed(paged, later(2))] == ["notice"]
    with looking(paged) as session:
        assert session.get_one(OutboxEntry, ready.claim.entry_id).state == "cancelled"


def test_an_outcome_of_a_lost_lease_is_not_recorded(paged: Installation) -> None:
    (old,) = claimed(paged, later(1))
    claimed(paged, later(2.5))
    new = again(paged, old, later(2.7))
    recorded(paged, old, Outcome.FAILED_FOR_GOOD, later(2.7))
    recorded(paged, new, Outcome.ACCEPTED, later(2.8))

    assert new.payload["repeat"] is True
    with looking(paged) as session:
        assert session.get_one(OutboxEntry, old.claim.entry_id).state == "accepted"


def test_a_secret_that_is_missing_fails_with_its_name(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ANNA_PUSH", raising=False)
    text = EXAMPLE.read_text().replace(
        'push: "json://127.0.0.1:9/anna?:channel=push"', "push: env:ANNA_PUSH"
    )
    apply_desk(installation, text)
    hear(installation, notification())
    fire(installation, later(1))

    assert claimed(installation, later(1)) == []
    with looking(installation) as session:
        failed = session.scalars(
            select(JournalEntry).where(JournalEntry.kind == "delivery_failed")
        ).one()
        assert "ANNA_PUSH" in failed.data["reason"]


def test_an_acknowledgement_is_queued_for_icinga_with_the_persons_name(
    installation: Installation,
) -> None:
    apply_desk(installation, WITH_API)
    hear(installation, notification())
    acknowledged(installation, later(1))

    (ready,) = [one for one in claimed(installation, later(1)) if one.claim.door == "icinga"]

    assert ready.payload["action"] == "acknowledge"
    assert ready.payload["author"] == "Ben Beispiel"
    assert ready.payload["comment"].startswith("[Ticket #10001] http://bridge.test/tickets/10001")
    assert ready.payload["access"]["password"] == "secret-pw"
    with looking(installation) as session:
        stored = session.scalars(select(OutboxEntry).where(OutboxEntry.door == "icinga")).one()
        assert "secret-pw" not in str(stored.payload)


def test_what_icinga_forgets_is_acknowledged_again(installation: Installation) -> None:
    apply_desk(installation, WITH_API)
    hear(installation, notification())
    acknowledged(installation, later(1))
    (first,) = [one for one in claimed(installation, later(1)) if one.claim.door == "icinga"]
    recorded(installation, first, Outcome.ACCEPTED, later(1), "acknowledged in Icinga")
    (back,) = claimed(installation, later(1.5))
    recorded(installation, back, Outcome.ACCEPTED, later(1.5), door.FORGOTTEN)
    (again,) = claimed(installation, later(1.6))

    actions = [one.payload["action"] for one in (first, back, again)]
    assert actions == ["acknowledge", "read_back", "acknowledge"]
    with looking(installation) as session:
        about = session.scalars(select(TicketProblem)).one()
        assert about.acknowledgement == "nobodys"
        assert "icinga_forgot" in journal_kinds(session, the_ticket(session).number)


def test_recovery_ends_what_still_waits_for_icinga(installation: Installation) -> None:
    apply_desk(installation, WITH_API)
    hear(installation, notification())
    acknowledged(installation, later(1))
    hear(installation, notification("RECOVERY", later(2)))

    assert claimed(installation, later(3)) == []


def test_a_page_interrupted_too_often_has_failed_and_its_ticket_says_so(
    paged: Installation,
) -> None:
    (first,) = claimed(paged, later(1))
    claimed(paged, later(3))
    second = again(paged, first, later(3.2))

    third = claimed(paged, later(5))

    assert [first.payload["repeat"], second.payload["repeat"]] == [False, True]
    assert first.claim.entry_id not in [one.claim.entry_id for one in third]
    with looking(paged) as session:
        delivery = session.scalars(select(Delivery).where(Delivery.rule == 1)).one()
        assert (delivery.state, delivery.finished_at) == ("maybe", later(5))
        told = session.scalars(
            select(JournalEntry).where(JournalEntry.kind == "delivery_failed")
        ).all()
        ours = [one.data for one in told if one.data["channel"] == "push"]
        assert {one["reason"] for one in ours} == {"interrupted; it may have arrived"}
        assert [one["again_at"] is None for one in ours] == [False, True]
