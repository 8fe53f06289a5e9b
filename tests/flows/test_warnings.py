"""Who is warned that a promise is being used up, when, and when no longer."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bridge.flows import answers, notices, warnings
from bridge.installation import Installation
from bridge.outbox import actions as outbox
from bridge.outbox.models import CANCELLED, OutboxEntry
from bridge.sla.models import Clock
from bridge.tickets.journal import Event
from bridge.tickets.models import JournalEntry
from tests.builders import (
    EXAMPLE,
    MONDAY_9_UTC,
    apply_desk,
    hear,
    later,
    looking,
    notification,
    the_ticket,
)

AT = MONDAY_9_UTC
# P2 is to be answered within an hour, day and night.
DESK = EXAMPLE.read_text().replace("name: ACME GmbH", "name: ACME GmbH\n    team: infra") + (
    "teams: {infra: {lead: lead, members: [anna, ben]}}\n"
)


def send(installation: Installation, now: datetime) -> int:
    with installation.database.transaction() as session:
        directory = installation.directories.current(session)
        return warnings.send_due(session, directory, now, 100)


def sent(installation: Installation) -> list[tuple[int, str]]:
    """Return percent and person of each notice, in order."""
    with looking(installation) as session:
        directory = installation.directories.current(session)
        labels = {person.id: label for label, person in directory.people.items()}
        entries = session.scalars(
            select(OutboxEntry).where(OutboxEntry.door == notices.NOTICE).order_by(OutboxEntry.id)
        )
        found = [(one.payload["percent"], labels[one.payload["staff"]]) for one in entries]
        return list(dict.fromkeys(found))


def assign(installation: Installation, owner: str) -> None:
    with installation.database.transaction() as session:
        directory = installation.directories.current(session)
        who = directory.people["ben"]
        answers.assign(session, directory, the_ticket(session).number, who, owner, AT)


def test_the_owner_is_warned_first_and_then_the_lead_too(installation: Installation) -> None:
    apply_desk(installation, DESK)
    hear(installation, notification())
    assign(installation, "ben")

    early = send(installation, later(29.9))
    for minute in (30, 45, 60):
        assert send(installation, later(minute)) == 1

    assert early == 0
    assert sent(installation) == [
        (50, "ben"),
        (75, "ben"),
        (75, "lead"),
        (100, "ben"),
        (100, "lead"),
    ]
    assert send(installation, later(600)) == 0


def test_without_an_owner_the_lead_is_warned_at_once(installation: Installation) -> None:
    apply_desk(installation, DESK)
    hear(installation, notification())

    send(installation, later(30))

    assert sent(installation) == [(50, "lead")]


def test_without_a_team_the_account_manager_is_warned(installation: Installation) -> None:
    apply_desk(installation, DESK.replace("team: infra", "manager: anna"))
    hear(installation, notification())

    send(installation, later(30))

    assert sent(installation) == [(50, "anna")]


def test_with_nobody_to_tell_the_journal_says_so(installation: Installation) -> None:
    apply_desk(installation)
    hear(installation, notification())

    assert send(installation, later(30)) == 1

    with looking(installation) as session:
        entry = session.scalars(
            select(JournalEntry).where(JournalEntry.kind == Event.CLOCK_WARNED.value)
        ).one()
        assert (entry.data["percent"], entry.data["people"]) == (50, [])


def test_of_warnings_that_were_slept_through_the_highest_is_sent(
    installation: Installation,
) -> None:
    apply_desk(installation, DESK)
    hear(installation, notification())

    send(installation, later(50))

    assert sent(installation) == [(75, "lead")]
    assert send(installation, later(51)) == 0


def test_a_clock_that_has_stopped_warns_nobody(installation: Installation) -> None:
    apply_desk(installation, DESK)
    hear(installation, notification())
    hear(installation, notification("RECOVERY", later(10)))

    assert send(installation, later(120)) == 0


@pytest.mark.parametrize(
    ("warn_at", "minutes"),
    [
        pytest.param("[90]", [54], id="one late warning"),
        pytest.param("[25, 50, 100]", [15, 30, 60], id="three"),
    ],
)
def test_the_contract_says_when(
    installation: Installation, warn_at: str, minutes: list[int]
) -> None:
    apply_desk(
        installation,
        DESK.replace("policy: standby\n", f"policy: standby\n        warn_at: {warn_at}\n", 1),
    )
    hear(installation, notification())

    fired = [minute for minute in range(1, 90) if send(installation, later(minute))]

    assert fired == minutes


def test_an_upgrade_moves_the_warnings(installation: Installation) -> None:
    """P3 has four hours; as P2 from the 100th minute on it is due an hour later."""
    apply_desk(installation, DESK)
    hear(installation, notification(state="UNKNOWN"))
    hear(installation, notification(at=later(100), state="CRITICAL", since=later(100)))

    fired = [minute for minute in range(1, 300) if send(installation, later(minute))]

    assert fired == [130, 145, 160]


def test_a_warning_on_its_way_is_dropped_when_somebody_answers(
    installation: Installation,
) -> None:
    apply_desk(installation, DESK)
    hear(installation, notification())
    send(installation, later(30))
    hear(installation, notification("RECOVERY", later(31)))

    with installation.database.transaction() as session:
        directory = installation.directories.current(session)
        entry = session.scalars(select(OutboxEntry).where(OutboxEntry.door == "notice")).first()
        assert entry is not None
        entry.due_at = later(30)
        session.flush()
        for claim in outbox.claim(session, "me", 50, timedelta(minutes=1), later(31)):
            if claim.door == notices.NOTICE:
                ready = notices.make_ready(
                    session, directory, installation.keys, "http://desk.example", claim, later(31)
                )
                assert ready is None
        assert entry.state == CANCELLED


def test_a_warning_says_what_is_used_up_and_when_it_is_due(installation: Installation) -> None:
    apply_desk(installation, DESK)
    hear(installation, notification())
    send(installation, later(30))

    with looking(installation) as session:
        directory = installation.directories.current(session)
        clock = session.scalars(select(Clock)).one()
        claim = outbox.Claim(1, 1, "notice", {}, repeat=False)
        ticket = the_ticket(session)
        german = notices.warning(ticket, clock, 50, directory.people["anna"], later(30), claim)
        english = notices.warning(ticket, clock, 100, directory.people["ben"], later(61), claim)

    assert german.title == "P2 50 % verbraucht: Reaktion – web01 / http"
    assert "Reaktion ist fällig Mo. 23.11.2026 11:00 MEZ" in german.body
    assert english.title == "P2 100 % used: Response – web01 / http"
    assert "Response was due Mon 23 Nov 2026 11:00 CET" in english.body
