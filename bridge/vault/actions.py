"""Keeps, reveals and forgets what is secret."""

import os
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.errors import NotFound
from bridge.keys import Keys, WrongKey
from bridge.vault.models import Secret

PREFIX = "secret:"


class SecretMissing(NotFound):
    """A secret is named, but not there; the text says where it was looked for."""


def keep(session: Session, keys: Keys, name: str, value: str, now: datetime) -> bool:
    """Store `value` under `name`; return whether it was another one, or none, before."""
    secret = session.get(Secret, name)
    if secret is not None and _opened(keys, secret) == value:
        return False
    session.merge(Secret(name=name, ciphertext=keys.encrypt(value), changed_at=now))
    return True


def _opened(keys: Keys, secret: Secret) -> str | None:
    try:
        return keys.decrypt(secret.ciphertext)
    except WrongKey:
        # Whoever has lost the key gives the secrets again, and they are written over.
        return None


def forget(session: Session, name: str) -> None:
    """Delete the value under `name`, if there is one."""
    secret = session.get(Secret, name)
    if secret is not None:
        session.delete(secret)


def load(session: Session, references: Iterable[str]) -> dict[str, str]:
    """Return the ciphertexts behind those references that are stored, by name, in one query."""
    names = [one.removeprefix(PREFIX) for one in references if one.startswith(PREFIX)]
    if not names:
        return {}
    rows = session.execute(select(Secret.name, Secret.ciphertext).where(Secret.name.in_(names)))
    return {name: ciphertext for name, ciphertext in rows}  # noqa: C416 - rows are not pairs


def reveal(session: Session, keys: Keys, reference: str) -> str:
    """Return the value behind one reference, as `opened` does."""
    return opened(keys, reference, load(session, [reference]))


def opened(keys: Keys, reference: str, ciphertexts: Mapping[str, str]) -> str:
    """Return the value behind `secret:NAME`, `env:NAME` or `file:PATH`; else `reference` itself.

    ciphertexts: what `load` has found. Raises SecretMissing, whose text names the reference and
    not the value.
    """
    if reference.startswith("env:"):
        variable = reference.removeprefix("env:")
        if variable not in os.environ:
            raise SecretMissing(f"the environment variable {variable} is not set on this node")
        return os.environ[variable]
    if reference.startswith("file:"):
        try:
            return Path(reference.removeprefix("file:")).read_text("utf8").strip()
        except (OSError, ValueError) as error:
            raise SecretMissing(f"{reference} cannot be read on this node") from error
    if reference.startswith(PREFIX):
        ciphertext = ciphertexts.get(reference.removeprefix(PREFIX))
        if ciphertext is None:
            raise SecretMissing(f"{reference} was never given: write its value once and apply")
        return keys.decrypt(ciphertext)
    return reference
