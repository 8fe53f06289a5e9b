"""Mails of ours as the bytes that go over the wire: RFC 5322 and MIME, the same ones each time."""

import hashlib
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from typing import Any

from bridge import utc
from bridge.mail import addresses
from bridge.mail.outgoing import Attachment, BadMail, Written

# What stops polite machines from answering a machine. Source: RFC 3834, and what is usual.
AUTOMATIC = {
    Written.BY_PERSON: {},
    Written.BY_DESK: {"Auto-Submitted": "auto-generated", "Precedence": "bulk"},
    Written.AS_RECEIPT: {"Auto-Submitted": "auto-replied", "Precedence": "auto_reply"},
}
SUPPRESS = {"X-Auto-Response-Suppress": "All"}
IDENTIFIERS = frozenset({"message-id", "in-reply-to", "references"})


@dataclass(frozen=True)
class Letter:
    """A mail with all that its headers say; addresses and subject as they will be written.

    date: when it was written, aware. Two letters that are equal are the same bytes.
    """

    message_id: str
    date: datetime
    sender: str
    sender_name: str
    to: tuple[str, ...]
    subject: str
    text: str = field(repr=False)
    html: str | None = field(default=None, repr=False)
    language: str = "en"
    written: Written = Written.BY_DESK
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()

    @property
    def needs_utf8(self) -> bool:
        """Whether only a server with SMTPUTF8 can take it."""
        return any(addresses.needs_utf8(one) for one in (self.sender, *self.to))

    def as_payload(self) -> dict[str, Any]:
        """Return the letter as JSON values, attachments included."""
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        attachments = [
            [one.name, one.media_type, b64encode(one.content).decode()] for one in self.attachments
        ]
        return values | {
            "date": utc.iso(self.date),
            "written": self.written.value,
            "to": list(self.to),
            "references": list(self.references),
            "attachments": attachments,
        }

    @classmethod
    def of_payload(cls, values: Mapping[str, Any]) -> "Letter":
        """Return what `as_payload` was called on."""
        attachments = [
            Attachment(name, kind, b64decode(content))
            for name, kind, content in values["attachments"]
        ]
        typed = {
            "date": utc.from_iso(values["date"]),
            "written": Written(values["written"]),
            "to": tuple(values["to"]),
            "references": tuple(values["references"]),
            "attachments": tuple(attachments),
        }
        return cls(**{**values, **typed})


class _Whole(EmailPolicy):
    """Folds as usual, but never inside a Message-ID, which nobody would find again."""

    def fold(self, name: str, value: str) -> str:
        if name.lower() not in IDENTIFIERS:
            folded: str = super().fold(name, value)
            return folded
        return f"{name}: " + f"{self.linesep} ".join(str(value).split()) + self.linesep

    def fold_binary(self, name: str, value: str) -> bytes:
        if name.lower() not in IDENTIFIERS:
            return super().fold_binary(name, value)
        return self.fold(name, value).encode("ascii")


# 7bit: no server on the way has to take eight, or to change a byte.
ASCII = _Whole(linesep=SMTP.linesep, cte_type="7bit")
UTF8 = ASCII.clone(utf8=True)


def wire(letter: Letter) -> bytes:
    """Return the letter as bytes whose lines end in CRLF; dots are not doubled yet.

    Raises BadMail where a header would not be one line of text.
    """
    message = EmailMessage(UTF8 if letter.needs_utf8 else ASCII)
    try:
        _head(message, letter)
        _body(message, letter)
        # Last, because what is added to a body takes such headers along.
        message["Content-Language"] = letter.language
        _fix_boundaries(message, letter.message_id)
        return message.as_bytes()
    except (ValueError, LookupError) as error:
        # Its text may quote what the mail says.
        raise BadMail("this mail cannot be written: a header is no text of one line") from error


def _head(message: EmailMessage, letter: Letter) -> None:
    local, _, domain = letter.sender.rpartition("@")
    message["From"] = Address(letter.sender_name, local, domain)
    message["To"] = ", ".join(letter.to)
    message["Subject"] = letter.subject
    message["Date"] = letter.date
    message["Message-ID"] = letter.message_id
    if letter.in_reply_to:
        message["In-Reply-To"] = letter.in_reply_to
    if letter.references:
        message["References"] = " ".join(letter.references)
    automatic = AUTOMATIC[letter.written]
    for name, value in (automatic | SUPPRESS if automatic else automatic).items():
        message[name] = value


def _body(message: EmailMessage, letter: Letter) -> None:
    message.set_content(_lines(letter.text), cte="quoted-printable")
    if letter.html:
        message.add_alternative(_lines(letter.html), subtype="html", cte="quoted-printable")
    for one in letter.attachments:
        kind, _, subtype = one.media_type.partition("/")
        message.add_attachment(one.content, maintype=kind, subtype=subtype, filename=one.name)


def _lines(text: str) -> str:
    return "\n".join(text.splitlines()) + "\n"


def _fix_boundaries(message: EmailMessage, message_id: str) -> None:
    """Give the parts boundaries that do not change from one try to the next."""
    unique = hashlib.sha256(message_id.encode()).hexdigest()[:32]
    several = [part for part in message.walk() if part.is_multipart()]
    for number, part in enumerate(several):
        # "=_" stands in no quoted-printable text, and in no base64 either.
        part.set_boundary(f"=_{number}_{unique}")
