"""What must not be read by everybody: an address or password, or where one is to be found."""

import re
from dataclasses import dataclass
from enum import Enum
from typing import Annotated

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
STORED_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@/-]{0,199}")
URL = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://\S+")
REFERENCES = "env:NAME, file:PATH or secret:NAME"


class SecretKind(Enum):
    """Where a secret is: in a variable, in a file, encrypted in the database, or written here."""

    ENV = "env"
    FILE = "file"
    STORED = "secret"
    LITERAL = "literal"


@dataclass(frozen=True)
class Secret:
    """A secret or a reference to one; `str()` is what the desk file says, `repr()` hides it."""

    kind: SecretKind
    value: str

    def __str__(self) -> str:
        return self.value if self.kind is SecretKind.LITERAL else f"{self.kind.value}:{self.value}"

    def __repr__(self) -> str:
        return "Secret(…)" if self.kind is SecretKind.LITERAL else f"Secret({self})"

    @property
    def url(self) -> str | None:
        """Return the URL that is written here; None where it is elsewhere."""
        return self.value if self.kind is SecretKind.LITERAL else None


def secret_from_text(text: object) -> Secret:
    """Return the secret, or the reference to one, that `text` is. Its errors never repeat it."""
    if isinstance(text, Secret):
        return text
    if not isinstance(text, str):
        raise ValueError(f"write {REFERENCES}, or the secret itself in quotes")  # noqa: TRY004 - pydantic expects ValueErrors
    # A text over several lines, such as a certificate, ends in a line break of YAML's.
    text = text.rstrip("\n")
    kind, colon, rest = text.partition(":")
    if not colon or kind not in ("env", "file", "secret"):
        if not text.strip() or text != text.strip():
            raise ValueError(f"this secret is empty or has blanks around it: write {REFERENCES}")
        return Secret(SecretKind.LITERAL, text)
    if kind == "env" and not VARIABLE.fullmatch(rest):
        raise ValueError("after env: the name of a variable is wanted, such as env:ANNA_SMS")
    if kind == "file" and not rest.strip():
        raise ValueError("after file: a path is wanted, such as file:/etc/bridge/password")
    if kind == "secret" and not STORED_NAME.fullmatch(rest):
        raise ValueError("after secret: a name is wanted, as `bridge export` wrote it")
    return Secret(SecretKind(kind), rest)


def url_from_text(text: object) -> Secret:
    """Return the Apprise URL, or the reference to one, that `text` is."""
    secret = secret_from_text(text)
    if secret.kind is SecretKind.LITERAL and not URL.fullmatch(secret.value):
        raise ValueError(
            f"this is no Apprise URL: write one such as ntfys://ntfy.example/anna, or {REFERENCES}"
        )
    return secret


def certificate_from_text(text: object) -> Secret:
    """Return the certificate or key in PEM form, or the reference to one, that `text` is."""
    secret = secret_from_text(text)
    if secret.kind is SecretKind.LITERAL and not secret.value.startswith("-----BEGIN "):
        raise ValueError(
            "this is no certificate or key: write file: and its path, such as"
            " file:/etc/bridge/icinga-ca.crt"
        )
    return secret


def stored_name(*parts: str) -> str:
    """Return the name a literal secret is stored under: `staff.anna.push`."""
    return ".".join(parts)


def _schema(text: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "minLength": 1, "description": text})


Password = Annotated[
    Secret,
    PlainValidator(secret_from_text),
    PlainSerializer(str),
    _schema("A secret: env:NAME, file:PATH, secret:NAME (already stored), or the text itself."),
]
ChannelUrl = Annotated[
    Secret,
    PlainValidator(url_from_text),
    PlainSerializer(str),
    _schema("An Apprise URL, or where it is: env:NAME, file:PATH, secret:NAME."),
]
Certificate = Annotated[
    Secret,
    PlainValidator(certificate_from_text),
    PlainSerializer(str),
    _schema("PEM text, or where it is: file:PATH, env:NAME, secret:NAME."),
]
