"""People and tokens: added once, known by their hashes, refused with words."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bridge.errors import Refused
from bridge.installation import Installation
from bridge.staff import actions, queries
from bridge.staff.actions import NameTaken, UnknownRole
from bridge.staff.models import AccessToken, Credential
from bridge.staff.passwords import BadPassword

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
PASSWORD = "correct horse battery"


def test_a_person_who_is_added_can_log_in_once_a_password_is_set(session: Session) -> None:
    anna = actions.add_person(session, "anna", "Anna Beispiel", ["engineer"], "de")
    assert queries.credential(session, "anna") is None
    assert not queries.has_credentials(session)

    actions.set_password(session, anna, PASSWORD, NOW)
    session.flush()

    found = queries.credential(session, "anna")
    assert found is not None
    person, credential = found
    assert (person.name, person.language, person.roles) == ("Anna Beispiel", "de", ["engineer"])
    assert PASSWORD not in credential.password_hash
    assert queries.has_credentials(session)


def test_a_second_password_takes_the_place_of_the_first(session: Session) -> None:
    anna = actions.add_person(session, "anna", "Anna", ["engineer"])
    actions.set_password(session, anna, PASSWORD, NOW)
    session.flush()
    before = session.scalars(select(Credential.password_hash)).one()

    actions.set_password(session, anna, PASSWORD + "!", NOW)
    session.flush()

    assert session.scalars(select(Credential.password_hash)).one() != before


def test_who_is_there_already_gets_one_more_role(session: Session) -> None:
    first = actions.add_person(session, "anna", "Anna", ["engineer"])

    second = actions.add_person(session, "anna", "Somebody Else", ["admin"])
    session.flush()
    session.expire_all()

    assert second is first
    assert (second.name, second.roles) == ("Anna", ["admin", "engineer"])
    assert second.document["roles"] == ["admin", "engineer"]


def test_who_had_left_is_back_and_can_log_in(session: Session) -> None:
    anna = actions.add_person(session, "anna", "Anna", ["engineer"])
    actions.set_password(session, anna, PASSWORD, NOW)
    anna.retired_at = NOW
    session.flush()
    assert queries.credential(session, "anna") is None
    assert queries.people(session) == []

    actions.add_person(session, "anna", "Anna", ["engineer"])
    session.flush()

    assert queries.credential(session, "anna") is not None


def test_an_unknown_role_is_refused_with_those_there_are(session: Session) -> None:
    with pytest.raises(UnknownRole, match="engineer, manager, admin, reader"):
        actions.add_person(session, "anna", "Anna", ["engineer", "boss"])


@pytest.mark.parametrize("label", ["", " ", "a b", "../a", "anna\n", "a/b", "...", "a\0"])
def test_a_log_in_that_is_none_is_refused(session: Session, label: str) -> None:
    with pytest.raises(Refused, match="letters, digits"):
        actions.add_person(session, label, "Anna", ["engineer"])


@pytest.mark.parametrize("label", ["anna", "a.b-c_d", "jürgen", "42"])
def test_a_log_in_of_letters_and_digits_is_taken(session: Session, label: str) -> None:
    assert actions.add_person(session, label, "Anna", ["engineer"]).label == label


@pytest.mark.parametrize("password", ["", "too short", "x" * 201])
def test_a_password_that_is_none_is_refused(session: Session, password: str) -> None:
    anna = actions.add_person(session, "anna", "Anna", ["engineer"])

    with pytest.raises(BadPassword):
        actions.set_password(session, anna, password, NOW)


def test_a_token_is_known_by_its_hash_alone(session: Session) -> None:
    token = actions.add_token(session, "icinga", "webhook", "icinga-main", NOW)
    session.flush()

    kept = session.scalars(select(AccessToken)).one()
    assert token not in {kept.name, kept.token_hash}
    found = queries.access(session, token)
    assert found is kept
    assert (found.scope, found.source) == ("webhook", "icinga-main")
    assert queries.access(session, token + "x") is None
    assert queries.access(session, kept.token_hash) is None


def test_two_tokens_have_nothing_in_common(session: Session) -> None:
    one = actions.add_token(session, "a", "api:read", None, NOW)
    other = actions.add_token(session, "b", "api:read", None, NOW)

    assert one != other
    assert len(one) > 40


@pytest.mark.parametrize(
    ("scope", "source", "said"),
    [
        pytest.param("api", None, "webhook, api:read, api:write", id="an unknown scope"),
        pytest.param("webhook", None, "--source", id="a webhook without a source"),
        pytest.param("api:read", "icinga-main", "--source", id="a source without a webhook"),
        pytest.param("webhook", "", "1 to 128 characters", id="a source without a name"),
        pytest.param("webhook", "x" * 129, "1 to 128 characters", id="a source's name too long"),
        pytest.param("webhook", "a\nb", "1 to 128 characters", id="a source's name of two lines"),
    ],
)
def test_a_token_that_makes_no_sense_is_refused(
    session: Session, scope: str, source: str | None, said: str
) -> None:
    with pytest.raises(Refused, match=said):
        actions.add_token(session, "a", scope, source, NOW)


def test_a_name_is_given_once(session: Session) -> None:
    actions.add_token(session, "a", "api:read", None, NOW)

    with pytest.raises(NameTaken, match="'a'"):
        actions.add_token(session, "a", "api:write", None, NOW)


def test_the_database_refuses_a_scope_and_a_source_that_do_not_fit(
    installation: Installation,
) -> None:
    wrong = AccessToken(name="a", token_hash="x", scope="webhook", source=None, created_at=NOW)

    with pytest.raises(IntegrityError), installation.database.transaction() as session:
        session.add(wrong)
