"""Reads our own people, their tokens, and what the desk is called."""

import hashlib
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from bridge.staff.models import AccessToken, Credential, Desk, StaffMember


def people(session: Session) -> Sequence[StaffMember]:
    """Return everybody who is not retired, with their channels, in the desk file's order."""
    statement = (
        select(StaffMember)
        .where(StaffMember.retired_at.is_(None))
        .options(selectinload(StaffMember.channels))
        .order_by(StaffMember.id)
    )
    return session.scalars(statement).all()


def person(session: Session, label: str) -> StaffMember | None:
    """Return the person with this label, retired or not."""
    return session.scalar(select(StaffMember).where(StaffMember.label == label))


def credential(session: Session, label: str) -> tuple[StaffMember, Credential] | None:
    """Return the person with this label and how they log in, or None where they cannot."""
    row = session.execute(
        select(StaffMember, Credential)
        .join(Credential, Credential.staff_id == StaffMember.id)
        .where(StaffMember.label == label, StaffMember.retired_at.is_(None))
    ).first()
    return (row[0], row[1]) if row else None


def has_credentials(session: Session) -> bool:
    """Return whether anybody can log in."""
    return session.scalar(select(Credential.staff_id).limit(1)) is not None


def desk_document(session: Session) -> dict[str, Any]:
    """Return the `desk` section of the desk file; empty before it was applied."""
    desk = session.get(Desk, 1)
    return desk.document if desk else {}


def token_hash(token: str) -> str:
    """Return what is kept of an access token."""
    return hashlib.sha256(token.encode()).hexdigest()


def access(session: Session, token: str) -> AccessToken | None:
    """Return the rights that `token` gives, or None for one we never made."""
    statement = select(AccessToken).where(AccessToken.token_hash == token_hash(token))
    return session.scalar(statement)
