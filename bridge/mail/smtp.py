"""The door through which mails leave: SMTP, with one mail server that takes them from us."""

import re
import smtplib
import socket
import ssl
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any

from bridge.errors import Temporary
from bridge.mail import addresses, standing
from bridge.mail.access import Access, Security
from bridge.mail.message import Letter, wire
from bridge.mail.outgoing import BadMail
from bridge.mail.standing import Standing, Told
from bridge.outbox.outcome import Delivered, Outcome

CONNECT_SECONDS = 10.0
# Until every recipient is named, and until the server has said what it made of the mail.
TALK_SECONDS = 25.0
SEND_SECONDS = 70.0
BUDGET_SECONDS = SEND_SECONDS + 5
LOOK_SECONDS = 15.0
GO_AHEAD, DONE, TOO_LARGE = 354, 250, 552
ANSWERS = range(200, 600)
END_OF_MAIL = b".\r\n"


# The first that fits.
REASONS: tuple[tuple[type[Exception], str], ...] = (
    (ssl.SSLCertVerificationError, "the mail server's certificate is not trusted"),
    (ssl.SSLError, "the mail server does not speak TLS there, or none that is safe"),
    (smtplib.SMTPAuthenticationError, "the mail server refuses our login"),
    (smtplib.SMTPNotSupportedError, "the mail server offers no login that we can use"),
    (smtplib.SMTPResponseException, "the mail server turns us away"),
    (socket.gaierror, "the mail server's name is not known"),
    (ConnectionRefusedError, "the mail server takes no connections"),
    (Exception, "no connection to the mail server, or it broke"),
)


class Unusable(Temporary):
    """The mail server cannot be talked to; the text says why, and names neither host nor login."""


class _Timed(smtplib.SMTP):
    """A conversation that ends at a moment, however slowly the other side talks."""

    def __init__(self, until: float, host: str, port: int, **options: Any) -> None:
        self.until = until
        super().__init__(host, port, **options)

    def getreply(self) -> tuple[int, bytes]:
        self._hurry()
        return super().getreply()

    def send(self, s: Any) -> None:
        self._hurry()
        super().send(s)

    def _hurry(self) -> None:
        left = self.until - time.monotonic()
        if left <= 0:
            self.close()
            raise smtplib.SMTPServerDisconnected("out of time")
        if self.sock is not None:
            self.sock.settimeout(left)


class _TimedTls(_Timed, smtplib.SMTP_SSL):
    """The same, in TLS from the first byte."""


@contextmanager
def _conversation(access: Access, seconds: float) -> Iterator[_Timed]:
    """Give a conversation in which the server is verified and we are logged in; raises Unusable."""
    conversation: _Timed | None = None
    try:
        try:
            conversation = _opened(access, time.monotonic() + seconds)
            _secure(conversation, access)
        except (OSError, smtplib.SMTPException) as error:
            raise Unusable(_why(error)) from error
        yield conversation
    finally:
        if conversation is not None:
            # What was to be said has been said; a server that does not say good-bye may keep it.
            conversation.until = min(conversation.until, time.monotonic() + 1)
            with suppress(OSError, smtplib.SMTPException):
                conversation.quit()
            conversation.close()


def _opened(access: Access, until: float) -> _Timed:
    # smtplib would ask the DNS for our name, which may take long.
    name = socket.gethostname()
    options: dict[str, Any] = {
        "local_hostname": name if "." in name else "[127.0.0.1]",
        "timeout": CONNECT_SECONDS,
    }
    if access.security is Security.TLS:
        options["context"] = _tls(access)
    kind = _TimedTls if access.security is Security.TLS else _Timed
    conversation = kind(until, access.host, access.port, **options)
    conversation.ehlo_or_helo_if_needed()
    return conversation


def _secure(conversation: _Timed, access: Access) -> None:
    if access.security is Security.STARTTLS:
        if not conversation.has_extn("starttls"):
            raise Unusable("the mail server offers no STARTTLS")
        conversation.starttls(context=_tls(access))
        conversation.ehlo_or_helo_if_needed()
    if access.user:
        try:
            conversation.login(access.user, access.password)
        except UnicodeError as error:
            raise Unusable("the login has letters beyond ASCII, which SMTP cannot say") from error


def _tls(access: Access) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=access.ca or None)
    except (OSError, ValueError) as error:
        raise Unusable("smtp_ca names no PEM file that can be read") from error
    # From Python 3.13 on it wants key identifiers, which many a CA of one's own does not have.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return context


def _why(error: Exception) -> str:
    phrase = next(said for kind, said in REASONS if isinstance(error, kind))
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"{phrase}: {error.verify_message}"
    code = getattr(error, "smtp_code", None)
    return f"{phrase} (SMTP {code})" if code else phrase


