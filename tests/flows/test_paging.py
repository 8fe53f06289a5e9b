"""Whom an escalation pages, when, and what ends it."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bridge.installation import Installation
from bridge.oncall.models import Delivery, Page, Run
from bridge.outbox.models import OutboxEntry
from tests.builders import (
    EXAMPLE,
    MONDAY_9_UTC,
    apply_desk,
    fire,
    hear,
    journal_kinds,
    later,
    looking,
    notification,
    the_ticket,
)

AT = MONDAY_9_UTC


@pytest.mark.parametrize(
    ("state", "before", "due"),
    [
        pytest.param("DOWN", None, timedelta(0), id="P1 at once"),
        pytest.param("CRITICAL", timedelta(seconds=59), timedelta(seconds=60), id="P2 after 60 s"),
    ],
)
def test_the_first_step_fires_after_the_start_delay(
    installation: Installation, state: str, before: timedelta | None, due: timedelta
) -> None:
    apply_desk(installation)
    hear(installation, notification(service=None if state == "DOWN" else "http", state=state))

    early = fire(installation, AT + before) if before else 0
    fired = fire(installation, AT + due)

    assert (early, fired) == (0, 1)


def test_a_page_uses_each_channel_of_the_person_at_its_offset(installation: Installation) -> None:
    apply_desk(installation)
    hear(installation, notification())
    fire(installation, later(1))

    with looking(installation) as session:
        page = session.scalars(select(Page)).one()
        deliveries = session.scalars(select(Delivery).order_by(Delivery.rule)).all()
        queued = session.scalars(select(OutboxEntry).order_by(OutboxEntry.due_at)).all()
        assert page.urgency == "high"
        assert [one.due_at for one in deliveries] == [later(1), later(3)]
        assert [one.due_at for one in queued] == [later(1), later(3)]
        assert [one.outbox_id for one in deliveries] == [one.id for one in queued]


def test_firing_twice_pages_once(installation: Installation) -> None:
    apply_desk(installation)
    hear(installation, notification())

    fired = [fire(installation, later(1)), fire(installation, later(2))]

    with looking(installation) as session:
        assert fired == [1, 0]
        assert len(session.scalars(select(Page)).all()) == 1


def test_a_low_priority_pages_nobody(installation: Installation) -> None:
    apply_desk(installation)
    hear(installation, notification(state="WARNING"))

    with looking(installation) as session:
        assert session.scalars(select(Run)).all() == []


@pytest.mark.parametrize(
    ("at", "due"),
    [
        pytest.param(AT, AT + timedelta(seconds=60), id="in service hours: after the delay"),
        pytest.param(
            datetime(2026, 11, 21, 12, tzinfo=UTC),
            datetime(2026, 11, 23, 7, 1, tzinfo=UTC),
            id="on a Saturday: when the office opens on Monday",
        ),
    ],
)
def test_service_hours_wait_for_the_office(
    installation: Installation, at: datetime, due: datetime
) -> None:
    apply_desk(installation, now=at)
    hear(installation, notification(at=at, state="UNKNOWN"))

    with looking(installation) as session:
        assert session.scalars(select(Run)).one().next_due_at == due


def test_worsening_brings_the_first_step_forward(installation: Installation) -> None:
    saturday = datetime(2026, 11, 21, 12, tzinfo=UTC)
    apply_desk(installation, now=saturday)
    hear(installation, notification(at=saturday, state="UNKNOWN"))
    hear(installation, notification(at=later(10, saturday)))

    with looking(installation) as session:
        assert session.scalars(select(Run)).one().next_due_at == later(11, saturday)


def test_an_empty_schedule_passes_on_to_the_next_step_at_once(installation: Installation) -> None:
    text = EXAMPLE.read_text().replace("starts: 2026-01-05", "starts: 2027-01-05")
    text = text.replace(
        "- {page: [schedule:primary], then: 5m}",
        "- {page: [schedule:primary], then: 5m}\n      - {page: [ben], then: 5m}",
    )
    apply_desk(installation, text)
    hear(installation, notification())
    fire(installation, later(1))

    with looking(installation) as session:
        page = session.scalars(select(Page)).one()
        ben = installation.directories.current(session).people["ben"]
        assert (page.staff_id, page.step) == (ben.id, 2)
        assert "nobody_on_call" in journal_kinds(session, the_ticket(session).number)


def test_a_person_named_twice_is_paged_once(installation: Installation) -> None:
    text = EXAMPLE.read_text().replace("[schedule:primary]", "[schedule:primary, anna]")
    apply_desk(installation, text)
    hear(installation, notification())
    fire(installation, later(1))

    with looking(installation) as session:
        assert len(session.scalars(select(Page)).all()) == 1


def test_what_fires_late_says_so(installation: Installation) -> None:
    from bridge.tickets.models import JournalEntry

    apply_desk(installation)
    hear(installation, notification())
    fire(installation, later(30))

    with looking(installation) as session:
        paged = session.scalars(select(JournalEntry).where(JournalEntry.kind == "paged")).one()
        assert paged.data["late"] is True


def test_recovery_cancels_what_nobody_has_claimed(installation: Installation) -> None:
    apply_desk(installation)
    hear(installation, notification())
    fire(installation, later(1))
    hear(installation, notification("RECOVERY", later(1.5)))

    with looking(installation) as session:
        assert {one.state for one in session.scalars(select(OutboxEntry))} == {"cancelled"}
        assert {one.state for one in session.scalars(select(Delivery))} == {"cancelled"}


def test_a_person_without_a_channel_counts_as_nobody(installation: Installation) -> None:
    text = EXAMPLE.read_text().replace("staff:\n", "staff:\n  - {id: carl}\n")
    text = text.replace(
        "- {page: [schedule:primary], then: 5m}",
        "- {page: [carl], then: 5m}\n      - {page: [ben], then: 5m}",
    )
    apply_desk(installation, text)
    hear(installation, notification())
    fire(installation, later(1))

    with looking(installation) as session:
        assert session.scalars(select(Page)).one().step == 2
