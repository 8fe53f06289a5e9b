"""How the mail server is reached that takes what leaves."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import Enum
from typing import Any
from urllib.parse import unquote, urlsplit

from bridge.settings import SMTP_PORTS, Settings


class Security(Enum):
    """How the way to the server is kept secret; the values are the schemes of the setting."""

    PLAIN = "smtp"
    STARTTLS = "smtp+starttls"
    TLS = "smtps"


@dataclass(frozen=True)
class Access:
    """One mail server; `user` is empty where nobody logs in.

    ca: the file to verify its certificate with, or empty for the authorities of this machine.
    """

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = field(default="", repr=False)
    ca: str = ""

    @classmethod
    def of_settings(cls, settings: Settings) -> "Access | None":
        """Return what the settings name, or None where mail is not configured."""
        if not settings.smtp_url:
            return None
        parts = urlsplit(settings.smtp_url)
        return cls(
            host=parts.hostname or "",
            port=parts.port or SMTP_PORTS[parts.scheme],
            security=Security(parts.scheme),
            user=unquote(parts.username or ""),
            password=settings.smtp_password or "",
            ca=settings.smtp_ca or "",
        )

    @property
    def place(self) -> str:
        """The server as people name it."""
        return f"{self.host}:{self.port}"

    def as_payload(self) -> dict[str, Any]:
        """Return the access as JSON values, the password included."""
        return asdict(self) | {"security": self.security.value}

    @classmethod
    def of_payload(cls, values: Mapping[str, Any]) -> "Access":
        """Return what `as_payload` was called on."""
        return cls(**{**values, "security": Security(values["security"])})