def look(access: Access) -> str:
    """Return, as a sentence, how the server greets us after TLS and login; sends nothing.

    Raises Unusable.
    """
    with _conversation(access, LOOK_SECONDS) as conversation:
        try:
            code, _ = conversation.noop()
        except (OSError, smtplib.SMTPException) as error:
            raise Unusable(_why(error)) from error
        if code != DONE:
            raise Unusable(f"the mail server turns us away (SMTP {code})")
        tls = conversation.sock.version() if isinstance(conversation.sock, ssl.SSLSocket) else None
        parts = ["answers", tls or "without TLS", "logged in" if access.user else "without a login"]
    return ", ".join(parts)


def mail_payload(
    access: Access, letter: Letter, open_to: Sequence[str], accepted: int
) -> dict[str, Any]:
    """Return what `mail_door` needs, as JSON values, the password included.

    open_to: those of the letter's recipients that it still has to reach. accepted: how many the
    server has taken it for already.
    """
    return {
        "access": access.as_payload(),
        "letter": letter.as_payload(),
        "open_to": list(open_to),
        "accepted": accepted,
    }


def mail_door(payload: Mapping[str, Any]) -> Delivered:
    """Send what `mail_payload` made; the door that delivery processes call.

    What concerns our access, our sender or the line is for now: a person can mend it, and the
    mail must not be lost meanwhile. Source: docs/mail.md, "How a mail leaves".
    """
    access = Access.of_payload(payload["access"])
    letter, open_to = Letter.of_payload(payload["letter"]), tuple(payload["open_to"])
    began = time.monotonic()
    try:
        with _conversation(access, TALK_SECONDS) as conversation:
            return _sent(conversation, letter, open_to, payload["accepted"], began + SEND_SECONDS)
    except BadMail as error:
        return Delivered(Outcome.FAILED_FOR_GOOD, str(error))
    except Unusable as error:
        return Delivered(Outcome.FAILED_FOR_NOW, str(error))
    except (OSError, smtplib.SMTPException) as error:
        return Delivered(Outcome.FAILED_FOR_NOW, _why(error))


def _sent(
    conversation: _Timed, letter: Letter, open_to: Sequence[str], accepted: int, until: float
) -> Delivered:
    told: list[Told] = []
    if letter.needs_utf8 and not conversation.has_extn("smtputf8"):
        told = [_unwritable(one) for one in open_to if addresses.needs_utf8(one)]
        letter = replace(letter, to=tuple(a for a in letter.to if not addresses.needs_utf8(a)))
        open_to = [one for one in open_to if not addresses.needs_utf8(one)]
        if not open_to:
            return standing.delivered(told, accepted)
    content = wire(letter)
    refused = _announced(conversation, letter, len(content))
    if refused is not None:
        return refused
    told += [standing.of_reply(one, *conversation.rcpt(one)) for one in open_to]
    taken = [one.address for one in told if one.standing is Standing.ACCEPTED]
    if taken:
        conversation.until = until
        told = [one for one in told if one.address not in taken] + _handed_over(
            conversation, content, taken
        )
    return standing.delivered(told, accepted)


def _unwritable(address: str) -> Told:
    return Told(address, Standing.FAILED, reply="the server has no SMTPUTF8, which it needs")


def _announced(conversation: _Timed, letter: Letter, size: int) -> Delivered | None:
    """Name sender and size; return how the delivery ended if the server wants neither."""
    options = ["SMTPUTF8", "BODY=8BITMIME"] if letter.needs_utf8 else []
    if conversation.has_extn("size"):
        options.append(f"SIZE={size}")
        most = conversation.esmtp_features["size"]
        if most.isdecimal() and 0 < int(most) < size:
            return Delivered(Outcome.FAILED_FOR_GOOD, "larger than the mail server takes")
    code, _ = conversation.mail(letter.sender, options)
    if code == DONE:
        return None
    if code == TOO_LARGE:
        return Delivered(Outcome.FAILED_FOR_GOOD, "larger than the mail server takes")
    return Delivered(
        Outcome.FAILED_FOR_NOW, f"the mail server does not take mail from our address (SMTP {code})"
    )


def _handed_over(conversation: _Timed, content: bytes, taken: Sequence[str]) -> list[Told]:
    """Send the mail, and return what the server says about those it was ready to take it for.

    Before the last dot nothing has been sent, whatever breaks; after it only the server knows.
    """
    code, words = conversation.docmd("DATA")
    if code != GO_AHEAD:
        # A yes at this point would be no yes to a mail that was never sent.
        told = [standing.of_reply(one, code, words) for one in taken]
        refused = code in standing.FOR_GOOD
        return told if refused else [replace(one, standing=Standing.WAITING) for one in told]
    conversation.send(re.sub(rb"(?m)^\.", b"..", content))
    try:
        conversation.send(END_OF_MAIL)
        code, words = conversation.getreply()
    except (OSError, smtplib.SMTPException):
        return [Told(one, Standing.MAYBE) for one in taken]
    if code not in ANSWERS:
        return [Told(one, Standing.MAYBE, reply="an answer that is none") for one in taken]
    return [standing.of_reply(one, code, words) for one in taken]
