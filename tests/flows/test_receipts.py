"""Receipts: what they make of a delivery, once, and what follows where none comes."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bridge.flows import deliveries, receipts
from bridge.installation import Installation
from bridge.oncall.models import Delivery
from bridge.outbox import actions as outbox
from bridge.outbox.actions import Claim
from bridge.outbox.models import OutboxEntry
from bridge.outbox.outcome import Delivered, Outcome
from tests.builders import (
    apply_desk,
    fire,
    hear,
    journal_kinds,
    later,
    looking,
    notification,
)

SENT = later(1)
WITH_ID = {"receipt_id": "77"}


@pytest.fixture
def paged(installation: Installation) -> Claim:
    """The claim of a page that is on its way, of an installation whose first ticket pages Anna."""
    apply_desk(installation)
    hear(installation, notification())
    fire(installation, SENT)
    with installation.database.transaction() as session:
        directory = installation.directories.current(session)
        claims = outbox.claim(session, "courier", 100, timedelta(seconds=60), SENT)
        keys, url = installation.keys, installation.settings.public_url
        (ready,) = deliveries.make_ready(session, directory, keys, url, claims, SENT)
        return ready.claim


def recorded(
    installation: Installation, claim: Claim, outcome: Outcome, told: Mapping[str, str]
) -> None:
    with installation.database.transaction() as session:
        directory = installation.directories.current(session)
        ended = [(claim, Delivered(outcome, "so", told=told))]
        deliveries.record(session, directory, ended, SENT)


def came(installation: Installation, claim: Claim, *, arrived: bool) -> int:
    with installation.database.transaction() as session:
        directory = installation.directories.current(session)
        return receipts.came(session, directory, claim.entry_id, later(1.1), arrived=arrived)


def missing(installation: Installation, now: datetime) -> int:
    with installation.database.transaction() as session:
        directory = installation.directories.current(session)
        return receipts.missing_due(session, directory, now, 20)


def rules(installation: Installation) -> list[tuple[str, datetime]]:
    """Return how the deliveries of Anna's rules stand, and when they are due."""
    with looking(installation) as session:
        found = session.scalars(select(Delivery).order_by(Delivery.rule))
        return [(one.state, one.due_at) for one in found]


def test_a_receipt_says_that_it_arrived_and_says_so_once(
    installation: Installation, paged: Claim
) -> None:
    recorded(installation, paged, Outcome.ACCEPTED, WITH_ID)
    before = rules(installation)[1]

    assert came(installation, paged, arrived=True) == 1
    assert came(installation, paged, arrived=True) == 0
    assert came(installation, paged, arrived=False) == 0

    first, second = rules(installation)[:2]
    assert first[0] == "delivered"
    assert second == before
    with looking(installation) as session:
        assert journal_kinds(session, 10001).count("delivered") == 2
    assert missing(installation, later(99)) == 0


def test_a_receipt_that_says_no_lets_the_next_rule_leave_now(
    installation: Installation, paged: Claim
) -> None:
    recorded(installation, paged, Outcome.ACCEPTED, WITH_ID)

    assert came(installation, paged, arrived=False) == 1

    first, second = rules(installation)[:2]
    assert first[0] == "failed"
    assert second == ("scheduled", later(1.1))


def test_what_may_have_arrived_and_did_is_not_repeated(
    installation: Installation, paged: Claim
) -> None:
    recorded(installation, paged, Outcome.MAYBE, {})

    assert came(installation, paged, arrived=True) == 1

    assert rules(installation)[0][0] == "delivered"
    with looking(installation) as session:
        assert session.get_one(OutboxEntry, paged.entry_id).state == "cancelled"


def test_a_receipt_that_is_faster_than_our_own_record_is_to_come_again(
    installation: Installation, paged: Claim
) -> None:
    with pytest.raises(receipts.TooEarly):
        came(installation, paged, arrived=True)


def test_without_a_receipt_the_next_rule_leaves_after_ninety_seconds(
    installation: Installation, paged: Claim
) -> None:
    recorded(installation, paged, Outcome.ACCEPTED, WITH_ID)
    with looking(installation) as session:
        next_at = session.scalar(receipts.NEXT_AT)
    assert next_at == SENT + timedelta(seconds=90)
    assert missing(installation, next_at - timedelta(seconds=1)) == 0

    assert missing(installation, next_at) == 1
    assert missing(installation, next_at) == 0

    first, second = rules(installation)[:2]
    assert first[0] == "accepted"
    assert second == ("scheduled", next_at)


def test_where_no_receipt_was_asked_for_none_is_missing(
    installation: Installation, paged: Claim
) -> None:
    recorded(installation, paged, Outcome.ACCEPTED, {})

    with looking(installation) as session:
        assert session.scalar(receipts.NEXT_AT) is None
