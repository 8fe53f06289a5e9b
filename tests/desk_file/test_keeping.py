"""The desk file in the database: what changes, what stays, and that it comes back the same."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bridge.calendars.models import CalendarVersion
from bridge.customers.models import ContractAddress, ContractVersion
from bridge.desk_file import keeping
from bridge.desk_file.keeping import Changes, StillReferenced
from bridge.desk_file.loading import load_bytes
from bridge.desk_file.writing import desk_file_text
from bridge.installation import Installation
from bridge.oncall.models import PolicyVersion
from bridge.staff.models import Channel
from bridge.vault.models import Secret
from tests.builders import EXAMPLE, MONDAY_9_UTC, later, looking

COMPLETE = Path(__file__).parent / "example.yaml"
TEXT = EXAMPLE.read_text()


def applied(
    installation: Installation, text: str, minutes: float = 0, *, prune: bool = False
) -> Changes:
    """Apply a text at so many minutes after Monday, 9 UTC."""
    with installation.database.transaction() as session:
        desk = load_bytes([("desk.yaml", text.encode())], keeping.known_names(session))
        now = later(minutes)
        return keeping.apply(session, installation.keys, desk.document, now, prune=prune)


def exported(installation: Installation) -> str:
    """Return what `bridge export` prints."""
    with looking(installation) as session:
        return desk_file_text(keeping.stored_document(session))


@pytest.mark.parametrize("path", [EXAMPLE, COMPLETE], ids=["small", "complete"])
def test_what_is_exported_changes_nothing_and_is_the_same_again(
    installation: Installation, path: Path
) -> None:
    applied(installation, path.read_text())
    first = exported(installation)
    again = applied(installation, first, 1)
    original = applied(installation, path.read_text(), 2)

    assert again.is_empty
    assert original.is_empty
    assert exported(installation) == first


def test_a_secret_leaves_the_file_encrypted_and_comes_back_as_a_reference(
    installation: Installation,
) -> None:
    applied(installation, TEXT)

    with looking(installation) as session:
        secret = session.get_one(Secret, "staff.anna.push")
        channel = session.scalars(select(Channel).where(Channel.label == "push")).first()
        assert "127.0.0.1" not in secret.ciphertext
        assert installation.keys.decrypt(secret.ciphertext).startswith("json://127.0.0.1:9/anna")
        assert channel is not None
        assert channel.address == "secret:staff.anna.push"
    assert "secret:staff.anna.push" in exported(installation)
    assert "127.0.0.1" not in exported(installation)


def test_a_changed_secret_is_a_change_that_shows_no_value(installation: Installation) -> None:
    applied(installation, TEXT)
    changes = applied(installation, TEXT.replace("127.0.0.1:9/anna?:channel=push", "new:9/x"))

    assert changes.text() == "~ staff anna: secret staff.anna.push"


def test_absent_sections_are_left_alone_and_absent_entries_listed(
    installation: Installation,
) -> None:
    applied(installation, TEXT)
    changes = applied(installation, "teams: {night: {members: [anna]}}\nstaff: [{id: carl}]\n")

    told = changes.text().splitlines()
    assert "+ staff carl" in told
    assert "? staff anna (not in the file; stays, unless --prune)" in told
    assert not [line for line in told if "customers" in line]


def test_prune_retires_what_is_absent_and_frees_its_addresses(installation: Installation) -> None:
    applied(installation, TEXT)
    customers = TEXT[TEXT.index("customers:") : TEXT.index('  - number: "1002"')]
    changes = applied(installation, customers, prune=True)

    assert changes.text() == "- customers 1002"
    assert "1002" not in exported(installation)
    with looking(installation) as session:
        addresses = session.scalars(select(ContractAddress.address)).all()
        assert addresses == ["acme-247@desk.example"]


def test_what_is_referred_to_is_never_retired(installation: Installation) -> None:
    applied(installation, TEXT)
    before = exported(installation)
    with pytest.raises(StillReferenced, match="primary"):
        applied(installation, "schedules: {}\n", prune=True)

    assert exported(installation) == before


def test_what_was_retired_comes_back(installation: Installation) -> None:
    applied(installation, TEXT + "mailboxes: [{id: m, imap: 'imaps://a', user: u, password: p}]")
    applied(installation, "mailboxes: []\n", prune=True)
    changes = applied(
        installation, "mailboxes: [{id: m, imap: 'imaps://a', user: u, password: p}]\n"
    )

    assert changes.text() == "+ mailboxes m"


def test_a_change_counts_from_now_and_the_past_stays(installation: Installation) -> None:
    applied(installation, TEXT)
    applied(
        installation,
        TEXT.replace("P2: 1h, P3: 4h, P4: 8h}\n          page", "P2: 2h}\n          page"),
        60,
    )

    with looking(installation) as session:
        versions = session.scalars(
            select(ContractVersion)
            .join(ContractVersion.contract)
            .where(ContractVersion.document["id"].as_string() == "acme-care")
            .order_by(ContractVersion.effective_from)
        ).all()
        directory = installation.directories.current(session)
        contract = directory.contract_by_address["acme-247@desk.example"]
        before = directory.terms_at(contract, later(59))
        after = directory.terms_at(contract, later(60))
        assert [one.effective_from for one in versions][1:] == [later(60)]
        assert before is not None
        assert before.fault is not None
        assert before.fault.response_minutes["P2"] == 60
        assert after is not None
        assert after.fault is not None
        assert after.fault.response_minutes["P2"] == 120


def test_a_change_with_a_day_ahead_counts_from_that_day(installation: Installation) -> None:
    applied(installation, TEXT)
    ahead = TEXT.replace(
        'hours: {mon-fri: ["08:00-17:00"]}',
        'hours: {mon-fri: ["09:00-15:00"]}\n    valid_from: 2026-12-01',
    )
    applied(installation, ahead)

    with looking(installation) as session:
        hours = installation.directories.current(session).hours["office"]
        assert hours.is_open(MONDAY_9_UTC.replace(hour=7, minute=30))
        assert not hours.is_open(MONDAY_9_UTC.replace(hour=7, minute=30) + timedelta(days=14))


def test_correcting_what_has_not_begun_replaces_it(installation: Installation) -> None:
    applied(installation, TEXT)
    for closes in ("15:00", "16:00"):
        ahead = TEXT.replace(
            'hours: {mon-fri: ["08:00-17:00"]}',
            f'hours: {{mon-fri: ["09:00-{closes}"]}}\n    valid_from: 2026-12-01',
        )
        applied(installation, ahead)

    with looking(installation) as session:
        statement = select(CalendarVersion).join(CalendarVersion.calendar)
        office = [one for one in session.scalars(statement) if one.calendar.label == "office"]
        assert [one.document["hours"]["mon-fri"] for one in office] == [
            ["08:00-17:00"],
            ["09:00-15:00"],
            ["09:00-16:00"],
        ]
        assert [one.replaces_id for one in office] == [None, None, office[1].id]


def test_a_policy_keeps_the_version_that_runs_began_with(installation: Installation) -> None:
    applied(installation, TEXT)
    applied(installation, TEXT.replace("then: 5m", "then: 7m"))

    with looking(installation) as session:
        versions = session.scalars(select(PolicyVersion).order_by(PolicyVersion.id)).all()
        assert [one.document["steps"][0]["then"] for one in versions] == ["5m", "7m"]


def test_a_day_that_was_mistyped_is_corrected(installation: Installation) -> None:
    wrong = TEXT.replace("valid_from: 2026-01-01", "valid_from: 2030-01-01")
    applied(installation, wrong)
    applied(installation, TEXT, 1)

    with looking(installation) as session:
        directory = installation.directories.current(session)
        contract = directory.contract_by_address["acme-247@desk.example"]
        assert directory.terms_at(contract, later(2)) is not None
