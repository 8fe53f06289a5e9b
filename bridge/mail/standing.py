"""How far a mail got with each of its recipients, and what that makes of its delivery."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from bridge.outbox.outcome import Delivered, Outcome

RECIPIENTS = "recipients"
MOST_REPLY = 300
FOR_NOW, FOR_GOOD = range(400, 500), range(500, 600)


class Standing(Enum):
    """How far a mail got with one recipient; the values are kept.

    MAYBE: it left, and the server did not say whether it took it.
    """

    WAITING = "waiting"
    ACCEPTED = "accepted"
    FAILED = "failed"
    MAYBE = "maybe"


@dataclass(frozen=True)
class Told:
    """What the server said about one recipient.

    code: None where it said nothing. reply: its words, for the record only: they may name hosts
    and addresses.
    """

    address: str
    standing: Standing
    code: int | None = None
    reply: str = field(default="", repr=False)


def of_reply(address: str, code: int, words: bytes) -> Told:
    """Return what a reply of the server means for a recipient."""
    text = "".join(c if c.isprintable() else " " for c in words.decode("utf8", "replace"))
    if code in FOR_GOOD:
        standing = Standing.FAILED
    elif code in range(200, 300):
        standing = Standing.ACCEPTED
    else:
        standing = Standing.WAITING
    return Told(address, standing, code, f"{code} {text}"[:MOST_REPLY].strip())


def delivered(told: Sequence[Told], accepted_before: int) -> Delivered:
    """Return how the delivery went, given what became of each recipient in this try.

    accepted_before: how many recipients the server has taken it for already. As long as it may
    go on with one recipient the delivery is not over; then it is accepted if anybody has it.
    """
    counts = Counter(one.standing for one in told)
    taken = accepted_before + counts[Standing.ACCEPTED]
    of = accepted_before + len(told)
    if counts[Standing.MAYBE]:
        outcome, phrase = Outcome.MAYBE, "sent, and no answer of the mail server came back"
    elif counts[Standing.WAITING]:
        outcome = Outcome.FAILED_FOR_NOW
        phrase = f"the mail server asks to come back later{_codes(told, Standing.WAITING)}"
    elif taken:
        outcome, phrase = Outcome.ACCEPTED, "accepted by the mail server"
    else:
        outcome = Outcome.FAILED_FOR_GOOD
        phrase = f"refused by the mail server{_codes(told, Standing.FAILED)}"
    if outcome is not Outcome.FAILED_FOR_GOOD and 0 < taken < of:
        phrase += f"; it has it for {taken} of {of} recipients"
        if counts[Standing.FAILED]:
            phrase += f", refused for {counts[Standing.FAILED]}{_codes(told, Standing.FAILED)}"
    return Delivered(outcome, phrase, told={RECIPIENTS: [_as_values(one) for one in told]})


def _codes(told: Sequence[Told], standing: Standing) -> str:
    found = sorted({one.code for one in told if one.standing is standing and one.code})
    return f" (SMTP {', '.join(map(str, found))})" if found else ""


def _as_values(one: Told) -> dict[str, Any]:
    return {"address": one.address, "standing": one.standing.value, "reply": one.reply}
