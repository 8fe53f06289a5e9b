"""What to do after Icinga was told that somebody has a problem.

Source: docs/icinga.md, "I9".
"""

from enum import Enum

from bridge.errors import BridgeError, Temporary
from bridge.icinga.answers import (
    AlreadyAcknowledged,
    NoAnswer,
    NotAProblem,
    ObjectMissing,
    Unauthorised,
    Untrusted,
)
from bridge.icinga.objects import AcknowledgedBy
from bridge.outbox.outcome import Delivered, Outcome


class Verdict(Enum):
    """What is known of our acknowledgement.

    OURS: Icinga holds it; read it back later. FOREIGN: it holds another's; keep that, comment only.
    OVER: there is no problem any more. GONE: no such object; note it on the ticket.
    REFUSED: for good. AGAIN: until recovery. MAYBE: it may be done; again, until recovery.
    BARRED: again, too, but first a person has to mend the login or the CA.
    """

    OURS = "ours"
    FOREIGN = "foreign"
    OVER = "over"
    GONE = "gone"
    REFUSED = "refused"
    AGAIN = "again"
    MAYBE = "maybe"
    BARRED = "barred"


_OUTCOMES = {
    Verdict.OURS: Outcome.ACCEPTED,
    Verdict.FOREIGN: Outcome.ACCEPTED,
    Verdict.OVER: Outcome.ACCEPTED,
    Verdict.GONE: Outcome.FAILED_FOR_GOOD,
    Verdict.REFUSED: Outcome.FAILED_FOR_GOOD,
    Verdict.AGAIN: Outcome.FAILED_FOR_NOW,
    Verdict.MAYBE: Outcome.MAYBE,
    Verdict.BARRED: Outcome.FAILED_FOR_NOW,
}
_REASONS = {
    Verdict.OURS: "acknowledged in Icinga",
    Verdict.FOREIGN: "somebody else has acknowledged it in Icinga",
    Verdict.OVER: "no problem any more in Icinga",
    Verdict.GONE: "Icinga does not show the object",
    Verdict.REFUSED: "Icinga refuses it",
    Verdict.AGAIN: "Icinga cannot be reached or is busy",
    Verdict.MAYBE: "Icinga took the request and did not answer",
    Verdict.BARRED: "Icinga refuses our login, or its certificate is not of the CA given",
}


# The first that fits; NoAnswer is a Temporary, too.
_MEANINGS: tuple[tuple[type[BridgeError], Verdict], ...] = (
    (AlreadyAcknowledged, Verdict.FOREIGN),
    (NotAProblem, Verdict.OVER),
    (ObjectMissing, Verdict.GONE),
    (Unauthorised, Verdict.BARRED),
    (Untrusted, Verdict.BARRED),
    (NoAnswer, Verdict.MAYBE),
    (Temporary, Verdict.AGAIN),
    (BridgeError, Verdict.REFUSED),
)


def after_acknowledging(
    error: BridgeError | None, by: AcknowledgedBy | None, reference: str
) -> Verdict:
    """Return what the end of an acknowledgement means.

    error: what the door raised, None for done. by: who has acknowledged, read after
    AlreadyAcknowledged; None where it cannot be read. reference: of our ticket.
    """
    if error is None:
        return Verdict.OURS
    if isinstance(error, AlreadyAcknowledged) and by is not None and reference in by.text:
        return Verdict.OURS
    return next(verdict for kind, verdict in _MEANINGS if isinstance(error, kind))


def delivered(verdict: Verdict) -> Delivered:
    """Return how the delivery ended, for the outbox."""
    return Delivered(_OUTCOMES[verdict], _REASONS[verdict])


def verdict_of(delivered: Delivered) -> Verdict | None:
    """Return the verdict that became this outcome; None for one that was given elsewhere."""
    return next((v for v, reason in _REASONS.items() if reason == delivered.reason), None)
