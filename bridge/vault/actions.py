"""Keeps, reveals and forgets what is secret."""

import os
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from bridge.errors import NotFound
from bridge.keys import Keys
from bridge.vault.models import Secret

PREFIX = "secret:"


class SecretMissing(NotFound):
    """A secret is named, but not there; the text says where it was looked for."""


def keep(session: Session, keys: Keys, name: str, value: str, now: datetime) -> bool:
    """Store `value` under `name`; return whether it was another one, or none, before."""
    secret = session.get(Secret, name)
    if secret is not None and keys.decrypt(secret.ciphertext) == value:
        return False
    session.merge(Secret(name=name, ciphertext=keys.encrypt(value), changed_at=now))
    return True


def forget(session: Session, name: str) -> None:
    """Delete the value under `name`, if there is one."""
    secret = session.get(Secret, name)
    if secret is not None:
        session.delete(secret)


def reveal(session: Session, keys: Keys, reference: str) -> str:
    """Return the value behind `secret:NAME`, `env:NAME` or `file:PATH`; else `reference` itself.

    Raises SecretMissing, whose text names the reference and not the value.
    """
    if reference.startswith("env:"):
        variable = reference.removeprefix("env:")
        if variable not in os.environ:
            raise SecretMissing(f"the environment variable {variable} is not set on this node")
        return os.environ[variable]
    if reference.startswith("file:"):
        try:
            return Path(reference.removeprefix("file:")).read_text("utf8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SecretMissing(f"{reference} cannot be read on this node") from error
    if reference.startswith(PREFIX):
        secret = session.get(Secret, reference.removeprefix(PREFIX))
        if secret is None:
            raise SecretMissing(f"{reference} was never given: write its value once and apply")
        return keys.decrypt(secret.ciphertext)
    return reference
