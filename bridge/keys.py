"""The installation's keys: they sign links and sessions, and encrypt what is secret at rest."""

import base64
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from itsdangerous import BadSignature, URLSafeTimedSerializer

from bridge.errors import Refused
from bridge.settings import Settings

SHORTEST = 32


class NoKey(Refused):
    """The key that signs and encrypts is missing or too short."""


class WrongKey(Refused):
    """This was encrypted with a key that is no longer among the installation's keys."""


class BadLink(Refused):
    """The link was changed, is too old, or was made by another installation."""


@dataclass(frozen=True)
class Keys:
    """Signs and encrypts with the newest secret, and accepts what any of them made."""

    secrets: tuple[str, ...] = field(repr=False)

    def _derived(self, secret: str, purpose: str) -> bytes:
        key = HKDF(SHA256(), 32, salt=None, info=b"bridge " + purpose.encode())
        return base64.urlsafe_b64encode(key.derive(secret.encode()))

    def _fernet(self) -> MultiFernet:
        return MultiFernet([Fernet(self._derived(one, "at rest")) for one in self.secrets])

    def encrypt(self, text: str) -> str:
        """Return `text` as ciphertext of printable characters."""
        return self._fernet().encrypt(text.encode()).decode("ascii")

    def decrypt(self, ciphertext: str) -> str:
        """Return what `encrypt` was given; raises WrongKey."""
        try:
            return self._fernet().decrypt(ciphertext.encode("ascii")).decode()
        except InvalidToken as error:
            raise WrongKey("a stored secret does not open with this installation's key") from error

    def session_secrets(self) -> tuple[str, ...]:
        """Return the keys for Flask's session, newest first."""
        return tuple(self._derived(one, "session").decode() for one in self.secrets)

    def _serializer(self, purpose: str) -> URLSafeTimedSerializer:
        # itsdangerous signs with the last of its keys and accepts any.
        derived = [self._derived(one, f"link {purpose}") for one in reversed(self.secrets)]
        return URLSafeTimedSerializer(derived, salt=f"bridge.{purpose}")

    def sign(self, purpose: str, value: Any) -> str:
        """Return `value` (JSON) signed for `purpose`, fit for a URL."""
        return str(self._serializer(purpose).dumps(value))

    def unsign(self, purpose: str, token: str, max_age_seconds: int) -> Any:
        """Return the value that `sign` was given; raises BadLink."""
        try:
            return self._serializer(purpose).loads(token, max_age=max_age_seconds)
        except BadSignature as error:
            raise BadLink("this link is not valid, or no longer") from error


def _made_beside(database: Path) -> str:
    """Return the key beside a SQLite file; on first use make it, for its owner only."""
    path = database.with_name(database.name + ".key")
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    if not path.exists():
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48) + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            # A link, because it fails where another process was faster; a rename would replace.
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()


def load(settings: Settings) -> Keys:
    """Return the installation's keys; raises NoKey where they must be given and are not."""
    text = settings.secret_key
    if text is None and settings.sqlite_file is not None:
        try:
            text = _made_beside(settings.sqlite_file)
        except (OSError, UnicodeDecodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "it is not text"
            raise NoKey(f"the key beside {settings.sqlite_file} is not to be had: {why}") from None
    if text is None:
        raise NoKey(
            "with PostgreSQL every node needs the same key: set BRIDGE_SECRET_KEY_FILE to a file"
            " with at least 32 random characters"
            " (python3 -c 'import secrets; print(secrets.token_urlsafe(48))')"
        )
    found = tuple(line.strip() for line in text.splitlines() if line.strip())
    if not found or min(map(len, found)) < SHORTEST:
        raise NoKey(f"a secret key needs at least {SHORTEST} characters")
    return Keys(found)
