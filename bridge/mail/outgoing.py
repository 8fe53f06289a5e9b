"""A mail that the desk wants to send: checked when it is written, before anything is kept."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from bridge.errors import Refused
from bridge.mail import addresses

# Attachments grow by a third on their way, and many servers take no more than 10 MB.
MOST_BYTES = 7_000_000
MOST_RECIPIENTS = 50
MOST_TEXT = 500_000
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,60}")
MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,900}>")


class BadMail(Refused):
    """This cannot be sent as a mail; the text says what is wrong with it."""


class Written(Enum):
    """Who wrote a mail, so that no machine answers a machine. Source: RFC 3834.

    BY_PERSON: an answer. BY_DESK: a report or a status mail. AS_RECEIPT: a reply to a mail.
    """

    BY_PERSON = "by_person"
    BY_DESK = "by_desk"
    AS_RECEIPT = "as_receipt"


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a mail; raises BadMail for a name or a type that is none."""

    name: str
    media_type: str
    content: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if not self.name.strip() or CONTROLS.search(self.name) or re.search(r"[/\\]", self.name):
            raise BadMail(f"{self.name!r:.80} cannot be the name of an attachment")
        if len(self.name) > 150:  # noqa: PLR2004 - file systems take 255 bytes
            raise BadMail(f"the name {self.name!r:.40} of an attachment is too long")
        if not MEDIA_TYPE.fullmatch(self.media_type) or self.media_type.startswith("multipart/"):
            raise BadMail(f"{self.media_type!r:.80} is no media type: write one as application/pdf")


@dataclass(frozen=True)
class OutgoingMail:
    """One mail to its recipients, who see each other's addresses.

    subject: without tag and `Re:`, which are put in front when it is queued. html: the same as
    `text`, for those who want it so. language: of both, such as `de`.
    in_reply_to, references: Message-IDs with their brackets, the oldest first; what is none is
    left out. sender: one of the desk's addresses, or empty for that of the desk file's `desk`.
    Raises BadMail and BadAddress.
    """

    to: tuple[str, ...]
    subject: str
    text: str = field(repr=False)
    html: str | None = field(default=None, repr=False)
    attachments: tuple[Attachment, ...] = ()
    language: str = "en"
    written: Written = Written.BY_DESK
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    sender: str = ""

    def __post_init__(self) -> None:
        if not self.to:
            raise BadMail("a mail needs a recipient")
        if len(self.to) > MOST_RECIPIENTS:
            raise BadMail(f"a mail goes to {MOST_RECIPIENTS} recipients at most")
        if not self.subject.strip() or CONTROLS.search(self.subject):
            raise BadMail("the subject of a mail is one line, and not empty")
        if not self.text.strip():
            raise BadMail("a mail needs a text")
        if not re.fullmatch(r"[a-z]{2}(-[A-Za-z]{2,8})?", self.language):
            raise BadMail(f"{self.language!r:.20} is no language: write it as de or en")
        if max(len(self.text), len(self.html or "")) > MOST_TEXT:
            raise BadMail(f"the text of a mail has {MOST_TEXT} characters at most")
        size = sum(len(one.content) for one in self.attachments)
        if size > MOST_BYTES:
            raise BadMail(
                f"attachments of {size / 1e6:.1f} MB are too large to mail: {MOST_BYTES / 1e6:.0f}"
                " MB at most"
            )
        for one in (*self.to, *filter(None, [self.sender])):
            addresses.on_the_wire(one)

    @property
    def recipients(self) -> tuple[str, ...]:
        """The recipients' addresses as they stand on the wire, each once."""
        return tuple(dict.fromkeys(map(addresses.on_the_wire, self.to)))

    def as_payload(self) -> Mapping[str, Any]:
        """Return all but the attachments as JSON values, headers as they will be written."""
        sender = addresses.on_the_wire(self.sender) if self.sender else ""
        known = [one for one in self.references if MESSAGE_ID.fullmatch(one)]
        answered = self.in_reply_to if MESSAGE_ID.fullmatch(self.in_reply_to) else ""
        if answered and answered not in known:
            known.append(answered)
        return {
            "to": list(self.recipients),
            "sender": sender,
            "subject": self.subject,
            "text": self.text,
            "html": self.html,
            "language": self.language,
            "written": self.written.value,
            "in_reply_to": answered,
            # The first names the thread, the last ones the place in it.
            "references": known if len(known) <= 20 else [known[0], *known[-19:]],  # noqa: PLR2004
        }
