"""Takes the secrets out of an entry: what is written there literally is kept encrypted."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bridge.desk_file.secret import SecretKind, secret_from_text, stored_name
from bridge.keys import Keys
from bridge.vault import actions as vault

Seal = Callable[[str, str], str]


class Sealer:
    """Keeps secrets and remembers whose have changed."""

    def __init__(self, session: Session, keys: Keys, now: datetime) -> None:
        self._session, self._keys, self._now = session, keys, now
        self.changed: list[str] = []

    def seal(self, name: str, text: str) -> str:
        """Return what may be stored openly: the reference that was given, or a new one."""
        secret = secret_from_text(text)
        if secret.kind is not SecretKind.LITERAL:
            return text
        if vault.keep(self._session, self._keys, name, secret.value, self._now):
            self.changed.append(name)
        return f"{SecretKind.STORED.value}:{name}"

    def staff(self, plain: dict[str, Any]) -> dict[str, Any]:
        """Return a person's entry with references for channels."""
        channels = {
            label: self.seal(stored_name("staff", plain["id"], label), address)
            for label, address in plain.get("channels", {}).items()
        }
        return plain | ({"channels": channels} if channels else {})

    def fields(self, section: str, plain: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
        """Return an entry with references for the fields `names`."""
        sealed = {
            name: self.seal(stored_name(section, plain["id"], name), plain[name])
            for name in names
            if name in plain
        }
        return plain | sealed

    def policy(self, label: str, plain: dict[str, Any]) -> dict[str, Any]:
        """Return a policy with references for its rooms, whose addresses are secrets too."""
        steps = [
            step
            | {
                "page": [
                    self._room(label, f"{number}-{position}", target)
                    for position, target in enumerate(step["page"], 1)
                ]
            }
            for number, step in enumerate(plain["steps"], 1)
        ]
        return plain | {"steps": steps}

    def _room(self, label: str, place: str, target: str) -> str:
        kind, colon, address = target.partition(":")
        if kind != "room" or not colon:
            return target
        return f"room:{self.seal(stored_name('policies', label, place), address)}"
