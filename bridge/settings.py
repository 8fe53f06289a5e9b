"""The settings of one process: `bridge.toml`, then `BRIDGE_*` variables, then secret files."""

import difflib
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from bridge.errors import Refused

PREFIX = "BRIDGE_"
# Where the file is, and not a setting in it.
CONFIG_VARIABLE = "BRIDGE_CONFIG"
# What may also be given as the path of a file that holds it: BRIDGE_DATABASE_URL_FILE.
SECRETS = ("database_url", "secret_key", "smtp_password", "heartbeat_url")
# The schemes of a mail server's address, with the ports they usually have.
SMTP_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
# A password may cross these in the clear.
THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


class BadSettings(Refused):
    """The settings cannot be used; the text names each one and what would be right."""


class Settings(BaseModel):
    """What an installation decides once; everything else stands in the desk file."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    # Neither it nor the key is shown where somebody prints or logs the settings.
    database_url: str = Field(
        "sqlite:///var/bridge.db",
        description="sqlite:///PATH or postgresql://USER@HOST/NAME",
        repr=False,
    )
    public_url: str = Field(
        "http://127.0.0.1:8080", description="what links in pages and mails begin with"
    )
    proxies: tuple[str, ...] = Field(
        (), description="addresses of the proxies whose forwarded headers count"
    )
    secret_key: str | None = Field(
        None, description="signs and encrypts; several, newest first, one a line", repr=False
    )
    log_level: str = Field("info", pattern="^(debug|info|warning|error)$")
    log_json: bool = False
    web_threads: int = Field(24, ge=1, le=512, description="requests answered at once")
    delivery_processes: int = Field(3, ge=2, le=64, description="deliveries under way at once")
    reconcile_seconds: float = Field(30, ge=1, le=3600, description="between two looks at Icinga")
    smtp_url: str | None = Field(
        None,
        description="smtps://USER@HOST, smtp+starttls://USER@HOST:PORT, or smtp://HOST for a local"
        " MTA; without it mail waits",
    )
    smtp_password: str | None = Field(
        None, description="of the user in smtp_url", repr=False, validate_default=True
    )
    smtp_ca: str | None = Field(
        None, description="a PEM file with who signed the mail server's certificate"
    )

    heartbeat_url: str | None = Field(
        None,
        description="posted to each minute while all is well, for a watcher elsewhere that calls"
        " when it stops",
        repr=False,
    )

    @field_validator("heartbeat_url")
    @classmethod
    def _can_be_posted_to(cls, value: str | None) -> str | None:
        if not value:
            return None
        # Its path is often a secret, so that it is not repeated.
        if urlsplit(value).scheme not in {"http", "https"} or not urlsplit(value).hostname:
            raise ValueError("write it as https://HOST/PATH")
        return value

    @field_validator("public_url")
    @classmethod
    def _is_a_url(cls, value: str) -> str:
        scheme, _, rest = value.partition("://")
        if scheme not in {"http", "https"} or not rest.strip("/"):
            raise ValueError("write it as https://HOST (or http://HOST on one machine)")
        return value.rstrip("/")

    @field_validator("smtp_url")
    @classmethod
    def _is_a_mail_server(cls, value: str | None) -> str | None:
        if not value:
            return None
        try:
            parts = urlsplit(value)
            good = parts.scheme in SMTP_PORTS and bool(parts.hostname) and (parts.port or 1) > 0
        except ValueError:
            good = False
        if not good or parts.path.strip("/") or parts.query or parts.fragment:
            raise ValueError(
                "write it as smtps://USER@HOST, smtp+starttls://USER@HOST:PORT or smtp://HOST"
            )
        if parts.password is not None:
            raise ValueError("the password does not belong in it: set BRIDGE_SMTP_PASSWORD_FILE")
        if parts.scheme == "smtp" and parts.username and parts.hostname not in THIS_MACHINE:
            raise ValueError(
                "a password does not cross a network in the clear: smtps:// or smtp+starttls://"
            )
        return value

    @field_validator("smtp_password")
    @classmethod
    def _is_there_for_the_user(cls, value: str | None, known: ValidationInfo) -> str | None:
        url = known.data.get("smtp_url")
        if url and urlsplit(url).username and not value:
            raise ValueError("smtp_url names a user: set BRIDGE_SMTP_PASSWORD_FILE to a file")
        return value

    @field_validator("proxies", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return (
            tuple(p.strip() for p in value.split(",") if p.strip())
            if isinstance(value, str)
            else value
        )

    @property
    def sqlite_file(self) -> Path | None:
        """The database's file, or None where the database is a PostgreSQL."""
        scheme, _, rest = self.database_url.partition(":///")
        path = rest.partition("?")[0]
        return Path(path) if scheme.partition("+")[0] == "sqlite" and path else None


def _nearest(name: str, known: Mapping[str, Any] | list[str]) -> str:
    match = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f"; did you mean {match[0]}?" if match else ""


def _from_file(path: Path) -> dict[str, Any]:
    try:
        values = tomllib.loads(path.read_text("utf8"))
    except OSError as error:
        raise BadSettings(f"{path}: cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSettings(f"{path}: not a TOML file: {error}") from error
    for name in values:
        if name not in Settings.model_fields and name.removesuffix("_file") not in SECRETS:
            hint = _nearest(name, Settings.model_fields)
            raise BadSettings(f"{path}: unknown setting {name!r}{hint}")
    return values


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    names = {PREFIX + name.upper(): name for name in Settings.model_fields}
    names |= {f"{PREFIX}{name.upper()}_FILE": f"{name}_file" for name in SECRETS}
    values: dict[str, Any] = {}
    for variable, value in environment.items():
        if not variable.startswith(PREFIX) or variable == CONFIG_VARIABLE:
            continue
        if variable not in names:
            hint = _nearest(variable, list(names))
            raise BadSettings(f"unknown variable {variable} in the environment{hint}")
        values[names[variable]] = value
    return values


def _read_secrets(values: dict[str, Any]) -> dict[str, Any]:
    for name in SECRETS:
        path = values.pop(f"{name}_file", None)
        if path is None:
            continue
        if not isinstance(path, str):
            raise BadSettings(f"{name}_file: give the path of a file, as a text")
        try:
            values[name] = Path(path).read_text("utf8").strip()
        except OSError as error:
            raise BadSettings(f"{name}_file: cannot read {path}: {error.strerror}") from error
        except ValueError:
            # Its text may quote what is in the file.
            raise BadSettings(f"{name}_file: {path!r} is not a text file") from None
    return values


def load(config: Path | None = None, environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings; a variable beats the file, and a secret's file beats its value.

    config: the file to read; else `BRIDGE_CONFIG`, else `./bridge.toml` where there is one.
    Raises BadSettings with what is wrong; a value that may be secret is never repeated.
    """
    named = config or (
        Path(environment[CONFIG_VARIABLE]) if CONFIG_VARIABLE in environment else None
    )
    path = named or Path("bridge.toml")
    values = _read_secrets(_from_file(path)) if named or path.exists() else {}
    values |= _read_secrets(_from_environment(environment))
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        problems = [
            f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}" for problem in error.errors()
        ]
        raise BadSettings("; ".join(problems)) from None
