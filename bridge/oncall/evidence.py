"""What the exchanges with a provider prove about a delivery."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from http import HTTPStatus

from bridge.outbox.outcome import Delivered, Outcome

# They say "not now", although their numbers say "never".
PASSING = frozenset(
    {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}
)
REDIRECTS, REFUSALS, FAULTS = range(300, 400), range(400, 500), range(500, 600)


class Protocol(Enum):
    """Whose status numbers they are."""

    HTTP = "HTTP"
    SMTP = "SMTP"


@dataclass(frozen=True)
class Exchange:
    """One request and what came back.

    sent: at least one byte of the message left this machine.
    status: the answer, or None if there was none (or it broke off).
    """

    protocol: Protocol
    sent: bool
    status: int | None = None
    retry_after_seconds: int | None = None


def verdict(*, said_yes: bool, exchanges: Sequence[Exchange]) -> Delivered:
    """Return what is known after Apprise said yes or no, given the exchanges it had.

    A yes after a redirect is not believed: nobody went where the message was sent on to.
    One exchange that was sent and not answered makes a no a maybe: the provider may have acted
    on it. Otherwise the last exchange decides.
    Source: docs/oncall.md, "R13", "R14" and "Apprise 2.2, measured".
    """
    redirected = bool(exchanges) and exchanges[-1].status in REDIRECTS
    if said_yes and not redirected:
        return Delivered(Outcome.ACCEPTED, "accepted by the provider")
    if not exchanges:
        return Delivered(Outcome.FAILED_FOR_NOW, "not sent, and the channel does not say why")
    if any(exchange.sent and exchange.status is None for exchange in exchanges):
        return Delivered(Outcome.MAYBE, "sent, and no whole answer came back")
    last = exchanges[-1]
    if last.status is None:
        return Delivered(Outcome.FAILED_FOR_NOW, "no connection to the provider")
    outcome, phrase = _meaning(last.protocol, last.status)
    wait = last.retry_after_seconds if outcome is Outcome.FAILED_FOR_NOW else None
    return Delivered(outcome, f"{phrase} ({last.protocol.value} {last.status})", wait)


def _meaning(protocol: Protocol, status: int) -> tuple[Outcome, str]:
    match protocol:
        case Protocol.HTTP:
            return _http_meaning(status)
        case Protocol.SMTP:
            return _smtp_meaning(status)


def _http_meaning(status: int) -> tuple[Outcome, str]:
    if status in REDIRECTS:
        return Outcome.FAILED_FOR_GOOD, "the provider answered with a redirect"
    if status in PASSING:
        return Outcome.FAILED_FOR_NOW, "the provider asks to come back later"
    if status in REFUSALS:
        return Outcome.FAILED_FOR_GOOD, "refused by the provider"
    if status in FAULTS:
        return Outcome.FAILED_FOR_NOW, "the provider is in trouble"
    return Outcome.FAILED_FOR_NOW, "answered, but what the answer says is a refusal"


def _smtp_meaning(status: int) -> tuple[Outcome, str]:
    if status in FAULTS:
        return Outcome.FAILED_FOR_GOOD, "refused by the mail server"
    return Outcome.FAILED_FOR_NOW, "the mail server asks to come back later"
