"""The Message-IDs of our mails: signed, so that a reply to one shows where it belongs."""

from dataclasses import dataclass

from bridge.errors import NotFound
from bridge.keys import BadLink, Keys

PURPOSE = "mail"
# Replies come late; whether a ticket is then reopened is decided elsewhere.
MOST_AGE_SECONDS = 10 * 366 * 24 * 3600


class NotOurs(NotFound):
    """This Message-ID is none that this installation gave."""


@dataclass(frozen=True)
class Identity:
    """What a Message-ID of ours stands for; a mail about no ticket has no number."""

    entry_id: int
    ticket_number: int | None


def message_id(keys: Keys, identity: Identity, sender: str) -> str:
    """Return a Message-ID with its brackets; `sender` gives the domain, in ASCII.

    It is signed at this moment: keep it, so that a second try of the same mail has the same.
    """
    token = keys.sign(PURPOSE, [identity.entry_id, identity.ticket_number])
    return f"<{token}@{sender.rpartition('@')[2]}>"


def read(keys: Keys, given: str) -> Identity:
    """Return what a Message-ID, with or without its brackets, stands for; raises NotOurs."""
    token = given.strip().strip("<>").rpartition("@")[0]
    try:
        value = keys.unsign(PURPOSE, token, MOST_AGE_SECONDS)
    except BadLink as error:
        raise NotOurs("no mail of ours has this Message-ID") from error
    return Identity(value[0], value[1])
