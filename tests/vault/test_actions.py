"""The vault: what is secret is kept encrypted and revealed by reference."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from bridge.keys import Keys, WrongKey
from bridge.vault import actions as vault
from bridge.vault.actions import SecretMissing
from bridge.vault.models import Secret

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
KEYS = Keys(("a key for the vault's tests, long enough",))
OTHERS = Keys(("another key for the vault's tests, as long",))
VALUE = "ntfys://tök3n@ntfy.example/anna"


def changed_at(session: Session) -> datetime:
    return session.scalars(select(Secret.changed_at)).one()


def test_a_secret_is_encrypted_at_rest_and_revealed_by_its_name(session: Session) -> None:
    assert vault.keep(session, KEYS, "staff.anna.push", VALUE, NOW) is True
    session.flush()

    stored = session.scalar(text("SELECT ciphertext FROM secrets"))
    assert "ntfy" not in str(stored)
    assert vault.reveal(session, KEYS, "secret:staff.anna.push") == VALUE


def test_the_same_value_again_changes_nothing(session: Session) -> None:
    vault.keep(session, KEYS, "a", VALUE, NOW)

    assert vault.keep(session, KEYS, "a", VALUE, NOW + timedelta(days=1)) is False
    assert changed_at(session) == NOW


def test_another_value_takes_its_place(session: Session) -> None:
    vault.keep(session, KEYS, "a", VALUE, NOW)

    assert vault.keep(session, KEYS, "a", "new", NOW + timedelta(days=1)) is True
    assert vault.reveal(session, KEYS, "secret:a") == "new"
    assert changed_at(session) == NOW + timedelta(days=1)


def test_with_the_wrong_key_nothing_is_revealed_and_the_value_can_be_given_again(
    session: Session,
) -> None:
    vault.keep(session, KEYS, "a", VALUE, NOW)
    with pytest.raises(WrongKey) as caught:
        vault.reveal(session, OTHERS, "secret:a")
    assert VALUE not in str(caught.value)

    assert vault.keep(session, OTHERS, "a", VALUE, NOW) is True
    assert vault.reveal(session, OTHERS, "secret:a") == VALUE


def test_a_forgotten_secret_is_gone(session: Session) -> None:
    vault.keep(session, KEYS, "a", VALUE, NOW)

    vault.forget(session, "a")
    vault.forget(session, "never was")

    with pytest.raises(SecretMissing, match="secret:a was never given"):
        vault.reveal(session, KEYS, "secret:a")


def test_a_reference_leads_to_the_environment_a_file_or_is_the_value(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANNA_SMS", "from the environment")
    path = tmp_path / "secret"
    path.write_text("from the file\n")

    assert vault.reveal(session, KEYS, "env:ANNA_SMS") == "from the environment"
    assert vault.reveal(session, KEYS, f"file:{path}") == "from the file"
    assert vault.reveal(session, KEYS, "json://127.0.0.1/x") == "json://127.0.0.1/x"


@pytest.mark.parametrize(
    "reference",
    [
        pytest.param("env:BRIDGE_TEST_UNSET", id="no variable"),
        pytest.param("env:", id="a variable without a name"),
        pytest.param("file:/nowhere/secret", id="no file"),
        pytest.param("file:/tmp", id="a folder"),
        pytest.param("file:/tmp/\0", id="an impossible path"),
        pytest.param("file:/proc/self/exe", id="a file of bytes"),
        pytest.param("secret:nobodys", id="no secret"),
    ],
)
def test_what_is_not_there_is_missing_by_its_reference(session: Session, reference: str) -> None:
    with pytest.raises(SecretMissing) as caught:
        vault.reveal(session, KEYS, reference)

    assert reference.partition(":")[2] in str(caught.value)
