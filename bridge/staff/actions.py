"""Adds people and tokens by hand, and sets passwords."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.errors import NotFound, Refused
from bridge.staff import passwords, queries
from bridge.staff.models import AccessToken, Credential, StaffMember

ROLES = ("engineer", "manager", "admin", "reader")
LONGEST_SOURCE = 128
SCOPES = ("webhook", "api:read", "api:write")


class UnknownRole(Refused):
    """A role is engineer, manager, admin or reader."""


class NameTaken(Refused):
    """There is one of that name already."""


class UnknownPerson(NotFound):
    """Nobody of ours has this log-in."""


def add_person(
    session: Session, label: str, name: str, roles: Sequence[str], language: str = "en"
) -> StaffMember:
    """Add a person of ours who may log in once a password is set, or give one more roles.

    Whoever had left the desk is back.
    """
    wrong = [role for role in roles if role not in ROLES]
    if wrong:
        raise UnknownRole(f"there is no role {wrong[0]!r}: choose from {', '.join(ROLES)}")
    if not label or not label.replace("-", "").replace("_", "").replace(".", "").isalnum():
        raise Refused("a log-in is made of letters, digits, and . _ -")
    found = queries.person(session, label)
    if found is not None:
        found.retired_at = None
        found.roles = sorted({*found.roles, *roles})
        found.document = found.document | {"roles": found.roles}
        return found
    document = {"id": label, "name": name, "language": language, "roles": list(roles)}
    person = StaffMember(
        label=label,
        name=name,
        language=language,
        roles=list(roles),
        document=document,
    )
    session.add(person)
    session.flush()  # the credential refers to the id that the database gives
    return person


def set_password(session: Session, person: StaffMember, password: str, now: datetime) -> None:
    """Let `person` log in with `password`; raises BadPassword."""
    kept = passwords.hashed(password)
    session.merge(Credential(staff_id=person.id, password_hash=kept, changed_at=now))


def add_token(session: Session, name: str, scope: str, source: str | None, now: datetime) -> str:
    """Return a new access token; it cannot be shown a second time, only its hash is kept."""
    if scope not in SCOPES:
        raise Refused(f"there is no scope {scope!r}: choose from {', '.join(SCOPES)}")
    if (scope == "webhook") != (source is not None):
        raise Refused("a token for the webhook, and only such a one, belongs to a --source")
    if source is not None and not (0 < len(source) <= LONGEST_SOURCE and source.isprintable()):
        raise Refused(f"a source is named in 1 to {LONGEST_SOURCE} characters")
    if session.scalar(select(AccessToken).where(AccessToken.name == name)) is not None:
        raise NameTaken(f"there is a token {name!r} already: choose another name")
    token = f"bridge_{secrets.token_urlsafe(32)}"
    session.add(
        AccessToken(
            name=name,
            token_hash=queries.token_hash(token),
            scope=scope,
            source=source,
            created_at=now,
        )
    )
    return token
