"""Subjects: the tag `[Ticket #n]` goes on, and what mail programs pile up in front comes off."""

import re

# What mail programs write in front, counted or not: "Re:", "AW:", "Re[2]:", "Re (3):", "回复：".
PREFIX = re.compile(
    r"\s*(?:re|aw|antw|antwort|wg|fwd?|sv|vs|rv|tr|回复|转发)\s*(?:[\[(]\d{1,4}[\])]|\^\d{1,4})?\s*[:：]",
    re.IGNORECASE,
)
TAG = re.compile(r"\s*\[Ticket #(\d{1,18})\]", re.IGNORECASE)
# A header line may not have more; what is longer says no more.
MOST_CHARACTERS = 250


def bare(subject: str) -> str:
    """Return `subject` in one line, without tags of ours and what was put in front of it."""
    found = " ".join(TAG.sub(" ", subject).split())
    while (prefix := PREFIX.match(found)) is not None:
        found = found[prefix.end() :].lstrip()
    return found


def tagged(subject: str, ticket_number: int | None, *, answers: bool) -> str:
    """Return the subject of a mail of ours: `Re: [Ticket #12345] subject`.

    ticket_number: None for a mail about no ticket, which has no tag. answers: whether it replies
    to a mail, which alone is called `Re:`.
    """
    tag = f"[Ticket #{ticket_number}]" if ticket_number is not None else ""
    return " ".join(filter(None, ("Re:" if answers else "", tag, bare(subject))))[:MOST_CHARACTERS]
