"""How a source's Icinga is reached: its entry of the desk file, with the secrets revealed."""

from typing import Any

from sqlalchemy.orm import Session

from bridge.icinga.access import Access
from bridge.icinga.models import Source
from bridge.keys import Keys
from bridge.vault import actions as vault


def of_source(session: Session, keys: Keys, source: Source) -> Access:
    """Return how to reach the source's API.

    Raises SecretMissing and WrongAccess, whose texts name the setting, never its value.
    """
    document: dict[str, Any] = source.document

    def revealed(name: str) -> str:
        value = document.get(name)
        return vault.reveal(session, keys, value) if value else ""

    return Access(
        url=document["api"],
        ca=revealed("ca"),
        user=document.get("user") or "",
        password=revealed("password"),
        certificate=revealed("certificate"),
        key=revealed("key"),
    )
