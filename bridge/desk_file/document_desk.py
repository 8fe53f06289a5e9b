"""The sections `desk`, `sources` and `mailboxes`: the desk itself and what it listens to."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    WithJsonSchema,
    model_serializer,
    model_validator,
)

from bridge.desk_file.document_staff import Distinct
from bridge.desk_file.durations import Duration
from bridge.desk_file.entry import AtLeastOne, Entry, Many, Misplaced, OrText
from bridge.desk_file.errors import TreePath
from bridge.desk_file.secret import Certificate, Password
from bridge.desk_file.values import CalendarMonth, Email, Language, Name, Text

HIGHEST_FIRST_NUMBER = 10**12
WALL_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


def _url(value: str, schemes: tuple[str, ...], example: str) -> str:
    try:
        parts = urlsplit(value)
        good = parts.scheme in schemes and bool(parts.hostname) and (parts.port or 1) > 0
        secret = parts.username is not None
    except ValueError:
        good = secret = False
    if secret:
        raise ValueError("user and password do not belong into this URL: write user: and password:")
    if not good or value != value.strip():
        raise ValueError(f"{value!r:.80} cannot be used here: write a URL such as {example}")
    return value


def _api(value: str) -> str:
    return _url(value, ("https",), "https://icinga.example:5665").rstrip("/")


def _imap(value: str) -> str:
    return _url(value, ("imaps", "imap"), "imaps://mail.example")


def _for_both(value: object) -> object:
    if isinstance(value, Mapping | ReopenWindow):
        return value
    return {"monitoring": value, "people": value}


class ReopenWindow(Entry):
    """How long after it was resolved a ticket is reopened, and not followed by a new one."""

    monitoring: Duration = Field(default=timedelta(minutes=30), description="After a recovery.")
    people: Duration = Field(default=timedelta(days=7), description="For what people wrote.")

    @model_serializer(mode="wrap")
    def _shortest(self, handler: Any) -> Any:
        entry = handler(self)
        if self.monitoring == self.people:
            return next(iter(entry.values()))
        return entry


def _wall_time(value: str) -> str:
    if not WALL_TIME.fullmatch(value):
        raise ValueError(f"{value!r:.40} is no time of day: write hours and minutes, as 08:00")
    return value


class SlaReportForm(Entry):
    """When the month before is frozen, and its report mailed to the contacts that want it."""

    day: int = Field(default=3, ge=1, le=28, description="The day of the next month.")
    at: Annotated[
        str,
        AfterValidator(_wall_time),
        WithJsonSchema({"type": "string", "pattern": f"^{WALL_TIME.pattern}$"}),
    ] = Field(default="08:00", description="The time of that day, in the customer's zone.")
    from_: CalendarMonth = Field(
        alias="from", description="The first month that is reported; months before it never are."
    )


class DeskForm(Entry):
    """What the desk is called and how it works; what is not named is as it is by default."""

    name: Text | None = Field(default=None, description="In mails and on pages.")
    address: Email | None = Field(default=None, description="Where mail to the desk arrives.")
    languages: Annotated[AtLeastOne[Language], Distinct] = Field(
        default=("de", "en"), description="The desk answers in these; the first is its own."
    )
    quiet_time: Duration = Field(
        default=timedelta(minutes=5), description="Between a recovery and the ticket's close."
    )
    reopen_window: Annotated[
        ReopenWindow, BeforeValidator(_for_both), OrText(pattern="^[0-9]{1,9}[smhd]$")
    ] = Field(
        default=ReopenWindow(), description="One duration, or one each for monitoring and people."
    )
    bundling: Duration = Field(
        default=timedelta(seconds=60),
        description="So long after a page the next ones of its channel wait, to leave together;"
        " 0s: each leaves alone.",
    )
    drills: bool = Field(
        default=False,
        description="Each week a silent test of every channel of whoever is on call.",
    )
    first_number: int = Field(
        default=10001, ge=1, le=HIGHEST_FIRST_NUMBER, description="Of the first ticket."
    )
    sla_report: SlaReportForm | None = Field(
        default=None, description="SLA reports by themselves; without it: by hand."
    )


class SourceForm(Entry):
    """An Icinga; without `api` a source of notifications only."""

    id: Name = Field(description="Tokens of its notifications name it, too.")
    api: (
        Annotated[
            str,
            AfterValidator(_api),
            WithJsonSchema({"type": "string", "pattern": "^https://"}),
        ]
        | None
    ) = Field(default=None, description="Its API; without it: no reconcile, no acknowledgement.")
    user: Text | None = Field(default=None, description="The API user.")
    password: Password | None = Field(default=None, description="Best as env:NAME or file:PATH.")
    certificate: Certificate | None = Field(
        default=None, description="Instead of user and password: a client certificate."
    )
    key: Certificate | None = Field(default=None, description="The key of the certificate.")
    ca: Certificate | None = Field(default=None, description="Who signed the API's certificate.")

    @model_validator(mode="after")
    def _can_log_in(self) -> Self:
        mistakes: list[tuple[TreePath, str]] = []
        if (self.certificate is None) != (self.key is None):
            missing = "key" if self.key is None else "certificate"
            mistakes.append(((), f"a client certificate needs its key: add `{missing}:`"))
        by_password = self.user is not None and self.password is not None
        if self.api and not by_password and self.certificate is None:
            sentence = "nobody logs in to the API: add `user:` and `password:` (or a certificate)"
            mistakes.append((("api",), sentence))
        if self.api and self.ca is None:
            sentence = "the API cannot be told from a forger's: add `ca: file:` and its path"
            mistakes.append((("api",), sentence))
        if mistakes:
            raise Misplaced(mistakes)
        return self


class MailboxForm(Entry):
    """A mailbox that is read."""

    id: Name = Field(description="What the desk calls it.")
    imap: Annotated[
        str,
        AfterValidator(_imap),
        WithJsonSchema({"type": "string", "pattern": "^imaps?://"}),
    ] = Field(description="imaps://HOST[:PORT][/FOLDER]; imap:// without TLS, on one machine.")
    user: Text = Field(description="Who logs in.")
    password: Password = Field(description="Best as env:NAME or file:PATH.")
    for_: Annotated[Many[Email], Distinct] = Field(
        default=(), alias="for", description="The addresses whose mail arrives in it."
    )
